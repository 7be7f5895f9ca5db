"""p-curve: whether the significant p values are as small as a real effect makes them. It is given with the advice against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from scipy.special import bdtr, bdtrc, ndtr, ndtri

from coppice.explore.small_study.entry import CannotFit, Part, a_null
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.selection import direction, oriented
from coppice.pool.kernel.kernel import Array

ALPHA = 0.05  # two-sided: a study below it is on the curve, by its authors
HALF = 0.025  # the half curve has the studies below it
LOW_POWER = 1.0 / 3.0  # a curve flatter than at this power has no adequate evidence
HALVINGS = 80  # of the bracket of the effect with this power
SMALLEST = 2.2e-16  # a share nearer to 0 or 1 counts as this, so that its normal quantile is finite
EVIDENCE_ALPHA, BOTH_ALPHA = 0.05, 0.10  # of the half curve alone, and of both curves together: Simonsohn et al. 2015
ADVICE = (
    "p-curve reads significant studies alone and says nothing of the size of the effect. In some situations it behaves "
    "erratically, heterogeneity makes it too favourable, and choices of analysis that lead to p just below 0.05 bias it "
    "unpredictably (van Aert et al. 2016, doi:10.1177/1745691616650874): prefer a selection model."
)
Verdict = Literal["evidential value", "no adequate evidence", "undecided"]


def power(distance: float) -> float:
    """Return the power of a two-sided test at the level of the curve, for an effect of some standard errors."""
    critical = float(ndtri(1.0 - ALPHA / 2.0))
    return float(ndtr(distance - critical) + ndtr(-distance - critical))


def effect_of(aim: float) -> float:
    """Return the effect in standard errors that has a given power, above that of no effect."""
    low, high = 0.0, 10.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if power(middle) < aim else (low, middle)
    return (low + high) / 2.0


def beyond(z: Array, distance: float) -> Array:
    """Return the chance of a result at least as far from no effect, |Z| >= z, for an effect of some standard errors."""
    return np.asarray(ndtr(distance - z) + ndtr(-distance - z))


def stouffer(shares: Array) -> dict[str, float]:
    """Combine the shares of the curve that are smaller, uniform under the hypothesis: z, and the p of a small sum."""
    z = float(ndtri(np.clip(shares, SMALLEST, 1.0 - SMALLEST)).sum() / np.sqrt(len(shares)))
    return {"z": z, "p": float(ndtr(z))}


def tests(z: Array, level: float) -> tuple[dict[str, float], dict[str, float]] | None:
    """Test the curve of the studies with p below a level: its right skew, and that it is flatter than at a third power."""
    z = z[2.0 * ndtr(-z) < level]
    if not len(z):
        return None
    low = effect_of(LOW_POWER)
    at_level = beyond(ndtri(np.array([1.0 - level / 2.0])), low)
    skew = stouffer(2.0 * ndtr(-z) / level)
    flat = stouffer(1.0 - beyond(z, low) / at_level)
    return skew, flat


def p_curve(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Give the tests of Simonsohn et al. 2014, doi:10.1037/a0033242, and 2015, doi:10.1037/xge0000104.

    Of the studies that are significant on the welcome side: `right_skew`, whether small p values are more frequent than
    without an effect, and `flatness`, whether they are less so than with a power of one third, by Stouffer's combination
    of the shares of the curve, for all (`full`) and for those with p below 0.025 (`half`); `binomial` counts the latter.
    """
    alternative = direction(evidence, options)
    _, yi = oriented(evidence, alternative)
    z = yi / evidence.sei
    z = z[(z > 0) & (2.0 * ndtr(-z) < ALPHA)]
    full, half = tests(z, ALPHA), tests(z, HALF)
    if full is None:
        raise CannotFit("no study is significant on the welcome side")
    number, below = len(z), int((2.0 * ndtr(-z) < HALF).sum())
    low = effect_of(LOW_POWER)
    share = float(beyond(ndtri(np.array([1.0 - HALF / 2.0])), low)[0] / LOW_POWER)
    # at least as many below, where half are without an effect; at most as many, where more are at a power of one third
    binomial = 1.0 if below == 0 else float(bdtrc(below - 1, number, 0.5))
    binomial_flat = float(bdtr(below, number, share))
    part = {
        "significant": number,
        "below_half": below,
        "alternative": alternative,
        "right_skew": {"full": full[0], "half": half[0] if half else None, "binomial": binomial},
        "flatness": {"full": full[1], "half": half[1] if half else None, "binomial": binomial_flat},
        "advice": ADVICE,
    }
    return part | {"verdict": verdict(part)}


def verdict(part: Part) -> Verdict:
    """Return what the rule of Simonsohn et al. 2015 says: it counts a curve that is not there as a p value of 1."""
    skew, flat = part["right_skew"], part["flatness"]
    half, full = (skew["half"] or {"p": 1.0})["p"], skew["full"]["p"]
    if half < EVIDENCE_ALPHA or (half < BOTH_ALPHA and full < BOTH_ALPHA):
        return "evidential value"
    flat_half = (flat["half"] or {"p": 1.0})["p"]
    is_flat = flat["full"]["p"] < EVIDENCE_ALPHA or (flat_half < BOTH_ALPHA and flat["binomial"] < BOTH_ALPHA)
    return "no adequate evidence" if is_flat else "undecided"


FUNCTIONS = {"p_curve": {"run": p_curve, "needs": (a_null,)}}
