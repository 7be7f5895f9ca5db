"""Which treatment is how good: P-scores, and the probability of each rank."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.network.model import Fit

DRAWS, SEED = 10_000, 1


def p_scores(fit: Fit, *, is_small_good: bool) -> Array:
    """Return how sure each treatment is to be better than another one, on average (n,).

    Ruecker & Schwarzer 2015, doi:10.1186/s12874-015-0060-8: the frequentist counterpart of SUCRA.
    """
    se = np.sqrt(fit.variances)
    np.fill_diagonal(se, 1.0)
    better = ndtr((-fit.effects if is_small_good else fit.effects) / se)
    np.fill_diagonal(better, 0.0)
    scores: Array = better.sum(axis=1) / max(fit.data.n - 1, 1)
    return scores


def rank_probabilities(fit: Fit, *, is_small_good: bool, draws: int = DRAWS, seed: int = SEED) -> Array:
    """Return the probability of each rank of each treatment (n, n), the best first, from draws of the effects.

    The effects are drawn from their normal distribution about the estimates (Salanti, Ades & Ioannidis 2011,
    doi:10.1016/j.jclinepi.2010.03.016); the covariance is the pseudo-inverse of the Laplacian.
    """
    values, vectors = np.linalg.eigh(fit.inverse)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    noise = np.random.default_rng(seed).standard_normal((draws, fit.data.n))
    levels = fit.levels + noise @ root.T
    order = np.argsort(levels if is_small_good else -levels, axis=1, kind="stable")
    counts = np.zeros((fit.data.n, fit.data.n))
    ranks = np.broadcast_to(np.arange(fit.data.n), order.shape)
    np.add.at(counts, (order.ravel(), ranks.ravel()), 1.0)
    return counts / draws


def sucra(ranks: Array) -> Array:
    """Return the surface under the cumulative ranking of each treatment (n,)."""
    cumulative = np.cumsum(ranks, axis=1)[:, :-1]
    area: Array = cumulative.mean(axis=1) if cumulative.shape[1] else np.ones(len(ranks))
    return np.minimum(area, 1.0)
