"""Profile likelihood of the variances and correlations of a multivariate model: intervals, and tests of a value."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc, chdtri

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.engine.climb import Evaluate, height
from coppice.pool.multivariate.engine.results import MultivariateResults
from coppice.pool.multivariate.engine.search import bounds_of, rho_angle
from coppice.pool.multivariate.engine.structures import angle_of, angles_of

MOST_DOUBLINGS = 40  # of a variance, from its estimate or the spread of the effects
TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its profile interval; an end is None where the likelihood never falls far enough."""

    estimate: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class _Profile:
    """The likelihood with one parameter fixed, from -1 to 1 times pi/2 (an angle) or in units of a spread."""

    fit: MultivariateResults
    place: int
    evaluate: Evaluate

    def drop(self, value: float) -> float:
        """Return twice what the log-likelihood loses with the parameter at a value."""
        layout = self.fit.layout
        free = layout.free.copy()
        free[self.place] = False
        starts = [start.copy() for start in (self.fit.peak.theta, *layout.starts)]
        for start in starts:
            start[self.place] = value
        return 2.0 * (self.fit.peak.value - height(self.evaluate, starts, free))


def variance_interval(
    fit: MultivariateResults, term: int = 0, label: Hashable = None, *, level: float = 0.95
) -> Interval:
    """Return the profile interval of a variance of a term.

    Parameters
    ----------
    fit : MultivariateResults
    term : int
        The place of the term.
    label : hashable, optional
        The level or column, of a structure with a variance for each.
    level : float
    """
    component = fit.components[term]
    index = component.labels.index(label) if fit.problem.terms[term].structure.sizes(2)[0] == 2 else 0
    place = _start(fit, term) + index
    estimate = float(component.tau2[index])
    profile = _Profile(fit, place, _evaluate(fit))
    if not fit.layout.free[place]:
        return Interval(estimate, None, None)
    allowed = float(chdtri(1.0, 1.0 - level))
    unit, at = float(fit.layout.units[place]), abs(float(fit.peak.theta[place]))
    high = _beyond(lambda value: profile.drop(value) - allowed, at)
    power = 2 * fit.problem.terms[term].structure.power
    low = 0.0 if at == 0.0 else _below(lambda value: profile.drop(value) - allowed, 0.0, at)
    return Interval(estimate, (low * unit) ** power, None if high is None else (high * unit) ** power)


def correlation_interval(
    fit: MultivariateResults, term: int = 0, pair: tuple[Hashable, Hashable] | None = None, *, level: float = 0.95
) -> Interval:
    """Return the profile interval of a correlation of a term: of a pair of levels, or of the one correlation of all."""
    turned, place = _turned(fit, term, pair)
    component = turned.components[term]
    low, high = bounds_of(turned.problem.terms[term])
    if component.structure == "UN":
        index = 0 if pair is None else component.labels.index(pair[1])
        estimate = float(component.correlation[max(index, 1), 0])
    else:
        estimate = np.nan if component.rho is None else component.rho
    if not turned.layout.free[place] or not np.isfinite(estimate):
        return Interval(estimate, None, None)
    allowed, profile = float(chdtri(1.0, 1.0 - level)), _Profile(turned, place, _evaluate(turned))
    prepared = turned.problem.terms[term]

    def drop(rho: float) -> float:
        angle = angle_of(rho, -1.0, 1.0) if component.structure == "UN" else rho_angle(prepared, rho)
        return profile.drop(angle) - allowed

    inside = min(max(estimate, low), high)
    return Interval(estimate, _below(drop, low, inside), _below(drop, high, inside))


def correlation_test(
    fit: MultivariateResults, term: int = 0, pair: tuple[Hashable, Hashable] | None = None, *, rho: float = 0.0
) -> tuple[float, float] | None:
    """Return the likelihood-ratio test that a correlation has a value: chi-squared on 1 degree of freedom, and p.

    At a bound, 1 or -1, the statistic is 0 half of the time if the value is right, and p is halved: Self & Liang (1987),
    doi:10.1080/01621459.1987.10478472. None where the correlation is not estimated.
    """
    turned, place = _turned(fit, term, pair)
    if not turned.layout.free[place]:
        return None
    prepared = turned.problem.terms[term]
    unstructured = prepared.structure.code == "UN"
    bounds = (-1.0, 1.0) if unstructured else bounds_of(prepared)
    angle = angle_of(rho, -1.0, 1.0) if unstructured else rho_angle(prepared, rho)
    statistic = max(_Profile(turned, place, _evaluate(turned)).drop(angle), 0.0)
    return statistic, float(chdtrc(1.0, statistic)) * (0.5 if rho in bounds else 1.0)


