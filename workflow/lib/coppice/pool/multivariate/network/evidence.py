"""Where the evidence on a comparison comes from: directly or through other treatments, by which comparisons and paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.network.contrasts import Integers, covariance_against_first, variances_of
from coppice.pool.multivariate.network.inconsistency import designs
from coppice.pool.multivariate.network.model import Fit

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

    @cached_property
    def of_designs(self) -> tuple[list[Array], list[Array]]:
        """The contrasts of designs, and of studies, with their first treatment: how each moves the levels (n, arms - 1).

        The hat matrices of the two stages of Krahn, Binder & Koenig 2013, doi:10.1186/1471-2288-13-35.
        """
        data, by_design, by_study = self.fit.data, [], []
        for design in designs(data):
            total = np.zeros((len(design.arms) - 1, len(design.arms) - 1))
            contrasts = np.zeros((len(design.arms) - 1, data.n))
            contrasts[:, design.arms[0]] = -1.0
            contrasts[np.arange(len(design.arms) - 1), design.arms[1:]] = 1.0
            for study in design.studies:
                variances = variances_of(data, data.rows[study], data.arms[study], self.fit.tau2)
                precision = np.linalg.inv(covariance_against_first(variances))
                by_study.append(self.fit.inverse @ contrasts.T @ precision)
                total += precision
            by_design.append(self.fit.inverse @ contrasts.T @ total)
        return by_design, by_study

    def mean_path(self, one: Integers, other: Integers) -> Array:
        """Return the mean number of comparisons in the paths of evidence (c,): Koenig, Krahn & Binder 2013."""
        total: Array = self._through(self.of_designs[0], one, other).sum(axis=0)
        return total

    def parallel_paths(self, one: Integers, other: Integers) -> Array:
        """Return the smallest number of independent paths of evidence (c,): 1 where one design carries all."""
        share: Array = self._through(self.of_designs[0], one, other).max(axis=0)
        return 1.0 / share

    def parallel_studies(self, one: Integers, other: Integers) -> Array:
        """Return the same with studies in place of designs (c,)."""
        share: Array = self._through(self.of_designs[1], one, other).max(axis=0)
        return 1.0 / share

    @staticmethod
    def _through(moves: list[Array], one: Integers, other: Integers) -> Array:
        """Return the evidence that flows through each design or study (d, c): half of what enters and leaves its arms."""
        flows = (each[one] - each[other] for each in moves)
        return np.array([(np.abs(flow).sum(axis=1) + np.abs(flow.sum(axis=1))) / 2 for flow in flows])
