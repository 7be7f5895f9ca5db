"""Moment estimators of the between-study variance: solutions of equations in generalised Q statistics."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtri

from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.roots import bracketed_root


def generalised_q_root(data: Studies, target: Array) -> Array:
    """Solve Q(tau2) = target, where Q(tau2) = y'Py with the weights 1 / (vi + tau2); 0 where Q(0) is below the target.

    Q falls as tau2 grows and lies between SSE / (max vi + tau2) and SSE / (min vi + tau2), SSE being the unweighted
    residual sum of squares, so that the root is bracketed from the start and open ends need no search.

    Parameters
    ----------
    data : Studies
    target : (n,)
        Values above 0.
    """
    sse = data.project(data.used).q()
    low = np.maximum(sse / target - data.largest_vi, 0.0)
    high = np.maximum(sse / target - data.smallest_vi, low)
    root = bracketed_root(lambda tau2: data.at(tau2).q() - target, low, high)
    return np.where(data.at(np.zeros_like(root)).q() <= target, 0.0, root)


def moments(data: Studies, weights: Array) -> Array:
    """Return the generalised method-of-moments estimate with given weights (k, n), not truncated.

    (Q_a - tr(P_a V)) / tr(P_a): DerSimonian & Kacker (2007), doi:10.1016/j.cct.2006.04.004, equation 6.
    """
    fit = data.project(weights)
    return np.asarray((fit.q() - fit.trace(data.vi)) / fit.trace())


def moments_se(data: Studies, weights: Array, tau2: Array) -> Array:
    """Return the standard error of the moment estimate: the variance of a quadratic form, 2 tr(P S P S) / tr(P)^2."""
    fit = data.project(weights)
    return np.asarray(np.sqrt(2.0 * np.maximum(fit.trace2(data.vi + tau2), 0.0)) / fit.trace())


def inverse_variance(data: Studies) -> Array:
    """Return the weights 1 / vi (k, n)."""
    return data.used / data.vi


def moment_weights(data: Studies) -> Array:
    """Return the weights that the analysis gives (k, n); ValueError if it gives none."""
    if data.moment_weights is None:
        raise ValueError("the estimator GENQ needs weights: `tau2_weights` names the characteristic that holds them")
    return data.moment_weights


def generalised(data: Studies) -> Array:
    """Return the moment estimate with given weights."""
    return moments(data, moment_weights(data))


def dersimonian_laird(data: Studies) -> Array:
    """Return the moment estimate with the weights 1 / vi."""
    return moments(data, inverse_variance(data))


def q_about(data: Studies, means: Array) -> Array:
    """Return Cochran's Q about given means (n,) in place of those by inverse variance."""
    fit = data.at(np.zeros(data.k.shape))
    return np.asarray((fit.weights * (data.yi - means) ** 2 * data.used).sum(axis=0))


def dersimonian_laird_about(data: Studies, means: Array) -> Array:
    """Return the DerSimonian-Laird estimate with Q about given means (n,), as RevMan and meta have it; not truncated."""
    return np.asarray((q_about(data, means) - data.df) / data.at(np.zeros(data.k.shape)).trace())


def hedges(data: Studies) -> Array:
    """Return the moment estimate with equal weights."""
    return moments(data, data.used)


def two_step(data: Studies) -> Array:
    """Return the moment estimate with the weights 1 / (vi + the DerSimonian-Laird estimate)."""
    first = np.maximum(dersimonian_laird(data), 0.0)
    return moments(data, data.used / (data.vi + first))


def two_step_se(data: Studies, tau2: Array) -> Array:
    """Return the standard error of the two-step estimate, its weights taken as given."""
    first = np.maximum(dersimonian_laird(data), 0.0)
    return moments_se(data, data.used / (data.vi + first), tau2)


def iterated_se(data: Studies, tau2: Array) -> Array:
    """Return the standard error of the iterated estimate, its last weights 1 / (vi + tau2) taken as given."""
    return moments_se(data, data.at(tau2).weights, tau2)


def hunter_schmidt(data: Studies) -> Array:
    """Return (Q - k) / sum of weights, which is biased downwards."""
    fit = data.at(np.zeros(data.k.shape))
    return np.asarray((fit.q() - data.k) / fit.weights.sum(axis=0))


def hunter_schmidt_se(data: Studies, tau2: Array) -> Array:
    """Return the standard error of the Hunter-Schmidt estimate."""
    fit = data.at(np.zeros(data.k.shape))
    return np.asarray(np.sqrt(2.0 * np.maximum(fit.trace2(data.vi + tau2), 0.0)) / fit.weights.sum(axis=0))


def hunter_schmidt_k(data: Studies) -> Array:
    """Return the Hunter-Schmidt estimate with Q times k / (k - p)."""
    fit = data.at(np.zeros(data.k.shape))
    return np.asarray((fit.q() * data.k / data.df - data.k) / fit.weights.sum(axis=0))


def hunter_schmidt_k_se(data: Studies, tau2: Array) -> Array:
    """Return the standard error of the corrected Hunter-Schmidt estimate."""
    return hunter_schmidt_se(data, tau2) * data.k / data.df


def crude(data: Studies) -> Array:
    """Return the first guess of Sidik & Jonkman: the variance of the effects with divisor k."""
    k = data.k
    mean = (data.used * data.yi).sum(axis=0) / k
    return np.asarray((data.used * (data.yi - mean) ** 2).sum(axis=0) / k)


def sidik_jonkman(data: Studies) -> Array:
    """Return the Sidik-Jonkman estimate, from the crude variance of the effects; never 0 unless they are identical."""
    first = crude(data)
    safe = np.where(first > 0, first, 1.0)
    return np.where(first > 0, first * data.at(safe).q() / data.df, 0.0)


def sidik_jonkman_se(data: Studies, tau2: Array) -> Array:
    """Return the standard error of the Sidik-Jonkman estimate, its first guess taken as given."""
    first = crude(data)
    fit = data.at(np.where(first > 0, first, 1.0))
    return first * np.sqrt(2.0 * np.maximum(fit.trace2(data.vi + tau2), 0.0)) / data.df


def paule_mandel(data: Studies) -> Array:
    """Return the tau2 at which Q equals its degrees of freedom."""
    return generalised_q_root(data, np.maximum(data.df, 1.0))


def paule_mandel_median(data: Studies) -> Array:
    """Return the tau2 at which Q equals the median of its distribution."""
    return generalised_q_root(data, np.asarray(chdtri(np.maximum(data.df, 1.0), 0.5)))


def paule_mandel_se(data: Studies, tau2: Array) -> Array:
    """Return the standard error of the empirical Bayes estimate: Morris (1983), doi:10.1080/01621459.1983.10477920."""
    weights = data.at(tau2).weights
    return np.asarray(data.k * np.sqrt(2.0 / data.df) / weights.sum(axis=0))
