"""REML of very many subsets of the same effects: the fast way to what :func:`pool_subsets` gives.

The effects being the same in every subset, the sums that the score of tau2 is made of are, at one value of tau2, a
product of the subsets with a table of k rows. So the score is followed over one grid for all subsets by matrix products,
and only the roots that it brackets are refined subset by subset.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coppice.pool.kernel.heterogeneity import heterogeneity
from coppice.pool.kernel.kernel import Array, studies
from coppice.pool.kernel.likelihood import GRID_POINTS
from coppice.pool.kernel.tau2 import estimate_tau2

CHUNK = 2048  # subsets at a time: their arrays stay in a processor's cache, and memory stays bounded
CHUNK_OF_KERNEL = 2048
# a Newton step below this, relative to the typical variance, leaves an error of its square
SMALL_STEP = 1e-8
MOST_STEPS = 30  # beyond these, and for a likelihood with several peaks, the kernel's slower way is taken
Masks = Callable[[int, int], Array]


@dataclass(frozen=True, slots=True)
class Fits:
    """The model in each subset, each (n,); I2 in percent, I2 and H2 from tau2."""

    k: Array
    estimate: Array
    tau2: Array
    QE: Array
    I2: Array
    H2: Array


class Effects:
    """The effects that subsets are taken of, with the tables of the grid.

    `y` (k,) are effects less their common mean, which keeps the sums free of cancellation.
    """

    __slots__ = ("centre", "grid", "powers", "tables", "v", "y")

    def __init__(self, yi: Array, vi: Array) -> None:
        self.centre = float((yi / vi).sum() / (1.0 / vi).sum())
        self.y, self.v = yi - self.centre, vi
        self.powers = np.stack([np.ones_like(vi), self.y, self.y**2], axis=1)
        floor = vi.min()
        self.grid = floor * np.expm1(np.linspace(0.0, np.log1p(self._top() / floor), GRID_POINTS))
        w = 1.0 / (self.v[:, None] + self.grid)
        # the sums of w, wy, w^2, w^2 y and w^2 y^2 at every point of the grid
        parts = [w, w * self.y[:, None], w**2, w**2 * self.y[:, None], w**2 * self.y[:, None] ** 2]
        self.tables = np.ascontiguousarray(np.stack(parts, axis=2).reshape(len(vi), -1))

    def _top(self) -> float:
        """Return a tau2 beyond which the score of every subset is negative: see `likelihood.upper_bound`, with 1 df."""
        sse = float(((self.y - self.y.mean()) ** 2).sum())
        spread = float(self.v.max() - self.v.min())
        return max(0.5 * (sse + float(np.sqrt(sse**2 + 4.0 * sse * spread))), float(self.v.min()))


def _score(sums: Array) -> Array:
    """Return y'PPy - tr(P) from the five sums (..., 5)."""
    s, sy, t, ty, tyy = np.moveaxis(sums, -1, 0)
    mean = sy / s
    return np.asarray(tyy - mean * (2.0 * ty - mean * t) - s + t / s)


