"""Three-level models: effects within studies, with any sampling covariance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import GLS

from coppice.pool.dependence.covariance import correlated, same_cluster
from coppice.pool.dependence.robust import Robust, cluster_robust
from coppice.pool.kernel.kernel import Array
from coppice.pool.models.fit import fit_on_basis
from coppice.pool.models.orthogonal import orthonormal
from coppice.pool.multivariate.engine import Term, fit_multivariate


@dataclass(frozen=True, slots=True)
class MultilevelResults:
    """A three-level model.

    Attributes
    ----------
    sigma2 : (2,)
        Variance between studies, and between effects within studies.
    log_likelihood : float
        Restricted or not, with its constant.
    covariance : (k, k)
        The marginal covariance of the effects.
    model : statsmodels results
        Generalised least squares with that covariance.
    robust : Robust or None
        Cluster-robust inference, with the studies as clusters.
    """

    sigma2: Array
    log_likelihood: float
    covariance: Array = field(repr=False)
    model: Any = field(repr=False)
    robust: Robust | None = None

    @property
    def params(self) -> Array:
        """Coefficients (p,)."""
        return np.asarray(self.model.params)

    @property
    def bse(self) -> Array:
        """Model-based standard errors (p,)."""
        return np.asarray(self.model.bse)


def multilevel(
    yi: ArrayLike,
    vi: ArrayLike,
    study: Sequence[Hashable],
    *,
    rho: float = 0.0,
    method: str = "REML",
    design: ArrayLike | None = None,
    robust: str | None = "CR2",
    level: float = 0.95,
) -> MultilevelResults:
    """Fit a three-level model: effects within studies.

    With rho 0 the effects of a study have independent sampling errors (the multilevel model of Konstantopoulos 2011,
    doi:10.1002/jrsm.35); above 0 it is the model of correlated and hierarchical effects (Pustejovsky & Tipton 2022,
    doi:10.1007/s11121-021-01246-3).

    Parameters
    ----------
    yi : (k,)
        Effects.
    vi : (k,) or (k, k)
        Sampling variances, or their covariance within studies, where it is known; then rho is not used.
    study : sequence of k
        The study of each effect.
    rho : float
        Correlation of the sampling errors of a study's effects.
    method : {"REML", "ML"}
    design : (k, p), optional
        Moderators with their intercept.
    robust : {"CR1", "CR2"} or None
        Cluster-robust inference.
    level : float
        Confidence level.
    """
    if method not in ("REML", "ML"):
        raise ValueError(f"a multilevel model is fitted by REML or ML, not {method}")
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    x = np.ones((len(y), 1)) if design is None else np.asarray(design, dtype=np.float64)
    same = same_cluster(study)
    sampling = correlated(v, study, rho) if v.ndim == 1 else v
    if np.any(sampling[~same]):
        raise ValueError("the sampling errors of different studies must be independent")
    basis = orthonormal(x)
    terms = (Term(group=study, name="study"), Term(group=range(len(y)), name="effect"))
    fitted = fit_multivariate(y, sampling, terms, design=x, method=method)
    sigma2 = np.array([component.tau2[0] for component in fitted.components])
    covariance = sampling + sigma2[0] * same + sigma2[1] * np.eye(len(y))
    models = (GLS(y, x, sigma=covariance), GLS(y, basis.matrix, sigma=covariance))
    model = fit_on_basis(models, x, scale=1.0, df=None)
    inference = None if robust is None else cluster_robust(y, covariance, study, design=x, method=robust, level=level)
    return MultilevelResults(sigma2, fitted.log_likelihood, covariance, model, inference)
