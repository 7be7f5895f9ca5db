"""Rank correlation tests of funnel plot asymmetry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.special import gammaln, ndtr

from coppice.core.limits import EVENTS
from coppice.explore.rounding import dense_ranks, is_rounding, without_rounding
from coppice.explore.small_study.entry import (
    ODDS_RATIOS,
    CannotFit,
    Part,
    a_null,
    different_precision,
    measure_in,
    not_linked,
    tables,
)
from coppice.explore.small_study.evidence import Evidence
from coppice.pool.kernel.kernel import Array

BLOCK = 500  # effects that are compared with all others at a time
MOST_EXACT = 150  # from here on the normal approximation is as good to the digits that are printed


def kendall(x: Array, y: Array) -> Part:
    """Correlate two variables (k,) by Kendall's tau-b; values that differ by rounding alone are tied.

    The two-sided `p` is `exact` without ties and below MOST_EXACT studies; otherwise it is normal, with the variance
    corrected for ties (Kendall 1970, Rank Correlation Methods, section 5.8), without continuity correction.
    """
    k = len(x)
    x, y = dense_ranks(x), dense_ranks(y)
    score = 0.0
    for begin in range(0, k, BLOCK):  # all pairs at once would fill the memory where there are ten thousand effects
        some = slice(begin, begin + BLOCK)
        score += float((np.sign(x[some, None] - x) * np.sign(y[some, None] - y)).sum()) / 2.0
    ties = [np.unique(values, return_counts=True)[1].astype(np.float64) for values in (x, y)]
    pairs = k * (k - 1) / 2.0
    free = [pairs - (t * (t - 1)).sum() / 2.0 for t in ties]
    if min(free) <= 0:
        raise CannotFit("all values of one of its two variables are equal, so they can't be ranked")
    tau = score / np.sqrt(free[0] * free[1])
    exact = k < MOST_EXACT and all(t.max() == 1 for t in ties)
    p = _exact_p(k, (pairs + score) / 2.0) if exact else 2.0 * float(ndtr(-abs(score) / _score_sd(k, *ties)))
    return {"tau": float(tau), "p": p, "exact": exact}


def _exact_p(k: int, concordant: float) -> float:
    """Return the two-sided p value from the distribution of the number of concordant pairs of k! orders."""
    chances = np.ones(1)
    for size in range(2, k + 1):
        chances = np.convolve(chances, np.full(size, 1.0 / size))
    at = round(concordant)
    return float(min(1.0, 2.0 * min(chances[: at + 1].sum(), chances[at:].sum())))


def _score_sd(k: int, t: Array, u: Array) -> float:
    whole = k * (k - 1.0)
    tied = [(n * (n - 1) * (2 * n + 5)).sum() for n in (t, u)]
    second = [(n * (n - 1)).sum() for n in (t, u)]
    third = [(n * (n - 1) * (n - 2)).sum() for n in (t, u)]
    variance = (whole * (2 * k + 5) - sum(tied)) / 18.0 + second[0] * second[1] / (2.0 * whole)
    return float(np.sqrt(variance + third[0] * third[1] / (9.0 * whole * (k - 2))))


def begg(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Correlate the deviates from the common effect, standardised by their own variance, with the variances."""
    weights = 1.0 / evidence.vi
    # about the most precise effect, so that nothing cancels where one study has nearly all the weight
    first = int(weights.argmax())
    yi = evidence.yi - evidence.yi[first]
    others = weights.sum() - weights
    others[first] = np.delete(weights, first).sum()
    away = without_rounding(yi - (weights * yi).sum() / weights.sum(), evidence.yi, evidence.sei)
    deviates = away / np.sqrt(evidence.vi * others / weights.sum())
    return kendall(deviates, evidence.vi)


def noncentral_moments(tables_: Array, ratio: float) -> tuple[Array, Array]:
    """Return mean and variance of the experimental arm's events, given the margins and the odds ratio.

    Fisher's noncentral hypergeometric distribution; tables (k, 4) as of :class:`Evidence`.
    """
    moments = []
    for a, n1, c, n2 in tables_:
        events = a + c
        x = np.arange(max(0.0, events - n2), min(n1, events) + 1.0)
        logs = x * np.log(ratio) - sum(gammaln(part + 1.0) for part in (x, n1 - x, events - x, n2 - events + x))
        chances = np.exp(logs - logs.max())
        chances /= chances.sum()
        mean = float((x * chances).sum())
        moments.append((mean, float(((x - mean) ** 2 * chances).sum())))
    mean_, variance = np.array(moments).T
    return mean_, variance


def mantel_haenszel(tables_: Array) -> float:
    """Return the Mantel-Haenszel odds ratio of tables (k, 4)."""
    a, n1, c, n2 = tables_.T
    n = n1 + n2
    return float((a * (n2 - c) / n).sum() / (c * (n1 - a) / n).sum())


def schwarzer(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Correlate the standardised events of the experimental arm, given the common odds ratio, with 1/variance."""
    assert evidence.tables is not None
    ratio = mantel_haenszel(evidence.tables)
    a, n1, c, n2 = evidence.tables.T
    products = a * (n2 - c), ratio * c * (n1 - a)
    if is_rounding(products[0] - products[1], *products):
        raise CannotFit("all tables have the same odds ratio, so none deviates from it")
    mean, variance = noncentral_moments(evidence.tables, ratio)
    away = without_rounding(evidence.tables[:, 0] - mean, evidence.tables[:, 0], np.sqrt(variance))
    found = kendall(away / np.sqrt(variance), 1.0 / variance)
    return found | {"odds_ratio": ratio}


def _odds_ratio_exists(evidence: Evidence) -> str | None:
    assert evidence.tables is not None
    a, n1, c, n2 = evidence.tables.T
    inner = (a * (n2 - c)).sum() > 0 and (c * (n1 - a)).sum() > 0
    return None if inner else "the common odds ratio is 0 or infinite"


def _few_events(evidence: Evidence) -> str | None:
    assert evidence.tables is not None
    a, n1, c, n2 = evidence.tables.T
    possible = (np.minimum(n1, a + c) - np.maximum(0.0, a + c - n2)).sum()
    if possible <= EVENTS:
        return None
    return f"it evaluates every possible number of events, and there are more than {EVENTS:,}"


FUNCTIONS = {
    "begg": {"run": begg, "needs": (a_null, not_linked, different_precision)},
    "schwarzer": {
        "run": schwarzer,
        "needs": (a_null, measure_in(ODDS_RATIOS, "odds ratios"), tables, _odds_ratio_exists, _few_events),
    },
}
