"""Equivalence: whether the pooled effect is shown to be smaller than matters, by two one-sided tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from coppice.core.contracts.conclusions import Equivalence
from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.values import Skipped
from coppice.core.importance import importance_of
from coppice.core.measures import MEASURES
from coppice.explore.options import EQUIVALENCE_ALPHA, EXPLORATIONS
from coppice.pool.kernel.quantiles import lower_tail, two_sided_quantile

BY_LIKELIHOOD = "PL"  # an inference without a standard error behind its interval


def equivalence(pooled: PoolResult, options: Mapping[str, Any]) -> Equivalence | Skipped:
    """Test the pooled effect against the smallest important one on both sides of no effect.

    Two one-sided tests of Schuirmann 1987, doi:10.1007/BF01068419, with the standard error and the degrees of freedom
    of the main model, for meta-analyses as in Lakens 2017, doi:10.1177/1948550617697177. `p` is the larger of both.
    """
    random, measure = pooled["random"], MEASURES[pooled["measure"]]
    if random is None:
        return {"skipped": pooled["reasons"].get("random") or "there is no overall estimate"}
    size = importance_of(options.get("important"), measure)
    if size is None:
        return {"skipped": "the analysis does not say from which size an effect is `important`"}
    if random["inference"] == BY_LIKELIHOOD or not random["se"]:
        return {"skipped": "the interval of the model has no standard error, on which both tests rest"}
    alpha = float(options.get("alpha", EQUIVALENCE_ALPHA))
    null, estimate, se = measure.null or 0.0, random["estimate"], random["se"]
    low, high = null - size.small, null + size.small
    df = np.inf if random["df"] is None else random["df"]
    from_low, from_high = (estimate - low) / se, (estimate - high) / se
    p_low, p_high = float(lower_tail(-from_low, df)), float(lower_tail(from_high, df))
    margin = float(two_sided_quantile(1.0 - 2.0 * alpha, df)) * se
    option = EXPLORATIONS["equivalence"]
    return {
        "name": option.name,
        "source": option.source,
        "low": low,
        "high": high,
        "alpha": alpha,
        "df": random["df"],
        "statistic_low": from_low,
        "p_low": p_low,
        "statistic_high": from_high,
        "p_high": p_high,
        "p": max(p_low, p_high),
        "ci_low": estimate - margin,
        "ci_high": estimate + margin,
    }
