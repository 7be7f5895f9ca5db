"""Heterogeneity: Q, tau2 with its interval, and the proportions and ratios that follow from either."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.special import chdtrc, chdtri

from coppice.core.errors import entry_named
from coppice.core.options import Option, bound
from coppice.pool import options
from coppice.pool.kernel.generalised_q import generalised_q_interval
from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.likelihood import profile_interval
from coppice.pool.kernel.moments import generalised_q_root, inverse_variance, moment_weights, q_about, sidik_jonkman
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.options import check_level


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Measures of heterogeneity, each (n,); I2 in percent.

    Attributes
    ----------
    q, df, p
        Cochran's Q with its test.
    i2, h2
        From tau2 and the typical sampling variance s2: 100 tau2 / (tau2 + s2) and 1 + tau2 / s2.
    i2_q, h2_q
        From Q: 100 max(0, (Q - df) / Q) and Q / df.
    i2_q_low, i2_q_high
        The test-based interval of Higgins & Thompson, at the level of the call.
    typical_variance
        (k - p) / tr(P) at tau2 = 0, by which limits of tau2 become limits of I2 and H2.
    """

    q: Array
    df: Array
    p: Array
    i2: Array
    h2: Array
    i2_q: Array
    h2_q: Array
    i2_q_low: Array
    i2_q_high: Array
    typical_variance: Array


def heterogeneity(data: Studies, tau2: Array, *, level: float = 0.95, about: Array | None = None) -> Heterogeneity:
    """Describe the heterogeneity of each meta-analysis, given tau2 (n,).

    Higgins & Thompson (2002), doi:10.1002/sim.1186, sections 3 and 4; NaN where k is not above the number of
    coefficients. Q is about the means by inverse variance, or about `about` (n,) where that is finite: the means about
    which tau2 was estimated.
    """
    check_level(level)
    fit, df = data.at(np.zeros_like(tau2)), data.df
    estimable = df > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        q = fit.q() if about is None else np.where(np.isfinite(about), q_about(data, about), fit.q())
        q = np.where(estimable, q, np.nan)
        typical = np.where(estimable, df / fit.trace(), np.nan)
        h2_q = q / df
        low, high = _test_based_h(q, df, level)
        return Heterogeneity(
            q,
            df,
            np.where(estimable, chdtrc(np.maximum(df, 1.0), q), np.nan),
            i2_of(tau2, typical),
            1.0 + tau2 / typical,
            100.0 * np.maximum(0.0, np.where(q > 0, 1.0 - 1.0 / h2_q, 0.0)),
            h2_q,
            _i2_of_h(low),
            _i2_of_h(high),
            typical,
        )


def i2_of(tau2: Array, typical_variance: Array) -> Array:
    """Return I2 in percent for a value of tau2."""
    return np.asarray(100.0 * tau2 / (tau2 + typical_variance))


def _i2_of_h(h: Array) -> Array:
    return np.asarray(100.0 * np.maximum(0.0, 1.0 - 1.0 / h**2))


def i2_limits(q: Array, df: Array, level: float) -> tuple[Array, Array]:
    """Return the test-based limits of I2 from Q, in percent, about H that is at least 1, as meta and netmeta have it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = _test_based_h(q, df, level, least=1.0)
        return _i2_of_h(low), _i2_of_h(high)


def _test_based_h(q: Array, df: Array, level: float, *, least: float = 0.0) -> tuple[Array, Array]:
    """Return the limits of H = sqrt(Q / df): Higgins & Thompson (2002), section 4, there with k = df + 1."""
    k = df + 1.0
    large = 0.5 * (np.log(q) - np.log(df)) / (np.sqrt(2.0 * q) - np.sqrt(2.0 * k - 3.0))
    small = np.where(
        k > 2,
        np.sqrt(1.0 / (2.0 * np.maximum(k - 2.0, 1.0)) * (1.0 - 1.0 / (3.0 * np.maximum(k - 2.0, 1.0) ** 2))),
        np.nan,
    )
    half = two_sided_quantile(level, np.inf) * np.where(q > k, large, small)
    h = np.maximum(np.sqrt(q / df), least)
    return np.maximum(h * np.exp(-half), 1.0), np.maximum(h * np.exp(half), 1.0)


def q_profile(data: Studies, level: float) -> tuple[Array, Array]:
    """Return the Q-profile interval of tau2: Viechtbauer (2007), doi:10.1002/sim.2514.

    The values of tau2 at which Q(tau2) is within its central chi-squared range; a lower limit that would be negative is
    0. Where Q(0) lies below the range, no tau2 brings it in, and both limits are NaN.
    """
    df, tail = np.maximum(data.df, 1.0), 0.5 * (1.0 - level)
    low, high = (generalised_q_root(data, np.asarray(chdtri(df, upper))) for upper in (tail, 1.0 - tail))
    exists = (data.df > 0) & (data.at(np.zeros_like(high)).q() >= chdtri(df, 1.0 - tail))
    return np.where(exists, low, np.nan), np.where(exists, high, np.nan)


def sidik_jonkman_interval(data: Studies, level: float) -> tuple[Array, Array]:
    """Return the interval of Sidik & Jonkman (2005), doi:10.1111/j.1467-9876.2005.00489.x.

    (k - p) times their estimate of tau2 over the quantiles of chi-squared on k - p degrees of freedom. Its lower limit is
    never 0 unless the effects are identical.
    """
    df, tail = np.maximum(data.df, 1.0), 0.5 * (1.0 - level)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(data.df > 0, df * sidik_jonkman(data), np.nan)
    low, high = (spread / chdtri(df, upper) for upper in (tail, 1.0 - tail))
    return low, high


@dataclass(frozen=True, slots=True, kw_only=True)
class Tau2Interval(Option):
    """One interval for tau2; `limits` takes studies and the level and gives its limits (n,), (n,)."""

    limits: Callable[[Studies, float], tuple[Array, Array]]


LIMITS: dict[str, Callable[[Studies, float], tuple[Array, Array]]] = {
    "QP": q_profile,
    "PL": partial(profile_interval, restricted=True),
    "PL-ML": partial(profile_interval, restricted=False),
    "J": lambda data, level: generalised_q_interval(data, data.used / np.sqrt(data.vi), level),
    "BJ": lambda data, level: generalised_q_interval(data, inverse_variance(data), level),
    "GENQ": lambda data, level: generalised_q_interval(data, moment_weights(data), level),
    "SJ": sidik_jonkman_interval,
}
TAU2_INTERVALS: dict[str, Tau2Interval] = bound(
    options.TAU2_INTERVALS, Tau2Interval, {code: {"limits": limits} for code, limits in LIMITS.items()}
)


def tau2_interval(data: Studies, *, method: str = "QP", level: float = 0.95) -> tuple[Array, Array]:
    """Return an interval for tau2 (n,), (n,).

    "QP" is Q-profile; "PL" and "PL-ML" profile the restricted likelihood and the likelihood; "J", "BJ" and "GENQ" rest on
    the distribution of Q with the weights 1 / sqrt(vi), 1 / vi and given ones; "SJ" is that of Sidik and Jonkman.

    Raises
    ------
    ValueError
        If there is no such method, naming the nearest.
    """
    check_level(level)
    return entry_named(TAU2_INTERVALS, method, "interval for tau2").limits(data, level)
