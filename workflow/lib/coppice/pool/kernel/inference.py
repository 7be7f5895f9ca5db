"""Inference on the coefficients, given tau2: one registry of rules.

Every rule is a multiple of the same covariance (X'WX)^-1 with a number of degrees of freedom, which is how statsmodels
gets it: `cov_type="fixed scale"` with that scale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coppice.core.options import bound, entry_of
from coppice.pool import options
from coppice.pool.kernel.kernel import Array, Projection, Studies
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.options import InferenceOption, check_level

Rule = Callable[[Studies, Array, Projection, float], tuple[Array, Array]]


def hksj_factor(data: Studies, fit: Projection) -> Array:
    """Return y'Py / (k - p), by which HKSJ multiplies the Wald variance (n,); NaN where k <= p."""
    return np.asarray(np.divide(fit.q(), data.df, out=np.full(data.df.shape, np.nan), where=data.df > 0))


def _wald(data: Studies, tau2: Array, fit: Projection, level: float) -> tuple[Array, Array]:
    return np.ones_like(tau2), np.full_like(tau2, np.inf)


def _t(data: Studies, tau2: Array, fit: Projection, level: float) -> tuple[Array, Array]:
    return np.ones_like(tau2), data.df


def _hksj(data: Studies, tau2: Array, fit: Projection, level: float) -> tuple[Array, Array]:
    return hksj_factor(data, fit), data.df


def _hksj_adhoc(data: Studies, tau2: Array, fit: Projection, level: float) -> tuple[Array, Array]:
    return np.maximum(hksj_factor(data, fit), 1.0), data.df


def _hksj_wider(data: Studies, tau2: Array, fit: Projection, level: float) -> tuple[Array, Array]:
    factor = hksj_factor(data, fit)
    narrower = two_sided_quantile(level, data.df) * np.sqrt(factor) < two_sided_quantile(level, np.inf)
    return np.where(narrower, 1.0, factor), np.where(narrower, np.inf, data.df)


def _hksj_iqwig(data: Studies, tau2: Array, fit: Projection, level: float) -> tuple[Array, Array]:
    factor = hksj_factor(data, fit)
    classic = data.at(estimate_tau2(data, "DL").tau2).covariance[:, 0, 0]
    width = two_sided_quantile(level, data.df) * np.sqrt(factor * fit.covariance[:, 0, 0])
    narrower = width < two_sided_quantile(level, np.inf) * np.sqrt(classic)
    return np.where(narrower, np.maximum(factor, 1.0), factor), data.df


def _kenward_roger_adjusted(data: Studies, tau2: Array, fit: Projection, level: float) -> tuple[Array, Array]:
    """Put the adjusted variance in place of the unadjusted one in the degrees of freedom of Kenward & Roger.

    The definition of R's meta and pimeta; with few studies the degrees of freedom differ much.
    """
    scale, df = _kenward_roger(data, tau2, fit, level)
    return scale, df / scale**2


def _kenward_roger(data: Studies, tau2: Array, fit: Projection, level: float) -> tuple[Array, Array]:
    """With one variance parameter and one coefficient the F test of Kenward & Roger has df 2 / A and scale 1.

    Expected information, as in Partlett & Riley (2017), doi:10.1002/sim.7140, section 2.3.2.
    """
    if data.p != 1:
        raise ValueError("Kenward-Roger inference is for models without moderators")
    phi, w = fit.covariance[:, 0, 0], fit.weights
    sum2, sum3 = (w**2).sum(axis=0), (w**3).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance_of_tau2 = np.where(data.df > 0, 2.0 / fit.trace2(), np.nan)
        scale = 1.0 + 2.0 * variance_of_tau2 * phi * (sum3 - phi * sum2**2)
        return scale, np.nan_to_num(2.0 / (variance_of_tau2 * (phi * sum2) ** 2), nan=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference(InferenceOption):
    """One way to get intervals and tests.

    `rule`: (studies, tau2, fit, level) -> scale of the covariance (n,), and degrees of freedom (n,), inf for the
    normal.
    """

    rule: Rule


RULES: dict[str, Rule] = {
    "wald": _wald,
    "t": _t,
    "HKSJ": _hksj,
    "HKSJ-adhoc": _hksj_adhoc,
    "HKSJ-ci": _hksj_wider,
    "HKSJ-IQWiG": _hksj_iqwig,
    "KR": _kenward_roger,
    "KR-meta": _kenward_roger_adjusted,
    "PL": _wald,
}
INFERENCES: dict[str, Inference] = bound(
    options.INFERENCES, Inference, {code: {"rule": rule} for code, rule in RULES.items()}
)


def inference(code: str) -> Inference:
    """Return a rule by its code; ValueError for an unknown one names the nearest."""
    return entry_of(INFERENCES, code, "inference")


@dataclass(frozen=True, slots=True)
class Estimates:
    """Coefficients with intervals and tests.

    Attributes
    ----------
    estimate, se, ci_low, ci_high, statistic, p : (n, p)
        NaN where the data do not give one.
    scale, df : (n,)
        The multiple of (X'WX)^-1, and the degrees of freedom.
    """

    estimate: Array
    se: Array
    ci_low: Array
    ci_high: Array
    statistic: Array
    p: Array
    scale: Array
    df: Array


def infer(data: Studies, tau2: Array, *, method: str = "HKSJ", level: float = 0.95) -> Estimates:
    """Estimate the coefficients of each meta-analysis, given tau2 (n,).

    Parameters
    ----------
    data : Studies
    tau2 : (n,)
    method : str
        A code of :data:`INFERENCES`.
    level : float
        Confidence level, between 0 and 1.
    """
    check_level(level)
    fit = data.at(tau2)
    scale, df = inference(method).rule(data, tau2, fit, level)
    se = np.sqrt(np.einsum("npp->np", fit.covariance) * scale[:, None])
    half = two_sided_quantile(level, df)[:, None] * se
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = fit.coefficients / se
    return Estimates(
        fit.coefficients,
        se,
        fit.coefficients - half,
        fit.coefficients + half,
        statistic,
        two_sided_p(statistic, df[:, None]),
        scale,
        df,
    )
