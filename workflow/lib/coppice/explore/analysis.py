"""One analysis explored: the content of results/explore/<analysis>.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.explore.resample import cumulative, leave_one_out, pool_subsets, rows
from coppice.pool.kernel import Array

Part = dict[str, Any]
SMALLEST_K = 3  # leaving one of two studies out leaves nothing to pool


def explore_analysis(spec: Mapping[str, Any], pooled: Mapping[str, Any]) -> Part:
    """Explore a pooled analysis.

    Parameters
    ----------
    spec : mapping
        What `explore` reads of the analysis.
    pooled : mapping
        The content of results/pool/<analysis>.json.

    Returns
    -------
    dict
        `leave_one_out` and `cumulative`: rows in the order of the effects, with the estimator and the inference of the
        main model in every row, or `{"skipped": reason}`. Cumulative rows add the studies in that order.
    """
    return {
        "analysis": spec["analysis"],
        "measure": pooled["measure"],
        "level": pooled["level"],
        "leave_one_out": _subsets(pooled, leave_one_out(pooled["k"])),
        "cumulative": _subsets(pooled, cumulative(pooled["k"])),
    }


def _subsets(pooled: Mapping[str, Any], used: Array) -> list[Part] | Part:
    if pooled["random"] is None:
        return {"skipped": pooled["reasons"].get("random") or "there is no overall estimate"}
    if pooled["k"] < SMALLEST_K:
        return {
            "skipped": f"it needs {SMALLEST_K} effects, and there {'is' if pooled['k'] == 1 else 'are'} {pooled['k']}"
        }
    if "dependence" in pooled["settings"]:
        return {"skipped": "it is not done for models of dependent effects"}
    effects, inference = pooled["effects"], pooled["random"]["inference"]
    found = pool_subsets(
        [effect["yi"] for effect in effects],
        [effect["vi"] for effect in effects],
        used,
        tau2=pooled["settings"]["tau2"],
        inference=inference,
        level=pooled["level"],
    )
    return rows(effects, found, inference, [int(size) for size in used.sum(axis=1)])
