"""Quantiles and tail probabilities of t, with df = inf for the normal, from scipy.special alone.

scipy.stats has the same functions and takes half a second longer to import.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from coppice.pool.kernel.kernel import Array


def two_sided_quantile(level: ArrayLike, df: ArrayLike) -> Array:
    """Return the quantile that leaves (1 - level) / 2 above it; NaN where df is not above 0."""
    upper = 0.5 * (1.0 + np.asarray(level, dtype=np.float64))
    degrees = np.asarray(df, dtype=np.float64)
    finite = np.where(np.isfinite(degrees) & (degrees > 0), degrees, 1.0)
    value = np.where(np.isinf(degrees), ndtri(upper), stdtrit(finite, upper))
    return np.where(degrees > 0, value, np.nan)


def lower_tail(statistic: ArrayLike, df: ArrayLike) -> Array:
    """Return P(T <= statistic); NaN where df is not above 0."""
    degrees, value = np.asarray(df, dtype=np.float64), np.asarray(statistic, dtype=np.float64)
    finite = np.where(np.isfinite(degrees) & (degrees > 0), degrees, 1.0)
    return np.where(degrees > 0, np.where(np.isinf(degrees), ndtr(value), stdtr(finite, value)), np.nan)


def two_sided_p(statistic: ArrayLike, df: ArrayLike) -> Array:
    """Return P(|T| >= |statistic|); NaN where df is not above 0."""
    return np.asarray(2.0 * lower_tail(-np.abs(np.asarray(statistic, dtype=np.float64)), df))
