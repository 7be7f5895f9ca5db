"""The densities of the priors of tau, with their distribution functions and tails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import gammaincc, gammainccinv, gammaln, ndtr, ndtri, stdtr, stdtrit

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.bayes.options import TauPrior

LOG_2PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True)
class Family:
    """The functions of a family of priors.

    `log_density` takes ln tau (n, m), the variances of the studies (n, k), which are used (n, k), and the parameters;
    that of an improper prior lacks a constant. `cdf` and `quantile` take tau or probabilities and the parameters; None
    for an improper prior. `tail` gives the power with which the density falls for large tau: infinite where it falls
    faster than any.
    """

    log_density: Callable[..., Array]
    cdf: Callable[..., Array] | None
    quantile: Callable[..., Array] | None
    tail: Callable[..., float]


def _t_constant(df: float) -> float:
    return float(gammaln(0.5 * (df + 1.0)) - gammaln(0.5 * df) - 0.5 * np.log(df * np.pi))


def _half_t(x: Array, scale: float, df: float) -> Array:
    square = (np.exp(x) / scale) ** 2
    return np.asarray(np.log(2.0 / scale) + _t_constant(df) - 0.5 * (df + 1.0) * np.log1p(square / df))


def _half_normal(x: Array, scale: float) -> Array:
    return np.asarray(np.log(2.0 / scale) - 0.5 * LOG_2PI - 0.5 * (np.exp(x) / scale) ** 2)


def _bounded(x: Array, upper: float) -> Array:
    return np.where(x <= np.log(upper), -np.log(upper), -np.inf)


def _jeffreys(x: Array, vi: Array, used: Array) -> Array:
    """Return the root of the Fisher information of tau without its constant: sum of (tau / (vi + tau2))^2."""
    # by logarithms, as both very small and very large values would leave the range of doubles
    logs = 2.0 * np.logaddexp(0.0, np.log(vi)[:, None, :] - 2.0 * x[:, :, None])
    least = np.where(used[:, None, :] > 0, logs, np.inf).min(axis=-1)
    total = (used[:, None, :] * np.exp(least[:, :, None] - logs)).sum(axis=-1)
    return np.asarray(0.5 * (np.log(total) - least) - x)


def _log_normal(x: Array, mean: float, sd: float) -> Array:
    return np.asarray(np.log(2.0 / sd) - 0.5 * LOG_2PI - 0.5 * ((2.0 * x - mean) / sd) ** 2 - x)


def _log_t(x: Array, location: float, scale: float, df: float) -> Array:
    square = ((2.0 * x - location) / scale) ** 2
    return np.asarray(np.log(2.0 / scale) + _t_constant(df) - 0.5 * (df + 1.0) * np.log1p(square / df)) - x


def _inverse_gamma(x: Array, shape: float, scale: float) -> Array:
    constant = np.log(2.0) + shape * np.log(scale) - gammaln(shape)
    return np.asarray(constant - (2.0 * shape + 1.0) * x - scale * np.exp(np.clip(-2.0 * x, None, 700.0)))


def _of_parameters(function: Callable[..., Array]) -> Callable[..., Array]:
    """Return a density that needs no variances of studies as one that takes them."""
    return lambda x, vi, used, *parameters: function(x, *parameters)


def _half(cdf: Callable[..., Any], quantile: Callable[..., Any]) -> tuple[Callable[..., Array], Callable[..., Array]]:
    """Return cdf and quantile of the absolute value of a symmetric variable, times a scale."""
    return (
        lambda tau, scale, *rest: np.asarray(2.0 * cdf(tau / scale, *rest) - 1.0),
        lambda p, scale, *rest: np.asarray(scale * quantile(0.5 * (1.0 + np.asarray(p)), *rest)),
    )


def _of_log(cdf: Callable[..., Any], quantile: Callable[..., Any]) -> tuple[Callable[..., Array], Callable[..., Array]]:
    """Return cdf and quantile of tau, where ln tau2 has a location and a scale."""

    def of_tau(tau: Array, location: float, scale: float, *rest: float) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray(cdf((2.0 * np.log(tau) - location) / scale, *rest))

    def quantile_of(p: Array, location: float, scale: float, *rest: float) -> Array:
        return np.asarray(np.exp(0.5 * (location + scale * quantile(np.asarray(p), *rest))))

    return of_tau, quantile_of


def _of_t(t: Array, df: float) -> Array:
    return np.asarray(stdtr(df, t))


def _quantile_of_t(p: Array, df: float) -> Array:
    return np.asarray(stdtrit(df, p))


def _of_inverse_gamma(tau: Array, shape: float, scale: float) -> Array:
    return np.asarray(gammaincc(shape, scale / np.maximum(tau, 1e-150) ** 2))


def _infinite(*parameters: float) -> float:
    return np.inf


FAMILIES = {
    "half_normal": Family(_of_parameters(_half_normal), *_half(ndtr, ndtri), _infinite),
    "half_cauchy": Family(
        _of_parameters(lambda x, scale: _half_t(x, scale, 1.0)),
        lambda tau, scale: np.asarray(2.0 / np.pi * np.arctan(tau / scale)),
        lambda p, scale: np.asarray(scale * np.tan(0.5 * np.pi * np.asarray(p))),
        lambda scale: 2.0,
    ),
    "half_t": Family(_of_parameters(_half_t), *(
        lambda tau, scale, df: np.asarray(2.0 * stdtr(df, tau / scale) - 1.0),
        lambda p, scale, df: np.asarray(scale * stdtrit(df, 0.5 * (1.0 + np.asarray(p)))),
    ), lambda scale, df: df + 1.0),
    "exponential": Family(
        _of_parameters(lambda x, mean: -np.log(mean) - np.exp(x) / mean),
        lambda tau, mean: np.asarray(-np.expm1(-tau / mean)),
        lambda p, mean: np.asarray(-mean * np.log1p(-np.asarray(p))),
        _infinite,
    ),
    "bounded_uniform": Family(
        _of_parameters(_bounded),
        lambda tau, upper: np.asarray(np.clip(tau / upper, 0.0, 1.0)),
        lambda p, upper: np.asarray(upper * np.asarray(p)),
        _infinite,
    ),
    "uniform": Family(_of_parameters(np.zeros_like), None, None, lambda: 0.0),
    "jeffreys": Family(_jeffreys, None, None, lambda: 1.0),
    "log_normal": Family(_of_parameters(_log_normal), *_of_log(ndtr, ndtri), _infinite),
    "log_student_t": Family(
        _of_parameters(_log_t), *_of_log(_of_t, _quantile_of_t), lambda location, scale, df: 1.0
    ),
    "inverse_gamma": Family(
        _of_parameters(_inverse_gamma),
        _of_inverse_gamma,
        lambda p, shape, scale: np.asarray(np.sqrt(scale / gammainccinv(shape, np.asarray(p)))),
        lambda shape, scale: 2.0 * shape + 1.0,
    ),
}  # fmt: skip


def log_density(prior: TauPrior, x: Array, vi: Array, used: Array) -> Array:
    """Return ln p(tau) at ln tau = x (n, m); of an improper prior without its constant."""
    return FAMILIES[prior.code].log_density(x, vi, used, *prior.parameters)


def cdf(prior: TauPrior, tau: Array) -> Array:
    """Return P(tau) under a proper prior."""
    function = FAMILIES[prior.code].cdf
    if function is None:
        raise ValueError(f"the prior {prior.code} is improper")
    return function(np.asarray(tau, dtype=np.float64), *prior.parameters)


def quantile(prior: TauPrior, p: Array) -> Array:
    """Return quantiles of tau under a proper prior."""
    function = FAMILIES[prior.code].quantile
    if function is None:
        raise ValueError(f"the prior {prior.code} is improper")
    return function(np.asarray(p, dtype=np.float64), *prior.parameters)


def upper_bound(prior: TauPrior) -> float:
    """Return the largest tau that the prior allows."""
    return prior.parameters[0] if prior.code == "bounded_uniform" else np.inf


def moments(prior: TauPrior, k: Array, *, flat: bool) -> Array:
    """Return how many moments of tau its posterior has (n,); infinite where it has all.

    The likelihood of tau falls as tau^-(k-1) with a flat prior of mu, and as tau^-k with a normal one. The tails of the
    log-Student-t distribution are those of 1/tau times a power of ln tau, which is just enough for the moment on the edge.
    """
    tail = FAMILIES[prior.code].tail(*prior.parameters)
    power = tail + k - (1.0 if flat else 0.0) - 1.0
    highest = np.where(np.isinf(power), np.inf, np.ceil(power) - 1.0)
    return np.asarray(np.where(prior.code == "log_student_t", np.floor(power), highest))
