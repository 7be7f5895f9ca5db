"""Checks of several figures of one study against one another: routes, reports, numbers of patients, p values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from coppice.core.reported_by_arm import BY_ARM
from coppice.core.reported_fields import ARMS
from coppice.core.study import Study
from coppice.extract.checks.check import WARNING, Case, Figure, Hit, check, report_of
from coppice.extract.checks.counts import percentage
from coppice.extract.checks.intervals import number
from coppice.extract.checks.printed import Span, alike, span, z_of_p
from coppice.extract.checks.survival import at_same_time, in_days
from coppice.extract.numeric import is_left_to_the_job
from coppice.extract.route import DAYS

Z_ROUTES = 1.96
P_RATIO = 1.1  # z of two outcomes in the same patients differs at least so much before equal p values are doubted
SAME_PATIENTS = "the figures are of the same patients, so they differ less than two independent estimates would"


@check("outcome", WARNING, allows="the uncertainty of two independent studies", source=SAME_PATIENTS)
def routes_disagree(case: Case) -> Iterator[Hit]:
    """Two figures give effects that differ by more than their uncertainty allows."""
    for content in case.measures.values():
        candidates = [item for item in content["candidates"] if not is_left_to_the_job(item)]
        for one, other in combinations(candidates, 2):
            if one["population"] != other["population"] or one.get("arms") != other.get("arms"):
                continue
            if one["route"] == other["route"] == "effect":
                continue
            gap = abs(one["yi"] - other["yi"])
            if gap > Z_ROUTES * math.sqrt(one["vi"] + other["vi"]):
                yield Hit(
                    f"on {content['measure']}, {one['route']} ({one['report'] or 'no report'}) gives {one['yi']:.3g} and {other['route']} "
                    f"({other['report'] or 'no report'}) {other['yi']:.3g} on the scale of the model, further apart than their uncertainty allows"
                )


def shares(figure: Figure) -> dict[str, Span]:
    """Return the share with the event, or without it, that a figure reports, in percent, by arm."""
    if figure["statistic"] == "survival":
        values = {arm: value for arm in ARMS if (value := number(figure.get(f"survival_{arm}"))) is not None}
        places = alike(list(values.values()))
        return {
            arm: span(value, digits).times(100) for (arm, value), digits in zip(values.items(), places, strict=True)
        }
    spans = {}
    for arm in ARMS:
        percent, events, n = (number(figure.get(f"{name}_{arm}")) for name in ("percent", "events", "n"))
        if events is not None and n:
            spans[arm] = Span(100 * events / n, 100 * events / n)
        elif percent is not None:
            spans[arm] = percentage(percent)
    return spans


def medians(figure: Figure) -> dict[str, Span]:
    """Return the medians in days, by arm."""
    factor = DAYS.get(str(figure.get("unit")))
    values = {arm: number(figure.get(f"median_{arm}")) for arm in ARMS}
    return {arm: span(value).times(factor) for arm, value in values.items() if value is not None and factor}


def same_quantity(case: Case, one: Figure, other: Figure) -> bool:
    """Return whether two figures of different reports are of the same thing."""
    if one["statistic"] != other["statistic"] or case.patients(one) != case.patients(other):
        return False
    return report_of(one) != report_of(other) and (one["statistic"] != "survival" or at_same_time(one, other))


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
        read = medians if one["statistic"] == "median_survival" else shares
        first, second = read(one), read(other)
        apart = [arm for arm in ARMS if arm in first and arm in second and first[arm].gap(second[arm]) > 0]
        if apart:
            values = "; ".join(f"{ARMS[arm]} arm {of_arm(one, arm)} and {of_arm(other, arm)}" for arm in apart)
            yield Hit(f"{report_of(one)} and {report_of(other)} differ: {values}", index)


@check(
    "outcome",
    WARNING,
    allows="different numbers within one report, such as those evaluable",
    source="Cochrane Handbook 2019, 5.2.1; 10.1002/9781119536604.ch5",
)
def n_differs(case: Case) -> Iterator[Hit]:
    """Two reports count different numbers of the same patients for one outcome."""
    for arm, words in ARMS.items():
        first_reports: dict[str, dict[float, str]] = {}  # of each number of the same patients
        for index, figure in enumerate(case.figures):
            n, report = number(figure.get(f"n_{arm}")), report_of(figure)
            of_patients = first_reports.setdefault(case.patients(figure), {})
            if n is None or n in of_patients:
                continue
            others = [f"{value:g} in {name}" for value, name in of_patients.items() if name != report]
            of_patients[n] = report
            if others:
                yield Hit(f"{n:g} patients in the {words} arm in {report}, {', '.join(others)}", index)


@check(
    "study",
    WARNING,
    allows="fewer patients; other numbers in other reports, which `n_differs` finds",
    source="arithmetic",
)
def n_above_arm(study: Study) -> Iterator[Hit]:
    """A figure is of more patients than the record's arm."""
    for outcome, content in study.outcomes.items():
        sizes = [patients_by_arm(figure) for figure in content["reported"]]
        for index, figure in enumerate(content["reported"]):
            for words, n in sizes[index].items():
                most, report = size_of(study, words), report_of(figure)
                has_others = any(
                    own.get(words) not in (None, n) and report_of(other) != report
                    for own, other in zip(sizes, content["reported"], strict=True)
                )
                if n is not None and most is not None and n > most and not has_others:
                    sentence = (
                        f"{n:g} patients in the {words} arm in {report}, more than the {most:g} of the record's arm"
                    )
                    yield Hit(sentence, index, outcome)


def patients_by_arm(figure: Figure) -> dict[str, float | None]:
    """Return the patients of each arm that a figure is of, by the arm's key in the record."""
    if figure["statistic"] in BY_ARM:
        return {arm: number(fields.get("n")) for arm, fields in figure["arms"].items()}
    arms = figure.get("arms") or ARMS.values()
    return {str(name): number(figure.get(f"n_{arm}")) for arm, name in zip(ARMS, arms, strict=True)}


def size_of(study: Study, arm: str) -> float | None:
    """Return the patients of an arm of the record."""
    return number(study.arms[arm].get("n")) if arm in study.arms else None


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
    arms = {arm: float(size) for arm, words in ARMS.items() if (size := size_of(study, words))}
    tested = [
        (outcome, index, figure, z)
        for outcome, content in study.outcomes.items()
        for index, figure in enumerate(content["reported"])
        if figure["statistic"] == "survival" and 0 < (number(figure.get("p")) or 0) < 1 and (z := naive_z(figure, arms))
    ]
    for (one_outcome, _, one, one_z), (outcome, index, other, z) in combinations(tested, 2):
        keys = [(figure["p"], report_of(figure), in_days(figure), figure.get("arms")) for figure in (one, other)]
        if one_outcome == outcome or keys[0] != keys[1]:
            continue
        of_p = z_of_p(one["p"], 2)
        if of_p.low > 0 and max(z, one_z) / min(z, one_z) > P_RATIO * of_p.high / of_p.low:
            gaps = [f"{abs(figure['survival_e'] - figure['survival_c']):.3g}" for figure in (one, other)]
            sentence = (
                f"{report_of(other)} prints p = {other['p']:g} for {one_outcome} and for {outcome}, although survival "
                f"differs by {' and by '.join(gaps)}, so that the tests can't be equal"
            )
            yield Hit(sentence, index, outcome)