def _start(fit: MultivariateResults, term: int) -> int:
    return sum(sum(each.structure.sizes(len(each.labels))) for each in fit.problem.terms[:term])


def _evaluate(fit: MultivariateResults) -> Evaluate:
    def evaluate(theta: Array) -> tuple[float, Array]:
        value, slope = fit.problem.evaluate(theta * fit.layout.units)
        return value, slope * fit.layout.units

    return evaluate


def _turned(
    fit: MultivariateResults, term: int, pair: tuple[Hashable, Hashable] | None
) -> tuple[MultivariateResults, int]:
    """Return the fit with a pair's first level first, and the place of the angle that is then the pair's correlation."""
    prepared, start = fit.problem.terms[term], _start(fit, term)
    q = len(prepared.labels)
    if prepared.structure.code != "UN" or q == 2 or pair is None:
        if q > 2 and prepared.structure.code == "UN":
            raise ValueError("name the pair of levels of which the correlation is meant")
        return fit, start + prepared.structure.sizes(q)[0]
    first = prepared.labels.index(pair[0])
    order = [first, *(place for place in range(q) if place != first)]
    component = fit.components[term]
    grid = np.ix_(order, order)
    labels = tuple(prepared.labels[place] for place in order)
    moved = replace(
        prepared, z=prepared.z[:, order], labels=labels, distances=prepared.distances[grid],
        together=prepared.together[grid],
    )  # fmt: skip
    stacks = [
        replace(stack, z=tuple(z[..., order] if place == term else z for place, z in enumerate(stack.z)))
        for stack in fit.problem.stacks
    ]
    terms = [moved if place == term else each for place, each in enumerate(fit.problem.terms)]
    correlation = np.nan_to_num(component.correlation[grid])
    np.fill_diagonal(correlation, 1.0)
    theta, units = fit.peak.theta.copy(), fit.layout.units.copy()
    units[start : start + q] = units[start : start + q][order]
    spread = np.sqrt(component.tau2[order]) / units[start : start + q]
    own = np.concatenate([spread, angles_of(correlation)])
    theta[start : start + len(own)] = own
    free = fit.layout.free.copy()
    free[start : start + q] = free[start : start + q][order]
    free[start + q : start + len(own)] = [moved.together[i, j] >= 1 for i in range(q) for j in range(i)]
    turned = replace(
        fit,
        problem=replace(fit.problem, stacks=stacks, terms=terms),
        layout=replace(fit.layout, units=units, free=free),
        peak=replace(fit.peak, theta=theta),
        components=tuple(
            replace(
                each, labels=labels, covariance=each.covariance[grid], tau2=each.tau2[order],
                correlation=each.correlation[grid],
            ) if place == term else each
            for place, each in enumerate(fit.components)
        ),
    )  # fmt: skip
    index = labels.index(pair[1])
    return turned, start + q + index * (index - 1) // 2


def _below(drop: Callable[[float], float], bound: float, at: float) -> float:
    """Return where the drop is 0 between a bound and the estimate; the bound, if it is not reached."""
    from scipy.optimize import brentq  # slow to import, and other analyses do not need it

    if bound == at or drop(bound) <= 0.0:
        return bound
    return float(brentq(drop, bound, at, xtol=TOLERANCE, rtol=1e-10))


def _beyond(drop: Callable[[float], float], at: float) -> float | None:
    """Return where the drop is 0 above an estimate; None if it never is."""
    from scipy.optimize import brentq  # slow to import, and other analyses do not need it

    inside, outside = at, max(2.0 * at, 0.1)
    for _ in range(MOST_DOUBLINGS):
        if drop(outside) > 0.0:
            return float(brentq(drop, inside, outside, xtol=TOLERANCE, rtol=1e-10))
        inside, outside = outside, 2.0 * outside
    return None
