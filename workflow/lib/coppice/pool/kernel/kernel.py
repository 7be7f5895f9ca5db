"""The kernel: weighted least squares of many meta-analyses at once, given the between-study variance.

Leave-one-out, cumulative pooling, subsets, bootstrap, permutation and simulation are all the same computation on arrays
of shape (..., k); here they are flattened to n meta-analyses, studies first, as sums over the first axis are fastest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Studies:
    """The data of n meta-analyses with up to k studies each; build it with :func:`studies`.

    Attributes
    ----------
    yi, vi : (k, n)
        Effects and sampling variances; 0 and 1 where a study is not used.
    used : (k, n)
        1 where a study is used, 0 where it is not.
    design : (1 or n, k, p) or None
        Moderators with their intercept; None is the intercept alone, which has the faster formulas.
    leading : tuple of int
        The shape that results are returned in.
    moment_weights : (k, n) or None
        Weights for an estimator of tau2 that takes given ones.
    """

    yi: Array
    vi: Array
    used: Array
    design: Array | None
    leading: tuple[int, ...]
    moment_weights: Array | None = None

    @property
    def k(self) -> Array:
        """Number of studies used (n,)."""
        return np.asarray(self.used.sum(axis=0))

    @property
    def p(self) -> int:
        """Number of coefficients."""
        return 1 if self.design is None else int(self.design.shape[-1])

    @property
    def df(self) -> Array:
        """Residual degrees of freedom k - p (n,)."""
        return self.k - self.p

    @property
    def smallest_vi(self) -> Array:
        """The smallest variance used (n,)."""
        return np.asarray(np.where(self.used > 0, self.vi, np.inf).min(axis=0))

    @property
    def largest_vi(self) -> Array:
        """The largest variance used (n,)."""
        return np.asarray(np.where(self.used > 0, self.vi, 0.0).max(axis=0))

    def project(self, weights: Array) -> Projection:
        """Fit the model with given weights (k, n)."""
        return Projection(self, weights)

    def at(self, tau2: Array) -> Projection:
        """Fit the model with the weights 1 / (vi + tau2), for tau2 of shape (n,)."""
        return Projection(self, self.used / (self.vi + tau2))

    def shaped(self, values: Array) -> Array:
        """Return values (n,) or (n, ...) in the leading shape of the data."""
        return values.reshape(self.leading + values.shape[1:])


def studies(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    used: ArrayLike | None = None,
    design: ArrayLike | None = None,
    moment_weights: ArrayLike | None = None,
) -> Studies:
    """Arrange effects and variances for the kernel.

    Parameters
    ----------
    yi, vi : (..., k)
        Effects and their sampling variances; they broadcast.
    used : (..., k) of bool, optional
        Which studies enter each meta-analysis; all by default. Values of studies that are not used are ignored.
    design : (k, p) or (..., k, p), optional
        Moderators, the intercept included.
    moment_weights : (..., k), optional
        Weights above 0 for an estimator of tau2 that takes given ones.

    Raises
    ------
    ValueError
        If a value that is used is not finite or a variance that is used is not positive.
    """
    y, v = np.broadcast_arrays(np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64))
    mask = np.ones(y.shape, dtype=bool) if used is None else np.asarray(used, dtype=bool)
    y, v, mask = np.broadcast_arrays(y, v, mask)
    if np.any(mask & ~np.isfinite(y)) or np.any(mask & ~(np.isfinite(v) & (v > 0))):
        raise ValueError("effects must be finite, and variances finite and above 0")
    k = y.shape[-1]
    flat = [
        np.ascontiguousarray(a.reshape(-1, k).T, dtype=np.float64)
        for a in (np.where(mask, y, 0.0), np.where(mask, v, 1.0), mask)
    ]
    x = None if design is None else np.asarray(design, dtype=np.float64)
    if x is not None:
        x = x.reshape((-1, *x.shape[-2:]))
        if x.shape[1] != k:
            raise ValueError(f"the design has {x.shape[1]} rows for {k} studies")
    if moment_weights is None:
        return Studies(flat[0], flat[1], flat[2], x, y.shape[:-1])
    weights = np.broadcast_to(np.asarray(moment_weights, dtype=np.float64), y.shape)
    if np.any(mask & ~(np.isfinite(weights) & (weights > 0))):
        raise ValueError("given weights must be finite and above 0")
    return Studies(flat[0], flat[1], flat[2], x, y.shape[:-1], np.where(mask, weights, 0.0).reshape(-1, k).T)


class Projection:
    """Weighted least squares with weights w and the matrix P = W - W X (X'WX)^-1 X'W, which is never formed.

    Attributes
    ----------
    weights, residuals : (k, n)
    coefficients : (n, p)
    covariance : (n, p, p)
        (X'WX)^-1, the covariance of the coefficients where the weights are inverse variances.
    """

    __slots__ = ("_design", "coefficients", "covariance", "residuals", "weights")

    def __init__(self, data: Studies, weights: Array) -> None:
        self.weights = weights
        if data.design is None:
            self._design = None
            total = weights.sum(axis=0)
            mean = (weights * data.yi).sum(axis=0) / total
            self.covariance = (1.0 / total)[:, None, None]
            self.coefficients = mean[:, None]
            self.residuals = data.yi - mean
        else:
            self._design = data.design
            self.covariance = np.linalg.inv(self._gram(weights))
            # one design for all: products of matrices, several times as fast as one design each
            shared = data.design[0] if len(data.design) == 1 else None
            weighted = weights * data.yi
            moments = np.einsum("nkp,kn->np", data.design, weighted) if shared is None else weighted.T @ shared
            self.coefficients = np.einsum("npq,nq->np", self.covariance, moments)
            if shared is None:
                self.residuals = data.yi - np.einsum("nkp,np->kn", data.design, self.coefficients)
            else:
                self.residuals = data.yi - shared @ self.coefficients.T

    def _gram(self, weights: Array) -> Array:
        """Return X' diag(weights) X (n, p, p)."""
        if self._design is None:
            return np.asarray(weights.sum(axis=0)[:, None, None])
        if len(self._design) == 1:
            x, p = self._design[0], self._design.shape[-1]
            return np.asarray(
                (weights.T @ (x[:, :, None] * x[:, None, :]).reshape(len(x), p * p)).reshape(weights.shape[1], p, p)
            )
        return np.asarray(np.einsum("nkp,kn,nkq->npq", self._design, weights, self._design, optimize=True))

    def q(self) -> Array:
        """Return y'Py, the weighted sum of squared residuals (n,)."""
        return np.asarray((self.weights * self.residuals**2).sum(axis=0))

    def q2(self) -> Array:
        """Return y'PPy (n,)."""
        return np.asarray(((self.weights * self.residuals) ** 2).sum(axis=0))

    def trace(self, variances: Array | None = None) -> Array:
        """Return tr(P S) for S = diag(variances), the identity by default (n,)."""
        w = self.weights if variances is None else self.weights * variances
        return np.asarray(w.sum(axis=0) - self._contract(self._gram(w * self.weights)))

    def trace2(self, variances: Array | None = None) -> Array:
        """Return tr(P S P S) for S = diag(variances), the identity by default (n,)."""
        w = self.weights if variances is None else self.weights * variances
        middle = self._gram(w * self.weights)
        squared = self._contract(middle @ self.covariance @ middle)
        return np.asarray((w**2).sum(axis=0) - 2.0 * self._contract(self._gram(w**2 * self.weights)) + squared)

    def log_determinant(self) -> Array:
        """Return log |X'WX| (n,)."""
        return np.asarray(-np.linalg.slogdet(self.covariance)[1])

    def _contract(self, matrices: Array) -> Array:
        """Return tr((X'WX)^-1 M) for M (n, p, p)."""
        if self._design is None:
            return np.asarray(self.covariance[:, 0, 0] * matrices[:, 0, 0])
        return np.asarray(np.einsum("npq,nqp->n", self.covariance, matrices))
