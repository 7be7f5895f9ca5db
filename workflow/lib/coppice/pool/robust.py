"""Cluster-robust inference for models fitted with a working covariance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coppice.errors import nearest
from coppice.pool.dependence import members
from coppice.pool.handling import ROBUST
from coppice.pool.inference import check_level
from coppice.pool.kernel import Array
from coppice.pool.quantiles import two_sided_p, two_sided_quantile

SMALLEST_EIGENVALUE = 1e-12  # relative: below it a direction has no residual variance, and its root is taken as 0


@dataclass(frozen=True, slots=True)
class Robust:
    """Coefficients with cluster-robust inference, each (p,); `covariance` is (p, p)."""

    estimate: Array
    se: Array
    df: Array
    statistic: Array
    p: Array
    ci_low: Array
    ci_high: Array
    covariance: Array
    method: str
    clusters: int


def cluster_robust(
    yi: ArrayLike,
    sigma: ArrayLike,
    cluster: Sequence[Hashable],
    *,
    design: ArrayLike | None = None,
    method: str = "CR2",
    level: float = 0.95,
) -> Robust:
    """Estimate coefficients by generalised least squares, with intervals that hold if the covariance is wrong.

    CR1: the sandwich times m / (m - p), with m - p degrees of freedom, m being the number of clusters. CR2: each
    cluster's residuals adjusted so that the sandwich is unbiased if the covariance is right, with Satterthwaite degrees
    of freedom: Tipton & Pustejovsky (2015), doi:10.3102/1076998615606099; Pustejovsky & Tipton (2018),
    doi:10.1080/07350015.2016.1247004.

    Parameters
    ----------
    yi : (k,)
        Effects.
    sigma : (k, k) or (k,)
        Their working covariance, or variances, the between-study ones included; the weights are its inverse.
    cluster : sequence of k
        The study of each effect.
    design : (k, p), optional
        Moderators with their intercept.
    method : {"CR1", "CR2"}
    level : float
        Confidence level.
    """
    check_level(level)
    if method not in ROBUST:
        raise ValueError(f"there is no cluster-robust method '{method}': {nearest(method, ROBUST)}")
    y, total = np.asarray(yi, dtype=np.float64), np.asarray(sigma, dtype=np.float64)
    total = np.diag(total) if total.ndim == 1 else total
    x = np.ones((len(y), 1)) if design is None else np.asarray(design, dtype=np.float64)
    groups = members(cluster)
    weights: Array = np.asarray(np.linalg.inv(total), dtype=np.float64)
    bread: Array = np.asarray(np.linalg.inv(x.T @ weights @ x), dtype=np.float64)
    estimate = bread @ x.T @ weights @ y
    residuals = y - x @ estimate
    m, p = len(groups), x.shape[1]
    adjust = [_adjustment(total, x, bread, inside) if method == "CR2" else np.eye(len(inside)) for inside in groups]
    scores = np.array(
        [bread @ x.T @ weights[:, inside] @ a @ residuals[inside] for a, inside in zip(adjust, groups, strict=True)]
    )
    covariance = scores.T @ scores * (m / (m - p) if method == "CR1" and m > p else 1.0)
    annihilator = np.eye(len(y)) - x @ bread @ x.T @ weights
    gradients = [
        (annihilator[inside].T @ a.T @ weights[inside] @ x @ bread).T for a, inside in zip(adjust, groups, strict=True)
    ]
    df = _satterthwaite(total, np.array(gradients)) if method == "CR2" else np.full(p, float(m - p))
    se = np.sqrt(np.diag(covariance))
    half = two_sided_quantile(level, df) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / se
    return Robust(
        estimate, se, df, statistic, two_sided_p(statistic, df), estimate - half, estimate + half, covariance, method, m
    )


def _adjustment(total: Array, x: Array, bread: Array, inside: Array) -> Array:
    """Return the matrix by which CR2 adjusts a cluster's residuals: D' (D E D')^(-1/2) D, with D'D = its covariance.

    E is the covariance of the residuals if the working covariance is right, S - X (X'WX)^-1 X'.
    """
    block = total[np.ix_(inside, inside)]
    root = np.linalg.cholesky(block).T
    middle = root @ (block - x[inside] @ bread @ x[inside].T) @ root.T
    values, vectors = np.linalg.eigh(middle)
    kept = values > SMALLEST_EIGENVALUE * values.max()
    inverse_root = np.where(kept, 1.0 / np.sqrt(np.where(kept, values, 1.0)), 0.0)
    return np.asarray(root.T @ (vectors * inverse_root) @ vectors.T @ root)


def _satterthwaite(total: Array, gradients: Array) -> Array:
    """Return the degrees of freedom of each coefficient: (tr G'SG)^2 / tr (G'SG G'SG), if the covariance is right.

    The robust variance of a coefficient is a sum over clusters of squares (g'y)^2; `gradients` (m, p, k) are those g.
    """
    inner = np.einsum("mpk,kl,npl->pmn", gradients, total, gradients, optimize=True)
    return np.asarray(np.einsum("pmm->p", inner) ** 2 / (inner**2).sum(axis=(1, 2)))
