"""What printed numbers may have been."""

import math
import random

import pytest

from coppice.extract.checks.printed import Span, alike, decimals, span, z_of_p


@pytest.mark.parametrize(
    ("value", "digits"), [(0.7, 1), (0.47, 2), (12, 0), (12.5, 1), (1e-05, 5), (-0.312, 3), (150.0, 1)]
)
def test_a_number_has_the_decimals_that_it_is_written_with(value: float, digits: int) -> None:
    assert decimals(value) == digits


@pytest.mark.parametrize(
    ("values", "digits"),
    [
        ([0.7, 0.47, 1.03], [2, 2, 2]),
        ([0.65, 0.32, 1.3], [2, 2, 2]),
        ([0.76, 0.4, 1.5], [2, 1, 1]),
        ([3.57, 0.98, 12.5], [2, 2, 1]),
        ([72, 36, 108], [0, 0, 0]),
        ([0.96, 0.879], [3, 3]),
        ([0.5], [1]),
        ([], []),
    ],
)
def test_a_number_gains_the_zeros_that_its_neighbours_show(values: list[float], digits: list[int]) -> None:
    assert alike(values) == digits


def test_the_number_before_rounding_lies_within_the_span_of_the_printed_one() -> None:
    generator = random.Random(1)
    for _ in range(2000):
        value, digits = generator.uniform(-20, 20), generator.choice([0, 1, 2, 3])
        printed = span(round(value, digits) if digits else int(round(value, 0)))
        assert printed.low <= value <= printed.high


def test_spans_are_computed_with_as_intervals() -> None:
    one, other = Span(1, 2), Span(4, 8)
    assert one.minus(other) == Span(-7, -2)
    assert other.over(one) == Span(2, 8)
    assert Span(-3, 1).size() == Span(0, 3)
    assert one.gap(other) == 2 and one.gap(Span(1.5, 9)) == 0
    assert other.over(Span(0, 2)).high == math.inf
    assert [Span(-1, 1).sign(), one.sign(), Span(-2, -1).sign()] == [0, 1, -1]
    assert Span(3.9, 4.1).holds_whole() and not Span(4.1, 4.9).holds_whole()


def test_a_p_value_stands_for_a_range_of_z() -> None:
    two, one = z_of_p(0.05, 2), z_of_p(0.05, 1)
    assert two.low == pytest.approx(1.9189, abs=1e-4) and two.high == pytest.approx(2.0047, abs=1e-4)
    assert one.low == pytest.approx(1.5982, abs=1e-4) and one.high == pytest.approx(1.6954, abs=1e-4)
    assert z_of_p(0.97, 1).low == pytest.approx(z_of_p(0.03, 1).low)
