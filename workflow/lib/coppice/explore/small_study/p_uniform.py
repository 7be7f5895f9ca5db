"""p-uniform*: the effect if significant and other studies are published with different chances, whichever these are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import chdtrc

from coppice.explore.small_study.entry import CannotFit, Part, a_null, different_effects, outside
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.likelihood import Likelihood, Point
from coppice.explore.small_study.options import P_UNIFORM_ALPHA
from coppice.explore.small_study.selection import direction, fit, oriented, profile_limit, standard_errors
from coppice.explore.small_study.weights import OwnSide
from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.parts import finite

LEAST_SIGNIFICANT = 1  # without any, the model tells nothing of selection for significance


def p_uniform(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Fit p-uniform* by maximum likelihood: van Aert & van Assen 2026, doi:10.3758/s13423-025-02812-4.

    The density of a significant study is divided by its chance to be significant, that of another by its chance not to be.
    Intervals are by profile likelihood. `p` is the likelihood ratio test of no effect; `p_het` that of no heterogeneity,
    half of the chi-squared one, as 0 is the boundary.
    """
    alpha = float(options.get("alpha", P_UNIFORM_ALPHA))
    alternative = direction(evidence, options)
    sign, yi = oriented(evidence, alternative)
    weights = OwnSide(yi, evidence.vi, alpha / 2.0)
    significant = int(weights.significant.sum())
    if significant < LEAST_SIGNIFICANT:
        raise CannotFit("no study is significant on the welcome side")
    model = Likelihood(yi, evidence.vi, weights)
    best = fit(model, float(estimate_tau2(studies(yi, evidence.vi), "ML").tau2[0]))
    se = standard_errors(best)
    null = evidence.null or 0.0

    def limits(index: int) -> list[float | None]:
        return [profile_limit(model, best, index, float(se[index]), evidence.level, up=up) for up in (False, True)]

    def ratio(index: int) -> float:
        return max(0.0, 2.0 * (best.value - _fixed_at_zero(model, best, index).value))

    ends = [None if end is None else sign * end + null for end in limits(0)][:: int(sign)]
    spread = limits(1)
    none, homogeneous = ratio(0), ratio(1)
    centre = sign * float(best.at[0]) + null
    return {
        "estimate": centre,
        "ci_low": ends[0],
        "ci_high": ends[1],
        "se": finite(se[0]),
        "statistic": none,
        "p": float(chdtrc(1, none)),
        "tau2": float(best.at[1]),
        "tau2_low": spread[0],
        "tau2_high": spread[1],
        "statistic_het": homogeneous,
        "p_het": float(chdtrc(1, homogeneous)) / 2.0,
        "significant": significant,
        "alpha": alpha,
        "alternative": alternative,
        "log_likelihood": best.value,
        **outside(centre, evidence.yi, "The adjusted mean"),
    }


def _fixed_at_zero(model: Likelihood, best: Point, index: int) -> Point:
    """Return the maximum with mu (index 0) or tau2 (1) fixed at 0, from the free maximum and from no heterogeneity."""
    fixed = np.arange(len(best.at)) == index
    start = np.where(fixed, 0.0, best.at)
    maxima = []
    for each in (start, np.where(np.arange(len(start)) == 1, 0.0, start)):
        try:
            maxima.append(model.maximise(each, fixed))
        except CannotFit as error:
            reason = error
    if not maxima:
        raise reason
    return max(maxima, key=lambda point: point.value)


FUNCTIONS = {"p_uniform": {"run": p_uniform, "needs": (a_null, different_effects)}}
