"""What is only rounding: differences that no figure of a study is precise enough to hold."""

from __future__ import annotations

import numpy as np

from coppice.pool.kernel.kernel import Array

# Relative to the numbers that a difference comes from. An effect is computed from figures of at most eight digits with an
# error of some 1e-16 of their size, or 1e-13 where large figures nearly cancel; a real difference of 1e-10 can't be read
# from any report.
ROUNDING = 1e-10


def size_of(*terms: Array) -> float:
    """Return the largest absolute value of what a difference was computed from."""
    return max(float(np.abs(term).max(initial=0.0)) for term in terms)


def is_rounding(differences: Array, *terms: Array) -> bool:
    """Return whether differences, such as the residuals of a regression, are rounding errors alone, or 0.

    `terms` are what they were computed from, such as the effects, and the standard errors, beside which a difference
    may be negligible even if all effects are near 0.
    """
    return size_of(differences) <= ROUNDING * size_of(*terms)


def without_rounding(differences: Array, *terms: Array) -> Array:
    """Return differences with 0 for those that are rounding errors alone."""
    return np.where(np.abs(differences) <= ROUNDING * size_of(*terms), 0.0, differences)


def dense_ranks(values: Array) -> Array:
    """Return ranks from 0 without gaps; values that differ by rounding alone are tied."""
    order = np.argsort(values, kind="stable")
    rising = values[order]
    steps = np.diff(rising) > ROUNDING * np.maximum(np.abs(rising[:-1]), np.abs(rising[1:]))
    ranks = np.empty(len(values))
    ranks[order] = np.concatenate([[0.0], np.cumsum(steps)])[: len(values)]
    return ranks
