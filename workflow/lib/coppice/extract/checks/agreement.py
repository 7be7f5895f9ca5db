"""Checks of several figures of one study against one another: routes, reports, numbers of patients, p values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from coppice.core.reported_fields import ARMS
from coppice.core.study import Study
from coppice.extract.checks.check import WARNING, Case, Figure, Hit, check, report_of
from coppice.extract.checks.counts import percentage
from coppice.extract.checks.intervals import number
from coppice.extract.checks.printed import Span, alike, span, z_of_p
from coppice.extract.checks.survival import SAME_TIME, in_days
from coppice.extract.numeric import is_left_to_the_job

Z_ROUTES = 1.96
P_RATIO = (
    1.1  # tests of two outcomes in the same patients differ at least so much in z before equal p values are doubted
)
SAME_PATIENTS = "the figures are of the same patients, so they differ less than two independent estimates would"


@check("outcome", WARNING, allows="the uncertainty of two independent studies", source=SAME_PATIENTS)
def routes_disagree(case: Case) -> Iterator[Hit]:
    """Two figures give effects that differ by more than their uncertainty allows."""
    for content in case.measures.values():
        candidates = [item for item in content["candidates"] if not is_left_to_the_job(item)]
        for one, other in combinations(candidates, 2):
            if one["population"] != other["population"] or one["route"] == other["route"] == "effect":
                continue
            gap = abs(one["yi"] - other["yi"])
            if gap > Z_ROUTES * math.sqrt(one["vi"] + other["vi"]):
                yield Hit(
                    f"on {content['measure']}, {one['route']} ({one['report'] or 'no report'}) gives {one['yi']:.3g} and {other['route']} "
                    f"({other['report'] or 'no report'}) {other['yi']:.3g} on the scale of the model, further apart than their uncertainty allows"
                )


def shares(figure: Figure) -> dict[str, Span]:
    """Return what a figure says of the share with the event, or without it, in percent, by arm."""
    if figure["statistic"] == "survival":
        values = {arm: value for arm in ARMS if (value := number(figure.get(f"survival_{arm}"))) is not None}
        places = alike(list(values.values()))
        return {
            arm: span(value, digits).times(100) for (arm, value), digits in zip(values.items(), places, strict=True)
        }
    found = {}
    for arm in ARMS:
        percent, events, n = (number(figure.get(f"{name}_{arm}")) for name in ("percent", "events", "n"))
        if events is not None and n:
            found[arm] = Span(100 * events / n, 100 * events / n)
        elif percent is not None:
            found[arm] = percentage(percent)
    return found


def medians(figure: Figure) -> dict[str, Span]:
    """Return the medians in days, by arm."""
    factor = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}.get(str(figure.get("unit")))
    values = {arm: number(figure.get(f"median_{arm}")) for arm in ARMS}
    return {arm: span(value).times(factor) for arm, value in values.items() if value is not None and factor}


def same_quantity(case: Case, one: Figure, other: Figure) -> bool:
    """Return whether two figures of different reports are of the same thing."""
    if (
        one["statistic"] != other["statistic"]
        or case.patients(one) != case.patients(other)
        or report_of(one) == report_of(other)
    ):
        return False
    if one["statistic"] != "survival":
        return True
    times = in_days(one), in_days(other)
    return (
        times[0] is not None
        and times[1] is not None
        and abs(times[0] - times[1]) <= SAME_TIME * max(times[0], times[1])
    )


def of_arm(figure: Figure, arm: str) -> str:
    """Return the value of one arm as it was reported."""
    for name, unit in (("survival", ""), ("median", f" {figure.get('unit', '')}"), ("events", ""), ("percent", "%")):
        value = number(figure.get(f"{name}_{arm}"))
        if value is not None and figure.get(f"n_{arm}") and name == "events":
            return f"{value:g} of {figure[f'n_{arm}']:g}"
        if value is not None and name != "events":
            return f"{value:g}{unit}"
    return "?"


@check(
    "outcome",
    WARNING,
    allows="rounding; figures at different times, and several figures of one report",
    source=SAME_PATIENTS,
)
def reports_differ(case: Case) -> Iterator[Hit]:
    """Two reports give different values of the same survival, share or median."""
    figures = list(case.of("survival", "counts", "median_survival"))
    for (_, one), (index, other) in combinations(figures, 2):
        if not same_quantity(case, one, other):
            continue
        values = (
            (medians(one), medians(other)) if one["statistic"] == "median_survival" else (shares(one), shares(other))
        )
        apart = [
            arm for arm in ARMS if arm in values[0] and arm in values[1] and values[0][arm].gap(values[1][arm]) > 0
        ]
        if apart:
            said = "; ".join(f"{ARMS[arm]} arm {of_arm(one, arm)} and {of_arm(other, arm)}" for arm in apart)
            yield Hit(f"{report_of(one)} and {report_of(other)} differ: {said}", index)


@check(
    "outcome",
    WARNING,
    allows="different numbers within one report, such as those evaluable",
    source="Cochrane Handbook 2019, 5.2.1; 10.1002/9781119536604.ch5",
)
def n_differs(case: Case) -> Iterator[Hit]:
    """Two reports count different numbers of the same patients for one outcome."""
    for arm, words in ARMS.items():
        seen: dict[str, dict[float, tuple[str, int]]] = {}
        for index, figure in enumerate(case.figures):
            n = number(figure.get(f"n_{arm}"))
            if n is None:
                continue
            known = seen.setdefault(case.patients(figure), {})
            others = [
                (value, report) for value, (report, _) in known.items() if value != n and report != report_of(figure)
            ]
            if n not in known:
                known[n] = (report_of(figure), index)
                if others:
                    said = ", ".join(f"{value:g} in {report}" for value, report in others)
                    yield Hit(f"{n:g} patients in the {words} arm in {report_of(figure)}, {said}", index)


@check(
    "study",
    WARNING,
    allows="fewer patients; other numbers in other reports, which `n_differs` finds",
    source="arithmetic",
)
def n_above_arm(study: Study) -> Iterator[Hit]:
    """A figure is of more patients than the record's arm."""
    for outcome, content in study.outcomes.items():
        for index, figure in enumerate(content["reported"]):
            for arm, words in ARMS.items():
                n, most = number(figure.get(f"n_{arm}")), number((study.arms.get(words) or {}).get("n"))
                others = [
                    other
                    for other in content["reported"]
                    if number(other.get(f"n_{arm}")) not in (None, n) and report_of(other) != report_of(figure)
                ]
                if n is not None and most is not None and n > most and not others:
                    yield Hit(
                        f"{n:g} patients in the {words} arm in {report_of(figure)}, more than the {most:g} of the record's arm",
                        index,
                        outcome,
                    )


