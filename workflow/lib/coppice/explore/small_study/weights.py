"""Weight functions of selection models: how likely a study is seen given its p value, and its expectation.

Each gives log w of the studies and A, the integral of w times the density of a study's effect, with their first and second
derivatives; the likelihood is built from these alone. The parameters are mu, tau2 and delta. Effects are oriented so that
small one-sided p values are the welcome ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import log_ndtr, ndtr, ndtri

from coppice.pool.kernel.kernel import Array

FIXED = 2  # mu and tau2 come before delta
HIGHEST_MOMENT = 4  # the second derivative in tau2 has a fourth power
CENSORED = 1e-5  # one-sided p values nearer to 0 or 1 count as this: Citkowicz & Vevea 2017
NODES = 48  # with which the integrals between the censoring points are exact to a double


@dataclass(frozen=True, slots=True)
class Integral:
    """The integral A of each study (k,), with its gradient (k, p) and Hessian (k, p, p)."""

    value: Array
    gradient: Array
    hessian: Array


class WeightFunction(Protocol):
    """A family of weight functions for given effects."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the elements of delta."""

    def log_weights(self, delta: Array) -> tuple[float, Array, Array]:
        """Return the sum of log w over the studies, its gradient and the diagonal of its Hessian in delta."""

    def integral(self, mu: float, tau2: float, delta: Array) -> Integral:
        """Return A."""


def _assemble(moments: Array, scale: Array, by_delta: Array, extra: Array) -> Integral:
    """Build the integral from moments of u = (y - mu) / scale.

    The derivatives of a normal density in mu and tau2 are Hermite polynomials of u over powers of the scale. `moments`
    (5, k) are integrals of w f u^n, `by_delta` (3, k, d) of dw/ddelta f u^n, `extra` (k, d, d) of the second
    derivatives of w.
    """
    m, s = moments, scale
    k, d = len(s), by_delta.shape[2]
    gradient, hessian = np.empty((k, FIXED + d)), np.empty((k, FIXED + d, FIXED + d))
    gradient[:, 0], gradient[:, 1] = m[1] / s, (m[2] - m[0]) / (2.0 * s**2)
    gradient[:, FIXED:] = by_delta[0]
    hessian[:, 0, 0] = (m[2] - m[0]) / s**2
    hessian[:, 0, 1] = hessian[:, 1, 0] = (m[3] - 3.0 * m[1]) / (2.0 * s**3)
    hessian[:, 1, 1] = (m[4] - 6.0 * m[2] + 3.0 * m[0]) / (4.0 * s**4)
    hessian[:, 0, FIXED:] = hessian[:, FIXED:, 0] = by_delta[1] / s[:, None]
    hessian[:, 1, FIXED:] = hessian[:, FIXED:, 1] = (by_delta[2] - by_delta[0]) / (2.0 * s[:, None] ** 2)
    hessian[:, FIXED:, FIXED:] = extra
    return Integral(m[0], gradient, hessian)


class StepFunction:
    """Constant weights between cut points of the one-sided p value, relative to the smallest p values.

    Vevea & Hedges 1995, doi:10.1007/BF02294384. Its integrals are moments of truncated normal distributions. `yi` are
    oriented effects, less the null; `steps` are cut points between 0 and 1, rising.
    """

    def __init__(self, yi: Array, vi: Array, steps: Sequence[float]) -> None:
        self.steps = tuple(steps)
        self._vi = vi
        edges = ndtri(1.0 - np.array([0.0, *steps, 1.0]))  # from the upper end down, as p rises
        self._edges = np.sqrt(vi)[:, None] * edges
        interval = np.searchsorted(np.array(steps), ndtr(-yi / np.sqrt(vi)), side="left")
        self.counts = np.bincount(interval, minlength=len(steps) + 1)

    @property
    def names(self) -> tuple[str, ...]:
        """One for each interval after the first: its ends."""
        ends = [*self.steps, 1.0]
        return tuple(f"{low:g} < p <= {high:g}" for low, high in zip(ends, ends[1:], strict=False))

    def log_weights(self, delta: Array) -> tuple[float, Array, Array]:
        """Return the sum of log w, its gradient and the diagonal of its Hessian."""
        counts = self.counts[1:]
        return float((counts * np.log(delta)).sum()), counts / delta, -counts / delta**2

    def integral(self, mu: float, tau2: float, delta: Array) -> Integral:
        """Return A, from the moments within each interval."""
        scale = np.sqrt(self._vi + tau2)
        parts = truncated_moments((self._edges - mu) / scale[:, None])
        weighted = parts @ np.concatenate([[1.0], delta])
        k, d = len(scale), len(delta)
        return _assemble(weighted, scale, parts[:3, :, 1:], np.zeros((k, d, d)))


