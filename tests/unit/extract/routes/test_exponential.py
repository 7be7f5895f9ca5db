"""exponential: constant hazards from events and person-time, and from medians."""

import math
from typing import Any

import pytest

from coppice.extract.outcome import extract_outcome

PERSON_TIME = {"statistic": "person_time", "events_e": 20, "time_e": 400.0, "events_c": 30, "time_c": 300.0}
# Advanced Bladder Cancer trial (Lancet 1999;354:533): medians 44 and 37.5 months
MEDIANS = {"statistic": "median_survival", "median_e": 44, "median_c": 37.5, "unit": "months"}


def extracted(figure: dict[str, Any]) -> dict[str, Any]:
    spec = {"study": "S", "outcome": "os", "population": "S", "reported": [figure]}
    return extract_outcome(spec | {"measures": {"HR": {"measure": "HR", "options": {}}}})["measures"]["HR"]


def test_events_and_person_time_give_the_ratio_of_rates_and_state_the_assumption() -> None:
    (found,) = extracted(PERSON_TIME)["candidates"]
    assert math.exp(found["yi"]) == pytest.approx(0.5, rel=1e-14)
    assert found["vi"] == pytest.approx(1 / 20 + 1 / 30, rel=1e-14)
    assert "exponential" in found["assumptions"][0]


def test_printed_rates_stand_for_the_person_time() -> None:
    rates = {"events_e": 20, "events_c": 30, "rate_e": 5.0, "rate_c": 10.0}
    (found,) = extracted({"statistic": "person_time"} | rates)["candidates"]
    (by_time,) = extracted(PERSON_TIME)["candidates"]
    assert (found["yi"], found["vi"]) == pytest.approx((by_time["yi"], by_time["vi"]))
    assert "rounded" in extracted({"statistic": "person_time"} | rates | {"rate_e": 0})["why"]


def test_no_event_in_an_arm_gives_no_hazard_ratio_and_names_the_arm() -> None:
    assert "no event in the experimental arm" in extracted(PERSON_TIME | {"events_e": 0})["why"]
    both = extracted(PERSON_TIME | {"events_e": 0, "events_c": 0})["why"]
    assert "no event in the experimental and the control arm" in both


def test_the_longer_median_has_the_lower_hazard() -> None:
    """The trial's hazard ratio by Cox regression is 0.85."""
    (found,) = extracted(MEDIANS | {"events_e": 229, "events_c": 256})["candidates"]
    assert f"{math.exp(found['yi']):.2f}" == "0.85"
    assert found["vi"] == pytest.approx(1 / 229 + 1 / 256, rel=1e-14)
    assert "exponential" in found["assumptions"][0]


def test_intervals_of_the_medians_give_the_variance_at_any_level() -> None:
    """TOWER: medians 7.7 (5.6-9.6) and 4.0 (2.8-5.3) months."""
    figure = MEDIANS | {"median_e": 7.7, "median_c": 4.0, "ci_e": [5.6, 9.6], "ci_c": [2.8, 5.3]}
    z = {0.95: 1.959963984540054, 0.9: 1.6448536269514722}
    for level, value in z.items():
        (found,) = extracted(figure | {"level": level})["candidates"]
        widths = math.log(9.6 / 5.6), math.log(5.3 / 2.8)
        assert found["vi"] == pytest.approx(sum((width / 2 / value) ** 2 for width in widths), rel=1e-13)
        assert math.exp(found["yi"]) == pytest.approx(4.0 / 7.7, rel=1e-14)


def test_a_median_that_was_not_reached_gives_no_effect() -> None:
    figure = MEDIANS | {"median_e": None, "events_e": 10, "events_c": 20}
    assert extracted(figure)["why"] == "no median of the experimental arm is reported"


def test_the_intervals_come_before_the_events_and_both_last_of_all() -> None:
    found = extracted(MEDIANS | {"events_e": 229, "events_c": 256, "ci_e": [38, 50], "ci_c": [32, 43]})["candidates"]
    assert [item["route"] for item in found] == ["median_survival_ci", "median_survival_events"]
