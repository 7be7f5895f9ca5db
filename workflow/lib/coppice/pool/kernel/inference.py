"""Inference on the coefficients, given tau2: one registry of rules.

Every rule is a multiple of the same covariance (X'WX)^-1 with a number of degrees of freedom, which is how statsmodels
is told about it: `cov_type="fixed scale"` with that scale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coppice.core.errors import nearest
from coppice.pool.kernel.kernel import Array, Projection, Studies
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.kernel.tau2 import estimate_tau2

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


@dataclass(frozen=True, slots=True)
class Inference:
    """One way to get intervals and tests.

    Attributes
    ----------
    code, name, source : str
        Value of `inference:` in the configuration, name in running text, who proposed it.
    rule : callable
        (studies, tau2, fit, level) -> the scale of the covariance (n,), and degrees of freedom (n,), inf for the
        normal.
    estimated_scale : bool
        Whether the scale is the estimated one throughout, so that a single study has no interval.
    tau2 : str or None
        The only estimator of tau2 that it is defined for.
    is_of_the_mean : bool
        Whether it is defined for a pooled effect alone, and not for the coefficients of moderators.
    """

    code: str
    name: str
    source: str
    rule: Rule
    estimated_scale: bool = False
    tau2: str | None = None
    is_of_the_mean: bool = False


INFERENCES: dict[str, Inference] = {
    entry.code: entry
    for entry in (
        Inference("wald", "Wald", "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2", _wald),
        Inference("t", "Wald with t quantiles", "Follmann & Proschan 1999, doi:10.1111/j.0006-341X.1999.00732.x", _t),
        Inference(
            "HKSJ",
            "Hartung-Knapp-Sidik-Jonkman",
            "Hartung & Knapp 2001, doi:10.1002/sim.1009; Sidik & Jonkman 2002, doi:10.1002/sim.1262",
            _hksj,
            estimated_scale=True,
        ),
        Inference(
            "HKSJ-adhoc",
            "Hartung-Knapp-Sidik-Jonkman, factor at least 1",
            "Knapp & Hartung 2003, doi:10.1002/sim.1482",
            _hksj_adhoc,
            estimated_scale=True,
        ),
        Inference(
            "HKSJ-ci",
            "the wider of the Hartung-Knapp-Sidik-Jonkman and the Wald interval",
            "Jackson et al. 2017, doi:10.1002/sim.7411",
            _hksj_wider,
            estimated_scale=True,
        ),
        Inference(
            "HKSJ-IQWiG",
            "Hartung-Knapp-Sidik-Jonkman, factor at least 1 where its interval is narrower than "
            "DerSimonian and Laird's",
            "IQWiG General Methods 6.1 (2022)",
            _hksj_iqwig,
            estimated_scale=True,
        ),
        Inference(
            "KR",
            "Kenward-Roger",
            "Kenward & Roger 1997, doi:10.2307/2533558; Morris et al. 2018, doi:10.1002/sim.7843",
            _kenward_roger,
            estimated_scale=True,
            tau2="REML",
            is_of_the_mean=True,
        ),
        Inference(
            "KR-meta",
            "Kenward-Roger with the adjusted variance in the degrees of freedom, as in R's meta",
            "the R packages meta and pimeta; Partlett & Riley 2017, doi:10.1002/sim.7140",
            _kenward_roger_adjusted,
            estimated_scale=True,
            tau2="REML",
            is_of_the_mean=True,
        ),
        Inference(
            "PL",
            "profile likelihood",
            "Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A; its standard "
            "error is Wald's",
            _wald,
            tau2="ML",
            is_of_the_mean=True,
        ),
    )
}


def inference(code: str) -> Inference:
    """Return a rule by its code.

    Raises
    ------
    ValueError
        If there is none, naming the nearest.
    """
    if code not in INFERENCES:
        raise ValueError(f"there is no inference '{code}': {nearest(code, INFERENCES)}")
    return INFERENCES[code]


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


def check_level(level: float) -> None:
    """Raise ValueError if `level` is no confidence level."""
    if not 0 < level < 1:
        raise ValueError(f"the confidence level must lie between 0 and 1 (0.95 for 95 %), not {level}")
