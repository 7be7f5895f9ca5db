"""The tau2 of subsets where the model takes DerSimonian and Laird's about the Mantel-Haenszel estimate, as RevMan does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coppice.core.contracts.pool import PoolResult
from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.moments import dersimonian_laird_about
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.parts import counted_part
from coppice.pool.profiles import Settings, settings_of
from coppice.pool.stratified import counts_of

Reported = Sequence[Mapping[str, Any] | None]


def mantel_haenszel(subsets: Iterable[Reported], options: Settings, measure: str) -> Array | None:
    """Return the Mantel-Haenszel estimate of each subset (n,), NaN without one; None where tau2 is not about it.

    `subsets` are the figures behind the effects of each, and those of studies that give counts and no effect.
    """
    if not options.is_about_mantel_haenszel:
        return None
    parts = (counted_part(options, counts_of(reported, measure), measure)[0] for reported in subsets)
    return np.array([np.nan if part is None else part["estimate"] for part in parts])


def means_of(pooled: PoolResult, used: ArrayLike) -> Array | None:
    """Return what :func:`mantel_haenszel` does for subsets (m, k) of the effects of a pooled result.

    Studies that give counts and no effect are in every subset, as none of them is left out or added.
    """
    options, measure = settings_of(pooled["settings"]), pooled["measure"]
    if not options.is_about_mantel_haenszel:
        return None
    always = [item["reported"] for item in pooled["excluded"] if "reported" in item]
    reported = [effect["reported"] for effect in pooled["effects"]]
    rows = ([*(reported[i] for i in np.flatnonzero(row)), *always] for row in np.asarray(used))
    return mantel_haenszel(rows, options, measure)


def subset_tau2(data: Studies, method: str | float, means: Array | None) -> Array:
    """Return tau2 of each subset (n,), that of DerSimonian and Laird about given means, if any."""
    tau2 = estimate_tau2(data, method).tau2
    if means is None or method != "DL":
        return tau2
    with np.errstate(divide="ignore", invalid="ignore"):  # one effect has no tau2
        about = np.maximum(dersimonian_laird_about(data, np.where(np.isfinite(means), means, 0.0)), 0.0)
    return np.where(np.isfinite(means) & (data.df > 0), about, tau2)
