"""Every measure that compares two arms is negated, with the same variance, when the arms are exchanged."""

from typing import Any

import pytest

from coppice.core.measures import MEASURES
from coppice.extract.registry import routes_from
from coppice.extract.route import Options

FIGURES: dict[str, dict[str, Any]] = {
    "counts": {"events_e": 7, "n_e": 40, "events_c": 12, "n_c": 55},
    "matched_pairs": {"pairs_both": 20, "pairs_e": 10, "pairs_c": 5, "pairs_neither": 65},
    "means": {"mean_e": 12, "sd_e": 4, "n_e": 30, "mean_c": 10, "sd_c": 3, "n_c": 25},
    "paired_means": {"mean_e": 12, "sd_e": 4, "mean_c": 10, "sd_c": 3, "n": 25, "correlation": 0.4},
    "person_time": {"events_e": 7, "time_e": 400.5, "events_c": 12, "time_c": 380},
}
STANDARDISED_BY_ONE = {"SMD1", "SMD1H", "SMCR", "SMCRH"}
# the best route of each measure
CASES = [
    (statistic, measure, routes_from(statistic, measure)[0])
    for statistic in FIGURES
    for measure in MEASURES
    if measure not in STANDARDISED_BY_ONE and routes_from(statistic, measure)
]


def exchanged(name: str) -> str:
    return name[:-2] + {"_e": "_c", "_c": "_e"}[name[-2:]] if name.endswith(("_e", "_c")) else name


@pytest.mark.parametrize(("statistic", "measure", "route"), CASES, ids=lambda value: getattr(value, "name", value))
def test_exchanged_arms_negate_the_effect(statistic: str, measure: str, route: Any) -> None:
    figure = FIGURES[statistic]
    turned = {exchanged(name): value for name, value in figure.items()}
    one, other = (route.gives[measure](item, Options()) for item in (figure, turned))
    assert (other.yi, other.vi) == pytest.approx((-one.yi, one.vi), rel=1e-9)


def test_all_forms_of_two_arms_are_covered() -> None:
    assert {statistic for statistic, _, _ in CASES} == set(FIGURES)
    assert len(CASES) >= 30
