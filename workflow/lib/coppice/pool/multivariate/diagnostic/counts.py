"""The counts of diagnostic studies as arrays, and what is added to those with an empty cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.special import betaincinv

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.diagnostic.options import ALL, IF_ANY, NOTHING, ZEROS

HALF = 0.5  # Gart & Zweifel 1967, doi:10.1093/biomet/54.1-2.181


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The two by two tables of k studies.

    Attributes
    ----------
    correct : (k, 2)
        People whom the test classifies correctly: true positives, true negatives.
    totals : (k, 2)
        People with the target condition, and without it.
    """

    correct: Array = field(repr=False)
    totals: Array = field(repr=False)

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.correct)

    @property
    def wrong(self) -> Array:
        """People whom the test classifies wrongly (k, 2): false negatives, false positives."""
        return np.asarray(self.totals - self.correct)

    @property
    def has_zero(self) -> Array:
        """Whether a study has an empty cell (k,)."""
        return np.asarray(((self.correct == 0) | (self.wrong == 0)).any(axis=1))

    def among(self, chosen: Any) -> Accuracy:
        """Return some of the studies."""
        return Accuracy(self.correct[chosen], self.totals[chosen])

    def logits(self) -> tuple[Array, Array]:
        """Return the logits of sensitivity and specificity (k, 2) and their variances: the sums of reciprocal cells."""
        return np.log(self.correct / self.wrong), 1.0 / self.correct + 1.0 / self.wrong


def accuracy(figures: Sequence[Mapping[str, Any]]) -> Accuracy:
    """Return reported counts as arrays."""
    cells = np.array([[figure[name] for name in ("tp", "fn", "fp", "tn")] for figure in figures], dtype=np.float64)
    cells = cells.reshape(-1, 4)
    tp, fn, fp, tn = cells.T
    return Accuracy(np.stack([tp, tn], axis=1), np.stack([tp + fn, tn + fp], axis=1))


def corrected(data: Accuracy, rule: str) -> tuple[Accuracy, Array]:
    """Return the counts with 0.5 added to each cell of the studies that a rule names, and which these are (k,)."""
    has_zero = data.has_zero
    concerned = {
        ZEROS: has_zero,
        IF_ANY: np.full(data.k, has_zero.any()),
        ALL: np.ones(data.k, dtype=bool),
        NOTHING: np.zeros(data.k, dtype=bool),
    }[rule]
    added = HALF * concerned[:, None]
    return Accuracy(data.correct + added, data.totals + 2 * added), concerned


def exact_interval(correct: Array, totals: Array, level: float) -> tuple[Array, Array]:
    """Return the interval of Clopper & Pearson for a proportion, as Cochrane reviews print it.

    Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404.
    """
    tail = 0.5 * (1.0 - level)
    wrong = totals - correct
    low = np.where(correct > 0, betaincinv(np.maximum(correct, HALF), wrong + 1, tail), 0.0)
    high = np.where(wrong > 0, betaincinv(correct + 1, np.maximum(wrong, HALF), 1 - tail), 1.0)
    return low, high
