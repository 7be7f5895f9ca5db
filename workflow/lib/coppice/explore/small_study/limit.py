"""Limit meta-analysis: the effects of the studies if each were infinitely large, with the small-study effect taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc

from coppice.explore.small_study.entry import CannotFit, Part, a_null, different_effects, different_precision, outside
from coppice.explore.small_study.evidence import Evidence
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile

BEYOND_ALPHA = 0.10  # of the test of heterogeneity beyond the small-study effect, as customary for Q


@dataclass(frozen=True, slots=True)
class RadialLine:
    """A straight line through a radial plot: `intercept` is the small-study effect, `slope` the effect without it.

    `covariance` (2, 2) holds for residuals of variance 1, as a radial plot has them by construction.
    """

    intercept: float
    slope: float
    covariance: Array
    residual: float
    total: float


def radial_line(yi: Array, sei: Array) -> RadialLine:
    """Regress yi / sei on 1 / sei, without weights; `residual` and `total` are sums of squares about line and mean."""
    design = np.column_stack([np.ones_like(yi), 1.0 / sei])
    z = yi / sei
    (intercept, slope), *_ = np.linalg.lstsq(design, z, rcond=None)
    residuals = z - design @ np.array([intercept, slope])
    covariance: Array = np.asarray(np.linalg.inv(design.T @ design), dtype=np.float64)
    return RadialLine(
        float(intercept), float(slope), covariance, float((residuals**2).sum()), float(((z - z.mean()) ** 2).sum())
    )


def limits_of(yi: Array, vi: Array, tau2: float, slope: float) -> Array:
    """Return the effects of the studies in the limit of infinite precision (k,): Rücker et al. 2011, equation 7.

    Each keeps the share sqrt(tau2 / (vi + tau2)) of its distance from the slope of the generalised radial plot.
    """
    return np.asarray(slope + np.sqrt(tau2 / (vi + tau2)) * (yi - slope))


def limit(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Give the limit meta-analysis of Rücker et al. 2011, doi:10.1093/biostatistics/kxq046, with tau2 of the main model.

    The adjusted effect is the expectation of a study of infinite size, slope + tau * intercept of the generalised radial
    plot. `Q_small` tests the small-study effect, `Q_beyond` the heterogeneity left beside it; `G2` is the share of the
    variance of the limit effects that it does not explain.
    """
    yi, vi, tau2 = evidence.yi, evidence.vi, evidence.tau2
    line, fixed = radial_line(yi, np.sqrt(vi + tau2)), radial_line(yi, evidence.sei)
    tau = float(np.sqrt(tau2))
    estimate = line.slope + tau * line.intercept
    direction = np.array([tau, 1.0])
    se = float(np.sqrt(direction @ line.covariance @ direction))
    margin = float(two_sided_quantile(evidence.level, np.inf)) * se
    null = evidence.null or 0.0
    z = (estimate - null) / se
    weights = 1.0 / vi
    mean = float((weights * yi).sum() / weights.sum())
    q = float((weights * (yi - mean) ** 2).sum())
    limits = limits_of(yi, vi, tau2, line.slope)
    shrunken = radial_line(limits, evidence.sei)
    if not shrunken.total > 0:
        raise CannotFit("the limit effects do not vary")
    q_small = max(0.0, q - fixed.residual)
    return {
        "estimate": estimate,
        "se": se,
        "ci_low": estimate - margin,
        "ci_high": estimate + margin,
        "statistic": z,
        "p": float(two_sided_p(z, np.inf)),
        "intercept": line.intercept,
        "slope": line.slope,
        "Q": q,
        "Q_small": q_small,
        "p_small": float(chdtrc(1, q_small)),
        "Q_beyond": fixed.residual,
        "p_beyond": float(chdtrc(evidence.k - 2, fixed.residual)),
        "G2": 100.0 * min(1.0, shrunken.residual / shrunken.total),
        "limits": [float(value) for value in limits],
        **outside(estimate, yi, "The effect of an infinitely large study"),
    }


FUNCTIONS = {"limit": {"run": limit, "needs": (a_null, different_precision, different_effects)}}
