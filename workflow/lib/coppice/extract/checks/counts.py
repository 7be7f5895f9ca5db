"""Checks of counts, percentages, means and their spread within one figure, and of parts against their total."""

from __future__ import annotations

import math
from collections.abc import Iterator

from coppice.core.populations import overlapping, within
from coppice.core.reported_fields import ARMS, events_within_n
from coppice.extract.checks.check import ERROR, WARNING, Case, Figure, Hit, check, report_of
from coppice.extract.checks.intervals import number
from coppice.extract.checks.printed import Span, decimals, span
from coppice.extract.route import critical

GRIM = "Brown NJL, Heathers JAJ 2017 (GRIM); 10.1177/1948550616673876"
ROUNDED_TWICE = 1.1  # 6.45 -> 6.5 -> 7: tables are often rounded from tables, which adds a tenth of a half unit
SE_SLACK = 0.02
ARMS_AND_ONE = {"_e": " of the experimental arm", "_c": " of the control arm", "": ""}
MOST_T = ((5, 2.78), (30, 2.05))  # 95% quantile of t for at least so many patients, n - 1 degrees of freedom


def percentage(value: float) -> Span:
    """Return what a printed percentage may have been, rounded once or twice."""
    half = (span(value).high - value) * ROUNDED_TWICE
    return Span(value - half, value + half)


@check("figure", WARNING, allows="rounding, also in two steps", source=GRIM)
def percentage_impossible(figure: Figure) -> Iterator[Hit]:
    """A percentage is not that of its count, or no count of n gives it."""
    for arm, words in ARMS_AND_ONE.items():
        percent, n, events = (number(figure.get(name + arm)) for name in ("percent", "n", "events"))
        if percent is None or not n:
            continue
        printed = percentage(percent)
        if events is not None and not printed.low <= 100 * events / n <= printed.high:
            yield Hit(
                f"{percent:g}%{words} is not {events:g} of {n:g}, which is {100 * events / n:.{decimals(percent) + 1}f}%"
            )
        elif events is None and not printed.times(n / 100).holds_whole():
            yield Hit(f"no number of {n:g} patients{words} is {percent:g}%")


@check("figure", WARNING, allows="rounding; only where the record states the step of one patient's value", source=GRIM)
def mean_impossible(figure: Figure) -> Iterator[Hit]:
    """A mean that no n values of the stated `step` give."""
    step = number(figure.get("step"))
    for arm, words in ARMS_AND_ONE.items():
        mean, n = number(figure.get(f"mean{arm}")), number(figure.get(f"n{arm}"))
        if step and mean is not None and n and not span(mean).times(n / step).holds_whole():
            yield Hit(f"no sum of {n:g} values in steps of {step:g} gives a mean{words} of {mean:g}")


@check(
    "figure",
    WARNING,
    allows=f"rounding, {SE_SLACK:.0%}, and normal or t intervals",
    source="standard error = SD / sqrt(n)",
)
def sd_and_se(figure: Figure) -> Iterator[Hit]:
    """SD, standard error and interval of a mean do not belong together."""
    for arm, words in ARMS_AND_ONE.items():
        sd, se, n = (number(figure.get(name + arm)) for name in ("sd", "se", "n"))
        limits = figure.get(f"ci{arm}")
        if not n or figure["statistic"] == "survival":
            continue
        implied = None if sd is None else span(sd).times(1 / math.sqrt(n))
        if implied and se is not None and implied.gap(span(se)) > SE_SLACK * se:
            yield Hit(
                f"SD {sd:g} and standard error {se:g}{words} do not belong to {n:g} patients: SD / sqrt(n) is {sd / math.sqrt(n) if sd else 0:.3g}"
            )
        most = next((t for size, t in reversed(MOST_T) if n >= size), None)
        if implied and limits and most and figure.get("level") in (None, 0.95):
            half = (
                Span(limits[0], limits[0])
                if limits[0] == limits[1]
                else span(limits[1]).minus(span(limits[0])).times(0.5)
            )
            allowed = Span(implied.low * critical(None), implied.high * most)
            if half.gap(allowed) > SE_SLACK * half.high:
                yield Hit(
                    f"the interval {limits[0]:g} to {limits[1]:g}{words} is not that of SD {sd:g} in {n:g} patients"
                )


@check("figure", ERROR, source="the record is refused when it is read")
def events_above_n(figure: Figure) -> Iterator[Hit]:
    """More events than patients."""
    yield from (Hit(message) for _, message in events_within_n(figure))


@check("figure", ERROR, allows="patients who are in neither arm", source="arithmetic")
def arms_above_total(figure: Figure) -> Iterator[Hit]:
    """The arms add up to more than the total."""
    for name in ("events", "n"):
        total, arms = number(figure.get(name)), [number(figure.get(f"{name}_{arm}")) for arm in ARMS]
        together = sum(value for value in arms if value is not None)
        if total is not None and together > total:
            words = "events" if name == "events" else "patients"
            yield Hit(f"the arms have {together:g} {words} together, more than the total of {total:g}")


@check(
    "outcome",
    WARNING,
    allows="parts that leave patients out, and several figures of one part (the smallest counts)",
    source="arithmetic",
)
def parts_above_total(case: Case) -> Iterator[Hit]:
    """Separate parts of the patients add up to more than the whole of the same report."""
    counts = list(case.of("counts"))
    for index, whole in counts:
        base = case.patients(whole)
        parts: dict[str, list[Figure]] = {}
        for _, figure in counts:
            inner = case.patients(figure)
            if inner != base and within(inner, base) and report_of(figure) == report_of(whole):
                parts.setdefault(inner, []).append(figure)
        if len(parts) < 2 or any(overlapping(list(parts))):
            continue
        for field in ("n_e", "n_c", "events_e", "events_c"):
            numbers = [
                [value for figure in figures if (value := number(figure.get(field))) is not None]
                for figures in parts.values()
            ]
            together, total = sum(min(values) for values in numbers if values), number(whole.get(field))
            if total is not None and together > total:
                names = ", ".join(parts)
                yield Hit(
                    f"{field}: the parts {names} add up to {together:g}, more than the {total:g} of {base}", index
                )