def naive_z(figure: Figure, arms: dict[str, float]) -> float | None:
    """Return the z of a difference of two survivals as if nobody had been censored."""
    values = [(number(figure.get(f"survival_{arm}")), number(figure.get(f"n_{arm}")) or arms.get(arm)) for arm in ARMS]
    variance = 0.0
    for survival, n in values:
        if survival is None or not n:
            return None
        variance += survival * (1 - survival) / n
    return abs((values[0][0] or 0) - (values[1][0] or 0)) / math.sqrt(variance) if variance else None


@check("study", WARNING, allows="rounding of p, and 10% of z", source="survival at the same time in the same patients")
def p_repeated(study: Study) -> Iterator[Hit]:
    """One p value is printed for two outcomes whose tests can't be equal."""
    arms = {arm: float(study.arms[words]["n"]) for arm, words in ARMS.items() if (study.arms.get(words) or {}).get("n")}
    tested = [
        (outcome, index, figure, z)
        for outcome, content in study.outcomes.items()
        for index, figure in enumerate(content["reported"])
        if figure["statistic"] == "survival" and 0 < (number(figure.get("p")) or 0) < 1 and (z := naive_z(figure, arms))
    ]
    for (one_outcome, _, one, one_z), (outcome, index, other, z) in combinations(tested, 2):
        if (
            one_outcome == outcome
            or one["p"] != other["p"]
            or report_of(one) != report_of(other)
            or in_days(one) != in_days(other)
        ):
            continue
        of_p = z_of_p(one["p"], 2)
        if of_p.low > 0 and max(z, one_z) / min(z, one_z) > P_RATIO * of_p.high / of_p.low:
            yield Hit(
                f"{report_of(other)} prints p = {other['p']:g} for {one_outcome} and for {outcome}, although survival differs by "
                f"{abs(one['survival_e'] - one['survival_c']):.3g} and by {abs(other['survival_e'] - other['survival_c']):.3g}, so that the tests can't be equal",
                index,
                outcome,
            )
