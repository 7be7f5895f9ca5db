"""Do direct and indirect evidence agree: Q by designs, designs detached one by one, the design-by-treatment interaction.

Krahn, Binder & Koenig 2013, doi:10.1186/1471-2288-13-35; Higgins et al. 2012, doi:10.1002/jrsm.1044.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.network.contrasts import Contrasts, Integers
from coppice.pool.multivariate.network.model import adjusted_weights

SMALLEST_EIGENVALUE = 1e-9  # of a Laplacian, as a part of its largest: below it there is a part of the graph by itself


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


class Sums:
    """What a set of contrasts adds to the normal equations: sums of designs are those of their studies.

    The effects are taken about the whole network's fit, so that Q is no difference of large numbers.
    """

    def __init__(self, data: Contrasts, weights: Array) -> None:
        self.data, self.weights = data, weights
        b, w = data.incidence, weights
        levels = np.linalg.pinv(b.T @ (w[:, None] * b), hermitian=True) @ (b.T @ (w * data.yi))
        self.residuals = data.yi - b @ levels

    def of(self, rows: Integers) -> tuple[Array, Array, float, int]:
        """Return the Laplacian (n, n), its right side (n,), the sum of squares, and arms less studies."""
        b, w, y = self.data.incidence[rows], self.weights[rows], self.residuals[rows]
        weighted = w[:, None] * b
        arms = sum(len(self.data.arms[study]) - 1 for study in np.unique(self.data.study[rows]))
        return b.T @ weighted, weighted.T @ y, float(w @ y**2), int(arms)


def q_of(laplacian: Array, side: Array, squares: float, contrasts: int) -> Part:
    """Return Q about the network that some contrasts make by themselves, in one part or several, from their sums."""
    values, vectors = np.linalg.eigh(laplacian)
    kept = values > SMALLEST_EIGENVALUE * max(values[-1], 1e-300)
    explained = float(np.sum((vectors[:, kept].T @ side) ** 2 / values[kept]))
    return Part(max(squares - explained, 0.0), contrasts - int(kept.sum()))


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
    sums = Sums(data, adjusted_weights(data, tau2))
    kinds, whole = designs(data), sums.of(np.arange(data.m))
    each = [sums.of(design.rows) for design in kinds]
    within = [q_of_design(data, design, own) for design, own in zip(kinds, each, strict=True)]
    heterogeneity = Part(sum(part.q for part in within), sum(part.df for part in within))
    between = minus(q_of(*whole), heterogeneity)
    inverse = np.asarray(np.linalg.pinv(whole[0], hermitian=True), dtype=np.float64)
    detached = [without(between, design, own, inverse) for design, own in zip(kinds, each, strict=True) if detach]
    return Decomposition(kinds, within, between, detached)


def without(between: Part, design: Design, own: tuple[Array, Array, float, int], inverse: Array) -> Part | None:
    """Return Q between designs when one has effects of its own; None where that makes no difference.

    With the design's estimate r about the network's and its covariance V, Q falls by r'(V - C L+ C')^-1 r, C being its
    contrasts; V - C L+ C' is the covariance of r, singular where the design alone holds parts of the network together.
    """
    arms = np.array(design.arms)
    precision = own[0][np.ix_(arms[1:], arms[1:])]
    covariance = np.linalg.inv(precision)
    levels = inverse[np.ix_(arms, arms)]
    fitted = levels[1:, 1:] - levels[1:, :1] - levels[:1, 1:] + levels[0, 0]
    values, vectors = np.linalg.eigh(covariance - fitted)
    kept = values > SMALLEST_EIGENVALUE * np.linalg.eigvalsh(covariance)[-1]
    if not kept.any():
        return None
    apart = vectors[:, kept].T @ (covariance @ own[1][arms[1:]])
    return Part(max(between.q - float(np.sum(apart**2 / values[kept])), 0.0), between.df - int(kept.sum()))


def q_of_design(data: Contrasts, design: Design, own: tuple[Array, Array, float, int]) -> Part:
    """Return Q of the studies of one design by themselves: over their treatments alone, which are few."""
    arms = np.array(design.arms)
    return q_of(own[0][np.ix_(arms, arms)], own[1][arms], own[2], own[3])


def minus(whole: Part, part: Part) -> Part:
    """Return what is left of a Q."""
    return Part(max(whole.q - part.q, 0.0), whole.df - part.df)


def tau2_within(data: Contrasts, kinds: Sequence[Design]) -> float:
    """Return the variance between studies of the same design, by the method of moments: inconsistency has no part in it."""
    weights = adjusted_weights(data)
    sums = Sums(data, weights)
    q, df, denominator = 0.0, 0, 0.0
    for design in (design for design in kinds if len(design.studies) > 1):
        rows = design.rows
        part = q_of_design(data, design, sums.of(rows))
        q, df = q + part.q, df + part.df
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
