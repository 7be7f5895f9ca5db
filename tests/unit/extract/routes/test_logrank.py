"""logrank: the hazard ratio behind a log-rank test."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from coppice.extract.outcome import extract_outcome

TRIALS = json.loads((Path(__file__).parents[3] / "reference" / "survival.json").read_text("utf-8"))["trials"]
# Advanced Bladder Cancer trial (Lancet 1999;354:533): 491 and 485 patients, 485 deaths, p = 0.075, fewer with chemotherapy
PUBLISHED = {"p": 0.075, "sided": 2, "events": 485, "n_e": 491, "n_c": 485, "direction": "experimental"}


def candidates(**figure: Any) -> dict[str, dict[str, Any]]:
    spec = {"study": "S", "outcome": "os", "population": "S", "reported": [{"statistic": "logrank"} | figure]}
    found = extract_outcome(spec | {"measures": {"HR": {"measure": "HR", "options": {}}}})["measures"]["HR"]
    return {item["route"]: item for item in found["candidates"]} | {"why": {"why": found["why"]}}


def direction(trial: dict[str, Any]) -> str:
    return "experimental" if trial["observed_e"] < trial["expected_e"] else "control"


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_o_minus_e_and_v_of_r_come_within_a_step_of_its_cox_regression(trial: dict[str, Any]) -> None:
    """survdiff and coxph of R's survival 3.5-3; Tierney 2007, method 2."""
    o_minus_e = trial["observed_e"] - trial["expected_e"]
    found = candidates(o_minus_e=o_minus_e, v=trial["v"])["logrank_oe_v"]
    assert found["yi"] == pytest.approx(o_minus_e / trial["v"], rel=1e-14)
    assert found["yi"] == pytest.approx(trial["coef"], abs=0.05 * trial["se"])
    # V is the variance where the hazards are equal, Cox's where they are as estimated
    assert math.sqrt(found["vi"]) == pytest.approx(trial["se"], rel=0.03)
    assert found["yi"] ** 2 / found["vi"] == pytest.approx(trial["chi2"], rel=1e-12)


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_observed_and_expected_events_of_r_give_nearly_its_cox_regression(trial: dict[str, Any]) -> None:
    """survdiff and coxph of R's survival 3.5-3; Tierney 2007, method 1."""
    numbers = {
        f"{name}_{arm}": trial[f"{own}_{arm}"]
        for arm in "ec"
        for name, own in (("events", "observed"), ("expected", "expected"))
    }
    found = candidates(**numbers)["logrank_observed_expected"]
    assert found["yi"] == pytest.approx(trial["coef"], abs=0.15 * trial["se"])
    assert found["vi"] == pytest.approx(1 / trial["expected_e"] + 1 / trial["expected_c"], rel=1e-14)
    assert math.sqrt(found["vi"]) == pytest.approx(trial["se"], rel=0.03)


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
@pytest.mark.parametrize(
    ("kind", "names"),
    [("events_arms", ("events_e", "events_c")), ("allocation", ("events", "n_e", "n_c")), ("events", ("events",))],
)
def test_chi_squared_and_its_p_are_two_ways_to_one_effect(
    trial: dict[str, Any], kind: str, names: tuple[str, ...]
) -> None:
    """Chi-squared and p of R's survdiff; Tierney 2007, methods 7 to 9."""
    numbers = {"events": trial["observed_e"] + trial["observed_c"], "n_e": trial["n_e"], "n_c": trial["n_c"]} | {
        f"events_{arm}": trial[f"observed_{arm}"] for arm in "ec"
    }
    given = {name: numbers[name] for name in names} | {"direction": direction(trial)}
    found = {
        **candidates(chi2=trial["chi2"], **given),
        **candidates(p=trial["p"], sided=2, **given),
        "one": candidates(p=trial["p"] / 2, sided=1, **given)[f"logrank_p_{kind}"],
    }
    by_chi2, by_p = found[f"logrank_chi2_{kind}"], found[f"logrank_p_{kind}"]
    assert by_p["yi"] == pytest.approx(by_chi2["yi"], rel=1e-9)
    assert found["one"]["yi"] == pytest.approx(by_p["yi"], rel=1e-12)
    assert by_p["vi"] == by_chi2["vi"]
    assert by_chi2["yi"] ** 2 / by_chi2["vi"] == pytest.approx(trial["chi2"], rel=1e-12)
    if kind != "events" or trial["n_e"] == trial["n_c"]:
        assert by_chi2["yi"] == pytest.approx(trial["coef"], abs=0.15 * trial["se"])
        assert math.sqrt(by_chi2["vi"]) == pytest.approx(trial["se"], rel=0.04)


def test_p_and_events_of_a_published_trial_give_its_hazard_ratio() -> None:
    """Advanced Bladder Cancer trial: hazard ratio 0.85; Tierney 2007, methods 8 and 9."""
    found = candidates(**PUBLISHED)
    for kind in ("allocation", "events"):
        assert f"{math.exp(found[f'logrank_p_{kind}']['yi']):.2f}" == "0.85"
    assert 1 / found["logrank_p_events"]["vi"] == 121.25
    assert 1 / found["logrank_p_allocation"]["vi"] == pytest.approx(485 * 491 * 485 / 976**2, rel=1e-14)


def test_a_published_variance_gives_the_published_interval() -> None:
    """The same trial by the curves, as a summary of Tierney 2007 retells it: 0.88 (0.74 to 1.05), V = 128.81."""
    found = candidates(o_minus_e=128.81 * math.log(0.88), v=128.81)["logrank_oe_v"]
    half = 1.959963984540054 * math.sqrt(found["vi"])
    assert [f"{math.exp(found['yi'] + sign * half):.2f}" for sign in (-1, 0, 1)] == ["0.74", "0.88", "1.05"]


def test_the_direction_decides_the_sign_alone() -> None:
    one, other = candidates(**PUBLISHED), candidates(**PUBLISHED | {"direction": "control"})
    assert one["logrank_p_events"]["yi"] == -other["logrank_p_events"]["yi"] < 0
    assert one["logrank_p_events"]["vi"] == other["logrank_p_events"]["vi"]


def test_without_the_direction_there_is_no_effect() -> None:
    figure = {name: value for name, value in PUBLISHED.items() if name != "direction"}
    assert candidates(**figure)["why"]["why"] == "no direction is reported"


@pytest.mark.parametrize(
    ("p", "sided", "words"), [("<0.001", 2, "bound"), (0, 2, "reported as 0"), (0.01, None, "one- or two-sided")]
)
def test_a_p_that_cannot_be_computed_with_is_refused(p: object, sided: int | None, words: str) -> None:
    found = candidates(**PUBLISHED | {"p": p, "sided": sided})
    assert list(found) == ["why"]
    assert words in found["why"]["why"]


def test_no_difference_at_all_is_an_effect_of_zero_with_its_variance() -> None:
    for given in ({"chi2": 0}, {"p": 1, "sided": 2}):
        found = candidates(events=100, direction="control", **given)
        (effect,) = (item for name, item in found.items() if name != "why")
        assert (effect["yi"], effect["vi"]) == (0, 0.04)


def test_o_minus_e_is_better_than_observed_and_expected_and_these_than_p() -> None:
    found = candidates(
        **PUBLISHED, o_minus_e=-19.6, v=121, chi2=3.17, events_e=229, events_c=256, expected_e=249, expected_c=236
    )
    order = ["oe_v", "observed_expected"] + [
        f"{test}_{kind}" for test in ("chi2", "p") for kind in ("events_arms", "allocation", "events")
    ]
    assert [name for name in found if name != "why"] == [f"logrank_{name}" for name in order]
