"""One analysis explored: the content of results/explore/<analysis>.json."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import numpy as np

from coppice.core.contracts.conclusions import Fragility
from coppice.core.contracts.explore import (
    ExploreResult,
    Gosh,
    HistoryRow,
    InfluenceRow,
    Multiverse,
    ResampledRow,
    WhatIf,
)
from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.small_study import SmallStudy
from coppice.core.contracts.values import Skipped
from coppice.core.options import bound
from coppice.explore.combined_p import combined_p
from coppice.explore.e_values import e_values
from coppice.explore.equivalence import equivalence
from coppice.explore.fragility import fragility
from coppice.explore.options import EXPLORATIONS as OPTIONS
from coppice.explore.options import ExplorationOption, off, options_of, too_few
from coppice.explore.resampling.bayesian import bayes_leave_one_out
from coppice.explore.resampling.counts import leave_one_out_of_counts, rows_of
from coppice.explore.resampling.cumulative import added_in, order_by
from coppice.explore.resampling.history import history_rows
from coppice.explore.resampling.influence import influence, influence_rows
from coppice.explore.resampling.mantel_haenszel_tau2 import means_of
from coppice.explore.resampling.options import AS_PUBLISHED
from coppice.explore.resampling.resample import leave_one_out, pool_subsets, rows
from coppice.explore.small_study.part import small_study
from coppice.pool.dependence.options import is_three_level
from coppice.pool.kernel.kernel import Array
from coppice.pool.models.glmm.options import is_glmm
from coppice.pool.profiles import Settings, settings_of

Options = Mapping[str, Any]
MOST_EFFECTS = 1_000  # with one model for each: the work grows with their square, and so many rows are not read
WITHOUT_EFFECTS = (
    "not available for a GLMM, which has no effects with variances; an analysis without `likelihood` has them"
)
SMALLEST_K = 3  # leaving one of two studies out leaves nothing to pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration(ExplorationOption):
    """One exploration of a pooled analysis; `explore` maps its result and options to a part of the file."""

    explore: Callable[[PoolResult, Options], Any]


def explore_analysis(
    spec: Mapping[str, Any], pooled: PoolResult, extracts: Iterable[ExtractContent] = ()
) -> ExploreResult:
    """Explore a pooled analysis, and return the content of its result file.

    `spec` is what `explore` reads of the analysis: `explore` switches explorations on and off, `multiverse` has the
    choices to vary; only a multiverse reads the `extracts` of the outcome. There is a part for each entry of
    :data:`EXPLORATIONS`, `history` and `multiverse`: `{"skipped": reason}` where it is off or not possible. A row has
    the numbers that an analysis of its effects alone would have, by the rule of the profile.
    """
    parts: dict[str, Any] = {}
    for code, item in EXPLORATIONS.items():
        options = options_of(spec, code, default=item.default)
        if options is None and item.on_request:
            continue
        parts[code] = off(code) if options is None else item.explore(pooled, options)
    parts |= {"history": _history(spec, pooled), "multiverse": _multiverse(spec, pooled, extracts)}
    item = EXPLORATIONS["leave_one_out"]
    if "bayes" in pooled and options_of(spec, item.code, default=item.default) is not None:
        parts["bayes_leave_one_out"] = bayes_leave_one_out(pooled)
    about = {"analysis": spec["analysis"], "measure": pooled["measure"], "level": pooled["level"]}
    return cast(ExploreResult, {**about, **parts})


def why_not(pooled: PoolResult, smallest: int = SMALLEST_K) -> Skipped | None:
    """Return `{"skipped": reason}` if there is no model to explore, or it has fewer effects than are needed."""
    if pooled["random"] is None:
        return {"skipped": pooled["reasons"].get("random") or "there is no overall estimate"}
    if is_glmm(pooled["settings"]):
        return {"skipped": WITHOUT_EFFECTS}
    if pooled["k"] < smallest:
        return {"skipped": too_few(smallest, pooled["k"])}
    if is_three_level(pooled["settings"]):
        return {"skipped": "not available for models with dependent effects"}
    if pooled["settings"]["tau2"] == "GENQ":
        return {"skipped": "not available where tau2 is estimated with weights of the user (GENQ)"}
    return None


def why_not_each(pooled: PoolResult) -> Skipped | None:
    """Return `{"skipped": reason}` if the model can't be refitted for each effect, or they are too many."""
    if (skipped := why_not(pooled)) or pooled["k"] <= MOST_EFFECTS:
        return skipped
    reason = (
        f"not run for {pooled['k']:,} effects (limit {MOST_EFFECTS:,}): omitting one would hardly change the result"
    )
    return {"skipped": reason}


