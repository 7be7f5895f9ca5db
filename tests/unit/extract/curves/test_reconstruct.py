"""reconstruct: from a digitised curve and its numbers at risk back to the patients."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.unit.extract.simulated_trials import Trial, comparisons, kaplan_meier, read, simulate

from coppice.extract.curves.reconstruct import Curve, Reconstruction, cox, reconstruct, restricted_mean
from coppice.extract.route import NotEstimable

TRIALS = json.loads((Path(__file__).parents[3] / "reference" / "survival.json").read_text("utf-8"))["trials"]
SEED = 2012


def curve(
    times: list[float], survival: list[float], at: list[float], at_risk: list[int], events: int | None = None
) -> Curve:
    return Curve(*(np.asarray(values, float) for values in (times, survival, at, at_risk)), events)


def arm_of(trial: dict[str, Any], arm: int) -> Reconstruction:
    chosen = np.asarray(trial["arm"]) == arm
    return Reconstruction(np.asarray(trial["time"])[chosen], np.asarray(trial["status"])[chosen] == 1, 0.0, 0.0)


@pytest.fixture(scope="module")
def trial() -> Trial:
    return simulate(np.random.default_rng(SEED))


def test_four_patients_without_censoring_come_back_exactly() -> None:
    found = reconstruct(curve([0, 1, 2, 3, 4], [1, 0.75, 0.5, 0.25, 0], [0, 2, 4], [4, 3, 1]))
    assert sorted(found.times[found.is_event]) == [1, 2, 3, 4]
    assert found.largest_gap == pytest.approx(0, abs=1e-12)


def test_patients_who_leave_without_an_event_are_censored_between_the_numbers_at_risk() -> None:
    found = reconstruct(curve([0, 5, 10], [1, 1, 1], [0, 10], [10, 6]))
    assert not found.is_event.any()
    assert sorted(found.times) == pytest.approx([1.25, 3.75, 6.25, 8.75, 10, 10, 10, 10, 10, 10])


def test_a_total_of_events_decides_how_many_are_censored_after_the_last_number_at_risk() -> None:
    steps = [(1 - 1 / 40) ** number for number in range(41)]
    few = reconstruct(curve(list(range(41)), steps, [0], [40], events=20))
    many = reconstruct(curve(list(range(41)), steps, [0], [40], events=25))
    assert (few.events, many.events) == (20, 25)
    assert len(few.times) == len(many.times) == 40


def test_the_numbers_at_risk_come_back_exactly(trial: Trial) -> None:
    for arm in (trial.experimental, trial.control):
        given = read(arm, trial.months)
        found = reconstruct(given)
        at_risk = np.sum(found.times[None, :] >= given.at_risk_times[:, None], axis=1)
        assert at_risk.tolist() == given.at_risk.tolist()


def test_the_fit_is_the_difference_of_the_two_curves(trial: Trial) -> None:
    given = read(trial.control, trial.months)
    found = reconstruct(given)
    gaps = np.abs(kaplan_meier(found, given.times) - given.survival)
    assert found.largest_gap == pytest.approx(gaps.max(), abs=1e-12)
    assert found.mean_gap == pytest.approx(gaps.mean(), abs=1e-12)
    assert found.largest_gap < 0.01


def test_a_curve_that_rises_by_an_error_of_reading_is_levelled() -> None:
    level = reconstruct(curve([0, 1, 2, 3], [1, 0.9, 0.9, 0.8], [0, 3], [10, 9]))
    rising = reconstruct(curve([0, 1, 2, 3], [1, 0.9, 0.91, 0.8], [0, 3], [10, 9]))
    assert rising.times.tolist() == level.times.tolist()


@pytest.mark.parametrize(("at", "at_risk", "words"), [([1, 2], [10, 9], "time 0"), ([0, 2], [10, 11], "rise")])
def test_numbers_at_risk_that_cannot_be_are_refused(at: list[float], at_risk: list[int], words: str) -> None:
    with pytest.raises(NotEstimable, match=words):
        reconstruct(curve([0, 1, 2], [1, 0.9, 0.8], at, at_risk))


@pytest.mark.parametrize("name", TRIALS)
def test_cox_regression_is_that_of_r(name: str) -> None:
    """coxph(ties = "efron") of R's survival 3.5-3."""
    trial = TRIALS[name]
    estimate, error = cox(arm_of(trial, 1), arm_of(trial, 0))
    assert estimate == pytest.approx(trial["coef"], abs=1e-8)
    assert error == pytest.approx(trial["se"], rel=1e-7)


