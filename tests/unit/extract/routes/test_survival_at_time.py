"""survival_at_time: the numbers at risk behind a survival."""

import math
from typing import Any

import pytest

from coppice.extract.outcome import extract_outcome

AT = {"statistic": "survival", "time": 2, "survival_e": 0.8, "survival_c": 0.6}


def extracted(figure: dict[str, Any]) -> dict[str, Any]:
    spec = {"study": "S", "outcome": "os", "population": "S", "reported": [figure]}
    return extract_outcome(spec | {"measures": {"HR": {"measure": "HR", "options": {}}}})["measures"]["HR"]


def test_the_numbers_at_risk_give_petos_standard_error() -> None:
    """SE(S) = S sqrt((1 - S) / R), as the route from that standard error has it."""
    at_risk, survival = {"e": 50, "c": 40}, {"e": 0.8, "c": 0.6}
    errors = {f"se_{arm}": survival[arm] * math.sqrt((1 - survival[arm]) / at_risk[arm]) for arm in "ec"}
    (found,) = extracted(AT | {"at_risk_e": 50, "at_risk_c": 40})["candidates"]
    (by_error,) = extracted(AT | errors)["candidates"]
    assert found["route"] == "survival_at_risk"
    assert found["yi"] == pytest.approx(math.log(math.log(0.8) / math.log(0.6)), rel=1e-14)
    assert found["vi"] == pytest.approx(by_error["vi"], rel=1e-13)
    assert found["vi"] == pytest.approx(0.2 / 50 / math.log(0.8) ** 2 + 0.4 / 40 / math.log(0.6) ** 2, rel=1e-13)


def test_without_censoring_petos_error_is_the_binomial_one() -> None:
    """100 patients of whom 80 are at risk: SE = sqrt(0.8 * 0.2 / 100)."""
    (found,) = extracted(AT | {"at_risk_e": 80, "at_risk_c": 60})["candidates"]
    binomial = {f"se_{arm}": math.sqrt(value * (1 - value) / 100) for arm, value in (("e", 0.8), ("c", 0.6))}
    assert found["vi"] == pytest.approx(extracted(AT | binomial)["candidates"][0]["vi"], rel=1e-13)


def test_the_number_randomised_never_stands_in_for_the_number_at_risk() -> None:
    found = extracted(AT | {"n_e": 100, "n_c": 100})
    assert found["candidates"] == []
    assert found["why"] == "no standard error is reported"


def test_nobody_at_risk_gives_no_effect() -> None:
    assert "no patient is at risk in the control arm" in extracted(AT | {"at_risk_e": 5, "at_risk_c": 0})["why"]
