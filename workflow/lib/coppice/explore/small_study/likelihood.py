"""The likelihood of a selection model, and its maximum by Newton's method with exact derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coppice.explore.small_study.entry import CannotFit
from coppice.explore.small_study.weights import FIXED, WeightFunction
from coppice.pool.kernel.kernel import Array

Mask = NDArray[np.bool_]

MOST_STEPS = 200
MOST_HALVINGS = 40
ENOUGH = 1e-14  # Newton's decrement, on the scale of the log-likelihood
GOOD = 1e-9  # with which a search that stalls on rounding is still accepted
FURTHEST = 16.0  # of log delta and of log tau2 from log of the typical variance: beyond, the maximum is at the boundary
SMALLEST_TAU2 = 1e-7  # of the typical variance: a search that comes here is on its way to 0
SMALL_TAU2 = 0.01  # of the typical variance: where a search starts that leaves 0


@dataclass(frozen=True, slots=True)
class Point:
    """Parameters `at` = (mu, tau2, delta) (p,), and the log-likelihood there with its derivatives, (p,) and (p, p)."""

    at: Array
    value: float
    gradient: Array
    hessian: Array


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The likelihood of effects of which some were seen with a higher chance than others.

    `yi`, `vi` (k,) are oriented effects, less the null, and sampling variances.
    """

    yi: Array
    vi: Array
    weights: WeightFunction

    @property
    def typical(self) -> float:
        """A typical sampling variance."""
        return float(np.median(self.vi))

    def at(self, theta: Array) -> Point:
        """Return the log-likelihood at (mu, tau2, delta) with its derivatives.

        sum of log w(p_i) + log f(y_i) - log A_i; f is the normal density with variance vi + tau2.
        """
        mu, tau2, delta = float(theta[0]), float(theta[1]), theta[FIXED:]
        s = np.sqrt(self.vi + tau2)
        u = (self.yi - mu) / s
        log_w, slope, curve = self.weights.log_weights(delta)
        a = self.weights.integral(mu, tau2, delta)
        if not np.all(a.value > 0):
            return Point(theta, -np.inf, np.zeros(len(theta)), -np.eye(len(theta)))
        value = log_w + float((-np.log(s) - 0.5 * np.log(2.0 * np.pi) - 0.5 * u**2 - np.log(a.value)).sum())
        relative = a.gradient / a.value[:, None]
        gradient = -relative.sum(axis=0)
        gradient[0] += (u / s).sum()
        gradient[1] += ((u**2 - 1.0) / (2.0 * s**2)).sum()
        gradient[FIXED:] += slope
        hessian = relative.T @ relative - (a.hessian / a.value[:, None, None]).sum(axis=0)
        hessian[0, 0] -= (1.0 / s**2).sum()
        hessian[0, 1] -= (u / s**3).sum()
        hessian[1, 0] = hessian[0, 1]
        hessian[1, 1] += ((0.5 - u**2) / s**4).sum()
        hessian[FIXED:, FIXED:] += np.diag(curve)
        return Point(theta, value, gradient, hessian)

    def climb(self, start: Array, free: Mask) -> Point:
        """Maximise from a start (p,) over the free parameters (p,), tau2 and delta on the logarithmic scale.

        CannotFit is raised if no maximum lies within FURTHEST.
        """
        here = self.at(start)
        if not np.isfinite(here.value):
            raise CannotFit("its likelihood vanishes where the search starts")
        damping = 0.0
        for _ in range(MOST_STEPS):
            gradient, hessian = self._logged(here, free)
            decrement = np.inf
            step, damping = newton_step(gradient, hessian, damping)
            decrement = float(gradient @ step)
            if decrement < ENOUGH:
                return here
            reached = self._line_search(here, step, free)
            if reached is None:
                break
            here, damping = reached, damping / 4.0
            self._within(here)
        if decrement < GOOD:
            return here
        raise CannotFit("the search does not find a maximum of its likelihood")

    def _logged(self, point: Point, free: Mask) -> tuple[Array, Array]:
        """Return gradient and Hessian in mu, log tau2 and log delta, of the free parameters."""
        change = np.concatenate([[1.0], point.at[1:]])
        gradient = point.gradient * change
        hessian = point.hessian * np.outer(change, change)
        hessian[np.arange(1, len(change)), np.arange(1, len(change))] += gradient[1:]
        return gradient[free], hessian[np.ix_(free, free)]

    def _line_search(self, here: Point, step: Array, free: Mask) -> Point | None:
        whole = np.zeros(len(here.at))
        whole[free] = step
        length = min(1.0, 2.0 / max(np.abs(whole[1:]).max(initial=0.0), 1e-300))
        for _ in range(MOST_HALVINGS):
            to = here.at.copy()
            to[0] += length * whole[0]
            to[1:] = to[1:] * np.exp(length * whole[1:])
            reached = self.at(to)
            if np.isfinite(reached.value) and reached.value > here.value:
                return reached
            length /= 2.0
        return None

    def _within(self, point: Point) -> None:
        if np.any(np.abs(np.log(point.at[FIXED:])) > FURTHEST):
            raise CannotFit("its likelihood increases as a selection parameter approaches 0 or infinity")
        if point.at[1] > self.typical * np.exp(FURTHEST):
            raise CannotFit("its likelihood increases with the between-study variance without bound")

    def maximise(self, start: Array, fixed: Mask) -> Point:
        """Return the maximum uphill of the start (p,) over the parameters that are not fixed (p,); tau2 may be 0."""
        free = ~fixed
        if not free[1]:
            return self.climb(start, free)
        if start[1] > 0.0:
            inner = self.climb(start, free)
            if inner.at[1] > SMALLEST_TAU2 * self.typical:
                return inner
            start = inner.at
        at_zero = self.climb(_with_tau2(start, 0.0), free & (np.arange(len(free)) != 1))
        if at_zero.gradient[1] <= 0.0:
            return at_zero
        return self.climb(_with_tau2(at_zero.at, SMALL_TAU2 * self.typical), free)


def _with_tau2(theta: Array, tau2: float) -> Array:
    changed = theta.copy()
    changed[1] = tau2
    return changed


def newton_step(gradient: Array, hessian: Array, damping: float) -> tuple[Array, float]:
    """Return an ascent step of Newton's method, damped until the Hessian is negative definite, and the damping.

    `damping` is that of the step before, relative to the diagonal.
    """
    diagonal = np.maximum(np.abs(np.diag(hessian)), 1e-8)
    damping = damping if damping > 1e-6 else 0.0
    for _ in range(MOST_STEPS):
        matrix = np.diag(damping * diagonal) - hessian
        try:
            lower = np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            damping = max(4.0 * damping, 1e-3)
            continue
        return np.asarray(np.linalg.solve(lower.T, np.linalg.solve(lower, gradient))), damping
    raise CannotFit("its likelihood is flat")
