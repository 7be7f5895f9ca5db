"""The test of excess significance: more significant studies than their power lets expect."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from coppice.explore.small_study.entry import Part, a_null
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.options import EXCESS_ALPHA
from coppice.pool.kernel.kernel import Array

LIMIT_ALPHA = 0.10  # the level of the test itself, for the limit estimate: Ioannidis & Trikalinos 2007
FAR = 10.0  # standard deviations beyond the estimate, where the power of every study is 1
HALVINGS = 80  # of the bracket of the limit estimate; 60 exhaust a double


def power(vi: Array, theta: float, tau2: float, *, alpha: float = EXCESS_ALPHA) -> Array:
    """Return the power of a two-sided Wald test of each study (k,), expected over true effects N(theta, tau2).

    The expected power is a probability of the marginal distribution N(theta, vi + tau2), so it needs no integral.
    `theta` is less the null.
    """
    critical = float(ndtri(1.0 - alpha / 2.0)) * np.sqrt(vi)
    spread = np.sqrt(vi + tau2)
    return np.asarray(np.minimum(ndtr((-critical - theta) / spread) + ndtr((theta - critical) / spread), 1.0))


def at_least(count: int, chances: Array) -> float:
    """Return the chance of `count` or more successes in independent trials with given chances: exact."""
    distribution = np.ones(1)
    for chance in chances:
        distribution = np.convolve(distribution, [1.0 - chance, chance])
    return float(min(distribution[count:].sum(), 1.0))


def excess(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Compare the observed with the expected number of significant studies.

    `p` is exact and one-sided; `chi2` and `p_chi2` are Pearson's, one-sided, None where every power is 1 or 0; `limit`
    is the effect that would make the exact p 0.10, None if no effect between the estimate and the null does.
    """
    assert evidence.null is not None
    alpha = float(options.get("alpha", EXCESS_ALPHA))
    critical = float(ndtri(1.0 - alpha / 2.0))
    observed = int((np.abs(evidence.yi - evidence.null) / evidence.sei > critical).sum())
    theta = evidence.estimate - evidence.null
    chances = power(evidence.vi, theta, evidence.tau2, alpha=alpha)
    expected = float(chances.sum())
    chi2, p_chi2 = _pearson(observed, expected, evidence.k)
    limit = _limit(evidence, observed, theta, alpha)
    return {
        "observed": observed,
        "expected": expected,
        "ratio": observed / expected if expected > 0 else None,
        "p": at_least(observed, chances),
        "chi2": chi2,
        "p_chi2": p_chi2,
        "alpha": alpha,
        "limit": None if limit is None else limit + evidence.null,
    }


def _pearson(observed: int, expected: float, k: int) -> tuple[float | None, float | None]:
    """Return Pearson's chi-squared and its one-sided p; None where every power is 0 or 1, so that nothing is random."""
    if not 0 < expected < k:
        return None, None
    apart = (observed - expected) ** 2
    chi2 = apart / expected + apart / (k - expected)
    upper = float(chdtrc(1, chi2)) / 2.0
    return chi2, upper if observed > expected else 1.0 - upper


def _limit(evidence: Evidence, observed: int, theta: float, alpha: float) -> float | None:
    """Return the effect, on the estimate's side, at which the exact p is LIMIT_ALPHA; p grows away from the null."""

    def p_of(value: float) -> float:
        return at_least(observed, power(evidence.vi, value, evidence.tau2, alpha=alpha))

    side = -1.0 if theta < 0 else 1.0
    far = theta + side * FAR * math.sqrt(float(evidence.vi.max()) + evidence.tau2)
    if p_of(0.0) > LIMIT_ALPHA or p_of(far) < LIMIT_ALPHA:
        return None
    low, high = 0.0, far
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if p_of(middle) < LIMIT_ALPHA else (low, middle)
    return (low + high) / 2.0


FUNCTIONS = {"excess_significance": {"run": excess, "needs": (a_null,)}}
