"""hazard_ratio: a hazard ratio without its interval, but with a p value or events."""

import math
from typing import Any

import pytest

from coppice.extract.outcome import extract_outcome

# Advanced Bladder Cancer trial (Lancet 1999;354:533): 491 and 485 patients, 485 deaths, log-rank p = 0.075
TRIAL = {"statistic": "hazard_ratio", "estimate": 0.85, "events": 485, "n_e": 491, "n_c": 485}


def candidates(figure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    spec = {"study": "S", "outcome": "os", "population": "S", "reported": [figure]}
    found = extract_outcome(spec | {"measures": {"HR": {"measure": "HR", "options": {}}}})["measures"]["HR"]
    return {item["route"]: item for item in found["candidates"]} | {"why": {"why": found["why"]}}


def test_all_events_of_a_trial_with_equal_arms_give_four_over_the_events() -> None:
    """Tierney 2007, method 5: V = events / 4."""
    found = candidates({"statistic": "hazard_ratio", "estimate": 0.85, "events": 485})["hazard_ratio_events"]
    assert (found["yi"], found["vi"]) == (math.log(0.85), pytest.approx(4 / 485, rel=1e-14))
    assert any("1:1" in text for text in found["assumptions"])


def test_patients_of_each_arm_correct_for_unequal_allocation() -> None:
    """Tierney 2007, method 6: V = events n_e n_c / (n_e + n_c)^2; 121.25 for two nearly equal arms."""
    found = candidates(TRIAL)
    assert 1 / found["hazard_ratio_allocation"]["vi"] == pytest.approx(485 * 491 * 485 / 976**2, rel=1e-14)
    unequal = candidates(TRIAL | {"n_e": 300, "n_c": 100})["hazard_ratio_allocation"]
    assert 1 / unequal["vi"] == pytest.approx(485 * 3 / 16, rel=1e-14)
    assert found["hazard_ratio_allocation"]["rank"] < found["hazard_ratio_events"]["rank"]


def test_events_of_each_arm_give_their_harmonic_half() -> None:
    """Tierney 2007, method 4: V = events_e events_c / events."""
    found = candidates({"statistic": "hazard_ratio", "estimate": 0.7, "events_e": 30, "events_c": 60})
    assert 1 / found["hazard_ratio_events_arms"]["vi"] == pytest.approx(20)


def test_no_event_in_one_arm_gives_no_variance() -> None:
    found = candidates({"statistic": "hazard_ratio", "estimate": 0.7, "events_e": 0, "events_c": 60})
    assert "no event in one arm" in found["why"]["why"]


@pytest.mark.parametrize(("p", "sided"), [(0.05, 2), (0.025, 1), (0.975, 1)])
def test_a_p_value_gives_the_interval_that_just_touches_its_level(p: float, sided: int) -> None:
    found = candidates({"statistic": "hazard_ratio", "estimate": 0.7, "p": p, "sided": sided})["hazard_ratio_p"]
    assert math.sqrt(found["vi"]) == pytest.approx(-math.log(0.7) / 1.959963984540054, rel=1e-12)
    assert found["yi"] == math.log(0.7)


def test_the_direction_comes_from_the_estimate_and_a_ratio_the_other_way_round_is_turned() -> None:
    plain = candidates({"statistic": "hazard_ratio", "estimate": 0.5, "p": 0.01, "sided": 2})["hazard_ratio_p"]
    turned = candidates({"statistic": "hazard_ratio", "estimate": 2, "p": 0.01, "sided": 2, "inverted": True})
    assert turned["hazard_ratio_p"]["yi"] == pytest.approx(plain["yi"])
    assert turned["hazard_ratio_p"]["vi"] == pytest.approx(plain["vi"])
    events = candidates({"statistic": "hazard_ratio", "estimate": 2, "events": 80, "inverted": True})
    assert events["hazard_ratio_events"]["yi"] == pytest.approx(math.log(0.5))


@pytest.mark.parametrize(
    ("p", "sided", "words"),
    [
        ("<0.001", 2, "a bound (<0.001), from which no effect is computed"),
        (0, 2, "p is reported as 0"),
        (0.0, 1, "p is reported as 0"),
        (0.03, None, "whether p is one- or two-sided is not recorded"),
        (1, 2, "does not determine the standard error"),
        (1.0, 1, "no finite deviate"),
        (0.5, 1, "does not determine the standard error"),
    ],
)
def test_a_p_that_cannot_be_computed_with_is_refused_with_the_reason(p: object, sided: int | None, words: str) -> None:
    found = candidates({"statistic": "hazard_ratio", "estimate": 0.7, "p": p, "sided": sided})
    assert list(found) == ["why"]
    assert words in found["why"]["why"]


def test_a_hazard_ratio_of_one_has_no_error_from_p() -> None:
    found = candidates({"statistic": "hazard_ratio", "estimate": 1, "p": 0.9, "sided": 2})
    assert "does not determine the standard error" in found["why"]["why"]


def test_the_interval_is_better_than_p_and_p_worse_than_events() -> None:
    found = candidates(TRIAL | {"ci": [0.71, 1.02], "p": 0.075, "sided": 2})
    ranks = [found[f"hazard_ratio_{name}"]["rank"] for name in ("ci", "allocation", "events", "p")]
    assert ranks == sorted(set(ranks))
    errors = {name: math.sqrt(item["vi"]) for name, item in found.items() if name != "why"}
    assert max(errors.values()) / min(errors.values()) < 1.03  # four ways to one trial's standard error
