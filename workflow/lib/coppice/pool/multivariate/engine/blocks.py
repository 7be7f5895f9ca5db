"""The effects of a multivariate model in independent blocks, stacked by size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.engine.terms import Index, Prepared

STEPS = (
    1,
    2,
    3,
    4,
    6,
)  # sizes to which blocks are filled up, and their multiples by powers of 4: few stacks, little waste


@dataclass(frozen=True, slots=True)
class Stack:
    """Blocks of one size n: m of them, each filled up by effects of 0 with variance 1 that have no part in the model.

    Attributes
    ----------
    places : (m, n)
        Positions of the effects; -1 where a block is filled up.
    y : (m, n)
    x : (m, n, p)
    sampling : (m, n, n)
        Covariance of the sampling errors.
    z : tuple of (m, n, q)
        Design of each random term.
    shared : tuple of (m, n, n) or None
        Whether two effects are of one group of each term, or the correlation of their groups; None where all are.
    """

    places: Index = field(repr=False)
    y: Array = field(repr=False)
    x: Array = field(repr=False)
    sampling: Array = field(repr=False)
    z: tuple[Array, ...] = field(repr=False)
    shared: tuple[Array | None, ...] = field(repr=False)


Entries = tuple[Index, Index, Array]  # rows, columns, values


def entries(covariance: object, k: int) -> Entries:
    """Return rows, columns and values of a sampling covariance that are not 0.

    It is given as variances (k,), as a matrix (k, k), or as the matrices of consecutive blocks. ValueError is raised if
    it has another size, or is not symmetric or not finite.
    """
    if isinstance(covariance, Sequence) and covariance and np.ndim(covariance[0]) == 2:
        parts, start = [], 0
        for given in covariance:
            one, other, value = entries(given, len(given))
            parts.append((one + start, other + start, value))
            start += len(given)
        if start != k:
            raise ValueError(f"the blocks of the sampling covariance are of {start} effects, not of {k}")
        return (
            np.concatenate([part[0] for part in parts]),
            np.concatenate([part[1] for part in parts]),
            np.concatenate([part[2] for part in parts]),
        )
    v = np.asarray(covariance, dtype=np.float64)
    if v.ndim == 1 and len(v) == k:
        return np.arange(k), np.arange(k), v
    if v.shape != (k, k):
        raise ValueError(f"the sampling covariance has the shape {v.shape}; it needs ({k},) or ({k}, {k})")
    if not np.allclose(v, v.T, rtol=1e-10, atol=0.0, equal_nan=True):
        raise ValueError("the sampling covariance is not symmetric")
    rows, columns = np.nonzero(v)
    return rows, columns, v[rows, columns]


def stacks(y: Array, x: Array, sampling: Entries, terms: Sequence[Prepared]) -> list[Stack]:
    """Arrange effects in independent blocks: those that a covariance or a random effect connects are of one block."""
    block = _blocks(len(y), sampling, terms)
    order = np.argsort(block, kind="stable")
    sizes = np.bincount(block)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    inner = np.empty(len(y), dtype=np.intp)
    inner[order] = np.arange(len(y)) - np.repeat(starts, sizes)
    filled = np.array([_filled(int(size)) for size in sizes])
    filled = np.minimum(filled, sizes.max())
    made = []
    for n in np.unique(filled):
        chosen = np.flatnonzero(filled == n)
        number = np.full(len(sizes), -1)
        number[chosen] = np.arange(len(chosen))
        made.append(_stack(int(n), number[block], inner, (y, x, sampling), terms))
    return made


def _filled(size: int) -> int:
    """Return the size to which a block is filled up."""
    scale = 1
    while True:
        for step in STEPS:
            if size <= step * scale:
                return step * scale
        scale *= 4


def _blocks(k: int, sampling: Entries, terms: Sequence[Prepared]) -> Index:
    """Return the number of each effect's block, blocks in the order of their first effect."""
    rows: list[Index] = [sampling[0]]
    columns: list[Index] = [sampling[1]]
    for term in terms:
        first = np.full(term.groups, -1)
        first[term.codes[::-1]] = np.arange(k)[::-1]
        rows.append(np.arange(k))
        columns.append(first[term.codes])
        if term.relation is not None:
            one, other = np.nonzero(term.relation)
            rows.append(first[one])
            columns.append(first[other])
    at = (np.concatenate(rows), np.concatenate(columns))
    labels = connected_components(coo_array((np.ones(len(at[0])), at), shape=(k, k)), directed=False)[1]
    _, where, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank: Index = np.empty(len(where), dtype=np.intp)
    rank[np.argsort(where)] = np.arange(len(where))
    return np.asarray(rank[inverse])


def _stack(n: int, number: Index, inner: Index, data: tuple[Array, Array, Entries], terms: Sequence[Prepared]) -> Stack:
    y, x, (rows, columns, values) = data
    here = np.flatnonzero(number >= 0)
    at, m = (number[here], inner[here]), int(number.max()) + 1
    places = np.full((m, n), -1)
    places[at] = here
    covariance = np.zeros((m, n, n))
    covariance[:, range(n), range(n)] = places < 0
    own = number[rows] >= 0
    covariance[number[rows][own], inner[rows][own], inner[columns][own]] = values[own]
    of_y, of_x = np.zeros((m, n)), np.zeros((m, n, x.shape[1]))
    of_y[at], of_x[at] = y[here], x[here]
    z, shared = [], []
    for term in terms:
        design, codes = np.zeros((m, n, term.z.shape[1])), np.full((m, n), -1)
        design[at], codes[at] = term.z[here], term.codes[here]
        z.append(design)
        shared.append(_shared(codes, term.relation))
    return Stack(places, of_y, of_x, covariance, tuple(z), tuple(shared))


def _shared(codes: Index, relation: Array | None) -> Array | None:
    """Return whether effects (m, n) are of one group (m, n, n), or how their groups are correlated; None where all are."""
    if relation is not None:
        return np.asarray(relation[codes[:, :, None], codes[:, None, :]])
    first = codes[:, :1]  # a block's first effect is never one that fills it up
    if ((codes == first) | (codes < 0)).all():
        return None
    return np.asarray(codes[:, :, None] == codes[:, None, :], dtype=np.float64)
