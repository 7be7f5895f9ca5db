"""Ticks that people use, and limits by the stated rule."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coppice.core.measures import ARCSINE, FISHER, LOGIT
from coppice.draw.canvas.axes import Axis, effect_limits, linear_labels, log_label, scaled_ticks, ticks


def labels(low, high, *, is_log, length=210.0):
    chosen, _ = ticks(
        math.log(low) if is_log else low,
        math.log(high) if is_log else high,
        length,
        is_log=is_log,
        width=lambda text: 5.0 * len(text),
    )
    return [tick.label for tick in chosen]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.08, 7, ["0.1", "0.2", "0.5", "1", "2", "5"]),
        (0.001, 1000, ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]),
        (0.3, 2.2, ["0.3", "0.5", "0.7", "1", "1.5", "2"]),
        (0.81, 1.23, ["0.9", "1", "1.1", "1.2"]),
    ],
)
def test_ticks_of_ratios_are_numbers_that_people_use(low, high, expected):
    assert [label.removesuffix(".0") for label in labels(low, high, is_log=True)] == expected


def test_ticks_of_differences_include_zero_and_use_a_real_minus():
    assert labels(-0.032, 0.07, is_log=False) == ["−0.02", "0", "0.02", "0.04", "0.06"]


def test_labels_have_no_trailing_zeros_and_powers_beyond_five_digits():
    assert [log_label(value) for value in (0.2, 5.0, 10000.0, 1e-6, 1e7)] == ["0.2", "5", "10000", "10⁻⁶", "10⁷"]
    assert linear_labels([-1.0, 0.0, 1.0]) == ["−1", "0", "1"]


@example(low=1.1920928955078146e-07, span=120.0, is_log=True, length=80.0)
@example(low=1e-8, span=120.0, is_log=False, length=80.0)
@given(
    low=st.floats(-300, 300),
    span=st.floats(1e-3, 300),
    is_log=st.booleans(),
    length=st.floats(80, 400),
)
def test_labels_never_touch_and_lie_within_the_limits(low, span, is_log, length):
    chosen, minor = ticks(low, low + span, length, is_log=is_log, width=lambda text: 4.5 * len(text))
    places = [(tick.value - low) / span * length for tick in chosen]
    for (left, a), (right, b) in pairwise(zip(places, chosen, strict=True)):
        assert right - left >= 4.5 * (len(a.label) + len(b.label)) / 2
    assert all(low - 1e-9 <= tick.value <= low + span + 1e-9 for tick in chosen)
    assert all(low <= value <= low + span for value in minor)


@given(
    rows=st.lists(st.tuples(st.floats(-50, 50), st.floats(0.01, 40)), min_size=1, max_size=30),
)
def test_limits_hold_every_estimate_and_leave_room_on_both_sides_of_the_null(rows):
    estimates = [yi for yi, _ in rows]
    lows, highs = [yi - half for yi, half in rows], [yi + half for yi, half in rows]
    low, high = effect_limits(estimates, lows, highs, null=0.0)
    assert low < min(estimates)
    assert high > max(estimates)
    assert (0.0 - low) / (high - low) > 0.2
    assert (high - 0.0) / (high - low) > 0.2


def test_one_wide_interval_does_not_squeeze_the_others():
    low, high = effect_limits([0.0, 0.1, 0.2], [-0.2, -0.1, -50.0], [0.2, 0.3, 50.0], null=0.0)
    assert high - low < 3


def test_a_place_beyond_a_limit_is_moved_to_it():
    axis = Axis(-1.0, 1.0, 100.0, 200.0)
    assert axis(0.0) == 150.0
    assert axis.clipped(7.0) == 200.0


def test_limits_that_differ_by_less_than_a_ratio_shows_still_give_an_axis():
    assert ticks(-1e-20, 2e-20, 200.0, is_log=True, width=lambda label: 10.0)[1] == ()


def scaled(scale, low, high):
    chosen = scaled_ticks(
        scale.forward(low),
        scale.forward(high),
        210.0,
        forward=scale.forward,
        back=scale.back,
        width=lambda text: 5.0 * len(text),
    )
    assert all(scale.back(tick.value) == pytest.approx(float(tick.label.replace("−", "-"))) for tick in chosen)
    return [tick.label for tick in chosen]


@pytest.mark.parametrize(
    ("scale", "low", "high", "expected"),
    [
        (LOGIT, 0.02, 0.42, ["0.05", "0.1", "0.2", "0.3", "0.4"]),
        (FISHER, -0.45, 0.85, ["−0.4", "0", "0.2", "0.5", "0.8"]),
        (ARCSINE, 0.0, 1.0, ["0", "0.2", "0.5", "0.8", "1"]),
    ],
)
def test_ticks_of_a_bent_scale_stand_at_round_printed_values(scale, low, high, expected):
    assert scaled(scale, low, high) == expected


@given(st.floats(-12, 12), st.floats(0.01, 12))
def test_ticks_of_a_bent_scale_lie_inside_and_keep_their_distance(low, span):
    chosen = scaled_ticks(
        low, low + span, 210.0, forward=LOGIT.forward, back=LOGIT.back, width=lambda text: 5.0 * len(text)
    )
    places = [(tick.value - low) / span * 210.0 for tick in chosen]
    assert all(0 <= place <= 210.0 for place in places)
    labels = [tick.label for tick in chosen]
    for (a, left), (b, right) in pairwise(zip(places, labels, strict=True)):
        assert b - a >= 2.5 * (len(left) + len(right)) + 8
