"""The correlated-effects model: weights that take the effects of a study as one piece of evidence, and tau2 by moments.

Hedges, Tipton & Johnson (2010), doi:10.1002/jrsm.5, as the R package robumeta has it (`modelweights = "CORR"`).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import GLS

from coppice.pool.dependence.covariance import members
from coppice.pool.dependence.multilevel import MultilevelResults
from coppice.pool.dependence.robust import cluster_robust
from coppice.pool.kernel.kernel import Array
from coppice.pool.models.fit import fit_on_basis
from coppice.pool.models.orthogonal import orthonormal


def moment_tau2(
    yi: ArrayLike, vi: ArrayLike, study: Sequence[Hashable], *, rho: float, design: ArrayLike | None = None
) -> float:
    """Estimate the between-study variance by the method of moments, at least 0.

    With the weights w = 1 / (k v) of a study with k effects and the mean variance v, the expectation of the weighted sum
    of squared residuals is linear in tau2, given that the sampling errors of a study have the variance v and the
    correlation rho: with m studies and B = (X'WX)^-1 it is m - tr(B sum w/k ((1 - rho) X'X + rho s s')) + tau2
    (sum k w - tr(B sum w^2 s s')), where the sums are over studies and s is the sum of the rows of a study's X.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances.
    study : sequence of k
        The study of each effect.
    rho : float
        Correlation of the sampling errors of a study's effects.
    design : (k, p), optional
        Moderators with their intercept.
    """
    y = np.asarray(yi, dtype=np.float64)
    x = orthonormal(np.ones((len(y), 1)) if design is None else np.asarray(design, dtype=np.float64)).matrix
    groups = members(study)
    weights = 1.0 / working_variances(vi, study, 0.0)
    bread = np.linalg.inv(x.T @ (weights[:, None] * x))
    residuals = y - x @ (bread @ (x.T @ (weights * y)))
    expected, slope = float(len(groups)), float(weights.sum())
    for inside in groups:
        w, rows = float(weights[inside[0]]), x[inside]
        total = rows.sum(axis=0)
        spread, whole = np.trace(bread @ rows.T @ rows), float(total @ bread @ total)
        expected -= w / len(inside) * float((1.0 - rho) * spread + rho * whole)
        slope -= w**2 * whole
    return max(0.0, (float(weights @ residuals**2) - expected) / slope) if slope > 0 else 0.0


def working_variances(vi: ArrayLike, study: Sequence[Hashable], tau2: float) -> Array:
    """Return the working variances, k (v + tau2) for each effect of a study with k effects of the mean variance v (k,)."""
    v = np.asarray(vi, dtype=np.float64)
    variances = np.empty(len(v))
    for inside in members(study):
        variances[inside] = len(inside) * (v[inside].mean() + tau2)
    return variances


def correlated_effects(
    yi: ArrayLike,
    vi: ArrayLike,
    study: Sequence[Hashable],
    *,
    rho: float,
    design: ArrayLike | None = None,
    robust: str = "CR2",
    level: float = 0.95,
) -> MultilevelResults:
    """Fit the correlated-effects model, with cluster-robust inference; see :func:`moment_tau2`.

    The result has the form of a three-level model without variance within studies; it has no likelihood.
    """
    y = np.asarray(yi, dtype=np.float64)
    x = np.ones((len(y), 1)) if design is None else np.asarray(design, dtype=np.float64)
    tau2 = moment_tau2(y, vi, study, rho=rho, design=x)
    covariance = np.diag(working_variances(vi, study, tau2))
    models = (GLS(y, x, sigma=covariance), GLS(y, orthonormal(x).matrix, sigma=covariance))
    model = fit_on_basis(models, x, scale=1.0, df=None)
    inference = cluster_robust(y, covariance, study, design=x, method=robust, level=level)
    return MultilevelResults(np.array([tau2, 0.0]), np.nan, covariance, model, inference)
