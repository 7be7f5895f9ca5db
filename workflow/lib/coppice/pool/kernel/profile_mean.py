"""The profile-likelihood interval of the pooled effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import chdtrc, chdtri

from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.likelihood import log_likelihood, maximise
from coppice.pool.kernel.roots import bracketed_root

MOST_DOUBLINGS = 100  # the likelihood of a mean far from every study falls without bound


def profile_mean(data: Studies, *, level: float = 0.95) -> tuple[Array, Array, Array]:
    """Return the limits of the profile-likelihood interval of the mean, and its p value (n,), (n,), (n,).

    For each mean the likelihood is maximised over tau2; the limits are where twice the fall of the log-likelihood
    reaches the chi-squared quantile with 1 degree of freedom: Hardy & Thompson (1996), section 3.

    Parameters
    ----------
    data : Studies
        Without moderators.
    level : float
        Confidence level.
    """
    best = maximise(data, restricted=False)
    fit = data.at(best)
    centre, se = fit.coefficients[:, 0], np.sqrt(fit.covariance[:, 0, 0])
    height = log_likelihood(data, best, restricted=False)
    drop = 0.5 * float(chdtri(1.0, 1.0 - level))
    no_coefficient = np.empty((1, data.yi.shape[0], 0))

    def fall(mean: Array) -> Array:
        shifted = replace(data, yi=data.used * (data.yi - mean), design=no_coefficient)
        return height - log_likelihood(shifted, maximise(shifted, restricted=False), restricted=False)

    limits = []
    for side in (-1.0, 1.0):
        reach = 2.0 * se
        for _ in range(MOST_DOUBLINGS):
            inside = fall(centre + side * reach) < drop
            if not inside.any():
                break
            reach = np.where(inside, 2.0 * reach, reach)
        limits.append(bracketed_root(lambda mean: fall(mean) - drop, centre, centre + side * reach))
    p = chdtrc(1.0, 2.0 * np.maximum(fall(np.zeros_like(centre)), 0.0))
    return limits[0], limits[1], np.asarray(p)
