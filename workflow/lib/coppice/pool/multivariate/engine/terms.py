"""Random terms of a multivariate model: which effects share a random effect, and how its levels are correlated."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coppice.pool.dependence.clusters import positions
from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.engine.structures import Structure, structure_of, unit_distance

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A random term: Z u, with u independent between groups and of covariance G within one.

    Attributes
    ----------
    group : sequence of k
        The group of each effect: its study, or a combination such as (study, report) for a nested term. Terms whose
        groups cut across each other are crossed.
    levels : sequence of k, optional
        The level of each effect within its group, such as its outcome or time: u has an element per level. Levels of
        AR and HAR are in their sorted order; those of CAR are numbers.
    columns : (k, q), optional
        In place of `levels`: the design Z of random coefficients, such as an intercept and a slope.
        With neither, a group has one random intercept.
    structure : {"ID", "DIAG", "CS", "HCS", "AR", "HAR", "CAR", "UN"}
        The form of G; see `STRUCTURES`.
    relation : (g, g), optional
        Known correlation of the groups, in the order of their first appearance, as of related species.
    rho : float, optional
        A correlation that is fixed rather than estimated, of a structure with one (CS, HCS, AR, HAR, CAR).
    tau2 : float or (q,), optional
        Variances that are fixed rather than estimated.
    name : str
        For messages and results.
    """

    group: Sequence[Hashable]
    levels: Sequence[Hashable] | None = None
    columns: ArrayLike | None = None
    structure: str = "ID"
    relation: ArrayLike | None = None
    rho: float | None = None
    tau2: ArrayLike | None = None
    name: str = "study"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A term as arrays.

    Attributes
    ----------
    codes : (k,)
        Number of each effect's group.
    z : (k, q)
        Design within a group.
    labels : tuple of q
        Names of the levels or columns.
    distances : (q, q)
        Distances between the levels, for AR (in steps) and CAR (in units of time).
    together : (q, q)
        Number of groups in which two levels are both observed; the diagonal has the groups of each.
    """

    name: str
    structure: Structure
    codes: Index = field(repr=False)
    z: Array = field(repr=False)
    labels: tuple[Hashable, ...]
    distances: Array = field(repr=False)
    together: Array = field(repr=False)
    relation: Array | None = field(repr=False, default=None)
    rho: float | None = None
    tau2: Array | None = None

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.codes.max()) + 1

    @property
    def unit(self) -> float:
        """Return the distance of which the angle of CAR gives the correlation."""
        return unit_distance(self.distances)


def prepare(term: Term, kept: Mask) -> Prepared:
    """Return a term as arrays, for those effects that are kept; ValueError for one that contradicts itself."""
    structure = structure_of(term.structure)
    if len(term.group) != len(kept):
        raise ValueError(f"the random term '{term.name}' has groups of {len(term.group)} effects, not of {len(kept)}")
    if term.levels is not None and term.columns is not None:
        raise ValueError(f"the random term '{term.name}' has both levels and columns; give one of them")
    group = [name for name, keep in zip(term.group, kept, strict=True) if keep]
    codes = _codes(group)
    z, labels = _design(term, kept)
    q = z.shape[1]
    distances = np.abs(np.subtract.outer(np.arange(q, dtype=np.float64), np.arange(q, dtype=np.float64)))
    if term.structure == "CAR":
        if term.columns is not None or not all(isinstance(label, (int, float)) for label in labels):
            raise ValueError(f"CAR needs levels that are numbers (times) in the random term '{term.name}'")
        times = np.array(labels, dtype=np.float64)
        distances = np.abs(np.subtract.outer(times, times))
    seen = np.zeros((int(codes.max()) + 1, q))
    np.maximum.at(seen, codes, (z != 0).astype(np.float64))
    return Prepared(
        term.name, structure, codes, z, labels, distances, seen.T @ seen, _relation(term, group),
        term.rho, _fixed(term, q),
    )  # fmt: skip


def _codes(group: Sequence[Hashable]) -> Index:
    codes: Index = np.zeros(len(group), dtype=np.intp)
    for number, inside in enumerate(positions(group)):
        codes[inside] = number
    return codes


def _design(term: Term, kept: Mask) -> tuple[Array, tuple[Hashable, ...]]:
    """Return Z (k, q) and the names of its columns."""
    if term.columns is not None:
        columns = np.asarray(term.columns, dtype=np.float64)
        z = (columns[:, None] if columns.ndim == 1 else columns)[kept]
        return z, tuple(str(number + 1) for number in range(z.shape[1]))
    if term.levels is None:
        return np.ones((int(kept.sum()), 1)), (INTERCEPT,)
    own = [level for level, keep in zip(term.levels, kept, strict=True) if keep]
    labels = list(dict.fromkeys(own))
    if term.structure in ("AR", "HAR", "CAR"):
        labels = sorted(labels)  # type: ignore[type-var]  # times are of one kind
    place = {label: number for number, label in enumerate(labels)}
    z = np.zeros((len(own), len(labels)))
    z[range(len(own)), [place[level] for level in own]] = 1.0
    return z, tuple(labels)


def _relation(term: Term, group: Sequence[Hashable]) -> Array | None:
    if term.relation is None:
        return None
    relation = np.asarray(term.relation, dtype=np.float64)
    names = list(dict.fromkeys(term.group))
    if relation.shape != (len(names), len(names)):
        raise ValueError(
            f"the relation of '{term.name}' is {relation.shape}; it needs a row for each of {len(names)} groups"
        )
    places = [names.index(name) for name in dict.fromkeys(group)]
    return np.asarray(relation[np.ix_(places, places)])


def _fixed(term: Term, q: int) -> Array | None:
    if term.tau2 is None:
        return None
    fixed = np.broadcast_to(np.asarray(term.tau2, dtype=np.float64), (q,))
    if not (np.isfinite(fixed) & (fixed >= 0)).all():
        raise ValueError(f"a fixed variance of '{term.name}' must be a number of at least 0")
    return np.asarray(fixed)
