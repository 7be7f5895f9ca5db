"""Bayesian random-effects models of many meta-analyses at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.bayes import intervals, priors
from coppice.pool.models.bayes.distributions import Distribution, Mixture, Tau
from coppice.pool.models.bayes.options import BayesOptions
from coppice.pool.models.bayes.quadrature import MOST_NODES, NODES, Data, Grid, conditional, grid

ROWS = 256  # meta-analyses whose arrays are in memory together
NO_HETEROGENEITY = -150.0  # ln tau so small that tau2 adds nothing to any variance


@dataclass(frozen=True, slots=True)
class Summary:
    """A posterior of n meta-analyses: mean, sd, median, mode (n,), central and shortest interval (n, 2).

    Mean and standard deviation are NaN where the posterior has none.
    """

    mean: Array
    sd: Array
    median: Array
    mode: Array
    central: Array
    shortest: Array


@dataclass(frozen=True, slots=True)
class BayesFits:
    """The Bayesian models of n meta-analyses: `mu`, `tau`, and `new`, the effect in a new study."""

    mu: Summary
    tau: Summary
    new: Summary


@dataclass(frozen=True, slots=True)
class Posterior:
    """The posteriors of meta-analyses that share their nodes' number."""

    data: Data
    options: BayesOptions
    grid: Grid

    @property
    def tau(self) -> Tau:
        """Return the posterior of tau."""
        return Tau(self.data, self.options, self.grid)

    @property
    def mu(self) -> Mixture:
        """Return the posterior of mu."""
        return Mixture(self.grid.weights, self.grid.mean + self.data.shift, np.sqrt(self.grid.variance))

    @property
    def new(self) -> Mixture:
        """Return the posterior of the effect in a new study."""
        spread = np.sqrt(self.grid.variance + np.exp(2.0 * self.grid.x))
        return Mixture(self.grid.weights, self.grid.mean + self.data.shift, spread)

    def of_study(self, index: int) -> Mixture:
        """Return the posterior of the effect in one of the studies: shrinkage.

        Given mu and tau it is normal about B mu + (1 - B) yi with variance B tau2, where B = vi / (vi + tau2).
        """
        tau2, vi = np.exp(2.0 * self.grid.x), self.data.vi[:, index, None]
        share = vi / (vi + tau2)
        mean = share * self.grid.mean + (1.0 - share) * self.data.yi[:, index, None]
        variance = vi * (tau2 / (vi + tau2)) + share * share * self.grid.variance
        return Mixture(self.grid.weights, mean + self.data.shift, np.sqrt(variance))

    def shares(self) -> Array:
        """Return the posterior mean of each study's share in the precision of mu (n, k)."""
        total = self.data.vi[:, None, :] + np.exp(2.0 * self.grid.x)[:, :, None]
        return np.asarray(
            np.einsum("nm,nmk->nk", self.grid.weights * self.grid.variance, self.data.used[:, None, :] / total)
        )

    def shrinkage(self) -> Array:
        """Return the posterior mean of B, the weight of mu in the effect of each study (n, k)."""
        total = self.data.vi[:, None, :] + np.exp(2.0 * self.grid.x)[:, :, None]
        return np.asarray(np.einsum("nm,nmk->nk", self.grid.weights, self.data.vi[:, None, :] / total))

    @property
    def log_marginal(self) -> Array:
        """Return ln of the marginal likelihood (n,); a flat prior of mu has the density 1."""
        return self.grid.log_total[:, 0]

    def log_without_tau(self) -> Array:
        """Return the same for tau = 0 (n,)."""
        x = np.full((len(self.data.yi), 1), NO_HETEROGENEITY)
        prior = priors.log_density(self.options.tau, x, self.data.vi, self.data.used)
        return (conditional(self.data, self.options, x).log_density - prior)[:, 0]

    def log_density_of_mu(self, mu: float) -> Array:
        """Return ln of the posterior density of mu at a value (n,)."""
        return self.mu.log_density(np.full((len(self.data.yi), 1), mu))[:, 0]


def data_of(yi: ArrayLike, vi: ArrayLike, used: ArrayLike | None = None) -> Data:
    """Arrange effects and variances (n, k), of which those in `used` enter."""
    inputs = (np.atleast_2d(np.asarray(values, np.float64)) for values in (yi, vi, 1.0 if used is None else used))
    y, v, mask = np.broadcast_arrays(*inputs)
    y, v = np.where(mask > 0, y, 0.0), np.where(mask > 0, v, 1.0)
    if not (np.all(np.isfinite(y)) and np.all(np.isfinite(v) & (v > 0))):
        raise ValueError("effects must be finite, and variances finite and above 0")
    shift = ((mask * y / v).sum(axis=-1) / (mask / v).sum(axis=-1))[:, None]
    return Data(np.where(mask > 0, y - shift, 0.0), v, mask, shift)


