"""Combined p values: whether any study has an effect in a direction, whatever its size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy.special import chdtrc, log_ndtr, ndtr

from coppice.core.contracts.conclusions import CombinedP, CombinedPRow
from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.values import Skipped
from coppice.core.measures import MEASURES
from coppice.explore.options import COMBINATIONS, EXPLORATIONS, too_few
from coppice.pool.kernel.kernel import Array

LEAST_EFFECTS = 2


def fisher(z: Array) -> tuple[float, float]:
    """Return -2 sum(ln p), chi-squared on 2k degrees of freedom, and its p; p of each study is P(Z > z)."""
    statistic = float(-2.0 * log_ndtr(-z).sum())
    return statistic, float(chdtrc(2 * len(z), statistic))


def stouffer(z: Array) -> tuple[float, float]:
    """Return sum(z) / sqrt(k), normal, and its p."""
    statistic = float(z.sum() / np.sqrt(len(z)))
    return statistic, float(ndtr(-statistic))


def simes(z: Array) -> tuple[float, float]:
    """Return the smallest k p(i) / i of the sorted p values, which is the combined p itself, twice."""
    p = np.sort(ndtr(-z))
    smallest = float((len(p) * p / np.arange(1, len(p) + 1)).min())
    return smallest, smallest


FUNCTIONS: dict[str, Callable[[Array], tuple[float, float]]] = {"fisher": fisher, "stouffer": stouffer, "simes": simes}


def combined_p(pooled: PoolResult, options: Mapping[str, Any]) -> CombinedP | Skipped:
    """Combine the one-sided p values of the studies, for effects above and for effects below no effect.

    Fisher 1932; Stouffer et al. 1949, without weights; Simes 1986, doi:10.1093/biomet/73.3.751.
    """
    measure = MEASURES.get(pooled["measure"])
    null = measure.null if measure else 0.0
    if null is None:
        return {"skipped": "the measure has no value of no effect"}
    effects = pooled["effects"]
    if len(effects) < LEAST_EFFECTS:
        return {"skipped": too_few(LEAST_EFFECTS, len(effects))}
    z = np.array([(effect["yi"] - null) / effect["vi"] ** 0.5 for effect in effects])
    rows: list[CombinedPRow] = []
    for code, item in COMBINATIONS.items():
        (above, p_above), (below, p_below) = FUNCTIONS[code](z), FUNCTIONS[code](-z)
        rows.append(
            {
                "method": code,
                "name": item.name,
                "source": item.source,
                "greater": {"statistic": above, "p": p_above},
                "less": {"statistic": below, "p": p_below},
            }
        )
    option = EXPLORATIONS["combined_p"]
    return {"name": option.name, "source": option.source, "k": len(effects), "methods": rows}
