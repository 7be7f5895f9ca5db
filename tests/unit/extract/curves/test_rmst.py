"""rmst: differences of restricted mean survival times."""

import math
from typing import Any

import pytest
from tests.unit.extract.curves.test_curves import TRIALS, extracted, figure_of

# AALL1731, event-free survival: 72 days (36 to 108), the horizon not stated
REPORTED = {"statistic": "rmst_difference", "estimate": 72, "ci": [36, 108], "unit": "days", "horizon": None}
DAYS_A_MONTH = 365.25 / 12


def only(figure: dict[str, Any], **options: Any) -> dict[str, Any]:
    (found,) = extracted(figure, "RMSTD", **options)["candidates"]
    return dict(found)


def test_a_difference_with_its_interval_is_in_the_unit_of_the_analysis() -> None:
    days, months = only(REPORTED, time_unit="days"), only(REPORTED)
    assert days["yi"] == 72
    assert math.sqrt(days["vi"]) == pytest.approx(36 / 1.959963984540054, rel=1e-13)
    assert months["yi"] == pytest.approx(72 / DAYS_A_MONTH, rel=1e-13)
    assert months["vi"] == pytest.approx(days["vi"] / DAYS_A_MONTH**2, rel=1e-13)
    assert "converted from days to months" in months["notes"]
    assert not any("converted" in note for note in days["notes"])


def test_a_horizon_that_is_not_given_is_warned_of() -> None:
    assert any(
        note.startswith("warning: the time to which the means are restricted is not reported")
        for note in only(REPORTED)["notes"]
    )
    given = only(REPORTED | {"horizon": 1095.75})
    assert "means restricted to 36 months" in given["notes"]
    assert not any("warning" in note for note in given["notes"])


def test_another_horizon_than_the_analysis_asks_for_is_refused() -> None:
    figure = REPORTED | {"horizon": 3, "unit": "years"}
    assert only(figure, horizon=36)["route"] == "rmst_difference_ci"
    assert "restricted to 36 months, and the analysis asks for 24" in extracted(figure, "RMSTD", horizon=24)["why"]


def test_se_and_p_give_the_same_as_the_interval() -> None:
    error = 36 / 1.959963984540054
    plain = {name: value for name, value in REPORTED.items() if name != "ci"}
    p = math.erfc(72 / error / math.sqrt(2))
    assert only(plain | {"se": error})["vi"] == pytest.approx(only(REPORTED)["vi"], rel=1e-12)
    assert only(plain | {"p": p, "sided": 2})["vi"] == pytest.approx(only(REPORTED)["vi"], rel=1e-9)
    assert "one- or two-sided" in extracted(plain | {"p": p, "sided": None}, "RMSTD")["why"]


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
def test_reconstructed_curves_give_the_difference_of_r(trial: dict[str, Any]) -> None:
    """summary(survfit, rmean) of R's survival 3.5-3 on the times behind the curves."""
    found = only(figure_of(trial), horizon=trial["horizon"])
    assert found["yi"] == pytest.approx(trial["rmean_e"] - trial["rmean_c"], abs=0.02)
    assert math.sqrt(found["vi"]) == pytest.approx(math.hypot(trial["rmean_se_e"], trial["rmean_se_c"]), rel=0.01)
    assert f"means restricted to {trial['horizon']} months" in found["notes"]


def test_the_horizon_is_that_of_the_analysis_or_else_of_the_figure_and_never_a_guess() -> None:
    figure = figure_of(TRIALS["equal"])
    assert "must be stated" in extracted(figure, "RMSTD")["why"]
    own = only(figure | {"horizon": 24})
    assert own["yi"] == only(figure, horizon=24)["yi"] == only(figure | {"horizon": 12}, horizon=24)["yi"]
    years = only(figure | {"horizon": 24}, time_unit="years")
    assert years["yi"] == pytest.approx(own["yi"] / 12, rel=1e-12)
    assert only(figure, horizon=2, time_unit="years")["yi"] == pytest.approx(years["yi"], rel=1e-12)


def test_a_horizon_beyond_the_curves_is_refused() -> None:
    assert "before the horizon of 60" in extracted(figure_of(TRIALS["equal"]), "RMSTD", horizon=60)["why"]