def _refined(effects: Effects, m: Array, low: Array, high: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return the root of the score within its bracket, and whether it was found (n,), (n,).

    Newton on the score times h^2, h being the typical vi + tau2: that is nearly linear in tau2, as the score of equal
    variances is (SSE - (k - 1)(v + tau2)) / (v + tau2)^2. A step that leaves the bracket halves it instead.
    """
    tau2, is_settled = 0.5 * (low + high), np.zeros(len(low), dtype=bool)
    left, right, active = low.copy(), high.copy(), np.arange(len(low))
    for _ in range(MOST_STEPS):
        if not len(active):
            break
        at = tau2[active]
        w = m[active] / (effects.v + at[:, None])
        w2 = w * w
        s, sy = (w @ effects.powers[:, :2]).T
        t, ty, tyy = (w2 @ effects.powers).T
        u, uy, uyy = ((w2 * w) @ effects.powers).T
        mean = sy / s
        value = tyy - mean * (2.0 * ty - mean * t) - s + t / s
        zwz = uyy - mean * (2.0 * uy - mean * u) - (ty - mean * t) ** 2 / s
        slope = t - 2.0 * u / s + (t / s) ** 2 - 2.0 * zwz
        h = s / t
        left[active], right[active] = np.where(value > 0, at, left[active]), np.where(value > 0, right[active], at)
        step = -value / (slope + 2.0 * value / h)
        new = at + step
        inside = (new >= left[active]) & (new <= right[active])
        new = np.where(inside, new, 0.5 * (left[active] + right[active]))
        tau2[active] = new
        done = (inside & (np.abs(step) <= SMALL_STEP * h)) | (value == 0)
        is_settled[active[done]] = True
        active = active[~done]
    return tau2, is_settled


def _reml(effects: Effects, m: Array) -> tuple[Array, Array]:
    """Return tau2 of each subset, and the five sums at tau2 = 0 (n,), (n, 5); m is (n, k) of 0 and 1."""
    sums = (m @ effects.tables).reshape(len(m), GRID_POINTS, 5)
    positive = _score(sums) > 0
    peaks = positive[:, :-1] & ~positive[:, 1:]
    number = peaks.sum(axis=1)
    tau2 = np.zeros(len(m))
    one = np.flatnonzero((number == 1) & positive[:, 0])
    where = peaks[one].argmax(axis=1)
    tau2[one], is_found = _refined(effects, m[one], effects.grid[where], effects.grid[where + 1])
    hard = np.concatenate([one[~is_found], np.flatnonzero((number > 1) | ((number == 1) & ~positive[:, 0]))])
    if len(hard):
        tau2[hard] = estimate_tau2(studies(effects.y, effects.v, used=m[hard] > 0), "REML").tau2
    return tau2, sums[:, 0]


def _fit(effects: Effects, m: Array) -> tuple[Array, ...]:
    """Fit a chunk of subsets: the fields of :class:`Fits`."""
    k = m.sum(axis=1)
    tau2, zero = _reml(effects, m)
    tau2 = np.where(k > 1, tau2, 0.0)
    w = m / (effects.v + tau2[:, None])
    s, sy = (w @ effects.powers[:, :2]).T
    s0, sy0, t0 = zero[:, 0], zero[:, 1], zero[:, 2]
    q = np.maximum(m @ (effects.powers[:, 2] / effects.v) - sy0**2 / s0, 0.0)
    trace = s0 - t0 / s0
    ratio = tau2 * np.where(k > 1, trace, 0.0) / np.maximum(k - 1.0, 1.0)  # tau2 over the typical variance
    return k, effects.centre + sy / s, tau2, np.where(k > 1, q, 0.0), 100.0 * ratio / (1.0 + ratio), 1.0 + ratio


def _fit_any(effects: Effects, m: Array, tau2: str | float) -> tuple[Array, ...]:
    """Fit a chunk of subsets by any estimator, on the kernel."""
    data = studies(effects.y, effects.v, used=m > 0)
    at = estimate_tau2(data, tau2).tau2
    spread = heterogeneity(data, at)
    alone = data.k < 2
    columns = (
        np.where(alone, value, measure) for value, measure in ((0.0, spread.q), (0.0, spread.i2), (1.0, spread.h2))
    )
    return data.k, effects.centre + data.at(at).coefficients[:, 0], at, *columns


def _chunks(n: int, size: int) -> Iterator[tuple[int, int]]:
    for begin in range(0, n, size):
        yield begin, min(begin + size, n)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def fit_subsets(
    yi: Sequence[float] | Array, vi: Sequence[float] | Array, masks: Masks, n: int, *, tau2: str | float = "REML"
) -> Fits:
    """Fit the random-effects model to n subsets, on all processors and in bounded memory.

    `masks` maps (begin, end) to the subsets with these numbers (end - begin, k), of 0 and 1, none of them empty, and is
    called from several threads. `tau2` is an estimator's code or a fixed value; REML has a fast way of its own. The
    result is the same whatever the number of processors.
    """
    effects = Effects(np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64))
    out = Fits(*(np.empty(n) for _ in range(6)))
    columns = (out.k, out.estimate, out.tau2, out.QE, out.I2, out.H2)
    is_fast = tau2 == "REML"

    def run(limits: tuple[int, int]) -> None:
        m = np.ascontiguousarray(masks(*limits), dtype=np.float64)
        fitted = _fit(effects, m) if is_fast else _fit_any(effects, m, tau2)
        for column, values in zip(columns, fitted, strict=True):
            column[slice(*limits)] = values

    with ThreadPoolExecutor(cores()) as pool:
        for _ in pool.map(run, _chunks(n, CHUNK if is_fast else CHUNK_OF_KERNEL)):
            pass
    return out
