"""Permutation tests: of a pooled effect by exchanging signs, of moderators by exchanging studies.

Higgins & Thompson (2004), doi:10.1002/sim.1752; Follmann & Proschan (1999), doi:10.1111/j.0006-341X.1999.00732.x.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coppice.pool.inference import infer
from coppice.pool.kernel import Array, studies
from coppice.pool.tau2 import estimate_tau2

MOST_EXACT = 50_000  # exact below it: 8! = 40,320 orders, or 2^15 = 32,768 signs, take a few seconds
DRAWS = 9_999  # with the observed one 10,000, so that p has four decimals
SEED = 20040615
TIE = 1e-10  # relative: permutations that differ in rounding alone are as extreme as the observed order
BLOCK = 5_000  # permutations in memory at a time


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """P values of each coefficient (p,), with the number of permutations and whether they are all there are."""

    p: Array
    permutations: int
    exact: bool


def permutation_test(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    design: ArrayLike | None = None,
    tau2: str | float = "REML",
    inference: str = "wald",
    draws: int = DRAWS,
    seed: int = SEED,
) -> PermutationTest:
    """Test coefficients by permutation, with tau2 estimated anew in each.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances.
    design : (k, p), optional
        Moderators with their intercept: their rows are exchanged between the studies. Without them the signs of the
        effects are exchanged.
    tau2, inference : str
        As in :func:`coppice.pool.pool`.
    draws, seed : int
        Random permutations beside the observed one, where there are too many for all, and the seed of the generator.
    """
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    x = None if design is None else np.asarray(design, dtype=np.float64)
    k = len(y)
    total = 2**k if x is None else math.factorial(k)
    exact = total <= MOST_EXACT
    arrangements = _all(k, signs=x is None) if exact else _drawn(k, draws, seed, signs=x is None)
    observed = _statistics(y[None], v, x, tau2, inference)[0]
    extreme, count = np.zeros(observed.shape), 0
    for block in arrangements:
        if x is None:
            found = _statistics(y * block, v, None, tau2, inference)
        else:  # the studies are exchanged between the rows rather than the rows between the studies: one design for all
            inverse = np.argsort(block, axis=1)
            found = _statistics(y[inverse], v[inverse], x, tau2, inference)
        extreme += (found >= observed * (1.0 - TIE)).sum(axis=0)
        count += len(block)
    if not exact:  # the observed arrangement is one of them
        extreme, count = extreme + 1.0, count + 1
    return PermutationTest(extreme / count, count, exact)


def _statistics(yi: Array, vi: Array, design: Array | None, tau2: str | float, inference: str) -> Array:
    data = studies(yi, np.broadcast_to(vi, yi.shape), design=design)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = infer(data, estimate_tau2(data, tau2).tau2, method=inference).statistic
    return np.abs(np.nan_to_num(found, nan=0.0))


def _all(k: int, *, signs: bool) -> Iterator[NDArray[Any]]:
    if signs:
        every = 1.0 - 2.0 * ((np.arange(2**k)[:, None] >> np.arange(k)) & 1)
    else:
        every = np.array(list(permutations(range(k))))
    for start in range(0, len(every), BLOCK):
        yield every[start : start + BLOCK]


def _drawn(k: int, draws: int, seed: int, *, signs: bool) -> Iterator[NDArray[Any]]:
    generator = np.random.default_rng(seed)
    for start in range(0, draws, BLOCK):
        size = min(BLOCK, draws - start)
        if signs:
            yield generator.choice([-1.0, 1.0], (size, k))
        else:
            yield generator.permuted(np.tile(np.arange(k), (size, 1)), axis=1)
