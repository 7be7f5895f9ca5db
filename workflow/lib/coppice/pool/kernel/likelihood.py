"""The likelihood of tau2: its global maximum, its curvature and its profile interval."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtri

from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.roots import bracketed_root

GRID_POINTS = 48  # in log(min vi + tau2), on which the score varies with scale 1; two peaks within a step are one peak
MOST_DOUBLINGS = 200  # the likelihood falls like a power of tau2, so that a few dozen are always enough


def log_likelihood(data: Studies, tau2: Array, *, restricted: bool) -> Array:
    """Return the profile log-likelihood of tau2 (n,), up to a constant that does not depend on tau2.

    -1/2 [sum log(vi + tau2) + log |X'WX| (restricted only) + y'Py]: Harville (1977),
    doi:10.1080/01621459.1977.10480998.
    """
    fit = data.at(tau2)
    value = (data.used * np.log(data.vi + tau2)).sum(axis=0) + fit.q()
    return np.asarray(-0.5 * (value + fit.log_determinant() if restricted else value))


def score(data: Studies, tau2: Array, *, restricted: bool) -> Array:
    """Return twice the derivative of the log-likelihood: y'PPy - tr(P), or y'PPy - tr(W) unrestricted (n,)."""
    fit = data.at(tau2)
    return fit.q2() - (fit.trace() if restricted else fit.weights.sum(axis=0))


def reml_se(data: Studies, tau2: Array) -> Array:
    """Return the standard error from the expected information, sqrt(2 / tr(PP)) (n,)."""
    return np.sqrt(2.0 / data.at(tau2).trace2())


def ml_se(data: Studies, tau2: Array) -> Array:
    """Return the standard error from the expected information, sqrt(2 / tr(WW)) (n,)."""
    return np.asarray(np.sqrt(2.0 / (data.at(tau2).weights ** 2).sum(axis=0)))


def upper_bound(data: Studies) -> Array:
    """Return a tau2 beyond which the likelihood only falls (n,).

    y'PPy <= SSE / (min vi + tau2)^2 and tr(P) >= (k - p) / (max vi + tau2), so that the score is negative beyond the
    larger root of a quadratic.
    """
    sse, df = data.project(data.used).q(), np.maximum(data.df, 1.0)
    spread = data.largest_vi - data.smallest_vi
    root = (sse + np.sqrt(sse**2 + 4.0 * df * sse * spread)) / (2.0 * df)
    return np.asarray(
        np.maximum(root - data.smallest_vi, 0.0) * (1.0 + 1e-9)
    )  # so that rounding can't cut off the root


def maximise(data: Studies, *, restricted: bool) -> Array:
    """Return the tau2 of the global maximum, the boundary at 0 included (n,).

    The likelihood can have several peaks, so its score is followed over a grid that covers every possible peak, each
    change of sign is solved to the last bits, and the highest peak is taken.
    """
    top, floor = upper_bound(data), data.smallest_vi
    ratio = np.log1p(top / floor)
    grid = [np.minimum(floor * np.expm1(ratio * j / (GRID_POINTS - 1)), top) for j in range(GRID_POINTS)]
    scores = np.stack([score(data, tau2, restricted=restricted) for tau2 in grid])
    peaks = (scores[:-1] > 0) & (scores[1:] <= 0)
    best = np.zeros_like(top)
    if not peaks.any():
        return best
    points = np.stack(grid)
    rank = np.cumsum(peaks, axis=0)
    several = int(rank[-1].max()) > 1 or bool(np.any(peaks.any(axis=0) & (scores[0] <= 0)))
    height = np.where(scores[0] <= 0, log_likelihood(data, best, restricted=restricted), -np.inf) if several else None
    for number in range(1, int(rank[-1].max()) + 1):
        here = peaks & (rank == number)
        exists, left = here.any(axis=0), here.argmax(axis=0)[None]
        low = np.take_along_axis(points, left, axis=0)[0]
        high = np.where(exists, np.take_along_axis(points, left + 1, axis=0)[0], low)
        peak = bracketed_root(lambda tau2: score(data, tau2, restricted=restricted), low, high)
        if height is None:
            return np.where(exists, peak, best)
        reached = np.where(exists, log_likelihood(data, peak, restricted=restricted), -np.inf)
        higher = reached > height
        best, height = np.where(higher, peak, best), np.where(higher, reached, height)
    return best


def profile_interval(data: Studies, level: float, *, restricted: bool) -> tuple[Array, Array]:
    """Return the profile-likelihood interval of tau2 (n,), (n,): Hardy & Thompson (1996).

    The limits are where 2 (l(max) - l) reaches the chi-squared quantile with 1 degree of freedom; the lower one is 0
    where the likelihood at 0 is within it.
    """
    peak = maximise(data, restricted=restricted)
    drop = 0.5 * float(chdtri(1.0, 1.0 - level))
    height = log_likelihood(data, peak, restricted=restricted) - drop

    def above(tau2: Array) -> Array:
        return log_likelihood(data, tau2, restricted=restricted) - height

    zero = np.zeros_like(peak)
    low = np.where(above(zero) >= 0, 0.0, bracketed_root(above, zero, peak))
    high = np.maximum(upper_bound(data), peak) + data.largest_vi
    for _ in range(MOST_DOUBLINGS):
        inside = above(high) > 0
        if not inside.any():
            break
        high = np.where(inside, 2.0 * high, high)
    missing = np.where(data.df > 0, 0.0, np.nan)
    return low + missing, bracketed_root(above, peak, high) + missing
