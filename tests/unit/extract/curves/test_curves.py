"""curves: hazard ratios from Kaplan-Meier curves."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coppice.extract.outcome import extract_outcome

TRIALS = json.loads((Path(__file__).parents[3] / "reference" / "survival.json").read_text("utf-8"))["trials"]
NAMES = ("survival_e", "survival_c", "at_risk_times", "at_risk_e", "at_risk_c")


def figure_of(trial: dict[str, Any]) -> dict[str, Any]:
    return {"statistic": "km_curve", "unit": "months", "times": trial["grid"]} | {name: trial[name] for name in NAMES}


def extracted(figure: dict[str, Any], measure: str = "HR", **options: Any) -> dict[str, Any]:
    spec = {"study": "S", "outcome": "os", "population": "S", "reported": [figure]}
    return extract_outcome(spec | {"measures": {measure: {"measure": measure, "options": options}}})["measures"][
        measure
    ]


def by_route(figure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["route"]: item for item in extracted(figure)["candidates"]}


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_a_curve_with_numbers_at_risk_gives_the_cox_regression_of_r(trial: dict[str, Any]) -> None:
    """coxph of R's survival 3.5-3 on the times behind the curve."""
    found = by_route(figure_of(trial))["km_reconstruction"]
    # where few are left, censoring that is not even can cost or add an event
    assert found["yi"] == pytest.approx(trial["coef"], abs=0.15 * trial["se"])
    assert math.sqrt(found["vi"]) == pytest.approx(trial["se"], rel=0.02)


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_the_intervals_of_williamson_come_near_to_the_cox_regression_of_r(trial: dict[str, Any]) -> None:
    """Tierney 2007, method 11."""
    found = by_route(figure_of(trial))["km_at_risk"]
    assert found["yi"] == pytest.approx(trial["coef"], abs=0.5 * trial["se"])
    assert math.sqrt(found["vi"]) == pytest.approx(trial["se"], rel=0.2)


def test_the_fit_of_the_reconstruction_is_in_the_notes() -> None:
    notes = by_route(figure_of(TRIALS["equal"]))["km_reconstruction"]["notes"]
    assert notes[0].startswith("experimental arm: 60 patients with ")
    assert "events reconstructed; their survival differs from the curve by 0.0" in notes[0]
    assert notes[1].startswith("control arm: 60 patients")
    assert len(notes) == 2


def test_a_curve_that_the_numbers_at_risk_contradict_is_warned_of() -> None:
    figure = {"statistic": "km_curve", "times": [0, 6, 12], "at_risk_times": [0, 6, 12], "at_risk_e": [100, 98, 95]}
    figure |= {"survival_e": [1, 0.7, 0.5], "survival_c": [1, 0.8, 0.6], "at_risk_c": [100, 80, 60]}
    notes = by_route(figure)["km_reconstruction"]["notes"]
    assert "warning: the reconstruction of the experimental arm does not fit its curve" in " ".join(notes)
    assert "of the control arm does not fit" not in " ".join(notes)


def test_reported_events_that_do_not_come_out_are_warned_of() -> None:
    trial = TRIALS["larger"]
    own = by_route(figure_of(trial) | {"events_e": 10, "events_c": 200})["km_reconstruction"]["notes"]
    assert any(note.startswith("warning: 10 events are reported in the experimental arm") for note in own)


def test_survival_that_rises_is_levelled_and_said() -> None:
    figure = figure_of(TRIALS["equal"])
    survival = list(figure["survival_e"])
    survival[50] += 0.01
    notes = by_route(figure | {"survival_e": survival})["km_reconstruction"]["notes"]
    assert "survival that rises along the curve of the experimental arm was levelled" in notes


def test_exchanging_the_arms_negates_the_effect_of_every_route() -> None:
    figure = figure_of(TRIALS["unequal"]) | {"n_e": 80, "n_c": 40, "follow_up": [12, 48]}
    turned = {
        name: figure[name[:-1] + {"e": "c", "c": "e"}[name[-1]]] if name[-2:] in ("_e", "_c") else value
        for name, value in figure.items()
    }
    one, other = by_route(figure), by_route(turned)
    assert list(one) == list(other) == ["km_reconstruction", "km_at_risk", "km_follow_up"]
    for name, found in one.items():
        assert found["yi"] == pytest.approx(-other[name]["yi"], abs=1e-9)
        assert found["vi"] == pytest.approx(other[name]["vi"], rel=1e-9)


