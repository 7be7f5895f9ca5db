"""Three-level models: effects within studies, with any sampling covariance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import GLS

from coppice.pool.dependence import correlated, same_cluster
from coppice.pool.fit import FIXED_SCALE
from coppice.pool.kernel import Array
from coppice.pool.robust import Robust, cluster_robust

STARTS = (0.0, 0.1, 0.5, 2.0)  # in units of the variance of the effects: the likelihood may have several peaks
MOST_STEPS = 500
MOST_HALVINGS = 40
RHOS = (0.0, 0.2, 0.4, 0.6, 0.8)  # over which results are shown, as rho is seldom known
CONVERGED = 1e-12  # relative change of the variance components


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


@dataclass(frozen=True, slots=True)
class _Problem:
    """The likelihood of the variance components, given the data."""

    y: Array
    x: Array
    sampling: Array
    parts: tuple[Array, ...]
    restricted: bool

    def marginal(self, sigma2: Array) -> Array:
        return np.asarray(self.sampling + sum(s * part for s, part in zip(sigma2, self.parts, strict=True)))

    def value(self, sigma2: Array) -> float:
        """Return the log-likelihood, with its constant as in Harville (1977), doi:10.1080/01621459.1977.10480998."""
        marginal = self.marginal(sigma2)
        inverse = np.linalg.inv(marginal)
        information = self.x.T @ inverse @ self.x
        residual = self.y - self.x @ np.linalg.solve(information, self.x.T @ inverse @ self.y)
        total = np.linalg.slogdet(marginal)[1] + residual @ inverse @ residual
        k, p = self.x.shape
        if self.restricted:
            total += np.linalg.slogdet(information)[1] - np.linalg.slogdet(self.x.T @ self.x)[1]
        return float(-0.5 * (total + (k - p if self.restricted else k) * np.log(2.0 * np.pi)))

    def slope(self, sigma2: Array) -> tuple[Array, Array]:
        """Return the score (2,) and the expected information (2, 2)."""
        inverse = np.linalg.inv(self.marginal(sigma2))
        bread = np.linalg.inv(self.x.T @ inverse @ self.x)
        p = inverse - inverse @ self.x @ bread @ self.x.T @ inverse
        py, outer = p @ self.y, p if self.restricted else inverse
        products = [outer @ part for part in self.parts]
        score = [0.5 * (py @ part @ py - np.trace(q)) for part, q in zip(self.parts, products, strict=True)]
        information = [[0.5 * (a * b.T).sum() for b in products] for a in products]
        return np.array(score), np.array(information)


def _climb(problem: _Problem, start: Array) -> tuple[Array, float]:
    """Return the maximum that Fisher scoring reaches from a start; a component at 0 stays there while its score is < 0."""
    at, height = start, problem.value(start)
    for _ in range(MOST_STEPS):
        score, information = problem.slope(at)
        free = (at > 0) | (score > 0)
        step = np.zeros_like(at)
        if free.any():
            inner = information[np.ix_(free, free)]
            step[free] = np.linalg.lstsq(inner, score[free], rcond=None)[0]
        for halving in range(MOST_HALVINGS):
            new = np.maximum(at + step * 0.5**halving, 0.0)
            reached = problem.value(new)
            if reached >= height:
                break
        else:
            return at, height
        moved = np.abs(new - at).max()
        at, height = new, reached
        if moved <= CONVERGED * max(at.max(), np.finfo(np.float64).tiny):
            break
    return at, height


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
        Sampling variances, or their covariance, where it is known; then rho is not used.
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
    same = same_cluster(study).astype(np.float64)
    problem = _Problem(y, x, correlated(v, study, rho) if v.ndim == 1 else v, (same, np.eye(len(y))), method == "REML")
    spread = float(np.var(y)) or 1.0
    starts = sorted((np.array([a, b]) * spread for a in STARTS for b in STARTS), key=problem.value, reverse=True)
    sigma2, height = max((_climb(problem, start) for start in starts[:3]), key=lambda found: found[1])
    covariance = problem.marginal(sigma2)
    model = GLS(y, x, sigma=covariance).fit(cov_type=FIXED_SCALE, cov_kwds={"scale": 1.0}, use_t=False)
    found = None if robust is None else cluster_robust(y, covariance, study, design=x, method=robust, level=level)
    return MultilevelResults(sigma2, height, covariance, model, found)


def over_rho(
    yi: ArrayLike,
    vi: ArrayLike,
    study: Sequence[Hashable],
    *,
    rhos: Sequence[float] = RHOS,
    **options: Any,
) -> dict[float, MultilevelResults]:
    """Fit the model for each of several correlations, which is seldom known."""
    return {rho: multilevel(yi, vi, study, rho=rho, **options) for rho in rhos}