def test_no_event_in_one_arm_gives_no_hazard_ratio() -> None:
    some = Reconstruction(np.array([1.0, 2.0]), np.array([True, False]), 0.0, 0.0)
    none = Reconstruction(np.array([1.0, 2.0]), np.array([False, False]), 0.0, 0.0)
    for arms in ((some, none), (none, some)):
        with pytest.raises(NotEstimable, match="0 or infinite"):
            cox(*arms)


def test_events_of_one_arm_after_the_other_has_left_give_no_hazard_ratio() -> None:
    early = Reconstruction(np.array([1.0, 2.0, 3.0]), np.array([True, True, True]), 0.0, 0.0)
    late = Reconstruction(np.array([4.0, 5.0, 6.0]), np.array([True, True, True]), 0.0, 0.0)
    for arms in ((early, late), (late, early)):
        with pytest.raises(NotEstimable, match="0 or infinite"):
            cox(*arms)


def test_numbers_at_risk_are_met_whatever_the_curve_says() -> None:
    generator = np.random.default_rng(SEED)
    for _ in range(200):
        points, numbers = int(generator.integers(1, 20)), int(generator.integers(1, 6))
        times, at = np.sort(generator.uniform(0, 20, points)), np.r_[0, np.sort(generator.uniform(0, 25, numbers))]
        survival = np.sort(generator.uniform(0, 1, points))[::-1]
        at_risk = np.r_[50.0, np.sort(generator.integers(0, 51, numbers))[::-1]]
        found = reconstruct(Curve(times, survival, at, at_risk))
        assert np.sum(found.times[None, :] >= at[:, None], axis=1).tolist() == at_risk.tolist()


@pytest.mark.parametrize("name", TRIALS)
@pytest.mark.parametrize(("arm", "key"), [(1, "e"), (0, "c")])
def test_a_restricted_mean_is_that_of_r(name: str, arm: int, key: str) -> None:
    """summary(survfit, rmean) of R's survival 3.5-3."""
    trial = TRIALS[name]
    mean, variance = restricted_mean(arm_of(trial, arm), trial["horizon"])
    assert mean == pytest.approx(trial[f"rmean_{key}"], rel=1e-10)
    assert math.sqrt(variance) == pytest.approx(trial[f"rmean_se_{key}"], rel=1e-10)


def test_a_restricted_mean_beyond_the_follow_up_is_refused_unless_nobody_is_left() -> None:
    censored = Reconstruction(np.array([1.0, 2.0]), np.array([True, False]), 0.0, 0.0)
    dead = Reconstruction(np.array([1.0, 2.0]), np.array([True, True]), 0.0, 0.0)
    with pytest.raises(NotEstimable, match="before the horizon"):
        restricted_mean(censored, 3.0)
    assert restricted_mean(dead, 3.0)[0] == pytest.approx(1.5)


def test_rounded_curves_give_the_cox_regression_of_the_true_times() -> None:
    """Ten of the trials of the benchmark `reconstruction`, with its limits."""
    found = comparisons(10, SEED)
    assert np.mean([abs(item.error) for item in found]) <= 0.03
    assert np.mean([abs(item.error_of_se) for item in found]) <= 0.05


def test_points_read_at_the_times_of_the_numbers_at_risk_are_met_where_the_falls_came_before_them() -> None:
    """R's survival 3.5-3, survfit of the arm Lev+5FU of its data set colon: survival by quarters, numbers at risk by years."""
    years = np.arange(5.0)
    survival = [
        1,
        0.984,
        0.970,
        0.957,
        0.918,
        0.895,
        0.872,
        0.836,
        0.803,
        0.783,
        0.760,
        0.747,
        0.743,
        0.734,
        0.711,
        0.697,
        0.681,
    ]
    curve = Curve(np.arange(0, 4.25, 0.25), np.array(survival), years, np.array([304.0, 279, 244, 226, 205]))
    made = reconstruct(curve)
    assert made.largest_gap < 0.005
    assert [int((made.times >= year).sum()) for year in years] == [304, 279, 244, 226, 205]
