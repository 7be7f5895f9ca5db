"""Three-level models: effects within studies, with any sampling covariance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import GLS

from coppice.pool.dependence.covariance import correlated, members, same_cluster
from coppice.pool.dependence.robust import Robust, cluster_robust
from coppice.pool.kernel.kernel import Array
from coppice.pool.models.fit import fit_on_basis
from coppice.pool.models.orthogonal import orthonormal

STARTS = (0.0, 0.1, 0.5, 2.0)  # in units of the variance of the effects: the likelihood may have several peaks
MOST_STEPS = 500
MOST_HALVINGS = 40
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
    """The likelihood of the variance components, given the data.

    The effects of a study are a block, and blocks are independent: m studies with up to n effects each. Smaller blocks
    are filled up by effects of 0 with variance 1 and no part in the model, which change nothing. `y` (m, n), `x` (m, n,
    p) and `sampling` (m, n, n) are of `k` effects; `parts` (m, n, n) are what each variance component is multiplied by.
    """

    y: Array
    x: Array
    sampling: Array
    parts: tuple[Array, ...]
    k: int
    restricted: bool

    def _inverse(self, sigma2: Array) -> tuple[Array, float]:
        """Return the inverse of the marginal covariance and its log-determinant."""
        marginal = self.sampling + sum(s * part for s, part in zip(sigma2, self.parts, strict=True))
        return np.linalg.inv(marginal), float(np.linalg.slogdet(marginal)[1].sum())

    def value(self, sigma2: Array) -> float:
        """Return the log-likelihood, with its constant as in Harville (1977), doi:10.1080/01621459.1977.10480998."""
        inverse, total = self._inverse(sigma2)
        wx = inverse @ self.x
        information = np.einsum("mnp,mnq->pq", self.x, wx)
        residual = self.y - self.x @ np.linalg.solve(information, np.einsum("mnp,mn->p", wx, self.y))
        total += float(np.einsum("mi,mij,mj->", residual, inverse, residual))
        p = self.x.shape[2]
        if self.restricted:
            gram = np.einsum("mnp,mnq->pq", self.x, self.x)
            total += float(np.linalg.slogdet(information)[1] - np.linalg.slogdet(gram)[1])
        return -0.5 * (total + (self.k - p if self.restricted else self.k) * float(np.log(2.0 * np.pi)))

    def slope(self, sigma2: Array) -> tuple[Array, Array]:
        """Return the score (2,) and the expected information (2, 2), of P = W - W X (X'WX)^-1 X'W where restricted."""
        inverse, _ = self._inverse(sigma2)
        wx = inverse @ self.x
        bread = np.linalg.inv(np.einsum("mnp,mnq->pq", self.x, wx))
        py = (inverse @ self.y[..., None])[..., 0] - wx @ (bread @ np.einsum("mnp,mn->p", wx, self.y))
        products, spread = [inverse @ part for part in self.parts], [part @ wx for part in self.parts]
        middles = [bread @ np.einsum("mnp,mnq->pq", wx, side) for side in spread]
        traces = np.array([np.einsum("mnn->", product) for product in products])
        information = np.array([[np.einsum("mij,mji->", a, b) for b in products] for a in products])
        if self.restricted:
            traces -= [np.trace(middle) for middle in middles]
            crossed = [[np.einsum("mnp,mnj,mjq->pq", a, inverse, b, optimize=True) for b in spread] for a in spread]
            information -= [[2.0 * np.trace(bread @ cross) for cross in row] for row in crossed]
            information += [[np.trace(a @ b) for b in middles] for a in middles]
        score = np.array([np.einsum("mi,mij,mj->", py, part, py) for part in self.parts]) - traces
        return 0.5 * score, 0.5 * information


def _problem(y: Array, x: Array, sampling: Array, study: Sequence[Hashable], *, restricted: bool) -> _Problem:
    """Arrange the effects in a block a study."""
    groups = members(study)
    m, n = len(groups), max(len(inside) for inside in groups)
    blocks_y, blocks_x = np.zeros((m, n)), np.zeros((m, n, x.shape[1]))
    covariance, same, single = np.tile(np.eye(n), (m, 1, 1)), np.zeros((m, n, n)), np.zeros((m, n, n))
    for block, inside in enumerate(groups):
        size = len(inside)
        blocks_y[block, :size], blocks_x[block, :size] = y[inside], x[inside]
        covariance[block, :size, :size] = sampling[np.ix_(inside, inside)]
        same[block, :size, :size] = 1.0
        single[block, range(size), range(size)] = 1.0
    return _Problem(blocks_y, blocks_x, covariance, (same, single), len(y), restricted)


def _step(problem: _Problem, at: Array) -> tuple[Array, float]:
    """Return the step of Fisher scoring, and its decrement: twice what the likelihood gains by it, near a maximum.

    A component at 0 stays there while its score is negative.
    """
    score, information = problem.slope(at)
    free = (at > 0) | (score > 0)
    step = np.zeros_like(at)
    if free.any():
        step[free] = np.linalg.lstsq(information[np.ix_(free, free)], score[free], rcond=None)[0]
    return step, float(score @ step)


def _climb(problem: _Problem, start: Array) -> tuple[Array, float]:
    """Return the maximum that Fisher scoring reaches from a start, as far as rounding lets the likelihood rise."""
    at, height = start, problem.value(start)
    for _ in range(MOST_STEPS):
        step, _ = _step(problem, at)
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


def _polish(problem: _Problem, at: Array) -> Array:
    """Return the root of the score next to a maximum: the likelihood is flat there, and shows half the digits only."""
    step, decrement = _step(problem, at)
    for _ in range(MOST_STEPS):
        new = np.maximum(at + step, 0.0)
        further, smaller = _step(problem, new)
        if not smaller < decrement:
            break
        at, step, decrement = new, further, smaller
    return at


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
    problem = _problem(y, basis.matrix, sampling, study, restricted=method == "REML")
    spread = float(np.var(y)) or 1.0
    starts = sorted((np.array([a, b]) * spread for a in STARTS for b in STARTS), key=problem.value, reverse=True)
    sigma2, height = max((_climb(problem, start) for start in starts[:3]), key=lambda peak: peak[1])
    sigma2 = _polish(problem, sigma2)
    covariance = sampling + sigma2[0] * same + sigma2[1] * np.eye(len(y))
    models = (GLS(y, x, sigma=covariance), GLS(y, basis.matrix, sigma=covariance))
    model = fit_on_basis(models, x, scale=1.0, df=None)
    inference = None if robust is None else cluster_robust(y, covariance, study, design=x, method=robust, level=level)
    return MultilevelResults(sigma2, max(height, problem.value(sigma2)), covariance, model, inference)
