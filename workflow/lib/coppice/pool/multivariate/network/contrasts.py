"""The data of a network: pairwise contrasts of its studies as arrays, all pairs of the arms of each study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from coppice.pool.kernel.kernel import Array

Integers = NDArray[np.int64]
MOST_GAP = (
    0.1  # standard errors of contrasts of a multi-arm study that should add up: less is rounding of what was printed
)
MOST_STANDARD_ERRORS = 3.0  # of such a gap: contrasts further apart are not of the same arms
LEAST_EIGENVALUE = -1e-10  # of a covariance, as a part of its largest; rounding makes zeros negative


class NotANetwork(ValueError):
    """The contrasts make no network; the message says why."""


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class Contrasts:
    """Pairwise contrasts, one treatment less the other, sorted by study.

    Attributes
    ----------
    treatments, studies : tuple of str
        Names; the arrays hold places in these.
    study, one, other : Integers
        The study of each contrast and its two treatments (m,).
    yi, vi : Array
        The effect of `one` against `other` and its variance (m,).
    """

    treatments: tuple[str, ...]
    studies: tuple[str, ...]
    study: Integers
    one: Integers
    other: Integers
    yi: Array
    vi: Array

    @property
    def m(self) -> int:
        """The number of contrasts."""
        return len(self.yi)

    @property
    def n(self) -> int:
        """The number of treatments."""
        return len(self.treatments)

    @property
    def k(self) -> int:
        """The number of studies."""
        return len(self.studies)

    @cached_property
    def rows(self) -> list[Integers]:
        """The places of the contrasts of each study."""
        ends = np.searchsorted(self.study, np.arange(self.k + 1))
        return [np.arange(start, end) for start, end in zip(ends[:-1], ends[1:], strict=True)]

    @cached_property
    def arms(self) -> list[Integers]:
        """The treatments of each study, in ascending order."""
        return [np.unique(np.concatenate([self.one[rows], self.other[rows]])) for rows in self.rows]

    @cached_property
    def incidence(self) -> Array:
        """The matrix B (m, n): 1 for the one treatment of a contrast, -1 for the other."""
        matrix = np.zeros((self.m, self.n))
        matrix[np.arange(self.m), self.one] = 1.0
        matrix[np.arange(self.m), self.other] = -1.0
        return matrix

    @cached_property
    def degrees(self) -> int:
        """The degrees of freedom of Q: arms less studies less the treatments but one."""
        return sum(len(arms) - 1 for arms in self.arms) - (self.n - 1)

    def without(self, rows: Array) -> Contrasts:
        """Return the contrasts but for some (m,), with the studies and treatments that are left."""
        kept = ~np.asarray(rows, dtype=bool)
        return contrasts(
            [self.studies[place] for place in self.study[kept]],
            [self.treatments[place] for place in self.one[kept]],
            [self.treatments[place] for place in self.other[kept]],
            self.yi[kept],
            self.vi[kept],
            order=self.treatments,
        )


def contrasts(
    study: Sequence[str],
    one: Sequence[str],
    other: Sequence[str],
    yi: Sequence[float] | Array,
    vi: Sequence[float] | Array,
    *,
    order: Iterable[str] = (),
) -> Contrasts:
    """Return contrasts as arrays; treatments in `order`, or else sorted, studies as they first come."""
    wanted = {name: place for place, name in enumerate(order)}
    names = sorted({*one, *other}, key=lambda name: (wanted.get(name, len(wanted)), name.casefold(), name))
    place = {name: index for index, name in enumerate(names)}
    studies = list(dict.fromkeys(study))
    of_study = {name: index for index, name in enumerate(studies)}
    index = np.array([of_study[name] for name in study], dtype=np.int64)
    sorting = np.argsort(index, kind="stable")
    ones, others = (np.array([place[name] for name in side], dtype=np.int64)[sorting] for side in (one, other))
    effects, variances = (np.asarray(values, dtype=np.float64)[sorting] for values in (yi, vi))
    made = Contrasts(tuple(names), tuple(studies), index[sorting], ones, others, effects, variances)
    check_studies(made)
    return made


def check_studies(data: Contrasts) -> None:
    """Raise NotANetwork where a study lacks contrasts of its arms, has one twice, or has ones that contradict."""
    for name, rows, arms in zip(data.studies, data.rows, data.arms, strict=True):
        pairs = {frozenset(pair) for pair in zip(data.one[rows].tolist(), data.other[rows].tolist(), strict=True)}
        label = [data.treatments[arm] for arm in arms]
        wanted = len(arms) * (len(arms) - 1) // 2
        if len(pairs) < len(rows):
            raise NotANetwork(f"{name} has a comparison twice; a study compares two treatments once")
        if len(rows) != wanted:
            lacking = [f"{data.treatments[a]} with {data.treatments[b]}" for a, b in combinations(arms.tolist(), 2) if frozenset((a, b)) not in pairs]  # fmt: skip
            raise NotANetwork(
                f"{name} has {len(arms)} arms ({', '.join(label)}) and {len(rows)} of their {wanted} comparisons: "
                f"it lacks {' and '.join(lacking)}; without it the covariance is not known: report it, or figures by arm"
            )


def parts(data: Contrasts) -> list[list[str]]:
    """Return the treatments of each connected part of a network, the largest first."""
    belongs = np.arange(data.n)
    for one, other in zip(data.one.tolist(), data.other.tolist(), strict=True):
        low, high = sorted((belongs[one], belongs[other]))
        belongs[belongs == high] = low
    groups = [[data.treatments[place] for place in np.flatnonzero(belongs == part)] for part in np.unique(belongs)]
    return sorted(groups, key=lambda group: (-len(group), group))


def check_connected(data: Contrasts) -> None:
    """Raise NotANetwork where treatments are not connected, with the parts."""
    separate = parts(data)
    if len(separate) > 1:
        named = "; ".join(", ".join(group) for group in separate)
        raise NotANetwork(
            f"the network is not connected, its {len(separate)} parts are: {named}; pool one part alone, or lump treatments"
        )


def variances_of(data: Contrasts, rows: Integers, arms: Integers, tau2: float = 0.0) -> Array:
    """Return the variances of the contrasts of one study as a symmetric matrix over its arms."""
    places = np.searchsorted(arms, data.one[rows]), np.searchsorted(arms, data.other[rows])
    matrix = np.zeros((len(arms), len(arms)))
    matrix[places] = data.vi[rows] + tau2
    return matrix + matrix.T


def covariance_against_first(variances: Array) -> Array:
    """Return the covariance of the contrasts of all arms but the first with the first, from the variances of all pairs.

    cov(i-1, j-1) = (v_1i + v_1j - v_ij) / 2.
    """
    with_first = variances[0, 1:]
    covariance: Array = (with_first[:, None] + with_first[None, :] - variances[1:, 1:]) / 2
    return covariance


def named_study(data: Contrasts, place: int) -> str:
    """Return how a message names a study, with its treatments."""
    return f"{data.studies[place]} ({', '.join(data.treatments[arm] for arm in data.arms[place])})"


def gaps(data: Contrasts) -> Iterator[tuple[str, str]]:
    """Yield the multi-arm studies whose contrasts do not add up, with the widest gap in words."""
    for name, (_, errors, text) in zip(data.studies, map(partial(widest_gap, data), range(data.k)), strict=True):
        if errors > MOST_GAP:
            yield name, text


def widest_gap(data: Contrasts, study: int) -> tuple[float, float, str]:
    """Return by how much three contrasts of a study fail to add up at most, also in standard errors, and which they are."""
    arms = data.arms[study].tolist()
    if len(arms) < 3:
        return 0.0, 0.0, ""
    effect: dict[tuple[int, int], float] = {}
    variance: dict[tuple[int, int], float] = {}
    for row in data.rows[study].tolist():
        a, b = int(data.one[row]), int(data.other[row])
        effect[a, b], effect[b, a] = float(data.yi[row]), -float(data.yi[row])
        variance[a, b] = variance[b, a] = float(data.vi[row])
    widest = (0.0, 0.0, "")
    for a, b, c in combinations(arms, 3):
        gap = abs(effect[a, b] + effect[b, c] - effect[a, c])
        names = [data.treatments[arm] for arm in (a, b, c)]
        text = f"{names[0]} against {names[1]} and {names[1]} against {names[2]} make {effect[a, b] + effect[b, c]:.4g}, and {names[0]} against {names[2]} is {effect[a, c]:.4g}"
        error = min(variance[a, b], variance[b, c], variance[a, c]) ** 0.5
        widest = max(widest, (gap, gap / error, text))
    return widest


def check_variances(data: Contrasts) -> None:
    """Raise NotANetwork where contrasts of a multi-arm study, or their variances, can't be of the same arms."""
    for place, (rows, arms) in enumerate(zip(data.rows, data.arms, strict=True)):
        if len(arms) < 3:
            continue
        values = np.linalg.eigvalsh(covariance_against_first(variances_of(data, rows, arms)))
        if values[0] <= LEAST_EIGENVALUE * values[-1]:
            raise NotANetwork(
                f"the standard errors of the comparisons of {named_study(data, place)} contradict one another: "
                "no arms have such differences"
            )
        _, errors, text = widest_gap(data, place)
        if errors > MOST_STANDARD_ERRORS:
            raise NotANetwork(f"the comparisons of {named_study(data, place)} contradict one another: {text}")
