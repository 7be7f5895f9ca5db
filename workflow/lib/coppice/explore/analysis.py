"""One analysis explored: the content of results/explore/<analysis>.json."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from coppice.core.options import bound
from coppice.explore import options as known
from coppice.explore.options import ExplorationOption, off, options_of
from coppice.explore.resampling.cumulative import added_in, order_by
from coppice.explore.resampling.history import history_rows
from coppice.explore.resampling.influence import influence, influence_rows
from coppice.explore.resampling.mantel_haenszel_tau2 import means_of
from coppice.explore.resampling.options import AS_PUBLISHED
from coppice.explore.resampling.resample import leave_one_out, pool_subsets, rows
from coppice.explore.small_study.part import small_study
from coppice.pool.dependence.options import is_three_level
from coppice.pool.kernel.kernel import Array
from coppice.pool.profiles import Settings, settings_of

Part = dict[str, Any]
Extracts = Iterable[Mapping[str, Any]]
MOST_EFFECTS = 1_000  # of which each is left out: the work grows with their square, and nobody reads so many rows
SMALLEST_K = 3  # leaving one of two studies out leaves nothing to pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration(ExplorationOption):
    """One exploration of a pooled analysis; `explore` takes its result and options and gives a part of the result file."""

    explore: Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


def explore_analysis(spec: Mapping[str, Any], pooled: Mapping[str, Any], extracts: Extracts = ()) -> Part:
    """Explore a pooled analysis.

    Parameters
    ----------
    spec : mapping
        What `explore` reads of the analysis: `explore` switches explorations on and off, `multiverse` says what its
        multiverse varies.
    pooled : mapping
        The content of results/pool/<analysis>.json.
    extracts : iterable of mapping
        The extracts of its outcome, which only a multiverse reads.

    Returns
    -------
    dict
        A part for each entry of :data:`EXPLORATIONS`, `history` and `multiverse`; `{"skipped": reason}` where it is off or can't
        be done. A row has the numbers that an analysis of its effects alone would have, by the rule of the profile.
    """
    result: Part = {"analysis": spec["analysis"], "measure": pooled["measure"], "level": pooled["level"]}
    for code, item in EXPLORATIONS.items():
        options = options_of(spec, code, default=item.default)
        result[code] = off(code) if options is None else item.explore(pooled, options)
    return result | {"history": _history(spec, pooled), "multiverse": _multiverse(spec, pooled, extracts)}


def why_not(pooled: Mapping[str, Any], smallest: int = SMALLEST_K) -> Part | None:
    """Return `{"skipped": reason}` where there is no model to explore or it has fewer effects than are needed."""
    if pooled["random"] is None:
        return {"skipped": pooled["reasons"].get("random") or "there is no overall estimate"}
    if pooled["k"] < smallest:
        return {
            "skipped": f"it needs {smallest} effects, and there {'is' if pooled['k'] == 1 else 'are'} {pooled['k']}"
        }
    if is_three_level(pooled["settings"]):
        return {"skipped": "it is not done for models of dependent effects"}
    if pooled["settings"]["tau2"] == "GENQ":
        return {"skipped": "it is not done with given weights for tau2"}
    return None


def why_not_each(pooled: Mapping[str, Any]) -> Part | None:
    """Return `{"skipped": reason}` where the model can't be made anew for each effect, or there are too many for it."""
    if (skipped := why_not(pooled)) or pooled["k"] <= MOST_EFFECTS:
        return skipped
    return {
        "skipped": f"there are {pooled['k']:,} effects, and a model for each is made of at most {MOST_EFFECTS:,}: "
        "one of more weighs next to nothing"
    }


def data_of(pooled: Mapping[str, Any]) -> tuple[list[float], list[float], Settings]:
    """Return the effects, their variances, and the options of the analysis."""
    yi, vi = ([effect[name] for effect in pooled["effects"]] for name in ("yi", "vi"))
    return yi, vi, settings_of(pooled["settings"])


def _subsets(pooled: Mapping[str, Any], used: Array, names: list[int]) -> list[Part]:
    yi, vi, options = data_of(pooled)
    effects = [pooled["effects"][position] for position in names]
    found = pool_subsets(yi, vi, used, options, means=means_of(pooled, used))
    return rows(effects, found, [int(size) for size in used.sum(axis=1)])


def _leave_one_out(pooled: Mapping[str, Any], options: Mapping[str, Any]) -> list[Part] | Part:
    return why_not_each(pooled) or _subsets(pooled, leave_one_out(pooled["k"]), list(range(pooled["k"])))


def _cumulative(pooled: Mapping[str, Any], options: Mapping[str, Any]) -> list[Part] | Part:
    if skipped := why_not_each(pooled):
        return skipped
    by = options.get("by", AS_PUBLISHED)
    order = order_by(pooled["effects"], by, options.get("values"))
    found = _subsets(pooled, added_in(order), order)
    return found if by == AS_PUBLISHED else [row | {"by": by} for row in found]


def _influence(pooled: Mapping[str, Any], options: Mapping[str, Any]) -> list[Part] | Part:
    if skipped := why_not_each(pooled):
        return skipped
    yi, vi, model = data_of(pooled)
    k = pooled["k"]
    without = _subsets(pooled, leave_one_out(k), list(range(k)))
    means = means_of(pooled, np.ones((1, k), dtype=bool)), means_of(pooled, leave_one_out(k))
    shown = influence_rows(pooled["effects"], influence(yi, vi, model, means=means))
    return [row | diagnostics for row, diagnostics in zip(without, shown, strict=True)]


def _gosh(pooled: Mapping[str, Any], options: Mapping[str, Any]) -> Part:
    if skipped := why_not(pooled):
        return skipped
    from coppice.explore.resampling.gosh_part import gosh_part

    yi, vi, model = data_of(pooled)
    return gosh_part(pooled["effects"], yi, vi, tau2=model.tau2, options=options)


def _small_study(pooled: Mapping[str, Any], options: Mapping[str, Any]) -> Part:
    if skipped := why_not(pooled, 1):
        return skipped
    return small_study(pooled, options)


def _history(spec: Mapping[str, Any], pooled: Mapping[str, Any]) -> list[Part] | Part:
    options = options_of(spec, "history", default=False)
    if options is None:
        return {"skipped": "the configuration names no `history` of searches"}
    if skipped := why_not(pooled, 1):
        return skipped
    _, _, model = data_of(pooled)
    return history_rows(pooled["effects"], options["searches"], model, means_of=partial(means_of, pooled))


def _multiverse(spec: Mapping[str, Any], pooled: Mapping[str, Any], extracts: Extracts) -> Part:
    asked = spec.get("multiverse")
    if not asked:
        return {"skipped": "the configuration has no `multiverse` for it"}
    if skipped := why_not(pooled, 2):
        return skipped
    from coppice.explore.multiverse.multiverse import multiverse

    return multiverse(asked, pooled, list(extracts))


EXPLORATIONS: dict[str, Exploration] = bound(
    known.EXPLORATIONS,
    Exploration,
    {
        "leave_one_out": {"explore": _leave_one_out},
        "cumulative": {"explore": _cumulative},
        "influence": {"explore": _influence},
        "gosh": {"explore": _gosh},
        "small_study": {"explore": _small_study},
    },
)
