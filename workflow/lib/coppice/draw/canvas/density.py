"""The density of a prediction interval: the t or normal distribution whose interval it is."""

from __future__ import annotations

import math
from itertools import accumulate
from statistics import NormalDist

from coppice.draw.canvas.canvas import Point

STEPS = 4000  # of the integral: its error is far below the width of a line
REACH = 1.6  # half-widths of the interval: the curve is drawn that far to both sides
POINTS = 129  # one of them on each limit of the interval


def t_density(x: float, df: float) -> float:
    """Return the density of Student's t without its constant: (1 + x²/df)^(-(df + 1)/2)."""
    return float((1 + x * x / df) ** (-(df + 1) / 2))


def t_quantile(level: float, df: float) -> float:
    """Return the value that bounds `level` of Student's t between it and its negative, to about 1e-6.

    The integral runs over an angle, x = sqrt(df) tan(a), in which the density is a power of a cosine and the tails end.
    """
    step = math.pi / 2 / STEPS
    middles = ((index + 0.5) * step for index in range(STEPS))
    parts = list(accumulate(math.cos(angle) ** (df - 1) for angle in middles))
    wanted = level * parts[-1]
    index = next(number for number, part in enumerate(parts) if part >= wanted)
    before = parts[index - 1] if index else 0.0
    angle = (index + (wanted - before) / (parts[index] - before)) * step
    return math.sqrt(df) * math.tan(angle)


def prediction_curve(low: float, high: float, df: float | None, level: float) -> tuple[Point, ...]:
    """Return points of the density whose interval of a level is (low, high); its peak is 1.

    Parameters
    ----------
    low, high : float
        The prediction interval on the model's scale.
    df : float or None
        Degrees of freedom of Student's t; None for the normal distribution.
    level : float
        Level of the interval.
    """
    centre, half = (low + high) / 2, (high - low) / 2
    bound = NormalDist().inv_cdf(0.5 + level / 2) if df is None else t_quantile(level, df)
    places = [REACH * (2 * index / (POINTS - 1) - 1) for index in range(POINTS)]
    return tuple(
        (centre + place * half, math.exp(-((place * bound) ** 2) / 2) if df is None else t_density(place * bound, df))
        for place in places
    )
