"""The multiverse: every combination of defensible choices is an analysis, and all are done at once.

Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), doi:10.1177/1745691616658637; for meta-analyses Voracek, Kossmeier &
Tran (2019), doi:10.1027/2151-2604/a000357.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from coppice.core.contracts.explore import Multiverse
from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.pool import PoolResult, SelectedEffect
from coppice.core.contracts.values import Skipped
from coppice.core.errors import BadInput
from coppice.explore.multiverse import bayesian
from coppice.explore.multiverse.models import ModelChoices
from coppice.explore.multiverse.multiverse_summary import summarised
from coppice.explore.multiverse.options import MAIN
from coppice.explore.multiverse.rows import Choices, Impossible, Pooled, rows_of
from coppice.pool.effects import CountsOnly, counted_only, select
from coppice.pool.models.glmm.studies import CountedStudy, with_counts
from coppice.pool.profiles import settings, usual

MOST = 50_000  # specifications; their rows are all in the result file
OF_MODELS = ("tau2", "inference", "prior")  # the choices that do not decide about the effects


def multiverse(
    request: Mapping[str, Any], pooled: PoolResult, extracts: Sequence[ExtractContent]
) -> Multiverse | Skipped:
    """Run every analysis that the choices combine to.

    `request` has `pool`, what `pool` reads of the analysis; `effects` with `measure`, `extract` and the name of the
    effect in the extracts, that of the main analysis first; `route`, `tau2`, `inference`, lists of further values;
    `studies` and `risk_of_bias`, names with the ids of the studies that remain. The model of `pooled` is the first
    value of each choice.
    """
    priors, models = request.get("prior") or {}, ModelChoices.of(request, pooled)
    choices = bayesian.with_priors(_choices(request, pooled, models), priors)
    if (size := _combinations({}, choices)) > MOST:
        return {"skipped": f"the choices combine to {size:,} specifications; the limit is {MOST:,}"}
    impossible: list[Impossible] = []
    sets = _distinct(_sets(request, choices, extracts, impossible), impossible)
    rows = rows_of(sets, choices, models.main, impossible, priors) if sets else []
    return {
        "choices": choices,
        "combinations": size,
        "specifications": rows,
        "impossible": [
            {
                "choices": {name: value for name, value in item.choices.items() if len(choices[name]) > 1},
                "reason": item.reason,
                "combinations": _combinations(item.choices, choices),
            }
            for item in impossible
        ],
        "summary": summarised(rows, choices, pooled["level"]),
    }


def _choices(request: Mapping[str, Any], pooled: PoolResult, models: ModelChoices) -> dict[str, list[str]]:
    """Return the values of each choice, that of the main analysis first."""
    effects = request["effects"]
    values = {
        "measure": [item["measure"] for item in effects],
        "extract": [item["extract"] for item in effects],
        "route": [MAIN, *request.get("route", ())],
        "studies": [MAIN, *request.get("studies", {})],
        "risk_of_bias": [MAIN, *request.get("risk_of_bias", {})],
        **({"model": models.models} if models.models else {}),
        "tau2": [*models.tau2, *request.get("tau2", ())],
        "inference": [*models.inference, *request.get("inference", ())],
    }
    return {name: list(dict.fromkeys(map(str, listed))) for name, listed in values.items()}


def _combinations(fixed: Choices, choices: Mapping[str, Sequence[str]]) -> int:
    of_effects = [len(values) for name, values in choices.items() if name not in {*fixed, *OF_MODELS}]
    return int(np.prod(of_effects)) * bayesian.models(
        {name: fixed[name] for name in OF_MODELS if name in fixed}, choices
    )


def _sets(
    request: Mapping[str, Any],
    choices: Mapping[str, Sequence[str]],
    extracts: Sequence[ExtractContent],
    impossible: list[Impossible],
) -> Iterator[Pooled]:
    """Yield the effects of every combination of measure, extract, route, studies and risk of bias."""
    rules = {name: _kept(request, choices, name, impossible) for name in ("studies", "risk_of_bias")}
    for item, route in product(request["effects"], choices["route"]):
        chosen = {"measure": str(item["measure"]), "extract": str(item["extract"]), "route": route}
        selected = _selected(
            request["pool"] | {"measure": item["measure"], "effect": item["effect"]},
            extracts,
            route,
            takes_counts="model" in choices,
        )
        if isinstance(selected, str):
            impossible.append(Impossible(chosen, selected))
            continue
        for (by_rule, ids), (by_bias, judged) in product(rules["studies"].items(), rules["risk_of_bias"].items()):
            full = chosen | {"studies": by_rule, "risk_of_bias": by_bias}
            effects, counts_only = (
                [effect for effect in selected[0] if _is_kept(effect["study"], ids, judged)],
                [study for study in selected[1] if _is_kept(study["study"], ids, judged)],
            )
            counted = tuple(study for study in selected[2] if _is_kept(study.study, ids, judged))
            if len(effects) < 2:
                left = f"{len(effects)} effect{'' if len(effects) == 1 else 's'} to pool"
                impossible.append(Impossible(full, left))
            else:
                yield Pooled(full, tuple(effects), tuple(study["reported"] for study in counts_only), counted)


def _is_kept(study: str, *kept: frozenset[str] | None) -> bool:
    """Return whether every rule keeps a study; None is a rule that keeps all."""
    return all(studies is None or study in studies for studies in kept)


def _kept(
    request: Mapping[str, Any], choices: Mapping[str, Sequence[str]], name: str, impossible: list[Impossible]
) -> dict[str, frozenset[str] | None]:
    """Return the studies that each value of a rule keeps, None for all; a value that keeps none is impossible."""
    kept: dict[str, frozenset[str] | None] = {MAIN: None}
    for value in choices[name][1:]:
        if ids := frozenset(request[name][value]):
            kept[value] = ids
        else:
            reason = "no study has this judgement" if name == "risk_of_bias" else "no study remains"
            impossible.append(Impossible({name: value}, reason))
    return kept


def _selected(
    spec: Mapping[str, Any], extracts: Sequence[ExtractContent], route: str, *, takes_counts: bool
) -> tuple[list[SelectedEffect], list[CountsOnly], list[CountedStudy]] | str:
    """Return the effects on one measure, the studies that give counts and no effect, and all that give counts.

    Or why there are too few. Studies are on the route where they have a figure for it.
    """
    rerouted = list(extracts)
    if route != MAIN:
        rerouted = [_rerouted(extract, spec["effect"], route) for extract in extracts]
        if all(new is old for new, old in zip(rerouted, extracts, strict=True)):
            return f"no study has another figure for the route {route}"
    try:
        effects, excluded = select(spec, rerouted)
    except BadInput as error:
        return "; ".join(problem.message for problem in error.problems)
    if len(effects) < 2:
        reasons = "; ".join(dict.fromkeys(str(item["reason"]) for item in excluded))
        return f"{len(effects)} effects on this measure ({reasons})" if reasons else "no effects on this measure"
    options = settings(spec.get("model"))
    kept, counted = with_counts(spec, rerouted, effects, list(excluded)) if takes_counts else (effects, [])
    effects = effects if options.likelihood is None else kept
    return effects, counted_only(spec, rerouted, excluded, usual(options)), counted


def _rerouted(extract: ExtractContent, effect: str, route: str) -> ExtractContent:
    """Return an extract with its chosen effect replaced by the first one of a route on the same patients, if any."""
    part = extract["measures"].get(effect)
    if part is None or len(part["chosen"]) != 1:
        return extract
    now = part["candidates"][part["chosen"][0]]
    for index, candidate in enumerate(part["candidates"]):
        if candidate["route"] == route != now["route"] and candidate["population"] == now["population"]:
            return {**extract, "measures": {effect: {**part, "chosen": [index], "why": f"the route {route}"}}}
    return extract


def _distinct(sets: Iterator[Pooled], impossible: list[Impossible]) -> list[Pooled]:
    """Return the combinations that pool something of their own: a choice that changes nothing would count twice."""
    kept: dict[tuple[Any, ...], Pooled] = {}
    for item in sets:
        first = kept.setdefault(item.key, item)
        if first is not item:
            differs = {name: value for name, value in first.choices.items() if item.choices[name] != value}
            same = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in differs.items())
            impossible.append(Impossible(item.choices, f"the same effects as with the {same}"))
    return list(kept.values())
