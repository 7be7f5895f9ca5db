"""The density of a prediction interval: the t or normal distribution whose interval it is."""

from __future__ import annotations

import math
from statistics import NormalDist

from coppice.draw.canvas.canvas import Point

REACH = 1.6  # half-widths of the interval: the curve is drawn that far to both sides
POINTS = 129  # one of them on each limit of the interval


def t_density(x: float, df: float) -> float:
    """Return the density of Student's t without its constant: (1 + x²/df)^(-(df + 1)/2)."""
    return float((1 + x * x / df) ** (-(df + 1) / 2))


def prediction_curve(low: float, high: float, df: float | None, se: float, level: float) -> tuple[Point, ...]:
    """Return points of the density whose interval of a level is (low, high); its peak is 1.

    `se` is the standard error of the prediction: half the interval over it is the quantile of Student's t with `df`
    degrees of freedom that bounds the interval; without `df` the distribution is normal.
    """
    centre, half = (low + high) / 2, (high - low) / 2
    bound = NormalDist().inv_cdf(0.5 + level / 2) if df is None else half / se
    places = [REACH * (2 * index / (POINTS - 1) - 1) for index in range(POINTS)]
    return tuple(
        (centre + place * half, math.exp(-((place * bound) ** 2) / 2) if df is None else t_density(place * bound, df))
        for place in places
    )
