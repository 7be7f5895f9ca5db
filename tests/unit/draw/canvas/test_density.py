"""The density of a prediction interval."""

from __future__ import annotations

import math

import pytest

from coppice.draw.canvas.density import POINTS, REACH, prediction_curve


@pytest.mark.parametrize(
    ("level", "df", "expected"),
    [(0.95, 1, 12.706204736), (0.95, 4, 2.776445105), (0.99, 12, 3.054539589), (0.95, 200, 1.971896224)],
)
def test_the_limits_of_a_prediction_lie_at_the_quantiles_of_students_t(level, df, expected):
    curve = prediction_curve(-expected, expected, df, 1.0, level)
    x, height = curve[-1]
    assert x == pytest.approx(REACH * expected)
    assert height == pytest.approx((1 + x * x / df) ** (-(df + 1) / 2), rel=1e-12)


def test_the_density_of_a_normal_interval_is_that_of_the_normal_distribution():
    curve = prediction_curve(-1.96, 1.96, None, 1.0, 0.95)
    assert len(curve) == POINTS
    for x, height in curve:
        assert height == pytest.approx(math.exp(-((x * 1.959964 / 1.96) ** 2) / 2), rel=1e-5)
