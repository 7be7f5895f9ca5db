"""Fail-safe N: how many unseen studies without an effect would undo the result. It is given with the advice against it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri

from coppice.explore.small_study.entry import Part, a_null
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.options import FAIL_SAFE_ALPHA

SLACK = 1e-9  # a number that is whole but for rounding is not raised to the next
ADVICE = (
    "Fail-safe numbers assume that the unseen studies average exactly no effect, ignore their size and what the result "
    "means, and have no agreed threshold; the Cochrane Handbook advises against them (version 5.1, section 10.4.4.3)."
)


def whole(number: float) -> int | None:
    """Return the smallest whole number of studies that suffices, 0 where none is needed; None where no number does."""
    return max(0, math.ceil(number - SLACK)) if math.isfinite(number) else None


def rosenthal(evidence: Evidence, alpha: float) -> float:
    """Solve sum(z) / sqrt(k + N) = z of a one-sided alpha (Stouffer's combination)."""
    assert evidence.null is not None
    z = (evidence.yi - evidence.null) / evidence.sei
    return float(z.sum() ** 2 / ndtri(1.0 - alpha) ** 2 - evidence.k)


def orwin(evidence: Evidence, target: float | None) -> tuple[float, float]:
    """Return the number of studies without an effect that bring the unweighted mean down to the target, and the target.

    Without a target it is half the mean, as in R's metafor; its sign is that of the mean.
    """
    assert evidence.null is not None
    mean = float((evidence.yi - evidence.null).mean())
    aim = mean / 2.0 if target is None else math.copysign(target, mean)
    return (evidence.k * (mean - aim) / aim if aim else math.inf), aim


def undone(evidence: Evidence, alpha: float, tau2: float) -> float:
    """Return how many studies of no effect make the pooled two-sided p alpha, given tau2.

    Each has the harmonic mean of the sampling variances, so that with tau2 = 0 the weights of N studies are N times the
    mean weight: z^2 = (sum w y)^2 / (sum w + N w0), solved for N.
    """
    assert evidence.null is not None
    weights = 1.0 / (evidence.vi + tau2)
    new = 1.0 / (1.0 / float(np.mean(1.0 / evidence.vi)) + tau2)
    critical = float(ndtri(1.0 - alpha / 2.0))
    return float(((weights * (evidence.yi - evidence.null)).sum() ** 2 / critical**2 - weights.sum()) / new)


def fail_safe(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Give the four fail-safe numbers.

    `rosenthal`: Rosenthal 1979, doi:10.1037/0033-2909.86.3.638. `orwin`: Orwin 1983, doi:10.3102/10769986008002157.
    `rosenberg`: Rosenberg 2005, doi:10.1111/j.0014-3820.2005.tb01004.x, with a normal quantile. `general`: Rosenberg's for
    the random-effects model, the between-study variance held at its estimate.
    """
    alpha = float(options.get("alpha", FAIL_SAFE_ALPHA))
    target = options.get("target")
    studies, aim = orwin(evidence, None if target is None else abs(float(target)))
    return {
        "rosenthal": whole(rosenthal(evidence, alpha)),
        "orwin": whole(studies),
        "orwin_target": aim + (evidence.null or 0.0),
        "rosenberg": whole(undone(evidence, alpha, 0.0)),
        "general": whole(undone(evidence, alpha, evidence.tau2)),
        "alpha": alpha,
        "advice": ADVICE,
    }


FUNCTIONS = {"fail_safe_n": {"run": fail_safe, "needs": (a_null,)}}
