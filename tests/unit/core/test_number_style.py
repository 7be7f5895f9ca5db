"""How numbers are printed."""

from __future__ import annotations

import pytest

from coppice.core import number_style


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.394, "0.39"),
        (-1.5, "−1.50"),
        (0.0, "0.00"),
        (0.0004, "0.0004"),
        (None, "–"),
        (float("nan"), "–"),
        (-1e-9, "0.000000"),
    ],
)
def test_a_small_number_keeps_a_digit_and_a_minus_is_a_minus(value: float | None, text: str) -> None:
    assert number_style.number(value) == text


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "< 0.001"),
        (0.0009, "< 0.001"),
        (0.001, "= 0.001"),
        (0.0062, "= 0.006"),
        (0.049, "= 0.049"),
        (0.0501, "= 0.050"),
        (0.37, "= 0.37"),
        (1.0, "= 1.00"),
        (None, "–"),
    ],
)
def test_a_p_value_is_never_zero_and_has_its_third_decimal_where_it_matters(p: float | None, text: str) -> None:
    assert number_style.p_value(p) == text


def test_an_estimate_is_printed_with_its_interval() -> None:
    assert number_style.estimate(0.39, 0.24, 0.64) == "0.39 (0.24 to 0.64)"
    assert number_style.percent(53.24) == "53.2%"


@pytest.mark.parametrize(
    ("name", "interval", "negative", "p"),
    [
        ("BMJ", "0.24 to 0.64", "−0.10 to 0.20", "P=0.03"),
        ("Cochrane", "0.24 to 0.64", "−0.10 to 0.20", "P = 0.03"),
        ("JAMA", "0.24-0.64", "−0.10 to 0.20", "P = .03"),
        ("Lancet", "0·24–0·64", "−0·10 to 0·20", "p=0·030"),
    ],
)
def test_each_style_prints_intervals_and_p_values_its_own_way(name: str, interval: str, negative: str, p: str) -> None:
    style = number_style.STYLES[name]
    assert style.interval(0.24, 0.64) == interval
    assert style.interval(-0.1, 0.2) == negative
    assert style.with_p(0.03) == p


@pytest.mark.parametrize(
    ("name", "text"), [("BMJ", "P<0.001"), ("Cochrane", "P < 0.001"), ("JAMA", "P < .001"), ("Lancet", "p<0·0001")]
)
def test_no_style_prints_a_p_value_as_zero(name: str, text: str) -> None:
    assert number_style.STYLES[name].with_p(0.0) == text


def test_a_style_keeps_its_rules_at_the_ends_of_the_range() -> None:
    assert number_style.STYLES["JAMA"].p_value(0.999) == "> .99"
    assert number_style.STYLES["Lancet"].p_value(1.0) == "=1·00"
    assert number_style.STYLES["Lancet"].p_value(0.00062) == "=0·00062"
