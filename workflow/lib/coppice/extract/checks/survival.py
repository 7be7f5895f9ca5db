"""Checks of a hazard ratio against the arms' survival, and of survival against itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from coppice.core.reported_fields import ARMS
from coppice.extract.checks.check import ERROR, WARNING, Case, Figure, Hit, check
from coppice.extract.checks.intervals import number, scaled
from coppice.extract.checks.printed import Span, decimals, span
from coppice.extract.route import DAYS

TIERNEY = "Tierney JF et al. 2007; 10.1186/1745-6215-8-16"
SAME_TIME = 0.02  # relative: 24 months are 2 years, 104 weeks nearly are

Z_DIRECTION, Z_SIZE = 1.96, 2.58
LANDMARK = 2.0  # survival at one time is less precise than the Cox hazard ratio of the same patients: its variance is at least doubled
CLEAR = math.log(1.25)  # without an interval both must be as far from 1 as this


def complementary_log_log(survival: float) -> float:
    """Return ln(-ln S); the ends of (0, 1) give the infinities."""
    return math.inf if survival <= 0 else -math.inf if survival >= 1 else math.log(-math.log(survival))


def hazard_ratio_of(figure: Figure) -> Span | None:
    """Return the possible log hazard ratios behind survival at one time, or behind two medians."""
    name = "survival" if figure["statistic"] == "survival" else "median"
    values = [value for arm in ARMS if (value := number(figure.get(f"{name}_{arm}"))) is not None]
    if len(values) < len(ARMS):
        return None
    if name == "median":
        experimental, control = (span(value).through(math.log) for value in values if value)
        return control.minus(experimental)
    if not all(0 < value < 1 for value in values):
        return None
    experimental, control = (span(value).through(complementary_log_log) for value in values)
    return experimental.minus(control)


def log_hazard_ratio(figure: Figure) -> tuple[Span, float | None] | None:
    """Return a reported log hazard ratio, experimental over control, and its variance where it is known."""
    ratio = scaled(figure)
    if ratio is None:
        return None
    estimate, error = ratio.estimate, ratio.error(figure)
    turned = Span(-estimate.high, -estimate.low) if figure.get("inverted") else estimate
    return turned, None if error is None else error.high**2


def shown_survival(figure: Figure) -> str:
    """Return the figure that a hazard ratio is held against, in words."""
    if figure["statistic"] == "survival":
        at = f" at {figure['time']:g} {figure.get('unit', '')}".rstrip() if figure.get("time") else ""
        return f"survival{at} of {figure['survival_e']:g} and {figure['survival_c']:g}"
    return f"medians of {figure['median_e']:g} and {figure['median_c']:g}"


def pairs(case: Case) -> Iterator[tuple[int, Figure, Span, float | None, Figure, Span]]:
    """Yield each hazard ratio with each survival or median of the same patients."""
    for index, ratio in case.of("hazard_ratio"):
        estimate = log_hazard_ratio(ratio)
        for _, figure in case.of("survival", "median_survival"):
            other = hazard_ratio_of(figure)
            if estimate and other and case.patients(ratio) == case.patients(figure):
                yield index, ratio, *estimate, figure, other


def is_turned_round(ratio: Span, variance: float | None, other: Span) -> bool:
    """Return whether the reciprocal of a hazard ratio fits the survival, and it itself does not."""
    if ratio.sign() * other.sign() >= 0:
        return False
    apart, together = ratio.gap(other), Span(-ratio.high, -ratio.low).gap(other)
    if together >= apart / 2:
        return False
    if variance is None:
        return min(ratio.size().low, other.size().low) > CLEAR
    return apart > Z_DIRECTION * math.sqrt(variance * (1 + LANDMARK))


@check("outcome", ERROR, allows="rounding, and the uncertainty of both", source=TIERNEY)
def hazard_ratio_inverted(case: Case) -> Iterator[Hit]:
    """A hazard ratio favours the arm whose survival is worse, and its reciprocal would fit."""
    seen: set[int] = set()
    for index, ratio, estimate, variance, figure, other in pairs(case):
        if index not in seen and is_turned_round(estimate, variance, other):
            seen.add(index)
            better = "experimental" if other.sign() < 0 else "control"
            remedy = "remove `inverted`" if ratio.get("inverted") else "write `inverted: true`"
            yield Hit(
                f"the hazard ratio {ratio['estimate']:g}{', taken as inverted,' if ratio.get('inverted') else ''} contradicts {shown_survival(figure)}, "
                f"which is better in the {better} arm; if it was printed the other way round, {remedy}",
                index,
            )


@check("outcome", WARNING, allows="rounding, and the uncertainty of both", source=TIERNEY)
def hazard_ratio_size(case: Case) -> Iterator[Hit]:
    """A hazard ratio is far from what survival at one time, or the medians, suggest."""
    seen: set[int] = set()
    for index, ratio, estimate, variance, figure, other in pairs(case):
        if index in seen or variance is None or is_turned_round(estimate, variance, other):
            continue
        if estimate.gap(other) > Z_SIZE * math.sqrt(variance * (1 + LANDMARK)):
            seen.add(index)
            suggested = math.exp((other.low + other.high) / 2)
            yield Hit(
                f"the hazard ratio {ratio['estimate']:g} is far from the {suggested:.2f} that {shown_survival(figure)} suggest",
                index,
            )


@check("outcome", WARNING, allows="curves, which begin at 1", source="ln(-ln S) has no value there")
def survival_at_bound(case: Case) -> Iterator[Hit]:
    """A survival is exactly 0 or 1."""
    for index, figure in case.of("survival"):
        for arm, words in ARMS.items():
            if number(figure.get(f"survival_{arm}")) in (0, 1):
                yield Hit(
                    f"survival of the {words} arm is exactly {figure[f'survival_{arm}']:g}, which has no log cumulative hazard",
                    index,
                )


def in_days(figure: Figure) -> float | None:
    """Return the time of a figure in days."""
    time = number(figure.get("time"))
    return None if time is None or figure.get("unit") not in DAYS else time * DAYS[figure["unit"]]


def at_same_time(one: Figure, other: Figure) -> bool:
    """Return whether two figures are known to be at one time."""
    first, second = in_days(one), in_days(other)
    return first is not None and second is not None and abs(first - second) <= SAME_TIME * max(first, second)


@check("outcome", WARNING, allows="rounding", source="survival functions do not rise; two reports or estimators differ")
def survival_rises(case: Case) -> Iterator[Hit]:
    """Survival is higher at a later time than at an earlier one."""
    timed = [(days, index, figure) for index, figure in case.of("survival") if (days := in_days(figure))]
    for (one_day, one_index, one), (day, index, figure) in combinations(timed, 2):
        early, late = ((one, figure), (figure, one))[one_day > day]
        if at_same_time(one, figure) or case.patients(one) != case.patients(figure):
            continue
        for arm, words in ARMS.items():
            before, after = number(early.get(f"survival_{arm}")), number(late.get(f"survival_{arm}"))
            if before is not None and after is not None and span(after).low > span(before).high:
                yield Hit(
                    f"survival of the {words} arm rises from {before:g} at {early['time']:g} {early['unit']} to {after:g} at {late['time']:g} {late['unit']}",
                    max(index, one_index),
                )
    for index, figure in case.of("km_curve"):
        for name in ("survival_e", "survival_c", "at_risk_e", "at_risk_c"):
            values = figure.get(name) or []
            places = max(map(decimals, values), default=0)  # coordinates are read off with one precision
            printed = [span(value, places) for value in values]
            if any(later.low > earlier.high for earlier, later in zip(printed, printed[1:], strict=False)):
                yield Hit(f"{name} rises along the curve", index)