class OwnSide:
    """No weights: each study is compared with those on its side of significance alone, as in p-uniform*.

    van Aert & van Assen 2026, doi:10.3758/s13423-025-02812-4. `alpha` is the one-sided level of significance.
    """

    names: tuple[str, ...] = ()

    def __init__(self, yi: Array, vi: Array, alpha: float) -> None:
        self._vi = vi
        root = np.sqrt(vi)
        self._edges = root[:, None] * ndtri(1.0 - np.array([0.0, alpha, 1.0]))
        self.significant = ndtr(-yi / root) <= alpha

    def log_weights(self, delta: Array) -> tuple[float, Array, Array]:
        """Return 0: there are no weights."""
        return 0.0, np.zeros(0), np.zeros(0)

    def integral(self, mu: float, tau2: float, delta: Array) -> Integral:
        """Return the chance of each study to be on the side where it is."""
        scale = np.sqrt(self._vi + tau2)
        parts = truncated_moments((self._edges - mu) / scale[:, None])
        own = np.where(self.significant, parts[:, :, 0], parts[:, :, 1])
        k = len(scale)
        return _assemble(own, scale, np.zeros((3, k, 0)), np.zeros((k, 0, 0)))


def truncated_moments(edges: Array) -> Array:
    """Return the integrals of u^n times the standard normal density between successive edges (5, k, J), n = 0 to 4.

    Edges (k, J + 1) fall from inf to -inf.
    """
    upper, lower = edges[:, :-1], edges[:, 1:]
    right = lower > 0  # the tail that does not lose digits
    moments = [np.where(right, ndtr(-lower) - ndtr(-upper), ndtr(upper) - ndtr(lower))]
    density = np.exp(-0.5 * edges**2) / np.sqrt(2.0 * np.pi)
    inner = np.where(np.isfinite(edges), edges, 0.0)
    moments.append(density[:, 1:] - density[:, :-1])
    for n in range(2, HIGHEST_MOMENT + 1):
        boundary = inner ** (n - 1) * density
        moments.append((n - 1) * moments[n - 2] + boundary[:, 1:] - boundary[:, :-1])
    return np.array(moments)


class Beta:
    """Weights p^(delta1 - 1) (1 - p)^(delta2 - 1), p censored near 0 and 1 so that they stay finite.

    Citkowicz & Vevea 2017, doi:10.1037/met0000119. The weights depend on z = y / sqrt(v) alone, and beyond the
    censoring points they are constant: the integral is a sum over nodes of Gauss and Legendre between these points,
    where it is smooth and no narrower than a standard normal density, and over two tails.
    """

    names = ("delta1", "delta2")

    def __init__(self, yi: Array, vi: Array) -> None:
        self._vi = vi
        self._logs = _log_p(yi / np.sqrt(vi)).sum(axis=1)
        end = -float(ndtri(CENSORED))
        nodes, self._shares = np.polynomial.legendre.leggauss(NODES)
        self._nodes, self._end = end * nodes, end
        logs = np.concatenate([_log_p(self._end * nodes), _log_p(np.array([end, -end]))], axis=1)
        self._cell_logs, self._cell_products = logs, logs[:, None] * logs

    def log_weights(self, delta: Array) -> tuple[float, Array, Array]:
        """Return the sum of log w, its gradient and the diagonal of its Hessian."""
        return float(((delta - 1.0) * self._logs).sum()), self._logs, np.zeros(len(self.names))

    def integral(self, mu: float, tau2: float, delta: Array) -> Integral:
        """Return A from the moments of the nodes and of the tails, each times its weight."""
        root, scale = np.sqrt(self._vi), np.sqrt(self._vi + tau2)
        u = (root[:, None] * self._nodes - mu) / scale[:, None]
        share = self._end * self._shares * (root / scale)[:, None]
        inner = np.empty((HIGHEST_MOMENT + 1, *u.shape))
        inner[0] = share * np.exp(-0.5 * u**2) / np.sqrt(2.0 * np.pi)
        for n in range(HIGHEST_MOMENT):
            np.multiply(inner[n], u, out=inner[n + 1])
        edges = np.array([np.inf, self._end, -self._end, -np.inf])
        tails = truncated_moments((root[:, None] * edges - mu) / scale[:, None])[:, :, [0, 2]]
        mass = np.concatenate([inner, tails], axis=2) * np.exp((delta - 1.0) @ self._cell_logs)
        extra = np.tensordot(mass[0], self._cell_products, axes=(1, 2))
        return _assemble(mass.sum(axis=2), scale, mass[:3] @ self._cell_logs.T, extra)


def _log_p(z: Array) -> Array:
    """Return log p and log(1 - p) of the one-sided p value of z, censored (2, ...)."""
    return np.clip([log_ndtr(-z), log_ndtr(z)], np.log(CENSORED), np.log1p(-CENSORED))
