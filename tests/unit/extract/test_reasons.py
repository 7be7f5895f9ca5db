"""Why an outcome gives no effect is said in plain words, whatever routes were tried."""

from __future__ import annotations

import pytest

from coppice.extract.outcome import extract_outcome
from coppice.extract.registry import ROUTES

MEANS = {"statistic": "means", "n_e": 10, "n_c": 12}
COUNTS = {"statistic": "counts", "events_e": 3, "n_e": 40, "events_c": 5, "n_c": 39}
CASES = [
    ("MD", MEANS, "no mean or SD is reported"),
    ("MD", MEANS | {"mean_e": 3, "mean_c": 4}, "no SD is reported"),
    ("SMD", MEANS | {"mean_e": 3, "mean_c": 4, "se_e": 1}, "no SD of the control arm is reported"),
    ("MD", MEANS | {"median_e": 3, "median_c": 4}, "a median without quartiles and without a range has no spread"),
    ("MD", {"statistic": "paired_means", "n": 9, "mean_e": 3, "mean_c": 4}, "no SD is reported"),
    ("MN", {"statistic": "mean", "mean": 3, "n": 10}, "no SD is reported"),
    ("RR", COUNTS | {"events_e": 0}, "no event in the experimental arm"),
    ("OR", COUNTS | {"events_c": 39}, "every patient of the control arm had the event"),
    ("OR", COUNTS | {"events_e": 0, "events_c": 39}, "no event in the experimental arm and every patient of the control arm had the event"),
    ("RR", COUNTS | {"events_e": None}, "no number of events of the experimental arm is reported"),
    ("RR", {"statistic": "counts", "percent_e": 40, "percent_c": 20}, "no number of patients is reported"),
    ("HR", COUNTS, "no hazard ratio can be computed from counts"),
    ("HR", {"statistic": "hazard_ratio", "estimate": 0.5}, "no confidence interval is reported"),
    ("HR", {"statistic": "logrank", "p": 0.03}, "no direction or number of events is reported"),
    ("IRR", {"statistic": "person_time", "events_e": 0, "time_e": 40, "events_c": 0, "time_c": 30}, "no event in either arm"),
    ("PLO", {"statistic": "proportion", "events": 0, "n": 10}, "no patient had the event"),
    ("GEN", {"statistic": "effect", "yi": 0.3}, "no variance is reported"),
]  # fmt: skip


def why(measure: str, *figures: dict[str, object]) -> str:
    spec = {
        "study": "A",
        "outcome": "o",
        "population": "A",
        "reported": list(figures),
        "measures": {measure: {"measure": measure, "options": {}}},
    }
    return str(extract_outcome(spec)["measures"][measure]["why"])


@pytest.mark.parametrize(("measure", "figure", "expected"), CASES)
def test_a_figure_without_an_effect_has_one_reason_in_plain_words(
    measure: str, figure: dict[str, object], expected: str
) -> None:
    assert why(measure, figure) == expected


@pytest.mark.parametrize(("measure", "figure", "expected"), CASES)
def test_no_reason_names_a_route_or_a_field(measure: str, figure: dict[str, object], expected: str) -> None:
    words = why(measure, figure).split()
    assert not any("_" in word or word.rstrip(":") in ROUTES.keys() - {"counts"} for word in words)


def test_of_several_figures_those_that_could_have_given_the_measure_say_why_they_did_not() -> None:
    assert why("HR", COUNTS, {"statistic": "hazard_ratio", "estimate": 0.5}) == "no confidence interval is reported"
    assert why("HR") == "nothing is reported"