def posteriors(data: Data, options: BayesOptions) -> Iterator[tuple[NDArray[np.intp], Posterior]]:
    """Yield the meta-analyses by number with their posteriors, some at a time, each with as many nodes as it needs."""
    least = int(data.k.min())
    if why := options.why_improper(least):
        raise ValueError(why)
    waiting = [(rows, NODES) for rows in np.split(np.arange(len(data.yi)), range(ROWS, len(data.yi), ROWS))]
    for rows, nodes in waiting:
        part = _taken(data, rows)
        nodes_of = grid(part, options, nodes)
        fine = nodes_of.accurate | (nodes >= MOST_NODES)
        if not fine.all():
            waiting.append((rows[~fine], 2 * nodes))
            part, nodes_of = _taken(part, fine), _taken_grid(nodes_of, fine)
        if fine.any():
            yield rows[fine], Posterior(part, options, nodes_of)


def posterior(yi: ArrayLike, vi: ArrayLike, options: BayesOptions) -> Posterior:
    """Return the posterior of one meta-analysis, effects (k,); ValueError where it is improper."""
    return next(iter(posteriors(data_of(yi, vi), options)))[1]


def _taken(data: Data, rows: NDArray[np.generic]) -> Data:
    return Data(data.yi[rows], data.vi[rows], data.used[rows], data.shift[rows])


def _taken_grid(nodes: Grid, rows: NDArray[np.generic]) -> Grid:
    parts = [getattr(nodes, field.name) for field in fields(nodes)]
    return Grid(*(part[rows] if isinstance(part, np.ndarray) else part for part in parts))


def summary(
    distribution: Distribution, rows: int, level: float, *, bound: float | None = None, complete: bool = True
) -> Summary:
    """Return median, mode and intervals of a distribution; mean and sd are NaN, mode and shortest interval on request."""
    nothing = np.full(rows, np.nan)
    edge = 0.5 * (1.0 - level)
    low, median, high = distribution.quantile(np.tile([edge, 0.5, 1.0 - edge], (rows, 1))).T
    return Summary(
        nothing,
        nothing,
        median,
        intervals.mode(distribution, rows, bound=bound)[:, 0] if complete else nothing,
        np.stack([low, high], axis=-1),
        intervals.shortest(distribution, rows, level, bound=bound) if complete else np.full((rows, 2), np.nan),
    )


def summaries(item: Posterior, level: float, *, complete: bool = True) -> BayesFits:
    """Return the summaries of mu, tau and the effect in a new study.

    Mean and standard deviation of all three exist if tau has one and two moments: given tau, mu is normal with a variance
    that grows as tau2 where its prior is flat, and has all moments where it is not.
    """
    rows = len(item.data.yi)
    exist = priors.moments(item.options.tau, item.data.k, flat=item.options.mu is None)
    tau = np.exp(item.grid.x)
    mean = (item.grid.weights * tau).sum(axis=-1)
    spread = np.sqrt((item.grid.weights * (tau - mean[:, None]) ** 2).sum(axis=-1))
    of_mu = exist if item.options.mu is None else np.full(rows, np.inf)
    of_tau = summary(item.tau, rows, level, bound=0.0, complete=complete)
    if item.options.tau.code == "log_student_t":  # its density has no upper limit at 0
        of_tau = replace(of_tau, mode=np.full(rows, np.nan))
    return BayesFits(
        _with_moments(summary(item.mu, rows, level, complete=complete), item.mu.moments(), of_mu),
        _with_moments(of_tau, (mean, spread), exist),
        _with_moments(summary(item.new, rows, level, complete=complete), item.new.moments(), exist),
    )


def _with_moments(item: Summary, moments: tuple[Array, Array], exist: Array) -> Summary:
    mean, sd = (np.where(exist >= order, value, np.nan) for order, value in enumerate(moments, 1))
    return replace(item, mean=mean, sd=sd)


def bayes_many(
    yi: ArrayLike,
    vi: ArrayLike,
    options: BayesOptions,
    *,
    used: ArrayLike | None = None,
    level: float = 0.95,
    complete: bool = False,
) -> BayesFits:
    """Fit the normal-normal model to many meta-analyses, without simulation.

    Parameters
    ----------
    yi, vi : (n, k)
        Effects and sampling variances; they broadcast.
    options : BayesOptions
        The priors.
    used : (n, k) of bool, optional
        Which effects enter each meta-analysis; all by default.
    level : float
        Probability of the intervals.
    complete : bool
        Whether modes and shortest intervals are given too; otherwise they are NaN.

    Returns
    -------
    BayesFits

    Raises
    ------
    ValueError
        If a posterior is improper, or a value is not finite or a variance not above 0.

    Notes
    -----
    The posterior of mu, of the effect in a new study and of that in each study is normal given tau, so that each is a
    mixture of normals over the posterior of tau: Roever 2020, doi:10.18637/jss.v093.i06.
    """
    data = data_of(yi, vi, used)
    parts = [(rows, summaries(item, level, complete=complete)) for rows, item in posteriors(data, options)]
    order = np.argsort(np.concatenate([rows for rows, _ in parts]), kind="stable")

    def joined(name: str) -> Summary:
        items = [getattr(fits, name) for _, fits in parts]
        return Summary(
            *(np.concatenate([getattr(item, field.name) for item in items])[order] for field in fields(Summary))
        )

    return BayesFits(joined("mu"), joined("tau"), joined("new"))
