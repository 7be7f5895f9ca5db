"""GOSH: the model in every subset of the studies, as a picture of what heterogeneity comes from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coppice.explore.resampling.options import MOST_SUBSETS, SEED
from coppice.explore.resampling.subsets import CHUNK, Fits, fit_subsets
from coppice.pool.kernel.kernel import Array

ALL_UP_TO = 20  # 1,048,555 subsets of two or more
SMALLEST = 2  # one effect has neither tau2 nor heterogeneity


@dataclass(frozen=True, slots=True)
class Gosh:
    """The models of the subsets; a sample is drawn with replacement, each subset equally likely."""

    fits: Fits
    sampled: bool
    _k: int
    _codes: NDArray[np.int64] | None
    _seed: int

    def masks(self, begin: int, end: int) -> Array:
        """Return subsets by their numbers (end - begin, k), of 0 and 1."""
        return _masks(self._k, self._codes, self._seed, begin, end)

    def subsets(self, numbers: NDArray[np.int64]) -> Array:
        """Return the subsets with rising numbers (n, k)."""
        blocks = np.split(numbers, np.flatnonzero(np.diff(numbers // CHUNK)) + 1)
        starts = (int(block[0]) // CHUNK * CHUNK for block in blocks)
        return np.concatenate([self.masks(a, a + CHUNK)[block - a] for a, block in zip(starts, blocks, strict=True)])


def _masks(k: int, codes: NDArray[np.int64] | None, seed: int, begin: int, end: int) -> Array:
    if codes is not None:
        return np.asarray((codes[begin:end, None] >> np.arange(k)) & 1, dtype=np.float64)
    parts = [_drawn(k, seed, block) for block in range(begin // CHUNK, (end - 1) // CHUNK + 1)]
    drawn = np.concatenate(parts)
    offset = begin // CHUNK * CHUNK
    return np.asarray(drawn[begin - offset : end - offset])


def _drawn(k: int, seed: int, block: int) -> Array:
    """Return a block of random subsets: each block has a generator of its own, so that the order of work is free."""
    generator = np.random.default_rng((seed, block))
    drawn = generator.integers(0, 2, (CHUNK, k))
    while len(small := np.flatnonzero(drawn.sum(axis=1) < SMALLEST)):
        drawn[small] = generator.integers(0, 2, (len(small), k))
    return np.asarray(drawn, dtype=np.float64)


def gosh(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    tau2: str | float = "REML",
    most: int = MOST_SUBSETS,
    smallest: int = SMALLEST,
    seed: int = SEED,
) -> Gosh:
    """Fit the random-effects model to all subsets of the effects, or to a sample of them.

    Olkin, Dahabreh & Trikalinos (2012), doi:10.1002/jrsm.1053.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances, k at least 2.
    tau2 : str or float
        As in :func:`coppice.pool.pool`.
    most : int
        Size of the sample.
    smallest : {1, 2}
        Size of the smallest subset, where all are taken.
    seed : int
        Of the sample.
    """
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    k = len(y)
    codes = None
    if k <= ALL_UP_TO:
        codes = np.arange(1, 2**k, dtype=np.int64)
        codes = codes[codes & (codes - 1) != 0] if smallest > 1 else codes  # a power of 2 is one study alone
    n = most if codes is None else len(codes)
    return Gosh(fit_subsets(y, v, partial(_masks, k, codes, seed), n, tau2=tau2), codes is None, k, codes, seed)
