"""Modes, and the shortest intervals that hold a probability, of many distributions at once."""

from __future__ import annotations

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.bayes.distributions import Distribution

MOST_STEPS = 80
PRECISE = 1e-12
TRIED = 17  # quantiles, and probabilities below the shortest interval, that are tried first
NEAR = 0.01  # of the way to the first quantile: where the slope at a bound is taken
ROUNDING = 1e-9  # of a probability
LEAST_SLOPE = 1e-300


def mode(distribution: Distribution, rows: int, *, bound: float | None = None) -> Array:
    """Return where the density is highest (n, 1), by bisection of its slope about the best of some quantiles.

    `bound` is the lowest value that the variable can have, which may itself be the mode.
    """
    points = distribution.quantile(np.tile(np.linspace(0.01, 0.99, TRIED), (rows, 1)))
    if bound is not None:
        points = np.concatenate([np.full((rows, 1), bound), points], axis=-1)
    index = np.arange(rows)[:, None]
    best = np.argmax(distribution.log_density(points), axis=-1)[:, None]
    low = points[index, np.maximum(best - 1, 0)]
    high = points[index, np.minimum(best + 1, points.shape[1] - 1)]
    at_bound = np.zeros((rows, 1), dtype=bool)
    if bound is not None:
        near = bound + NEAR * (points[:, 1:2] - bound)
        at_bound = (best == 0) & (distribution.slope(near) <= 0.0)
    size = np.maximum(np.abs(low), np.abs(high))
    for _ in range(MOST_STEPS):
        middle = 0.5 * (low + high)
        rising = distribution.slope(middle) > 0.0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        if np.all(high - low <= PRECISE * size):
            break
    return np.where(at_bound, bound or 0.0, 0.5 * (low + high))


def shortest(distribution: Distribution, rows: int, level: float, *, bound: float | None = None) -> Array:
    """Return the shortest interval of a distribution with one mode (n, 2).

    Its ends have the same density, or it begins at the bound: of the intervals that begin at some quantiles the shortest
    one is the start of Newton's method for both conditions.
    """
    below = (1.0 - level) * np.linspace(0.0, 1.0, TRIED + 2)[1:-1]
    lows = distribution.quantile(np.tile(below, (rows, 1)))
    highs = distribution.quantile(np.tile(below + level, (rows, 1)))
    index, best = np.arange(rows)[:, None], np.argmin(highs - lows, axis=-1)[:, None]
    low, high = lows[index, best], highs[index, best]
    for _ in range(MOST_STEPS):
        ends = np.concatenate([low, high], axis=-1)
        logs, slopes, mass = distribution.log_density(ends), distribution.slope(ends), distribution.cdf(ends)
        missing, uneven = mass[:, 1:] - mass[:, :1] - level, logs[:, 1:] - logs[:, :1]
        (density, density_high), (rise, fall) = (np.split(np.exp(logs), 2, axis=-1), np.split(slopes, 2, axis=-1))
        determinant = density_high * rise - density * fall
        determinant = np.where(np.abs(determinant) < LEAST_SLOPE, np.inf, determinant)
        step_low = (-missing * fall + uneven * density_high) / determinant
        step_high = (-missing * rise + uneven * density) / determinant
        most = 0.25 * (high - low)
        before, low, high = low, low + np.clip(step_low, -most, most), high + np.clip(step_high, -most, most)
        done = np.maximum(np.abs(step_low), np.abs(step_high)) <= PRECISE * (high - low)
        if bound is not None:
            low = np.maximum(low, 0.5 * (before + bound))
            done |= low - bound <= ROUNDING * (high - bound)
        if done.all():
            break
    ends = np.concatenate([low, high], axis=-1)
    if bound is None:
        return ends
    whole = distribution.quantile(np.full((rows, 1), level))
    mass = distribution.cdf(ends)
    is_interval = (low - bound > ROUNDING * (high - bound)) & (np.abs(mass[:, 1:] - mass[:, :1] - level) <= ROUNDING)
    from_bound = np.concatenate([np.full((rows, 1), bound), whole], axis=-1)
    return np.where(is_interval & (high - low < whole - bound), ends, from_bound)
