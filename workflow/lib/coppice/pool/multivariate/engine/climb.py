"""The maximum of a likelihood in standard deviations and angles, with components at their bounds found exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.engine.terms import Mask

Evaluate = Callable[[Array], tuple[float, Array]]

MOST_STEPS = 60
MOST_HALVINGS = 30
ENOUGH = 1e-3  # of the decrement: what a step has to leave of it, or the Hessian is computed again
AGREEING = 2  # searches that reach the same height make a further one needless
SEARCHED = 3  # starts of the highest likelihood from which a search goes out
DIFFERENCE = 1e-5  # of the parameters, in central differences of the gradient
SAME = 1e-10  # relative: likelihoods that differ by less are of one maximum
FLAT = 1e-9  # relative: directions with less curvature are those that the data do not determine
NOTHING = 1e-4  # a standard deviation below it, in units of the spread of the effects, is 0: its variance is 1e-8 of it
ZERO_DECREMENT = 1e-30  # below what rounding leaves of a gradient


@dataclass(frozen=True, slots=True)
class Peak:
    """A maximum: where, how high, whether the search reached it, in how many steps, and -1 times its Hessian."""

    theta: Array
    value: float
    converged: bool
    steps: int
    curvature: Array = field(repr=False)


def highest(evaluate: Evaluate, starts: list[Array], free: Mask, is_sd: Mask, is_angle: Mask | None = None) -> Peak:
    """Return the highest maximum that searches from several starts reach.

    `free` (t,) marks the parameters to estimate, `is_sd` (t,) those that are standard deviations, in units of the
    spread of the effects, and `is_angle` (t,) those that are angles: all others by default.
    """
    is_angle = ~is_sd if is_angle is None else is_angle
    ranked = sorted(starts, key=lambda start: -evaluate(start)[0])
    searched, heights = [], []
    for start in ranked[:SEARCHED]:
        searched.append(_search(evaluate, start, free))
        heights.append(evaluate(searched[-1][0])[0])
        if len(heights) == AGREEING and abs(heights[0] - heights[1]) <= SAME * (1.0 + abs(heights[0])):
            break
    enough = max(heights) - SAME * (1.0 + abs(max(heights)))
    theta, steps = next(each for each, value in zip(searched, heights, strict=True) if value >= enough)
    return _finish(evaluate, theta, steps, free, is_sd=is_sd, is_angle=is_angle)


def near(evaluate: Evaluate, start: Array, free: Mask, is_sd: Mask, is_angle: Mask) -> Peak:
    """Return the maximum next to a point that is close to one, by Newton's method alone."""
    return _finish(evaluate, start, 0, free, is_sd=is_sd, is_angle=is_angle)


def height(evaluate: Evaluate, starts: list[Array], free: Mask) -> float:
    """Return the likelihood that a search reaches from the highest of several starts, or from the first."""
    if not free.any():
        return evaluate(starts[0])[0]
    others = sorted(starts[1:], key=lambda start: -evaluate(start)[0])[:1]
    return max(evaluate(_search(evaluate, start, free)[0])[0] for start in (starts[0], *others))


def _finish(evaluate: Evaluate, theta: Array, steps: int, free: Mask, *, is_sd: Mask, is_angle: Mask) -> Peak:
    """Solve for the root of the gradient, put what is next to a bound onto it, and solve for the rest."""
    peak = _polish(evaluate, theta, free)
    nothing = free & is_sd & (np.abs(peak.theta) < NOTHING)
    bound = free & is_angle & (np.abs(np.cos(peak.theta)) < NOTHING)
    if nothing.any() or bound.any():
        at = np.where(nothing, 0.0, peak.theta)
        at = np.where(bound, np.copysign(np.pi / 2.0, np.sin(at)), at)
        on_bound = _polish(evaluate, at, free & ~nothing & ~bound)
        if on_bound.value >= peak.value - 1e-8 * (1.0 + abs(peak.value)):
            peak = on_bound
    return Peak(peak.theta, peak.value, peak.converged, peak.steps + steps, peak.curvature)


def _search(evaluate: Evaluate, start: Array, free: Mask) -> tuple[Array, int]:
    """Return what the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno reaches."""
    from scipy.optimize import minimize  # slow to import, and other analyses do not need it

    if not free.any():
        return start, 0
    theta = start.copy()

    def objective(part: Array) -> tuple[float, Array]:
        theta[free] = part
        value, slope = evaluate(theta)
        return (-value, -slope[free]) if np.isfinite(value) else (1e300, np.zeros(int(free.sum())))

    found = minimize(objective, start[free], jac=True, method="BFGS", options={"gtol": 1e-7, "maxiter": 500})
    theta[free] = found.x
    return theta, int(found.nit)


def hessian(evaluate: Evaluate, at: Array, free: Mask) -> Array:
    """Return the second derivatives by the free parameters, from central differences of the gradient."""
    places = np.flatnonzero(free)
    rows = np.zeros((len(places), len(places)))
    for row, place in enumerate(places):
        up, down = at.copy(), at.copy()
        size = DIFFERENCE * max(1.0, abs(float(at[place])))
        up[place] += size
        down[place] -= size
        rows[row] = (evaluate(up)[1][places] - evaluate(down)[1][places]) / (2.0 * size)
    return np.asarray(0.5 * (rows + rows.T))


def _polish(evaluate: Evaluate, at: Array, free: Mask) -> Peak:
    """Return the root of the gradient next to a maximum, by Newton's method; a likelihood shows half its digits only."""
    value, slope = evaluate(at)
    curvature = -hessian(evaluate, at, free)
    if not free.any():
        return Peak(at, value, True, 0, curvature)
    step, decrement = _newton(curvature, slope[free])
    steps, converged = 0, False
    for steps in range(1, MOST_STEPS + 1):  # noqa: B007 - the number of steps is reported
        if decrement <= ZERO_DECREMENT:
            converged = True
            break
        for halving in range(MOST_HALVINGS):
            new = at.copy()
            new[free] += step * 0.5**halving
            reached, further = evaluate(new)
            if reached >= value - 1e-12 * (1.0 + abs(value)):
                break
        else:
            break
        next_step, smaller = _newton(curvature, further[free])
        next_curvature = curvature
        if smaller > ENOUGH * decrement:
            next_curvature = -hessian(evaluate, new, free)
            next_step, smaller = _newton(next_curvature, further[free])
        if decrement < 1e-12 and not smaller < decrement:
            converged = True
            break
        at, value, slope, curvature, step, decrement = new, reached, further, next_curvature, next_step, smaller
    return Peak(at, value, converged or decrement < 1e-12, steps, curvature)


def _newton(curvature: Array, slope: Array) -> tuple[Array, float]:
    """Return Newton's step and its decrement, along directions that curve down; others are climbed at unit curvature."""
    values, vectors = np.linalg.eigh(curvature)
    most = max(float(np.abs(values).max()), np.finfo(np.float64).tiny)
    along = vectors.T @ slope
    flat = np.abs(values) < FLAT * most
    shares = np.where(flat, 0.0, along / np.where(flat, 1.0, np.abs(values)))
    return vectors @ shares, float(along @ shares)