def data_of(pooled: PoolResult) -> tuple[list[float], list[float], Settings]:
    """Return the effects, their variances, and the options of the analysis."""
    effects = pooled["effects"]
    return [effect["yi"] for effect in effects], [effect["vi"] for effect in effects], settings_of(pooled["settings"])


def _subsets(pooled: PoolResult, used: Array, positions: list[int]) -> list[ResampledRow]:
    yi, vi, options = data_of(pooled)
    effects = [pooled["effects"][position] for position in positions]
    subsets = pool_subsets(yi, vi, used, options, means=means_of(pooled, used))
    return rows(effects, subsets, [int(size) for size in used.sum(axis=1)])


def _leave_one_out(pooled: PoolResult, options: Options) -> list[ResampledRow] | Skipped:
    if is_glmm(pooled["settings"]) and pooled["random"] is not None:
        k = len(rows_of(pooled))
        return leave_one_out_of_counts(pooled) if k >= SMALLEST_K else {"skipped": too_few(SMALLEST_K, k)}
    return why_not_each(pooled) or _subsets(pooled, leave_one_out(pooled["k"]), list(range(pooled["k"])))


def _cumulative(pooled: PoolResult, options: Options) -> list[ResampledRow] | Skipped:
    if skipped := why_not_each(pooled):
        return skipped
    by = options.get("by", AS_PUBLISHED)
    order = order_by(pooled["effects"], by, options.get("values"))
    subsets = _subsets(pooled, added_in(order), order)
    return subsets if by == AS_PUBLISHED else [row | {"by": by} for row in subsets]


def _influence(pooled: PoolResult, options: Options) -> list[InfluenceRow] | Skipped:
    if skipped := why_not_each(pooled):
        return skipped
    yi, vi, model = data_of(pooled)
    k = pooled["k"]
    without = _subsets(pooled, leave_one_out(k), list(range(k)))
    means = means_of(pooled, np.ones((1, k), dtype=bool)), means_of(pooled, leave_one_out(k))
    return influence_rows(without, influence(yi, vi, model, means=means))


def _gosh(pooled: PoolResult, options: Options) -> Gosh | Skipped:
    if skipped := why_not(pooled):
        return skipped
    from coppice.explore.resampling.gosh_part import gosh_part

    yi, vi, model = data_of(pooled)
    return gosh_part(pooled["effects"], yi, vi, tau2=model.tau2, options=options)


def _small_study(pooled: PoolResult, options: Options) -> SmallStudy | Skipped:
    if skipped := why_not(pooled, 1):
        return skipped
    return small_study(pooled, options)


def _what_if(pooled: PoolResult, options: Options) -> WhatIf | Skipped:
    if skipped := why_not(pooled, 1):
        return skipped
    from coppice.explore.what_if.part import what_if

    return what_if(pooled, options)


def _fragility(pooled: PoolResult, options: Options) -> Fragility | Skipped:
    return why_not(pooled, 1) or fragility(pooled, options)


def _history(spec: Mapping[str, Any], pooled: PoolResult) -> list[HistoryRow] | Skipped:
    options = options_of(spec, "history", default=False)
    if options is None:
        return {"skipped": "the configuration has no `history` of searches"}
    if skipped := why_not(pooled, 1):
        return skipped
    _, _, model = data_of(pooled)
    return history_rows(pooled["effects"], options["searches"], model, means_of=partial(means_of, pooled))


def _multiverse(
    spec: Mapping[str, Any], pooled: PoolResult, extracts: Iterable[ExtractContent]
) -> Multiverse | Skipped:
    request = spec.get("multiverse")
    if not request:
        return {"skipped": "the configuration has no `multiverse` for this analysis"}
    skipped = why_not(pooled, 2)
    if skipped and not (is_glmm(pooled["settings"]) and pooled["random"] is not None):
        return skipped
    from coppice.explore.multiverse.multiverse import multiverse

    return multiverse(request, pooled, list(extracts))


EXPLORATIONS: dict[str, Exploration] = bound(
    OPTIONS,
    Exploration,
    {
        "leave_one_out": {"explore": _leave_one_out},
        "cumulative": {"explore": _cumulative},
        "influence": {"explore": _influence},
        "gosh": {"explore": _gosh},
        "small_study": {"explore": _small_study},
        "what_if": {"explore": _what_if},
        "e_values": {"explore": e_values},
        "fragility": {"explore": _fragility},
        "equivalence": {"explore": equivalence},
        "combined_p": {"explore": combined_p},
    },
)
