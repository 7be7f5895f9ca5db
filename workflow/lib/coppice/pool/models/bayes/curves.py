"""Prior and posterior densities as curves, and how far those of tau overlap."""

from __future__ import annotations

import numpy as np

from coppice.core.contracts.bayes import Densities, Density
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.roots import bracketed_root
from coppice.pool.models.bayes import priors
from coppice.pool.models.bayes.distributions import Distribution
from coppice.pool.models.bayes.fit import BayesFits, Posterior, Summary

POINTS = 161  # of a curve
LEAST_SHARE, MOST_SHARE = 0.005, 0.995  # quantiles at which a curve ends
WIDER = 0.1  # of the width between them, on each side
FARTHEST = 0.5  # of the width of the central interval, beyond its ends
COMPARED = 400  # points between which the densities of prior and posterior may cross once


def densities(item: Posterior, fits: BayesFits) -> Densities:
    """Return the densities of mu, tau and the effect in a new study over the range that matters."""
    new, of_mu = _range(item.new, fits.new), _range(item.mu, fits.mu)
    x = np.unique(np.concatenate([of_mu, new[:: len(new) // 40]]))  # both curves run along the whole axis
    prior, given = None, item.options.mu
    if given is not None:
        prior = (np.exp(-0.5 * (((x - given.mean) / given.sd) ** 2 + priors.LOG_2PI)) / given.sd).tolist()
    mu: Density = {"x": x.tolist(), "posterior": _density(item.mu, x), "prior": prior}
    of_new: Density = {"x": new.tolist(), "posterior": _density(item.new, new), "prior": None}
    highest = float(item.tau.quantile(np.array([[MOST_SHARE]]))[0, 0])
    if item.options.tau.option.is_proper:  # so that a posterior that is narrower than its prior shows as such
        highest = max(highest, min(float(priors.quantile(item.options.tau, np.array(0.95))), 3.0 * highest))
    x = np.linspace(0.0, min(highest, priors.upper_bound(item.options.tau)), POINTS)[1:]
    of_tau = np.exp(_log_prior(item, x)).tolist() if item.options.tau.option.is_proper else None
    tau: Density = {"x": x.tolist(), "posterior": _density(item.tau, x), "prior": of_tau}
    return {"mu": mu, "tau": tau, "new": of_new}


def _range(of: Distribution, fitted: Summary) -> Array:
    """Return the points of a curve: between far quantiles, and where the tails are heavy not far from the interval."""
    low, high = of.quantile(np.array([[LEAST_SHARE, MOST_SHARE]]))[0]
    left, right = fitted.central[0]
    reach = FARTHEST * (right - left)
    low, high = max(low, left - reach), min(high, right + reach)
    margin = WIDER * (high - low)
    return np.asarray(np.linspace(low - margin, high + margin, POINTS))


def _density(of: Distribution, x: Array) -> list[float]:
    values: list[float] = np.exp(of.log_density(x[None]))[0].tolist()
    return values


def _log_prior(item: Posterior, x: Array) -> Array:
    return np.asarray(priors.log_density(item.options.tau, np.log(x)[None], item.data.vi, item.data.used)[0])


def overlap(item: Posterior) -> float:
    """Return the probability that the prior and the posterior of tau have in common: 1 less their total variation distance.

    Between the points where their densities are equal, the difference is that of the distribution functions.
    """
    p = np.linspace(0.0, 1.0, COMPARED + 2)[1:-1]
    x = np.unique(np.concatenate([item.tau.quantile(p[None])[0], priors.quantile(item.options.tau, p)]))
    x = x[(x > 0) & np.isfinite(x)]

    def difference(tau: Array) -> Array:
        return np.asarray(item.tau.log_density(tau[None])[0] - _log_prior(item, tau))

    signs = np.sign(difference(x))
    places = np.flatnonzero(signs[:-1] * signs[1:] < 0)
    crossings = bracketed_root(difference, x[places], x[places + 1])
    posterior = np.concatenate([[0.0], item.tau.cdf(crossings[None])[0], [1.0]])
    prior = np.concatenate([[0.0], priors.cdf(item.options.tau, crossings), [1.0]])
    return float(np.clip(1.0 - 0.5 * np.abs(np.diff(posterior) - np.diff(prior)).sum(), 0.0, 1.0))
