"""The common effect of Mantel-Haenszel or Peto in all subsets of the studies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coppice.core.contracts.pool import PoolResult
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.parts import counted_effect
from coppice.pool.profiles import Settings
from coppice.pool.stratified import COMMON_METHODS, counts_of


def common_by_counts(pooled: PoolResult, options: Settings, members: NDArray[np.bool_]) -> Array:
    """Return the estimate with its limits (3, n), NaN for a subset without one.

    `members` (n, studies) are the subsets. Studies that give counts and no effect are in each of them.
    """
    lines = np.full((3, len(members)), np.nan)
    measure = pooled["measure"]
    if measure not in COMMON_METHODS[options.common]:
        return lines
    names = list(dict.fromkeys(effect["study"] for effect in pooled["effects"]))
    figures = [(effect["study"], effect["reported"]) for effect in pooled["effects"]]
    figures += [(item["study"], item["reported"]) for item in pooled["excluded"] if "reported" in item]
    where = [names.index(study) if study in names else None for study, _ in figures]
    used = np.stack([np.ones(len(members), dtype=bool) if at is None else members[:, at] for at in where], axis=1)
    has_counts = np.array([counts_of([figure], measure) is not None for _, figure in figures])
    counts = counts_of([figure for (_, figure), has in zip(figures, has_counts, strict=True) if has], measure)
    if counts is None:
        return lines
    half = float(two_sided_quantile(options.level, np.inf))
    for index in np.flatnonzero(~used[:, ~has_counts].any(axis=1)):
        line, _, _ = counted_effect(options, counts.at(used[index, has_counts]), measure)
        if line is not None:
            estimate, se = line
            lines[:, index] = estimate, estimate - half * se, estimate + half * se
    return lines