def test_one_interval_without_censoring_is_the_log_risk_ratio() -> None:
    """40 of 100 v 60 of 100: Williamson 2002 then has D = 40, R = 100; variance 1/40 - 1/100 + 1/60 - 1/100."""
    figure = {"statistic": "km_curve", "times": [0, 12], "survival_e": [1, 0.6], "survival_c": [1, 0.4]}
    figure |= {"at_risk_times": [0, 12], "at_risk_e": [100, 60], "at_risk_c": [100, 40]}
    found = by_route(figure)["km_at_risk"]
    assert found["yi"] == pytest.approx(math.log(40 / 60), rel=1e-13)
    assert found["vi"] == pytest.approx(1 / 40 - 1 / 100 + 1 / 60 - 1 / 100, rel=1e-13)


def test_censoring_takes_half_of_its_patients_from_those_at_risk() -> None:
    """100 at risk, 30 later, survival 0.5: D = 130 * 0.5 / 1.5 = 43.33, censored 26.67, at risk 100 - 26.67 / 2."""
    figure = {"statistic": "km_curve", "times": [0, 12], "survival_e": [1, 0.5], "survival_c": [1, 0.4]}
    figure |= {"at_risk_times": [0, 12], "at_risk_e": [100, 30], "at_risk_c": [100, 40]}
    events, at_risk = 130 / 3, 100 - (100 - 30 - 130 / 3) / 2
    found = by_route(figure)["km_at_risk"]
    assert found["yi"] == pytest.approx(math.log(events / at_risk / 0.6), rel=1e-13)
    assert found["vi"] == pytest.approx(1 / events - 1 / at_risk + 1 / 60 - 1 / 100, rel=1e-13)


def test_an_interval_with_events_in_one_arm_only_is_left_out_and_named() -> None:
    figure = {"statistic": "km_curve", "times": [0, 6, 12], "survival_e": [1, 1, 0.6], "survival_c": [1, 0.9, 0.4]}
    figure |= {"at_risk_times": [0, 6, 12], "at_risk_e": [100, 100, 60], "at_risk_c": [100, 90, 40]}
    notes = by_route(figure)["km_at_risk"]["notes"]
    assert notes[0] == "1 intervals"
    assert notes[1].startswith("warning: 1 intervals with events in one arm only")


def test_follow_up_stands_in_for_numbers_at_risk() -> None:
    """Entry over 36 of 48 months, as simulated: follow-ups from 12 to 48 months. Tierney 2007, method 10."""
    for trial in TRIALS.values():
        figure = {name: value for name, value in figure_of(trial).items() if not name.startswith("at_risk")}
        (found,) = extracted(figure | {"n_e": trial["n_e"], "n_c": trial["n_c"], "follow_up": [12, 48]})["candidates"]
        assert found["route"] == "km_follow_up"
        assert found["yi"] == pytest.approx(trial["coef"], abs=0.5 * trial["se"])
        assert math.sqrt(found["vi"]) == pytest.approx(trial["se"], rel=0.2)


def test_follow_up_longer_than_the_curve_means_no_censoring() -> None:
    figure = {"statistic": "km_curve", "times": [12], "survival_e": [0.9], "survival_c": [0.8], "n_e": 100, "n_c": 100}
    found = by_route(figure | {"follow_up": [24, 60]})["km_follow_up"]
    assert found["yi"] == pytest.approx(math.log(0.5), rel=1e-13)
    assert found["vi"] == pytest.approx(1 / 10 + 1 / 20 - 2 / 100, rel=1e-13)


def test_nothing_that_tells_of_censoring_gives_no_effect() -> None:
    figure = {"statistic": "km_curve", "times": [0, 12], "survival_e": [1, 0.6], "survival_c": [1, 0.4]}
    start = {"at_risk_times": [0], "at_risk_e": [100], "at_risk_c": [100]}
    assert "without them the censoring is unknown" in extracted(figure | start)["why"]
    assert "km_reconstruction" in by_route(figure | start | {"events_e": 40, "events_c": 60})


def test_empty_coordinates_give_no_effect() -> None:
    figure: dict[str, Any] = {name: [] for name in ("times", "survival_e", "survival_c", *NAMES)}
    assert extracted({"statistic": "km_curve"} | figure)["candidates"] == []


def test_numpy_and_statsmodels_are_imported_for_curves_alone() -> None:
    code = "import sys, coppice.extract.registry; print({'numpy', 'statsmodels', 'scipy', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
