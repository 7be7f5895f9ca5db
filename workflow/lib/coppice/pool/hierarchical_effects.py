"""The hierarchical-effects model: variances between and within studies by moments, sampling errors independent.

Hedges, Tipton & Johnson (2010), doi:10.1002/jrsm.5, as the R package robumeta has it (`modelweights = "HIER"`).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import GLS

from coppice.pool.dependence.covariance import same_cluster
from coppice.pool.dependence.multilevel import MultilevelResults
from coppice.pool.dependence.robust import cluster_robust
from coppice.pool.kernel.kernel import Array
from coppice.pool.models.fit import fit_on_basis
from coppice.pool.models.orthogonal import orthonormal


def moment_variances(
    yi: ArrayLike, vi: ArrayLike, study: Sequence[Hashable], *, design: ArrayLike | None = None
) -> Array:
    """Estimate the variances between and within studies by the method of moments, each at least 0 (2,).

    Two quadratic forms of the residuals r = M y of the regression with the weights 1 / v have expectations that are
    linear in both: the sum of r^2 / v, and the sum over studies of (sum of r)^2. For a form r'S r it is
    tr(S M diag(v) M') + tau2 tr(S M J M') + omega2 tr(S M M'), J being 1 for effects of one study. A variance within
    studies below 0 is set to 0, and that between them follows from the first form. Where no study has several effects,
    both can't be told apart, and all is between studies.
    """
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    x = orthonormal(np.ones((len(y), 1)) if design is None else np.asarray(design, dtype=np.float64)).matrix
    together = same_cluster(study).astype(np.float64)
    wx = x / v[:, None]
    maker = np.eye(len(y)) - x @ np.linalg.solve(x.T @ wx, wx.T)
    residuals = maker @ y
    forms = [(maker.T / v) @ maker, maker.T @ together @ maker]  # M' S M of the two forms
    observed = [float((residuals**2 / v).sum()), float(residuals @ together @ residuals)]
    noise, between, within = (
        np.array([float(value) for value in parts])
        for parts in zip(*((np.diag(form) @ v, (form * together).sum(), np.trace(form)) for form in forms), strict=True)
    )
    omega2 = 0.0
    if not np.array_equal(together, np.eye(len(y))):
        determinant = between[0] * within[1] - between[1] * within[0]
        over = (observed[1] - noise[1]) * between[0] - (observed[0] - noise[0]) * between[1]
        omega2 = max(0.0, float(over / determinant)) if determinant else 0.0
    tau2 = (observed[0] - noise[0] - omega2 * within[0]) / between[0] if between[0] > 0 else 0.0
    return np.array([max(0.0, float(tau2)), omega2])


def hierarchical_effects(
    yi: ArrayLike,
    vi: ArrayLike,
    study: Sequence[Hashable],
    *,
    design: ArrayLike | None = None,
    robust: str = "CR2",
    level: float = 0.95,
) -> MultilevelResults:
    """Fit the hierarchical-effects model, with cluster-robust inference; see :func:`moment_variances`.

    The weights are 1 / (v + tau2 + omega2); the model has no likelihood.
    """
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    x = np.ones((len(y), 1)) if design is None else np.asarray(design, dtype=np.float64)
    variances = moment_variances(y, v, study, design=x)
    covariance = np.diag(v + variances.sum())
    models = (GLS(y, x, sigma=covariance), GLS(y, orthonormal(x).matrix, sigma=covariance))
    model = fit_on_basis(models, x, scale=1.0, df=None)
    inference = cluster_robust(y, covariance, study, design=x, method=robust, level=level)
    return MultilevelResults(variances, np.nan, covariance, model, inference)
