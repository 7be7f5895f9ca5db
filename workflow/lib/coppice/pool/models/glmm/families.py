"""What the counts of a study say about its linear predictor: log-likelihoods and their derivatives, on arrays of studies.

Counts are (r, k): of r meta-analyses of k studies, r being 1 where many models are fitted to the same counts. Linear
predictors are (n, k, q), at q values of each study.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from coppice.pool.kernel.kernel import Array

LARGEST = 300.0  # a predictor beyond it is as good as infinite, and its exponential still a float
Derivatives = tuple[Array, Array, Array]  # a log-likelihood with its first and second derivative


class Family(Protocol):
    """The likelihood of a study given one linear predictor."""

    def at(self, eta: Array) -> Derivatives:
        """Return the log-likelihood and its two derivatives at linear predictors (n, k, q)."""

    def guess(self) -> tuple[Array, Array]:
        """Return a finite guess of the linear predictor of each study, and its variance (r, k), (r, k)."""

    def own(self) -> tuple[Array, Array, Array]:
        """Return the maximum of each study's likelihood, where it lies, and minus its curvature there (r, k) each.

        It lies at infinity where a count is at an end of its range.
        """

    def take(self, rows: NDArray[Any]) -> Family:
        """Return some of the meta-analyses."""


def taken(values: Array, rows: NDArray[Any]) -> Array:
    """Return some rows of an array (r, ...), all of it where it has one row for all."""
    return values if len(values) == 1 else np.asarray(values[rows])


@dataclass(frozen=True, slots=True)
class Binomial:
    """x of n patients have the event, with the logit eta + offset; `constant` is the logarithm of the coefficient."""

    x: Array
    n: Array
    offset: Array
    constant: Array

    def at(self, eta: Array) -> Derivatives:
        """Return the log-likelihood and its two derivatives."""
        x, n = self.x[..., None], self.n[..., None]
        logit = eta + self.offset[..., None]
        small = np.exp(-np.abs(logit))
        p = np.where(logit >= 0, 1.0, small) / (1.0 + small)
        value = x * logit - n * (np.maximum(logit, 0.0) + np.log1p(small)) + self.constant[..., None]
        return value, x - n * p, -n * small / (1.0 + small) ** 2

    def guess(self) -> tuple[Array, Array]:
        """Return the logits with half an event added to each side, and their variances."""
        yes, no = self.x + 0.5, self.n - self.x + 0.5
        return np.log(yes / no) - self.offset, 1.0 / yes + 1.0 / no

    def own(self) -> tuple[Array, Array, Array]:
        """Return the likelihood at the observed proportion, its logit, and the information there."""
        x, rest = self.x, self.n - self.x
        n = np.maximum(self.n, np.finfo(np.float64).tiny)
        value = xlogy(x, x / n) + xlogy(rest, rest / n) + self.constant
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(value), np.log(x) - np.log(rest) - self.offset, x * rest / n

    def take(self, rows: NDArray[Any]) -> Binomial:
        """Return some of the meta-analyses."""
        return Binomial(*(taken(values, rows) for values in (self.x, self.n, self.offset, self.constant)))


def binomial(x: Array, n: Array, offset: Array | None = None) -> Binomial:
    """Return the likelihood of x events of n patients (r, k)."""
    return Binomial(x, n, np.zeros_like(x) if offset is None else offset, _log_choose(n, x))


@dataclass(frozen=True, slots=True)
class Poisson:
    """x events in the person-time t, with the log rate eta."""

    x: Array
    t: Array
    constant: Array

    def at(self, eta: Array) -> Derivatives:
        """Return the log-likelihood and its two derivatives."""
        expected = self.t[..., None] * np.exp(np.minimum(eta, LARGEST))
        value = self.x[..., None] * eta - expected + self.constant[..., None]
        return value, self.x[..., None] - expected, -expected

    def guess(self) -> tuple[Array, Array]:
        """Return the log rates with half an event added, and their variances."""
        events = self.x + 0.5
        return np.log(events / self.t), 1.0 / events

    def own(self) -> tuple[Array, Array, Array]:
        """Return the likelihood at the observed rate, its logarithm, and the information there."""
        with np.errstate(divide="ignore"):
            return np.asarray(xlogy(self.x, self.x / self.t) - self.x + self.constant), np.log(self.x / self.t), self.x

    def take(self, rows: NDArray[Any]) -> Poisson:
        """Return some of the meta-analyses."""
        return Poisson(*(taken(values, rows) for values in (self.x, self.t, self.constant)))


def poisson(x: Array, t: Array) -> Poisson:
    """Return the likelihood of x events in the person-time t (r, k)."""
    return Poisson(x, t, np.asarray(xlogy(x, t) - gammaln(x + 1.0)))


@dataclass(frozen=True, slots=True)
class Hypergeometric:
    """a events in the first arm, given those of both, with the log odds ratio eta: Fisher's noncentral distribution.

    `steps` and `logs` hold for each study the possible values of a minus that observed, and the logarithms of their
    central probabilities, -inf where a value is not possible, (r, size) each.
    """

    steps: tuple[Array, ...]
    logs: tuple[Array, ...]

    def at(self, eta: Array) -> Derivatives:
        """Return the log-likelihood and its two derivatives, by log-sum-exp over the possible values."""
        result = np.empty((3, *np.broadcast_shapes(eta.shape, (len(self.steps[0]), 1, 1))))
        for study, (steps, logs) in enumerate(zip(self.steps, self.logs, strict=True)):
            exponent = eta[:, study, :, None] * steps[:, None, :] + logs[:, None, :]
            highest = exponent.max(axis=-1)
            terms = np.exp(exponent - highest[..., None])
            total = terms.sum(axis=-1)
            # products with vectors, as sums over the last axis would be slower
            mean, square = (np.matmul(terms, power[..., None])[..., 0] / total for power in (steps, steps * steps))
            observed = np.where(steps == 0, logs, -np.inf).max(axis=-1)[:, None]
            result[:, :, study] = observed - highest - np.log(total), -mean, -(square - mean * mean)
        return result[0], result[1], result[2]

    def guess(self) -> tuple[Array, Array]:
        """Return the middle between no difference and the one step of Peto, and twice its variance."""
        _, score, curvature = self.at(np.zeros((len(self.steps[0]), len(self.steps), 1)))
        variance = 1.0 / np.maximum(-curvature[..., 0], 0.1)
        return np.clip(score[..., 0] * variance, -4.0, 4.0), 2.0 * variance

    def own(self) -> tuple[Array, Array, Array]:
        """Return the highest likelihood of each study, where it lies, and minus its curvature there."""
        lowest, top = (
            np.stack(
                [pick(np.where(np.isfinite(logs), steps, 0.0), axis=-1) for steps, logs in self._tables()], axis=-1
            )
            for pick in (np.min, np.max)
        )
        inside = (lowest < 0) & (top > 0)
        place = self.guess()[0]
        for _ in range(100):
            _, score, curvature = (part[..., 0] for part in self.at(place[..., None]))
            step = np.where(inside, np.clip(-score / np.minimum(curvature, -1e-12), -2.0, 2.0), 0.0)
            place = place + step
            if np.abs(step).max(initial=0.0) < 1e-13:
                break
        value, _, curvature = (part[..., 0] for part in self.at(place[..., None]))
        beyond = np.where(lowest == 0, -np.inf, np.inf)
        return np.where(inside, value, 0.0), np.where(inside, place, beyond), np.where(inside, -curvature, 0.0)

    def _tables(self) -> list[tuple[Array, Array]]:
        return list(zip(self.steps, self.logs, strict=True))

    def take(self, rows: NDArray[Any]) -> Hypergeometric:
        """Return some of the meta-analyses."""
        steps, logs = (tuple(taken(table, rows) for table in tables) for tables in (self.steps, self.logs))
        return Hypergeometric(steps, logs)


def hypergeometric(a: Array, n1: Array, c: Array, n2: Array) -> Hypergeometric:
    """Return the conditional likelihood of a events of n1 patients and c of n2, (r, k) each."""
    events = a + c
    low, high = np.maximum(0.0, events - n2), np.minimum(n1, events)
    steps, logs = [], []
    for study in range(a.shape[1]):
        size = int((high - low)[:, study].max()) + 1
        value = low[:, study, None] + np.arange(size)
        possible = value <= high[:, study, None]
        inside = np.where(possible, value, low[:, study, None])
        first, second, both = (column[:, study, None] for column in (n1, n2, events))
        log = _log_choose(first, inside) + _log_choose(second, both - inside)
        log = np.where(possible, log, -np.inf)
        steps.append(inside - a[:, study, None])
        steps[-1] = np.where(possible, steps[-1], 0.5)  # no possible value, and so never the observed one
        logs.append(log)
    return Hypergeometric(tuple(steps), tuple(logs))


def _log_choose(n: Array, x: Array) -> Array:
    return np.asarray(gammaln(n + 1.0) - gammaln(x + 1.0) - gammaln(n - x + 1.0))
