"""Quadrature over tau of many posteriors at once: nodes where the posterior lies, and weights that sum to 1.

With ln tau = x + a sinh(u) the posterior falls to 0 at both ends of u, and the trapezoidal rule converges exponentially:
Takahasi & Mori 1974, doi:10.2977/prims/1195192451. Its sum over every other node says how well. The distribution function
between the nodes comes from the same values by Stenger's sinc rule of indefinite integrals (1981,
doi:10.1137/1023037).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import sici

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.bayes import priors
from coppice.pool.models.bayes.options import BayesOptions

NODES = 112
MOST_NODES = 3584  # where the posterior of thousands of effects is very narrow beside the tails of its prior
TOLERANCE = 1e-6  # relative, of the integral by half of the nodes: that by all has about the square of its error
NEGLIGIBLE = -38.0  # ln of what is left out beside the mode
HIGHEST_MOMENT = 2  # of tau, to which the nodes reach where it is finite
REACH = 340.0  # of ln tau: tau2 stays a double
COARSE = 161  # points at which the mode is looked for
REFINEMENTS, FINER = 4, 17  # rounds, in each of which the distance of the points shrinks by a factor of 8
NARROWEST, WIDEST = 1e-3, 1.5  # stretch of the map
WIDTHS, WIDER = 16, 1.5  # widths of the mode that are tried, and the stretch in widths


@dataclass(frozen=True, slots=True)
class Data:
    """The effects of n meta-analyses.

    Attributes
    ----------
    yi, vi, used : (n, k)
        Effects from which `shift` is subtracted, sampling variances, and 1 where an effect is used.
    shift : (n, 1)
        The mean of the effects by inverse variance, so that no digits are lost to a common size.
    """

    yi: Array
    vi: Array
    used: Array
    shift: Array

    @property
    def k(self) -> Array:
        """Number of effects (n,)."""
        return np.asarray(self.used.sum(axis=-1))


@dataclass(frozen=True, slots=True)
class Conditional:
    """The normal posterior of mu given tau: mean (less the shift) and variance (n, m), and ln p(tau, y) (n, m)."""

    mean: Array
    variance: Array
    log_density: Array


def conditional(data: Data, options: BayesOptions, x: Array) -> Conditional:
    """Return the posterior of mu at ln tau = x (n, m), and the joint density of tau and the effects.

    A flat prior of mu has the density 1: Roever 2020, doi:10.18637/jss.v093.i06, section 2.
    """
    tau2 = np.exp(2.0 * x)[:, :, None]
    total = data.vi[:, None, :] + tau2
    weights = data.used[:, None, :] / total
    precision = weights.sum(axis=-1)
    weighted = np.einsum("nmk,nk->nm", weights, data.yi)
    squares = np.einsum("nmk,nk->nm", weights, data.yi**2)
    constant = priors.LOG_2PI * 0.5 * (1.0 - data.k)[:, None]
    if options.mu is not None:
        about = options.mu.mean - data.shift
        prior_precision = options.mu.sd**-2
        precision = precision + prior_precision
        weighted = weighted + about * prior_precision
        squares = squares + about**2 * prior_precision
        constant = constant - 0.5 * priors.LOG_2PI - np.log(options.mu.sd)
    variance = 1.0 / precision
    mean = weighted * variance
    logs = np.einsum("nmk,nk->nm", np.log(total), data.used)
    likelihood = constant - 0.5 * (logs + np.log(precision) + squares - mean * weighted)
    return Conditional(mean, variance, likelihood + priors.log_density(options.tau, x, data.vi, data.used))


@dataclass(frozen=True, slots=True)
class Grid:
    """The posterior of tau of n meta-analyses on m nodes.

    Attributes
    ----------
    ceiling : float
        ln of the largest tau that the prior allows.
    centre, stretch, start, step : (n, 1)
        y = centre + stretch sinh(u), at u = start, start + step, ...; `log_tau` gives ln tau of y.
    x, weights, mean, variance : (n, m)
        ln tau, the posterior probability of each node, and mean (less the shift) and variance of mu there.
    log_total : (n, 1)
        ln of the integral of the joint density of tau and the effects: the marginal likelihood.
    accurate : (n,) of bool
        Whether half of the nodes give the same integral.
    """

    ceiling: float
    centre: Array
    stretch: Array
    start: Array
    step: Array
    x: Array
    weights: Array
    mean: Array
    variance: Array
    log_total: Array
    accurate: NDArray[np.bool_]

    def log_tau(self, u: Array) -> Array:
        """Return ln tau of u (n, q)."""
        return bounded(self.centre + self.stretch * np.sinh(u), self.ceiling)[0]

    def place(self, x: Array) -> Array:
        """Return u of ln tau (n, q), which is below the ceiling."""
        y = x if np.isinf(self.ceiling) else -np.log(np.expm1(self.ceiling - x))
        return np.asarray(np.arcsinh((y - self.centre) / self.stretch))

    def slope(self, u: Array) -> Array:
        """Return the derivative of ln tau by u (n, q)."""
        y = self.centre + self.stretch * np.sinh(u)
        return np.exp(bounded(y, self.ceiling)[1]) * self.stretch * np.cosh(u)

    def cdf_at(self, u: Array) -> Array:
        """Return the posterior probability of tau below that of u (n, q)."""
        position = (u - self.start) / self.step  # in steps from the first node
        distance = position[:, :, None] - np.arange(self.weights.shape[1])
        parts = 0.5 + sici(np.pi * distance)[0] / np.pi
        return np.asarray(np.clip(np.einsum("nqm,nm->nq", parts, self.weights), 0.0, 1.0))


def bounded(y: Array, ceiling: float) -> tuple[Array, Array]:
    """Return ln tau of a number y without bounds, and ln of its derivative: below the ceiling, tau is its logistic share."""
    if np.isinf(ceiling):
        return y, np.zeros_like(y)
    return ceiling - np.logaddexp(0.0, -y), -np.logaddexp(0.0, y)


def grid(data: Data, options: BayesOptions, nodes: int = NODES) -> Grid:
    """Return the posterior of tau on nodes that cover all but e^-38 of its density."""
    ceiling = float(np.log(priors.upper_bound(options.tau)))

    def height(y: Array) -> Array:
        x, log_slope = bounded(y, ceiling)
        return conditional(data, options, x).log_density + x + log_slope

    moment = np.minimum(priors.moments(options.tau, data.k, flat=options.mu is None), HIGHEST_MOMENT)
    centre, width, low, high = _region(height, data, moment[:, None])
    stretch = np.clip(width, NARROWEST, WIDEST)
    start, end = (np.arcsinh((edge - centre) / stretch) for edge in (low, high))
    step = (end - start) / (nodes - 1)
    u = start + step * np.arange(nodes)
    x, log_slope = bounded(np.clip(centre + stretch * np.sinh(u), low, high), ceiling)
    at = conditional(data, options, x)
    logs = at.log_density + x + log_slope + np.log(stretch * np.cosh(u) * step)
    top = logs.max(axis=-1, keepdims=True)
    parts = np.exp(logs - top)
    total = parts.sum(axis=-1, keepdims=True)
    accurate = np.abs(2.0 * parts[:, ::2].sum(axis=-1) / total[:, 0] - 1.0) <= TOLERANCE
    weights, log_total = parts / total, np.log(total) + top
    return Grid(ceiling, centre, stretch, start, step, x, weights, at.mean, at.variance, log_total, accurate)


def _region(height: Callable[[Array], Array], data: Data, moment: Array) -> tuple[Array, Array, Array, Array]:
    """Return y at the mode of its density, the width of the mode, and the ends of what is not negligible (n, 1).

    To the right it is not negligible either where the density times this power of tau is not.
    """
    middle = (0.5 * (np.log(data.vi) * data.used).sum(axis=-1) / data.k)[:, None]
    edge, last = np.arcsinh(2.0 * REACH), COARSE - 1
    points = np.clip(middle + 0.5 * np.sinh(np.linspace(-edge, edge, COARSE)), -REACH, REACH)
    heights = height(points)
    rows = np.arange(len(points))[:, None]
    best = heights.argmax(axis=-1)[:, None]
    left, right = points[rows, np.maximum(best - 1, 0)], points[rows, np.minimum(best + 1, last)]
    for _ in range(REFINEMENTS):
        finer = left + (right - left) * np.linspace(0.0, 1.0, FINER)
        values = height(finer)
        place = values.argmax(axis=-1)[:, None]
        centre, top = finer[rows, place], values[rows, place]
        left, right = finer[rows, np.maximum(place - 1, 0)], finer[rows, np.minimum(place + 1, FINER - 1)]
    kept = heights + moment * np.maximum(points - centre, 0.0) > top + NEGLIGIBLE
    first = np.where(kept.any(axis=-1), kept.argmax(axis=-1), best[:, 0])[:, None]
    final = np.where(kept.any(axis=-1), last - kept[:, ::-1].argmax(axis=-1), best[:, 0])[:, None]
    low = points[rows, np.maximum(np.minimum(first, best) - 1, 0)]
    high = points[rows, np.minimum(np.maximum(final, best) + 1, last)]
    steps = np.geomspace(NARROWEST, WIDEST, WIDTHS)
    sides = [height(np.clip(centre + side * steps, low, high)) for side in (-1.0, 1.0)]
    fallen = top - np.minimum(*sides) > 1.0
    index = np.where(fallen.any(axis=-1), fallen.argmax(axis=-1), WIDTHS - 1)
    return centre, WIDER * steps[index][:, None], low, high
