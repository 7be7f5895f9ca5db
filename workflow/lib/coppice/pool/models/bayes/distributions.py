"""The posteriors of many meta-analyses as distributions: of tau by quadrature, of effects as mixtures of normals over tau."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import ndtr, ndtri

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.bayes import priors
from coppice.pool.models.bayes.options import BayesOptions
from coppice.pool.models.bayes.quadrature import Data, Grid, conditional

MOST_STEPS = 60
PRECISE = 1e-13  # relative change of a root at which it stops
LEAST = 1e-300
DIFFERENCE = 1e-5  # of ln tau, for the slope of its prior


class Distribution(Protocol):
    """A distribution of n posteriors; points are (n, q)."""

    def cdf(self, x: Array) -> Array:
        """Return the probability below x."""

    def log_density(self, x: Array) -> Array:
        """Return ln of the density at x."""

    def slope(self, x: Array) -> Array:
        """Return the derivative of ln of the density at x."""

    def quantile(self, p: Array) -> Array:
        """Return the quantiles of probabilities (n, q)."""


def _solve(value: Callable[[Array], tuple[Array, Array]], start: Array, target: Array) -> Array:
    """Return x with P(x) = target by Newton's method on the scale of the normal distribution, within brackets.

    `value` gives the probability and the density at x (n, q).
    """
    x, low, high = start.copy(), np.full_like(start, -np.inf), np.full_like(start, np.inf)
    wanted = ndtri(target)
    for _ in range(MOST_STEPS):
        probability, density = value(x)
        score = ndtri(np.clip(probability, LEAST, 1.0 - 1e-16))
        low, high = np.where(score <= wanted, x, low), np.where(score >= wanted, x, high)
        slope = density / np.maximum(np.exp(-0.5 * score * score) / np.sqrt(2.0 * np.pi), LEAST)
        step = np.clip((wanted - score) / np.maximum(slope, LEAST), -1e300, 1e300)
        new = x + step
        outside = ~((new >= low) & (new <= high))
        middle = np.where(np.isfinite(low) & np.isfinite(high), 0.5 * (low + high), x + np.sign(step))
        new = np.where(outside, middle, new)
        done = np.abs(new - x) <= PRECISE * (np.abs(x) + 1e-3)
        x = new
        if done.all():
            break
    return x


@dataclass(frozen=True, slots=True)
class Tau:
    """The posterior of tau."""

    data: Data
    options: BayesOptions
    grid: Grid

    def cdf(self, x: Array) -> Array:
        """Return P(tau <= x)."""
        with np.errstate(divide="ignore"):
            logs = np.log(np.maximum(x, 0.0))
        inside = (logs > self.grid.x[:, :1]) & (logs < self.grid.x[:, -1:])
        place = self.grid.place(np.where(inside, logs, self.grid.x[:, :1]))
        return np.where(inside, self.grid.cdf_at(place), logs > self.grid.x[:, :1])

    def log_density(self, x: Array) -> Array:
        """Return ln p(tau | y) at x, also at 0."""
        logs = np.log(np.maximum(x, LEAST**0.5))
        return conditional(self.data, self.options, logs).log_density - self.grid.log_total

    def slope(self, x: Array) -> Array:
        """Return the derivative of ln p(tau | y) at x above 0."""
        data, logs = self.data, np.log(x)
        at = conditional(data, self.options, logs)
        weights = data.used[:, None, :] / (data.vi[:, None, :] + x[:, :, None] ** 2)
        squares = weights * weights
        away = (data.yi[:, None, :] - at.mean[:, :, None]) ** 2
        likelihood = -weights.sum(axis=-1) + squares.sum(axis=-1) * at.variance + (squares * away).sum(axis=-1)
        above, below = (
            priors.log_density(self.options.tau, logs + step, data.vi, data.used) for step in (DIFFERENCE, -DIFFERENCE)
        )
        return np.asarray(x * likelihood + (above - below) / (2.0 * DIFFERENCE * x))

    def quantile(self, p: Array) -> Array:
        """Return quantiles of tau."""
        sums = self.grid.weights.cumsum(axis=-1) - 0.5 * self.grid.weights
        index = np.argmin(np.abs(ndtri(np.clip(sums, 1e-17, 1 - 1e-16))[:, None, :] - ndtri(p)[:, :, None]), axis=-1)
        start = self.grid.start + self.grid.step * index

        def value(u: Array) -> tuple[Array, Array]:
            u = np.clip(u, self.grid.start, self.grid.start + self.grid.step * (self.grid.x.shape[1] - 1))
            logs = self.grid.log_tau(u)
            return self.grid.cdf_at(u), np.exp(self.log_density(np.exp(logs)) + logs) * self.grid.slope(u)

        return np.asarray(np.exp(self.grid.log_tau(_solve(value, start, p))))


@dataclass(frozen=True, slots=True)
class Mixture:
    """A mixture of normal distributions over the nodes: weights, means and standard deviations (n, m)."""

    weights: Array
    mean: Array
    sd: Array

    def _z(self, x: Array) -> Array:
        return (x[:, :, None] - self.mean[:, None, :]) / self.sd[:, None, :]

    def cdf(self, x: Array) -> Array:
        """Return the probability below x."""
        return np.asarray(np.einsum("nqm,nm->nq", ndtr(self._z(x)), self.weights))

    def log_density(self, x: Array) -> Array:
        """Return ln of the density at x."""
        return np.log(np.maximum(self._moment(x)[0], LEAST))

    def slope(self, x: Array) -> Array:
        """Return the derivative of ln of the density at x."""
        density, slope = self._moment(x)
        return np.asarray(slope / np.maximum(density, LEAST))

    def _moment(self, x: Array) -> tuple[Array, Array]:
        z = self._z(x)
        parts = np.exp(-0.5 * z * z) * (self.weights / self.sd / np.sqrt(2.0 * np.pi))[:, None, :]
        return parts.sum(axis=-1), -(parts * z / self.sd[:, None, :]).sum(axis=-1)

    def quantile(self, p: Array) -> Array:
        """Return quantiles."""
        rows = np.arange(len(self.weights))
        middle = np.argmax(self.weights.cumsum(axis=-1) >= 0.5, axis=-1)
        start = self.mean[rows, middle][:, None] + ndtri(p) * self.sd[rows, middle][:, None]
        return _solve(lambda x: (self.cdf(x), self._moment(x)[0]), start, p)

    def moments(self) -> tuple[Array, Array]:
        """Return mean and standard deviation (n,), which are of no meaning where the distribution has none."""
        mean = (self.weights * self.mean).sum(axis=-1)
        spread = self.sd**2 + (self.mean - mean[:, None]) ** 2
        return mean, np.sqrt((self.weights * spread).sum(axis=-1))
