"""Permutation tests: of a pooled effect by exchanging signs, of moderators by exchanging studies.

Higgins & Thompson (2004), doi:10.1002/sim.1752; Follmann & Proschan (1999), doi:10.1111/j.0006-341X.1999.00732.x.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coppice.core.contracts.lines import PermutationDone
from coppice.pool.kernel.inference import infer
from coppice.pool.kernel.kernel import Array, Studies, studies
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.models.orthogonal import Basis, orthonormal
from coppice.pool.options import PERMUTATION_DRAWS, PERMUTATION_SEED

MOST_EXACT = 50_000  # exact below it: 8! = 40,320 orders, or 2^15 = 32,768 signs, take a few seconds
TIE = 1e-8  # relative: arrangements that differ in rounding and in the last digits of tau2 alone are as extreme
BLOCK = 5_000  # arrangements in memory at a time
Arrangements = Iterator[NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """P values by permutation.

    Attributes
    ----------
    p : (p,)
        Of each coefficient.
    p_omnibus : float or None
        Of all moderators together; None without moderators.
    permutations : int
        How many arrangements were compared, the observed one included.
    exact : bool
        Whether they are all there are.
    seed : int or None
        Seed of those that were drawn at random.
    """

    p: Array
    p_omnibus: float | None
    permutations: int
    exact: bool
    seed: int | None

    def as_dict(self) -> PermutationDone:
        """Return how it was done, as it stands in a result file."""
        return {"permutations": self.permutations, "exact": self.exact, "seed": self.seed}


def permutation_test(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    design: ArrayLike | None = None,
    slopes: Sequence[int] | None = None,
    tau2: str | float = "REML",
    inference: str = "wald",
    moment_weights: ArrayLike | None = None,
    draws: int = PERMUTATION_DRAWS,
    seed: int = PERMUTATION_SEED,
) -> PermutationTest:
    """Test coefficients by permutation, with tau2 estimated in each arrangement.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances.
    design : (k, p), optional
        Moderators with their intercept: their rows are exchanged between the studies. Without them the signs of the
        effects are exchanged.
    slopes : sequence of int, optional
        Columns of the design that are tested together; all but the first by default.
    tau2, inference : str
        As in :func:`coppice.pool.pool`.
    moment_weights : (k,), optional
        Weights for ``tau2="GENQ"``; each goes with its study.
    draws, seed : int
        Random arrangements beside the observed one, where there are too many for all, and the seed of the generator.
    """
    if draws < 1:
        raise ValueError(f"a permutation test needs at least one draw, not {draws}")
    draws, seed = int(draws), int(seed)  # 1e4 is a whole number in a configuration, and a float
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    weights = None if moment_weights is None else np.asarray(moment_weights, dtype=np.float64)
    generator = np.random.default_rng(seed)
    if design is None:
        total = 2 ** len(y)
        arrangements = _every_sign(len(y)) if total <= MOST_EXACT else _drawn_signs(len(y), draws, generator)
        tested: list[int] = []
    else:
        x = np.asarray(design, dtype=np.float64)
        labels = np.unique(x, axis=0, return_inverse=True)[1].reshape(-1)
        total = distinct_orders(labels)
        arrangements = _every_order(labels) if total <= MOST_EXACT else _drawn_orders(len(y), draws, generator)
        tested = list(range(1, x.shape[1])) if slopes is None else list(slopes)

    basis = None if design is None else orthonormal(x)

    def of(effects: Array, variances: Array, own: Array | None) -> Array:
        matrix = None if basis is None else basis.matrix
        data = studies(effects, np.broadcast_to(variances, effects.shape), design=matrix, moment_weights=own)
        return _statistics(data, basis, tested, tau2, inference)

    observed = of(y[None], v, weights)[0]
    extreme, count = np.zeros(observed.shape), 0
    for block in arrangements:
        if design is None:
            statistics = of(y * block, v, weights)
        else:  # the studies are exchanged between the rows rather than the rows between the studies: one design for all
            statistics = of(y[block], v[block], None if weights is None else weights[block])
        extreme += (statistics >= observed * (1.0 - TIE)).sum(axis=0)
        count += len(block)
    exact = total <= MOST_EXACT
    if not exact:  # the observed arrangement is one of them
        extreme, count = extreme + 1.0, count + 1
    p = extreme / count
    together = float(p[-1]) if tested else None
    return PermutationTest(p[:-1] if tested else p, together, count, exact, None if exact else seed)


def _statistics(data: Studies, basis: Basis | None, slopes: Sequence[int], tau2: str | float, inference: str) -> Array:
    """Return |statistic| of each coefficient, and of `slopes` together in one more column where there are any.

    The data have the basis of the design, and the coefficients are those of the design itself.
    """
    at = estimate_tau2(data, tau2).tau2
    with np.errstate(divide="ignore", invalid="ignore"):
        estimates = infer(data, at, method=inference)
        if basis is None:
            return np.asarray(np.abs(np.nan_to_num(estimates.statistic, nan=0.0)))
        covariance, rows = data.at(at).covariance, basis.rows(np.eye(data.p))
        se = np.sqrt(np.einsum("ap,npq,aq->na", rows, covariance, rows, optimize=True) * estimates.scale[:, None])
        single: Array = np.abs(np.nan_to_num(basis.coefficients(estimates.estimate.T).T / se, nan=0.0))
        if not slopes:
            return single
        # the combinations of the basis that the slopes are made of
        of_slopes = orthonormal(rows[list(slopes)].T).matrix
        chosen = estimates.estimate @ of_slopes
        inner = of_slopes.T @ covariance @ of_slopes
        together = np.einsum("np,np->n", chosen, np.linalg.solve(inner, chosen[..., None])[..., 0]) / estimates.scale
    return np.column_stack([single, np.nan_to_num(together, nan=0.0)])


def distinct_orders(labels: NDArray[np.intp]) -> int:
    """Return in how many ways equal and unequal rows, distinguished by their labels, can be ordered."""
    return math.factorial(len(labels)) // math.prod(math.factorial(int(size)) for size in np.bincount(labels))


def _every_sign(k: int) -> Arrangements:
    every = 1 - 2 * ((np.arange(2**k)[:, None] >> np.arange(k)) & 1)
    for start in range(0, len(every), BLOCK):
        yield every[start : start + BLOCK]


def _drawn_signs(k: int, draws: int, generator: np.random.Generator) -> Arrangements:
    for start in range(0, draws, BLOCK):
        yield generator.choice([-1, 1], (min(BLOCK, draws - start), k))


def _every_order(labels: NDArray[np.intp]) -> Arrangements:
    """Yield every order of the studies that gives another design: studies (n, k), by row of the design."""
    places, orders = np.argsort(labels, kind="stable"), list(_orders(sorted(labels.tolist())))
    for start in range(0, len(orders), BLOCK):
        block = np.argsort(np.array(orders[start : start + BLOCK]), axis=1, kind="stable")
        arranged = np.empty_like(block)
        arranged[:, places] = block
        yield arranged


def _orders(row: list[int]) -> Iterator[tuple[int, ...]]:
    """Yield the distinct orders of a sorted list, each the next in the dictionary (Knuth, TAOCP 7.2.1.2, algorithm L)."""
    while True:
        yield tuple(row)
        left = next((i for i in range(len(row) - 2, -1, -1) if row[i] < row[i + 1]), None)
        if left is None:
            return
        right = next(j for j in range(len(row) - 1, left, -1) if row[left] < row[j])
        row[left], row[right] = row[right], row[left]
        row[left + 1 :] = row[:left:-1]


def _drawn_orders(k: int, draws: int, generator: np.random.Generator) -> Arrangements:
    for start in range(0, draws, BLOCK):
        yield generator.permuted(np.tile(np.arange(k), (min(BLOCK, draws - start), 1)), axis=1)
