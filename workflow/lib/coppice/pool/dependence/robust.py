"""Cluster-robust inference for models fitted with a working covariance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtrc

from coppice.core.errors import nearest
from coppice.pool.dependence.covariance import members
from coppice.pool.dependence.options import ROBUST
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.models.orthogonal import Basis, orthonormal
from coppice.pool.options import check_level

SMALLEST_EIGENVALUE = 1e-12  # relative: below it a direction has no residual variance, and its root is taken as 0
# of its variance that the residuals show of a coefficient: below it the standard error would be more than 5 % too small
SMALLEST_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class WaldTest:
    """Test of several linear combinations at once: F on df and df2; None where it is not defined."""

    f: float | None
    df: int
    df2: float | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Robust:
    """Coefficients with cluster-robust inference.

    Attributes
    ----------
    estimate, se, df, statistic, p, ci_low, ci_high : (p,)
    covariance : (p, p)
    method : {"CR1", "CR2"}
    clusters : int
        Number of clusters m.
    level : float
        Level of the intervals.
    basis : Basis
        Of the design; what follows is about coefficients of it.
    on_basis : tuple of (p,), (p, p)
        Coefficients and their covariance.
    expected : (p, p)
        Covariance of the coefficients, if the working covariance is right.
    products : (p, p, m, m)
        Expected products of the clusters' contributions to the coefficients, if the working covariance is right.
    """

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
    level: float
    basis: Basis = field(repr=False)
    on_basis: tuple[Array, Array] = field(repr=False)
    expected: Array = field(repr=False)
    products: Array = field(repr=False)

    def supports(self, rows: ArrayLike) -> bool:
        """Return whether the clusters' residuals show the variance of linear combinations (q, p).

        They do not where a single cluster decides one, as a level which only one study has: its residuals are 0 whatever
        the truth, and a cluster-robust variance leaves out what it can't see.
        """
        c = self.basis.rows(np.atleast_2d(np.asarray(rows, dtype=np.float64)))
        visible = np.einsum("aamm->a", self._products(c))
        return bool((visible >= SMALLEST_SHARE * np.einsum("ap,pq,aq->a", c, self.expected, c)).all())

    def combination(self, row: ArrayLike) -> dict[str, float]:
        """Return a linear combination (p,) of the coefficients with its interval and test."""
        weights = np.asarray(row, dtype=np.float64)
        c = self.basis.rows(weights)
        estimate, se = float(weights @ self.estimate), float(np.sqrt(c @ self.on_basis[1] @ c))
        df = float(self.clusters - len(self.estimate)) if self.method == "CR1" else _df(self._products(c[None])[0, 0])
        half = float(two_sided_quantile(self.level, df)) * se
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = float(np.float64(estimate) / se)
        return {
            "estimate": estimate, "se": se, "df": df, "statistic": statistic, "p": float(two_sided_p(statistic, df)),
            "ci_low": estimate - half, "ci_high": estimate + half,
        }  # fmt: skip

    def wald(self, rows: ArrayLike) -> WaldTest:
        """Test that linear combinations (q, p) of the coefficients are all 0.

        CR1: F on q and m - p degrees of freedom. CR2: the approximate Hotelling test (HTZ), F = (eta - q + 1) / (eta q)
        times Wald's statistic, on q and eta - q + 1, with eta from the total variance of the robust covariance:
        Tipton & Pustejovsky (2015), doi:10.3102/1076998615606099, equations 10 and 13.
        """
        c = self.basis.rows(np.atleast_2d(np.asarray(rows, dtype=np.float64)))
        c = orthonormal(c.T).matrix.T  # the same test, of combinations that do not depend on one another
        q, chosen, middle = len(c), c @ self.on_basis[0], c @ self.on_basis[1] @ c.T
        nothing = WaldTest(None, q, None, None)
        if not self.supports(rows) or np.linalg.matrix_rank(middle, hermitian=True) < q:
            return nothing
        statistic = float(chosen @ np.linalg.solve(middle, chosen))
        if self.method == "CR1":
            scale, df2 = 1.0, float(self.clusters - len(self.estimate))
        else:
            eta = _wishart_df(self._products(c))
            scale, df2 = (eta - q + 1.0) / eta, eta - q + 1.0
        if df2 <= 0:
            return nothing
        f = scale * statistic / q
        return WaldTest(f, q, df2, float(fdtrc(q, df2, f)))

    def _products(self, rows: Array) -> Array:
        """Return the products of linear combinations (q, q, m, m)."""
        return np.asarray(np.einsum("ap,bq,pqmn->abmn", rows, rows, self.products, optimize=True))


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
    basis = orthonormal(np.ones((len(y), 1)) if design is None else np.asarray(design, dtype=np.float64))
    x, groups = basis.matrix, members(cluster)
    weights: Array = np.asarray(np.linalg.inv(total), dtype=np.float64)
    bread: Array = np.asarray(np.linalg.inv(x.T @ weights @ x), dtype=np.float64)
    on_basis = bread @ x.T @ weights @ y
    residuals = y - x @ on_basis
    m, p = len(groups), x.shape[1]
    adjusted = [_adjustment(total, x, bread, inside) for inside in groups]
    adjust = adjusted if method == "CR2" else [np.eye(len(inside)) for inside in groups]
    scores = np.array(
        [bread @ x.T @ weights[:, inside] @ a @ residuals[inside] for a, inside in zip(adjust, groups, strict=True)]
    )
    covariance = scores.T @ scores * (m / (m - p) if method == "CR1" and m > p else 1.0)
    annihilator = np.eye(len(y)) - x @ bread @ x.T @ weights
    gradients = np.array(
        [
            (annihilator[inside].T @ a.T @ weights[inside] @ x @ bread).T
            for a, inside in zip(adjusted, groups, strict=True)
        ]
    )
    products = np.einsum("mpk,kl,nql->pqmn", gradients, total, gradients, optimize=True)
    own = basis.rows(np.eye(p))
    estimate, rows = basis.coefficients(on_basis), np.einsum("ap,pqmn,aq->amn", own, products, own, optimize=True)
    df = np.array([_df(row) for row in rows]) if method == "CR2" else np.full(p, float(m - p))
    se = np.sqrt(np.einsum("ap,pq,aq->a", own, covariance, own))
    half = two_sided_quantile(level, df) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / se
    return Robust(
        estimate, se, df, statistic, two_sided_p(statistic, df), estimate - half, estimate + half,
        basis.covariance(covariance), method, m, level, basis, (on_basis, covariance), bread, products,
    )  # fmt: skip


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


def _df(products: Array) -> float:
    """Return Satterthwaite's degrees of freedom of a coefficient, (tr M)^2 / tr (M M), from its products M (m, m).

    The robust variance is a sum over clusters of squares, and M the covariance of what is squared.
    """
    return float(np.trace(products) ** 2 / (products**2).sum())


def _wishart_df(products: Array) -> float:
    """Return eta, q (q + 1) over the total variance of the robust covariance (q, q) in units of its expectation."""
    q = len(products)
    values, vectors = np.linalg.eigh(np.einsum("abmm->ab", products))
    root = (vectors / np.sqrt(values)) @ vectors.T
    unit = np.einsum("sa,tb,abmn->stmn", root, root, products, optimize=True)
    squares = np.einsum("ssmn,ttmn->", unit, unit, optimize=True)
    crossed = np.einsum("stmn,tsmn->", unit, unit, optimize=True)
    return float(q * (q + 1.0) / (squares + crossed))
