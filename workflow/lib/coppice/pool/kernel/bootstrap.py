"""The prediction interval that allows for the uncertainty of tau2, by a seeded parametric bootstrap."""

from __future__ import annotations

import numpy as np

from coppice.pool.kernel.kernel import Array, Studies, studies

DRAWS = 25_000  # as Nagashima et al. recommend: the limits' Monte-Carlo error is then about 1 % of the interval's width
SEED = 20190301


def confidence_draws_of_tau2(yi: Array, vi: Array, generator: np.random.Generator, draws: int) -> Array:
    """Draw tau2 from its exact confidence distribution, P(Q >= q observed) as a function of tau2 (draws,).

    Q is distributed as sum (1 + tau2 d_i) c_i with c_i chi-squared on 1 degree of freedom and d_i the non-zero
    eigenvalues of M W M, M projecting orthogonally to sqrt(w). It rises in tau2 for every draw of the c_i, so that the
    tau2 at which it equals the observed q has just the confidence distribution, and no distribution function needs to
    be inverted.
    """
    k, w = len(yi), 1.0 / vi
    unit = np.sqrt(w) / np.sqrt(w.sum())
    projector = np.eye(k) - np.outer(unit, unit)
    d = np.linalg.eigvalsh(projector @ np.diag(w) @ projector)[1:]
    q = studies(yi, vi).at(np.zeros(1)).q()[0]
    c = generator.chisquare(1.0, (draws, k - 1))
    return np.asarray(np.maximum((q - c.sum(axis=1)) / (c @ d), 0.0))


def bootstrap_prediction(data: Studies, level: float) -> tuple[Array, Array]:
    """Return the bootstrap prediction interval of each meta-analysis (n,), (n,); NaN where k < 3.

    Nagashima, Noma & Furukawa (2019), doi:10.1177/0962280218773520: quantiles of
    mu(tau2) + z sqrt(tau2) - t sqrt(H(tau2)), with tau2 from its confidence distribution, z normal and t on k - 1
    degrees of freedom, H being Hartung's variance.

    Parameters
    ----------
    data : Studies
        Without moderators.
    level : float
        Level of the interval.
    """
    if data.p != 1 or data.design is not None:
        raise ValueError("the bootstrap prediction interval is for models without moderators")
    limits = np.full((2, data.yi.shape[1]), np.nan)
    for index in np.flatnonzero(data.k > 2):
        inside = data.used[:, index] > 0
        yi, vi = data.yi[inside, index], data.vi[inside, index]
        generator = np.random.default_rng(SEED)  # the same draws for each meta-analysis
        tau2 = confidence_draws_of_tau2(yi, vi, generator, DRAWS)
        many = studies(np.broadcast_to(yi, (DRAWS, len(yi))), vi)
        fit = many.at(tau2)
        hartung = np.sqrt(fit.q() / many.df * fit.covariance[:, 0, 0])
        drawn = generator.standard_normal(DRAWS) * np.sqrt(tau2) - generator.standard_t(many.df) * hartung
        limits[:, index] = np.quantile(fit.coefficients[:, 0] + drawn, [0.5 * (1.0 - level), 0.5 * (1.0 + level)])
    return limits[0], limits[1]
