"""Where the evidence on a comparison comes from: directly or through other treatments, by which comparisons and paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.network.contrasts import Integers
from coppice.pool.network.model import Fit

ALL = 1 - 1e-9  # of the evidence is direct: nothing is left that would be indirect


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class Evidence:
    """The direct comparisons of a network as edges of its graph, each with the weights of all its studies.

    Attributes
    ----------
    fit : Fit
        The network.
    """

    fit: Fit

    @cached_property
    def _of_rows(self) -> tuple[Integers, Integers]:
        """The pairs of treatments with direct evidence (e, 2), the lower place first, and the pair of each contrast (m,)."""
        data = self.fit.data
        pairs = np.column_stack([np.minimum(data.one, data.other), np.maximum(data.one, data.other)])
        edges, place = np.unique(pairs, axis=0, return_inverse=True)
        return edges, place.reshape(-1)

    @property
    def edges(self) -> Integers:
        """The pairs of treatments with direct evidence (e, 2), the lower place first."""
        return self._of_rows[0]

    @cached_property
    def numbers(self) -> Integers:
        """The number of studies of each (e,)."""
        return np.bincount(self._of_rows[1], minlength=len(self.edges))

    def hat(self, one: Integers, other: Integers) -> Array:
        """Return how much each direct comparison flows into comparisons of `one` with `other` (c, e): rows of the hat matrix."""
        inverse, weights = self.fit.inverse, np.bincount(self._of_rows[1], self.fit.weights, len(self.edges))
        first, second = self.edges.T
        levels = inverse[one] - inverse[other]
        flow: Array = (levels[:, first] - levels[:, second]) * weights[None, :]
        return flow

    def hat_of_studies(self, one: Integers, other: Integers) -> Array:
        """Return the same with a column for each contrast of a study (c, m)."""
        data, levels = self.fit.data, self.fit.inverse[one] - self.fit.inverse[other]
        flow: Array = (levels[:, data.one] - levels[:, data.other]) * self.fit.weights[None, :]
        return flow

    @cached_property
    def direct(self) -> tuple[Array, Array]:
        """The direct estimate of each edge and its variance (e,): inverse-variance means, tau2 being that of the network."""
        data, (edges, place) = self.fit.data, self._of_rows
        signs = np.where(data.one < data.other, 1.0, -1.0)
        weights = 1.0 / (data.vi + self.fit.tau2)
        total = np.bincount(place, weights, len(edges))
        return np.bincount(place, weights * signs * data.yi, len(edges)) / total, 1.0 / total

    @cached_property
    def shares(self) -> Array:
        """The share of direct evidence of each edge (e,): the variance in the network over that of the direct estimate.

        Koenig, Krahn & Binder 2013, doi:10.1002/sim.6001.
        """
        variances = self.fit.variances[self.edges[:, 0], self.edges[:, 1]]
        share: Array = variances / self.direct[1]
        return np.where(share > ALL, 1.0, share)

    @cached_property
    def indirect(self) -> tuple[Array, Array]:
        """The indirect estimate of each edge and its variance (e,), by back-calculation; NaN where all evidence is direct.

        Dias et al. 2010, doi:10.1002/sim.3767.
        """
        effects = self.fit.effects[self.edges[:, 0], self.edges[:, 1]]
        variances = self.fit.variances[self.edges[:, 0], self.edges[:, 1]]
        rest = np.where(self.shares < 1, 1 - self.shares, np.nan)
        estimate: Array = (effects - self.shares * self.direct[0]) / rest
        return estimate, variances / rest

    def mean_path(self, one: Integers, other: Integers) -> Array:
        """Return the mean number of comparisons in the paths of evidence (c,)."""
        length: Array = np.abs(self.hat(one, other)).sum(axis=1)
        return length

    def parallel_paths(self, one: Integers, other: Integers) -> Array:
        """Return the smallest number of independent paths of evidence (c,): 1 where one comparison carries all."""
        return 1.0 / np.abs(self.hat(one, other)).max(axis=1)

    def parallel_studies(self, one: Integers, other: Integers) -> Array:
        """Return the same with studies in place of comparisons (c,)."""
        return 1.0 / np.abs(self.hat_of_studies(one, other)).max(axis=1)


def p_scores(fit: Fit) -> Array:
    """Return how sure each treatment is to have a smaller value than another one, on average (n,).

    Ruecker & Schwarzer 2015, doi:10.1186/s12874-015-0060-8: the frequentist counterpart of SUCRA.
    """
    from scipy.special import ndtr

    n = fit.data.n
    se = np.sqrt(fit.variances)
    np.fill_diagonal(se, 1.0)
    smaller = ndtr(-fit.effects / se)
    np.fill_diagonal(smaller, 0.0)
    scores: Array = smaller.sum(axis=1) / max(n - 1, 1)
    return scores
