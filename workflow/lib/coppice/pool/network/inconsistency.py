"""Do direct and indirect evidence agree: Q by designs, designs detached one by one, the design-by-treatment interaction.

Krahn, Binder & Koenig 2013, doi:10.1186/1471-2288-13-35; Higgins et al. 2012, doi:10.1002/jrsm.1044.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.network.contrasts import Contrasts, Integers
from coppice.pool.network.model import adjusted_weights


@dataclass(frozen=True, slots=True)
class Design:
    """The studies that compare the same treatments."""

    arms: tuple[int, ...]  # the treatments, by place
    studies: tuple[int, ...]  # the studies, by place
    rows: Integers  # their contrasts


@dataclass(frozen=True, slots=True)
class Part:
    """A part of Q with its degrees of freedom."""

    q: float
    df: int


def designs(data: Contrasts) -> list[Design]:
    """Return the designs of a network, in the order of their treatments, those with fewer arms first."""
    by_arms: dict[tuple[int, ...], list[int]] = {}
    for study, arms in enumerate(data.arms):
        by_arms.setdefault(tuple(arms.tolist()), []).append(study)
    return [
        Design(arms, tuple(by_arms[arms]), np.concatenate([data.rows[study] for study in by_arms[arms]]))
        for arms in sorted(by_arms, key=lambda arms: (len(arms), arms))
    ]


def q_of(data: Contrasts, weights: Array, rows: Integers) -> Part:
    """Return Q about the network that some contrasts make by themselves, in one part or several, and its degrees of freedom."""
    if not rows.size:
        return Part(0.0, 0)
    used, places = np.unique(np.concatenate([data.one[rows], data.other[rows]]), return_inverse=True)
    b = np.zeros((len(rows), len(used)))
    b[np.arange(len(rows)), places[: len(rows)]] = 1.0
    b[np.arange(len(rows)), places[len(rows) :]] = -1.0
    w, y = weights[rows], data.yi[rows]
    values, vectors = np.linalg.eigh(b.T @ (w[:, None] * b))
    kept = values > 1e-9 * values[-1]
    b, vectors = b @ vectors[:, kept], values[kept]  # type: ignore[assignment]
    residual = y - b @ ((b.T @ (w * y)) / vectors)
    arms = sum(len(data.arms[study]) - 1 for study in np.unique(data.study[rows]))
    return Part(float(np.sum(w * residual**2)), int(arms - kept.sum()))


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Q of a network, within and between its designs.

    Attributes
    ----------
    designs : list of Design
        The designs.
    within : list of Part
        Q of each design by itself: heterogeneity.
    between : Part
        The rest: inconsistency, the design-by-treatment test with common effects.
    detached : list of Part or None
        The rest when a design has effects of its own; None where that makes no difference.
    """

    designs: list[Design]
    within: list[Part]
    between: Part
    detached: list[Part | None]


def decomposition(data: Contrasts, tau2: float = 0.0, *, detach: bool = True) -> Decomposition:
    """Split Q of a network by its designs."""
    weights, every = adjusted_weights(data, tau2), np.arange(data.m)
    kinds = designs(data)
    within = [q_of(data, weights, design.rows) for design in kinds]
    whole = q_of(data, weights, every)
    heterogeneity = Part(sum(part.q for part in within), sum(part.df for part in within))
    between = minus(whole, heterogeneity)
    detached: list[Part | None] = []
    for design, own in zip(kinds, within, strict=True) if detach else ():
        others = q_of(data, weights, np.setdiff1d(every, design.rows))
        rest = minus(Part(others.q + own.q, others.df + own.df), heterogeneity)
        detached.append(rest if rest.df < between.df else None)
    return Decomposition(kinds, within, between, detached)


def minus(whole: Part, part: Part) -> Part:
    """Return what is left of a Q."""
    return Part(max(whole.q - part.q, 0.0), whole.df - part.df)


def tau2_within(data: Contrasts, kinds: Sequence[Design]) -> float:
    """Return the variance between studies of the same design, by the method of moments: inconsistency has no part in it."""
    weights = adjusted_weights(data)
    q, df, denominator = 0.0, 0, 0.0
    for design in kinds:
        part = q_of(data, weights, design.rows)
        q, df = q + part.q, df + part.df
        rows = design.rows
        b = data.incidence[rows][:, list(design.arms)]
        w = weights[rows]
        inverse = np.linalg.pinv(b.T @ (w[:, None] * b), hermitian=True)
        projected = np.diag(w) - (w[:, None] * b) @ inverse @ (b.T * w[None, :])
        same = data.study[rows][:, None] == data.study[rows][None, :]
        denominator += float(np.sum(projected * same * (b @ b.T / 2)))
    return max(0.0, (q - df) / denominator) if df > 0 and denominator > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Interaction:
    """The design-by-treatment test with random effects."""

    q: float
    df: int
    tau2: float  # between studies of the same design


def interaction(data: Contrasts) -> Interaction:
    """Return the test of all inconsistency at once, with a variance between studies of the same design."""
    tau2 = tau2_within(data, designs(data))
    between = decomposition(data, tau2, detach=False).between
    return Interaction(between.q, between.df, tau2)
