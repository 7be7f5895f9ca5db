"""What a search for variances and correlations starts from, and what it leaves fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.engine.structures import angle_of, compound_bounds
from coppice.pool.multivariate.engine.terms import Mask, Prepared

VARIANCES = (0.05, 0.5, 2.0)  # in units of the variance of the effects: a likelihood may have several peaks
CORRELATIONS = (0.0, 0.6)
MOST_STARTS = 30


@dataclass(frozen=True, slots=True)
class Layout:
    """The parameters of a search.

    Attributes
    ----------
    units : (t,)
        What a parameter is in units of: the spread of the effects for standard deviations, 1 for angles.
    is_sd, free : (t,)
        Whether a parameter is a standard deviation, and whether it is estimated.
    starts : list of (t,)
        In those units.
    notes : list of str
        What is fixed because the data do not determine it.
    """

    units: Array
    is_sd: Mask
    free: Mask
    starts: list[Array] = field(repr=False)
    notes: list[str]


def bounds_of(term: Prepared) -> tuple[float, float]:
    """Return the bounds of the one correlation of a term."""
    code = term.structure.code
    if code in ("CS", "HCS"):
        return compound_bounds(len(term.labels))
    return (0.0, 1.0) if code == "CAR" else (-1.0, 1.0)


def rho_angle(term: Prepared, rho: float) -> float:
    """Return the angle of the one correlation of a term; ValueError if it is out of its bounds."""
    low, high = bounds_of(term)
    if not low <= rho <= high:
        raise ValueError(f"rho of the random term '{term.name}' must be from {low:g} to {high:g}, not {rho:g}")
    return angle_of(rho**term.unit if term.structure.code == "CAR" else rho, low, high)


def rho_of(term: Prepared, angle: float) -> float:
    """Return the one correlation of a term by its angle."""
    low, high = bounds_of(term)
    value = low + 0.5 * (high - low) * (1.0 + float(np.sin(angle)))
    return float(value ** (1.0 / term.unit)) if term.structure.code == "CAR" else value


def lay_out(terms: Sequence[Prepared], spread: float, *, degrees: int) -> Layout:
    """Return the parameters of a search for the terms' variances; `degrees` are those of freedom of the residuals."""
    pieces = [_of_term(term, spread, degrees) for term in terms]
    options = [piece[3] for piece in pieces]
    combined = list(product(*options))
    if len(combined) > MOST_STARTS:
        most = max(len(option) for option in options)
        combined = [tuple(option[number % len(option)] for option in options) for number in range(most)]
    empty = np.zeros(0)
    return Layout(
        np.concatenate([empty, *(piece[0] for piece in pieces)]),
        np.concatenate([empty, *(piece[1] for piece in pieces)]).astype(bool),
        np.concatenate([empty, *(piece[2] for piece in pieces)]).astype(bool),
        [np.concatenate([empty, *start]) for start in combined],
        [note for piece in pieces for note in piece[4]],
    )


def _of_term(term: Prepared, spread: float, degrees: int) -> tuple[Array, Array, Mask, list[Array], list[str]]:
    q = len(term.labels)
    sds, angles = term.structure.sizes(q)
    lengths = np.sqrt((term.z**2).sum(axis=0) / np.maximum((term.z != 0).sum(axis=0), 1))
    lengths = np.where(lengths > 0, lengths, 1.0)
    units: Array = spread / (lengths if sds == q else np.full(1, np.sqrt((lengths**2).mean())))
    units = units ** (1.0 / term.structure.power)
    free_sds, free_angles, notes = np.ones(sds, dtype=bool), np.ones(angles, dtype=bool), _too_few(term, degrees)
    zero = np.zeros(sds, dtype=bool)
    if term.tau2 is None and (term.groups < 2 or degrees < 1):
        zero[:] = True
    elif term.tau2 is None and sds == q > 1:
        zero = np.diag(term.together) < 2
    apart = _apart(term, zero)
    starts, root = [], 0.5 / term.structure.power
    for variance, rho in product(VARIANCES, CORRELATIONS if angles else (0.0,)):
        own = np.full(sds, variance**root)
        if term.tau2 is not None:
            own = term.tau2[:sds] ** root / units
        own = np.where(zero, 0.0, own)
        if term.structure.code == "UN":
            turned = np.where(apart, 0.0, np.arcsin(rho))
        else:
            turned = np.full(angles, rho_angle(term, rho if term.rho is None else term.rho) if angles else 0.0)
        starts.append(np.concatenate([own, turned]))
    free_sds &= ~zero & (term.tau2 is None)
    free_angles &= ~apart & (term.rho is None) & bool((starts[0][:sds] != 0).any())
    sd = np.concatenate([np.ones(sds), np.zeros(angles)])
    return np.concatenate([units, np.ones(angles)]), sd, np.concatenate([free_sds, free_angles]), starts, notes


def _apart(term: Prepared, zero: Mask) -> Mask:
    """Return for each angle of a term whether the data say nothing of it: no group has both of its levels."""
    q = len(term.labels)
    angles = term.structure.sizes(q)[1]
    if term.structure.code != "UN":
        together = term.together[~np.eye(q, dtype=bool)]
        return np.full(angles, not (together > 0).any())
    return np.array([term.together[i, j] < 1 or zero[i] or zero[j] for i in range(q) for j in range(i)], dtype=bool)


def _too_few(term: Prepared, degrees: int) -> list[str]:
    """Return what is fixed in a term because the data do not determine it."""
    if term.tau2 is not None:
        return []
    if degrees < 1:
        return [f"There are no more effects than coefficients, so the variance of {term.name} is set to 0."]
    if term.groups < 2:
        return [f"All effects are of one {term.name}, so the variance between groups is set to 0."]
    notes, q = [], len(term.labels)
    sds, angles = term.structure.sizes(q)
    few = [str(label) for label, count in zip(term.labels, np.diag(term.together), strict=True) if count < 2]
    if sds == q > 1 and few:
        notes.append(f"One {term.name} alone has {', '.join(few)}, so the variance of that is set to 0.")
    apart = [f"{term.labels[j]} and {term.labels[i]}" for i in range(q) for j in range(i) if term.together[i, j] < 1]
    if angles and apart and (term.structure.code == "UN" or len(apart) == q * (q - 1) // 2):
        notes.append(f"No {term.name} has both {'; '.join(apart)}, so the data do not determine that correlation.")
    return notes
