"""Structures of a random term's covariance: standard deviations and the angles of correlations.

A covariance is G = D C D, with the standard deviations D = diag(s) and the correlations C. The scale of the search is
that of G's Cholesky factor, with signed s and with correlations as sines of angles (the spherical parameters of Pinheiro
& Bates 1996, doi:10.1007/BF00140873). Both bounds, a variance of 0 and a correlation of 1, are then ordinary inner
points, which a search reaches in finitely many steps; logarithms of the factor's diagonal would run to minus infinity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from coppice.core.errors import allowed_values_hint
from coppice.pool.kernel.kernel import Array

# Correlations (q, q) from angles (a,) and distances (q, q), and their derivatives (a, q, q).
Correlations = Callable[[Array, Array], tuple[Array, Array]]


def _independent(angles: Array, distances: Array) -> tuple[Array, Array]:
    """Return no correlation."""
    q = len(distances)
    return np.eye(q), np.zeros((0, q, q))


def _between(angle: float, low: float, high: float) -> tuple[float, float]:
    """Return a value between two bounds by its angle, and its derivative."""
    half = 0.5 * (high - low)
    return low + half * (1.0 + float(np.sin(angle))), half * float(np.cos(angle))


def angle_of(value: float, low: float, high: float) -> float:
    """Return the angle of a value between two bounds."""
    return float(np.arcsin(np.clip(2.0 * (value - low) / (high - low) - 1.0, -1.0, 1.0)))


def compound_bounds(q: int) -> tuple[float, float]:
    """Return the bounds between which one correlation of q levels gives a covariance."""
    return (-1.0 / (q - 1) if q > 1 else -1.0), 1.0


def _compound(angles: Array, distances: Array) -> tuple[Array, Array]:
    """Return one correlation between all levels."""
    q = len(distances)
    rho, slope = _between(float(angles[0]), *compound_bounds(q))
    others = 1.0 - np.eye(q)
    return np.eye(q) + rho * others, slope * others[None]


def _autoregressive(angles: Array, distances: Array) -> tuple[Array, Array]:
    """Return rho ** |i - j|, of levels in their order."""
    rho, slope = _between(float(angles[0]), -1.0, 1.0)
    lower = np.where(distances > 0, distances * np.power(rho, np.maximum(distances - 1.0, 0.0)), 0.0)
    return np.power(rho, distances), slope * lower[None]


def _continuous(angles: Array, distances: Array) -> tuple[Array, Array]:
    """Return r ** (|ti - tj| / s), r being the correlation at the smallest distance s, from 0 to 1."""
    r, slope = _between(float(angles[0]), 0.0, 1.0)
    steps = distances / unit_distance(distances)
    lower = np.where(steps > 0, steps * np.power(r, np.maximum(steps - 1.0, 0.0)), 0.0)
    return np.power(r, steps), slope * lower[None]


def unit_distance(distances: Array) -> float:
    """Return the smallest distance above 0 between levels; 1 where they have none."""
    return float(distances[distances > 0].min(initial=np.inf)) if (distances > 0).any() else 1.0


def _unstructured(angles: Array, distances: Array) -> tuple[Array, Array]:
    """Return any correlations: those of the rows of a Cholesky factor of length 1, given by their angles."""
    q = len(distances)
    factor, slopes = np.zeros((q, q)), np.zeros((len(angles), q, q))
    factor[0, 0], start = 1.0, 0
    for i in range(1, q):
        own = angles[start : start + i]
        sines, cosines = np.append(np.sin(own), 1.0), np.cos(own)
        tails = np.append(1.0, np.cumprod(cosines))
        factor[i, : i + 1] = sines * tails
        for j in range(i):
            varied = cosines.copy()
            varied[j] = -np.sin(own[j])
            row = sines * np.append(1.0, np.cumprod(varied))
            row[: j + 1] = 0.0
            row[j] = np.cos(own[j]) * tails[j]
            slopes[start + j, i, : i + 1] = row
        start += i
    half = slopes @ factor.T
    return factor @ factor.T, half + half.transpose(0, 2, 1)


def angles_of(correlations: Array) -> Array:
    """Return the angles of a matrix of correlations (q, q), as :func:`_unstructured` reads them."""
    q = len(correlations)
    factor = np.zeros((q, q))
    angles = []
    for i in range(q):
        rest = 1.0
        for j in range(i):
            inner = correlations[i, j] - factor[i, :j] @ factor[j, :j]
            factor[i, j] = inner / factor[j, j] if factor[j, j] > 0 else 0.0
            share = factor[i, j] / np.sqrt(rest) if rest > 0 else 0.0
            angles.append(float(np.arcsin(np.clip(share, -1.0, 1.0))))
            rest -= factor[i, j] ** 2
        factor[i, i] = np.sqrt(max(rest, 0.0))
    return np.array(angles)


@dataclass(frozen=True, slots=True)
class Structure:
    """A form of the covariance of a term's q levels or columns.

    `heteroscedastic`: whether each level has a variance of its own. `angles` is the number of angles of q levels, and
    `correlations` the matrix that they give.
    """

    code: str
    name: str
    heteroscedastic: bool
    angles: Callable[[int], int]
    correlations: Correlations

    @property
    def power(self) -> int:
        """The power of a parameter that is its standard deviation: 2 where one correlation is shared by several.

        There the signs of standard deviations would have to agree; squares do.
        """
        return 2 if self.heteroscedastic and self.angles(3) == 1 else 1

    def sizes(self, q: int) -> tuple[int, int]:
        """Return the numbers of standard deviations and of angles."""
        return (q if self.heteroscedastic else 1), self.angles(q) if q > 1 else 0

    def covariance(self, theta: Array, distances: Array) -> tuple[Array, Array]:
        """Return G (q, q) and its derivatives (t, q, q) by the standard deviations and angles `theta` (t,)."""
        q = len(distances)
        sds, angles = self.sizes(q)
        spread = np.broadcast_to(theta[:sds] ** self.power, (q,))
        correlations, slopes = self.correlations(theta[sds:], distances) if angles else _independent(theta, distances)
        by_sd = np.zeros((sds, q, q))
        if self.heteroscedastic:
            rows = correlations * spread * (self.power * theta[:sds] ** (self.power - 1))[:, None]
            by_sd[range(q), range(q), :] += rows
            by_sd[range(q), :, range(q)] += rows
        else:
            by_sd[0] = 2.0 * theta[0] * correlations
        scale = np.outer(spread, spread)
        return scale * correlations, np.concatenate([by_sd, scale * slopes])


def _none(q: int) -> int:
    return 0


def _one(q: int) -> int:
    return 1


def _pairs(q: int) -> int:
    return q * (q - 1) // 2


STRUCTURES: Mapping[str, Structure] = {
    structure.code: structure
    for structure in (
        Structure("ID", "one variance, no correlation", False, _none, _independent),
        Structure("DIAG", "a variance of each level, no correlation", True, _none, _independent),
        Structure("CS", "compound symmetry: one variance, one correlation", False, _one, _compound),
        Structure("HCS", "a variance of each level, one correlation", True, _one, _compound),
        Structure("AR", "one variance, autoregressive of order 1", False, _one, _autoregressive),
        Structure("HAR", "a variance of each level, autoregressive of order 1", True, _one, _autoregressive),
        Structure("CAR", "one variance, autoregressive in continuous time", False, _one, _continuous),
        Structure("UN", "unstructured: any variances and correlations", True, _pairs, _unstructured),
    )
}  # fmt: skip


def structure_of(code: str) -> Structure:
    """Return a structure by its code; ValueError names the nearest."""
    if code not in STRUCTURES:
        raise ValueError(f"no structure of random effects is called '{code}': {allowed_values_hint(code, STRUCTURES)}")
    return STRUCTURES[code]
