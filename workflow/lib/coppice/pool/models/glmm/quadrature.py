"""Nodes and weights of the integral over a study's random effect, each study's own: around its mode, between its tails.

Pinheiro & Bates (1995), doi:10.1080/10618600.1995.10474663, place a Gauss-Hermite rule at the mode. Its nodes miss a
tail that is much longer than the curvature at the mode lets expect, as that of a study without events is. The default
rule therefore looks for both tails and has a Gauss-Legendre rule on either side of the mode.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from coppice.pool.kernel.kernel import Array

NEGLIGIBLE = 36.0  # fall of the log-density at the ends: e^-36 is the rounding of a double
FARTHEST = (2.0 * NEGLIGIBLE) ** 0.5  # in standard normal units: the density falls at least as fast as the normal one
MOST_STEPS = 60
SMALL_STEP = 1e-10
LARGE_STEP = 2.0  # on the scale of the linear predictor
HALVINGS = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """How an integral is taken: `points` on either side of the mode, or, with `hermite`, of a Gauss-Hermite rule.

    `close` is the fall of the log-likelihood that may be left where a search by it ends: below the rule's own error
    the slopes are not those of the values, and no step rises.
    """

    points: int
    hermite: bool = False
    close: float = 1e-12


EXACT = Rule(20)
COARSE = Rule(7, hermite=True)  # for the search of a start


@cache
def legendre(points: int) -> tuple[Array, Array]:
    """Return nodes and weights on (0, 1)."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return 0.5 * (nodes + 1.0), 0.5 * weights


@cache
def hermite(points: int) -> tuple[Array, Array]:
    """Return nodes in units of the standard deviation, and weights that undo the normal density."""
    nodes, weights = np.polynomial.hermite.hermgauss(points)
    return np.sqrt(2.0) * nodes, np.sqrt(2.0) * weights * np.exp(nodes**2)


Density = Callable[[Array], tuple[Array, Array, Array]]  # a concave log-density with two derivatives, (..., q)


def mode(density: Density, start: Array, scale: Array) -> tuple[Array, Array]:
    """Return the mode of each concave log-density, and its curvature as a standard deviation (...), (...).

    Newton from `start` (...), with steps of at most LARGE_STEP on the scale of the linear predictor: `scale` (...) is
    the change of that predictor per unit.
    """
    place, most = start, LARGE_STEP / np.maximum(np.abs(scale), 1e-3)
    curvature = np.ones_like(place)
    for _ in range(MOST_STEPS):
        _, slope, curvature = (part[..., 0] for part in density(place[..., None]))
        step = np.clip(-slope / curvature, -most, most)
        place = place + step
        if np.abs(step).max(initial=0.0) < SMALL_STEP:
            break
    return place, 1.0 / np.sqrt(-curvature)


def nodes(density: Density, centre: Array, spread: Array, rule: Rule) -> tuple[Array, Array]:
    """Return nodes and logarithms of their weights (..., q) for a concave log-density with this mode and spread."""
    if rule.hermite:
        places, weights = hermite(rule.points)
        return centre[..., None] + spread[..., None] * places, np.log(spread)[..., None] + np.log(weights)
    ends = tail_ends(density, centre, spread)
    places, weights = legendre(rule.points)
    width = ends - centre[..., None]
    z = centre[..., None, None] + width[..., None] * places
    log = np.log(np.abs(width))[..., None] + np.log(weights)
    return z.reshape(*centre.shape, -1), log.reshape(*centre.shape, -1)


def tail_ends(density: Density, centre: Array, spread: Array) -> Array:
    """Return the places below and above each mode (..., 2) beyond which the density is negligible.

    By bisection, from outside: a rule that reaches a little too far loses little.
    """
    top = density(centre[..., None])[0]
    sides = np.array([-1.0, 1.0])
    near = np.minimum(1.5 * spread, 1.0)[..., None] * FARTHEST
    outside = np.where(density(centre[..., None] + near * sides)[0] - top < -NEGLIGIBLE, near, FARTHEST)
    inside = np.zeros_like(outside)
    for _ in range(HALVINGS):
        middle = 0.5 * (inside + outside)
        is_beyond = density(centre[..., None] + middle * sides)[0] - top < -NEGLIGIBLE
        inside, outside = np.where(is_beyond, inside, middle), np.where(is_beyond, middle, outside)
    return np.asarray(centre[..., None] + outside * sides)
