"""Dependent effects: their covariance, and one effect per study out of several."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coppice.pool.dependence.clusters import positions
from coppice.pool.kernel.kernel import Array


def members(cluster: Sequence[Hashable]) -> list[Array]:
    """Return the positions of each cluster's effects, clusters in order of first appearance."""
    return [np.array(places) for places in positions(cluster)]


def same_cluster(cluster: Sequence[Hashable]) -> NDArray[np.bool_]:
    """Return whether two effects are of one cluster (k, k)."""
    order = {name: number for number, name in enumerate(dict.fromkeys(cluster))}
    codes = np.array([order[name] for name in cluster])
    return np.asarray(codes[:, None] == codes[None, :])


def correlated(vi: ArrayLike, cluster: Sequence[Hashable], rho: float) -> Array:
    """Return the sampling covariance (k, k) with one correlation between the effects of a cluster.

    Parameters
    ----------
    vi : (k,)
        Sampling variances.
    cluster : sequence of k
        The study of each effect.
    rho : float
        Correlation of two effects of a study, from 0 up to but not including 1.

    Raises
    ------
    ValueError
        If rho is out of range.
    """
    if not 0 <= rho < 1:
        raise ValueError(f"rho must be at least 0 and below 1, not {rho}")
    se = np.sqrt(np.asarray(vi, dtype=np.float64))
    same = same_cluster(cluster)
    return np.asarray(np.outer(se, se) * np.where(np.eye(len(se), dtype=bool), 1.0, np.where(same, rho, 0.0)))


@dataclass(frozen=True, slots=True)
class Aggregated:
    """One effect per cluster: effects and variances (m,), and the clusters' names in the same order."""

    yi: Array
    vi: Array
    cluster: tuple[Hashable, ...]


def aggregate(
    yi: ArrayLike, vi: ArrayLike, cluster: Sequence[Hashable], *, rho: float, weighted: bool = True
) -> Aggregated:
    """Combine the effects of each study into one.

    The generalised least squares mean of a study's effects, with their covariance from `rho`, or their plain mean:
    Borenstein et al. (2021), Introduction to Meta-Analysis, 2nd ed., chapter 24.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances.
    cluster : sequence of k
        The study of each effect.
    rho : float
        Correlation of the effects of a study.
    weighted : bool
        Whether precise effects count for more.
    """
    return aggregate_given(yi, correlated(vi, cluster, rho), cluster, weighted=weighted)


def aggregate_given(
    yi: ArrayLike, covariance: Array, cluster: Sequence[Hashable], *, weighted: bool = True
) -> Aggregated:
    """Combine the effects of each study into one, given the covariance of their sampling errors (k, k)."""
    y = np.asarray(yi, dtype=np.float64)
    effects, variances = [], []
    for inside in members(cluster):
        block = covariance[np.ix_(inside, inside)]
        if weighted:
            share = np.linalg.solve(block, np.ones(len(inside)))
            share /= share.sum()
        else:
            share = np.full(len(inside), 1.0 / len(inside))
        effects.append(share @ y[inside])
        variances.append(share @ block @ share)
    return Aggregated(np.array(effects), np.array(variances), tuple(dict.fromkeys(cluster)))
