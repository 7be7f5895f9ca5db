"""How numbers are printed."""

from __future__ import annotations

import pytest

from coppice import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.394, "0.39"), (-1.5, "−1.50"), (0.0, "0.00"), (0.0004, "0.0004"), (None, "–"), (float("nan"), "–"), (-1e-9, "0.000000")],
)
def test_a_small_number_keeps_a_digit_and_a_minus_is_a_minus(value: float | None, text: str) -> None:
    assert numbers.number(value) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [(0.0, "< 0.001"), (0.0009, "< 0.001"), (0.001, "= 0.001"), (0.0062, "= 0.006"), (0.049, "= 0.049"), (0.0501, "= 0.050"), (0.37, "= 0.37"), (1.0, "= 1.00"), (None, "–")],
)
def test_a_p_value_is_never_zero_and_has_its_third_decimal_where_it_matters(p: float | None, text: str) -> None:
    assert numbers.p_value(p) == text


def test_an_estimate_is_printed_with_its_interval() -> None:
    assert numbers.estimate(0.39, 0.24, 0.64) == "0.39 (0.24 to 0.64)"
    assert numbers.percent(53.24) == "53.2%"
