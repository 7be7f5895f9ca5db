"""Mantel-Haenszel for networks of odds ratios: studies of a design pooled from their counts, designs by least squares.

Efthimiou et al. 2019, doi:10.1002/sim.8158: the effects are common. Counts enter as they are, without a correction of zeros.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.network.cells import Cells
from coppice.pool.multivariate.network.contrasts import Contrasts, contrasts

Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """The arms of a network that tell about an odds ratio.

    Attributes
    ----------
    designs : mapping
        The treatments of each design in their order, with its studies: the cells of each arm.
    without : mapping
        The studies that are left out, each with the reason.
    silent : list of str
        A sentence for each treatment that a design leaves out although its studies enter.
    """

    designs: Mapping[tuple[str, ...], Mapping[str, Mapping[str, Cells]]]
    without: Mapping[str, str] = field(default_factory=dict)
    silent: Sequence[str] = ()

    def compares(self, study: str, pair: Iterable[str]) -> bool:
        """Return whether a study enters with both of two treatments."""
        return any(study in studies and set(pair) <= set(arms) for arms, studies in self.designs.items())

    def studies_of(self, treatment: str) -> list[str]:
        """Return the studies that enter with a treatment."""
        return [study for arms, studies in self.designs.items() if treatment in arms for study in studies]

    def number(self, pair: Iterable[str]) -> int:
        """Return the number of studies that enter with both of two treatments."""
        return sum(len(studies) for arms, studies in self.designs.items() if set(pair) <= set(arms))


def counted(studies: Mapping[str, Mapping[str, Cells]], order: Sequence[str]) -> Counted:
    """Sort studies by their designs; what tells nothing is left out.

    A study in which no patient of any arm, or every one, has the event tells nothing of an odds ratio. A treatment that
    has no event, or only events, in all studies of a design has no odds ratio there: the design goes on without it.
    """
    places = {name: place for place, name in enumerate(order)}
    without = {study: "no patient, or every patient, of its arms has the event" for study, arms in studies.items() if not tells(arms)}  # fmt: skip
    silent: list[str] = []
    rest = {study: dict(arms) for study, arms in studies.items() if study not in without}
    while True:  # a design that loses a treatment joins the design of the others
        designs: dict[tuple[str, ...], dict[str, dict[str, Cells]]] = {}
        for study, arms in rest.items():
            designs.setdefault(tuple(sorted(arms, key=places.__getitem__)), {})[study] = arms
        mute = {
            arms: [name for name in arms if any(sum(cells) == 0 for cells in zip(*(own[name] for own in own_studies.values()), strict=True))]
            for arms, own_studies in designs.items()
        }  # fmt: skip
        concerned = [design for design, names in mute.items() if names]
        if not concerned:
            return Counted(designs, without, silent)
        for design in concerned:
            named, whole = " and ".join(mute[design]), list(designs[design])
            for study in whole:
                left = {name: cells for name, cells in rest.pop(study).items() if name not in mute[design]}
                if len(left) > 1 and tells(left):
                    rest[study] = left
                else:
                    without[study] = f"no patient, or every patient, with {named} has the event in the studies that compare {', '.join(design)}: there is no odds ratio without a correction"  # fmt: skip
            if kept := [study for study in whole if study in rest]:
                silent.append(f"{named} has no odds ratio in {', '.join(kept)}, where no patient with it, or every one, has the event: these studies enter with their other treatments.")  # fmt: skip


def tells(arms: Mapping[str, Cells]) -> bool:
    """Return whether some patients of a study have the event, and some have not."""
    return all(sum(cells) > 0 for cells in zip(*arms.values(), strict=True)) if arms else False


def pooled_design(events: Array, others: Array) -> tuple[Array, Array]:
    """Pool studies of the same treatments: the log odds ratios of all pairs, row against column, and their variances.

    Parameters
    ----------
    events, others : Array
        Patients with the event and without (studies, treatments).

    Returns
    -------
    Array, Array
        Both (treatments, treatments). They are consistent: those of A against B and B against C add up.

    Notes
    -----
    Greenland 1989, Biometrics 45:183-191: each log odds ratio L_hi is that of Mantel and Haenszel, with the patients of all
    arms of a study as its size; the consistent ones are the differences of the means of L_h. over the treatments. Their
    covariance holds in few large studies and in many small ones; with two treatments it is that of Robins, Breslow &
    Greenland 1986, doi:10.2307/2531052.
    """
    x, y = events, others
    n, size = x + y, x.shape[1]
    w = 1.0 / n.sum(axis=1) ** 2
    c = np.einsum("k,kh,ki->hi", np.sqrt(w), x, y)
    np.fill_diagonal(c, 1.0)  # of no pair
    mean = np.log(c / c.T).sum(axis=1) / size

    def over(text: str, *parts: Array) -> Array:
        total: Array = np.einsum(text, w, *parts)
        return total

    squared = over("k,kh,ki->hi", x * x, y) + over("k,kh,ki->hi", x, y * y)  # (x_h y_i)(x_h + y_i)
    crossed = over("k,kh,ki,ki->hi", x, y, x) + over("k,kh,kh,ki->hi", x, y, y)  # (x_h y_i)(x_i + y_h)
    variance = (squared / c**2 + (crossed + crossed.T) / (c * c.T) + (squared / c**2).T) / 2
    # the covariance of L_hi and L_hs, which share the treatment h (h, i, s)
    ci, cs, ic, sc = c[:, :, None], c[:, None, :], c.T[:, :, None], c.T[:, None, :]
    shared = (
        over("k,kh,ki,ks->his", x, y, y) / (ci * cs)
        + over("k,kh,ki,ks->his", n, x, y) / (ic * cs)
        + over("k,kh,ki,ks->his", n, y, x) / (ci * sc)
        + over("k,kh,ki,ks->his", y, x, x) / (ic * sc)
    ) / 3
    index = np.arange(size)
    shared[:, index, index] = variance
    shared[index, index, :] = shared[index, :, index] = 0.0
    covariance = np.zeros((size, size))
    for h, i in combinations(range(size), 2):
        # of L_h. and L_i.: L_hi = -L_ih, L_hi with L_it, L_hs with L_ih, and L_hs with L_is
        same = -variance[h, i]
        through = -(shared[i, h].sum() - variance[h, i]) - (shared[h, i].sum() - variance[h, i])
        third = sum(shared[s, h, i] for s in range(size) if s not in (h, i))
        covariance[h, i] = covariance[i, h] = same + through + third
    covariance[index, index] = shared.sum(axis=(1, 2))
    covariance /= size**2
    spread = covariance[index, index][:, None] + covariance[index, index][None, :] - 2 * covariance
    return mean[:, None] - mean[None, :], spread


def by_design(data: Counted, order: Sequence[str]) -> Contrasts:
    """Return the pooled contrasts of the designs, each design as one study of its treatments."""
    rows: list[tuple[str, str, str, float, float]] = []
    for arms, studies in data.designs.items():
        cells = np.array([[own[name] for name in arms] for own in studies.values()])
        effects, variances = pooled_design(cells[:, :, 0], cells[:, :, 1])
        rows += [
            (", ".join(arms), arms[one], arms[other], effects[one, other], variances[one, other])
            for one, other in combinations(range(len(arms)), 2)
        ]
    columns: Any = zip(*rows, strict=True) if rows else ((),) * 5
    return contrasts(*columns, order=order)
