"""Prior and posterior densities as curves, and how far those of tau overlap."""

from __future__ import annotations

import numpy as np

from coppice.core.contracts.bayes import Densities, Density
from coppice.pool.bayes import priors
from coppice.pool.bayes.distributions import Distribution
from coppice.pool.bayes.fit import BayesFits, Posterior, Summary
from coppice.pool.bayes.options import MuPrior
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.roots import bracketed_root

POINTS = 161  # of a curve
LEAST_SHARE, MOST_SHARE = 0.005, 0.995  # quantiles at which a curve ends
WIDER = 0.1  # of the width between them, on each side
COMPARED = 400  # points between which the densities of prior and posterior may cross once


def densities(item: Posterior, fits: BayesFits) -> Densities:
    """Return the densities of mu, tau and the effect in a new study over the range that matters."""
    mu, new = _effect(item.mu, fits.mu, item.options.mu), _effect(item.new, fits.new, None)
    highest = float(item.tau.quantile(np.array([[MOST_SHARE]]))[0, 0])
    if item.options.tau.option.is_proper:  # so that a posterior that is narrower than its prior shows as such
        highest = max(highest, min(float(priors.quantile(item.options.tau, np.array(0.95))), 3.0 * highest))
    x = np.linspace(0.0, min(highest, priors.upper_bound(item.options.tau)), POINTS)[1:]
    prior = _prior_of_tau(item, x) if item.options.tau.option.is_proper else None
    tau: Density = {"x": x.tolist(), "posterior": _density(item.tau, x), "prior": prior}
    return {"mu": mu, "tau": tau, "new": new}


def _effect(of: Distribution, fitted: Summary, mu: MuPrior | None) -> Density:
    low, high = of.quantile(np.array([[LEAST_SHARE, MOST_SHARE]]))[0]
    # heavy tails are cut at a multiple of the interval's width
    width = float(np.diff(fitted.central[0])[0])
    low, high = max(low, fitted.central[0, 0] - 0.5 * width), min(high, fitted.central[0, 1] + 0.5 * width)
    margin = WIDER * (high - low)
    x = np.linspace(low - margin, high + margin, POINTS)
    prior = None
    if mu is not None:
        prior = np.exp(-0.5 * (((x - mu.mean) / mu.sd) ** 2 + priors.LOG_2PI)) / mu.sd
    return {"x": x.tolist(), "posterior": _density(of, x), "prior": None if prior is None else prior.tolist()}


def _density(of: Distribution, x: Array) -> list[float]:
    values: list[float] = np.exp(of.log_density(x[None]))[0].tolist()
    return values


def _prior_of_tau(item: Posterior, x: Array) -> list[float]:
    values: list[float] = np.exp(_log_prior(item, x)).tolist()
    return values


def _log_prior(item: Posterior, x: Array) -> Array:
    return priors.log_density(item.options.tau, np.log(x)[None], item.data.vi, item.data.used)[0]


def overlap(item: Posterior) -> float:
    """Return the probability that the prior and the posterior of tau have in common: 1 less their total variation distance.

    Between the points where their densities are equal, the difference is that of the distribution functions.
    """
    p = np.linspace(0.0, 1.0, COMPARED + 2)[1:-1]
    x = np.unique(np.concatenate([item.tau.quantile(p[None])[0], priors.quantile(item.options.tau, p)]))
    x = x[(x > 0) & np.isfinite(x)]

    def difference(tau: Array) -> Array:
        return item.tau.log_density(tau[None])[0] - _log_prior(item, tau)

    signs = np.sign(difference(x))
    places = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    crossings = bracketed_root(difference, x[places], x[places + 1])
    posterior = np.concatenate([[0.0], item.tau.cdf(crossings[None])[0], [1.0]])
    prior = np.concatenate([[0.0], priors.cdf(item.options.tau, crossings), [1.0]])
    return float(np.clip(1.0 - 0.5 * np.abs(np.diff(posterior) - np.diff(prior)).sum(), 0.0, 1.0))
