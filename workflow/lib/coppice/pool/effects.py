"""The effects of an analysis: those that enter, and why the others do not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypedDict, cast

import numpy as np

from coppice.core.contracts.extract import Candidate, ExtractContent, UnusedFigure
from coppice.core.contracts.pool import Excluded, SelectedEffect
from coppice.core.contracts.values import Figure, FiguresEffect
from coppice.core.errors import BadInput, Problem
from coppice.core.populations import overlapping
from coppice.core.subgroup_levels import level_of
from coppice.extract.choose import entering
from coppice.pool.comparable import MOST_APART
from coppice.pool.kernel.kernel import Array
from coppice.pool.profiles import Settings
from coppice.pool.stratified import COMMON_METHODS, RATES, Counts, counts_of, is_difference, tables_entering


class CountsOnly(TypedDict):
    """A study that gives counts and no effect, such as one with a zero cell."""

    study: str
    label: str
    subgroup: str | None
    reported: Figure


def select(spec: Mapping[str, Any], extracts: Iterable[ExtractContent]) -> tuple[list[SelectedEffect], list[Excluded]]:
    """Return the effects of an analysis in the order of its studies, and the excluded studies with reasons.

    BadInput is raised if two effects that enter share patients, or a study of the analysis has no extract.
    """
    by_study = {extract["study"]: extract for extract in extracts}
    effects: list[SelectedEffect] = []
    excluded: list[Excluded] = [item.copy() for item in spec.get("excluded") or []]
    for study in spec["studies"]:
        extract = by_study.get(study["study"])
        if extract is None:
            raise BadInput([_problem(spec, study["study"], f"there is no extract of the outcome '{spec['outcome']}'")])
        part = extract["measures"].get(spec.get("effect", spec["measure"]))
        candidates, reason = entering(part, spec.get("route"))
        chosen: list[Any] = candidates
        if not chosen:
            excluded.append({"study": study["study"], "label": study["label"], "reason": reason})
        for candidate in chosen:
            wrong = unusable(candidate)
            if wrong:
                excluded.append({"study": study["study"], "label": study["label"], "reason": wrong})
            else:
                effects.append(_effect(spec, study, candidate, reason, several=len(chosen) > 1))
    _refuse_shared_patients(spec, effects)
    return effects, excluded


def unusable(candidate: Mapping[str, Any]) -> str | None:
    """Return why a candidate can't be pooled; None where it can."""
    yi, vi = candidate["yi"], candidate["vi"]
    if yi is None or not math.isfinite(yi):
        return "its effect is not a finite number"
    if vi is None or not math.isfinite(vi):
        return "its variance is missing or not finite"
    return None if vi > 0 else "its variance is not above 0, so it would take all the weight"


def of_candidate(candidate: Candidate) -> FiguresEffect:
    """Return what an effect that is pooled keeps of the candidate that it was."""
    effect: FiguresEffect = {
        "yi": float(candidate["yi"]),
        "vi": float(candidate["vi"]),
        "population": candidate["population"],
        "route": candidate["route"],
        "statistic": candidate["statistic"],
        "reported": candidate["reported"],
        "report": candidate["report"],
        "source": candidate["source"],
        "assumptions": candidate["assumptions"],
        "notes": candidate["notes"],
    }
    if "arms" in candidate:
        effect["arms"] = candidate["arms"]
    return effect


def _effect(
    spec: Mapping[str, Any], study: Mapping[str, Any], candidate: Candidate, why: str, *, several: bool
) -> SelectedEffect:
    # the mark of a figure distinguishes the effects of a study
    mark = candidate["use"] if several and spec.get("dependence") else None
    label = candidate["label"] or (f"{study['label']}: {mark}" if mark else study["label"])
    values = dict(study.get("values") or {})
    values |= {name: value for name, value in candidate.get("characteristics", {}).items() if name in values}
    by = spec.get("subgroups")
    subgroup = None if by is None else level_of(values.get(by), spec.get("levels"))
    effect = cast(
        SelectedEffect,
        {
            **of_candidate(candidate),
            "study": study["study"],
            "label": label,
            "year": study.get("year"),
            "subgroup": subgroup,
            "why": why,
        },
    )
    if candidate.get("size"):
        effect["size"] = candidate["size"]
    if _needs_values(spec):
        effect["values"] = values
    return effect


def _needs_values(spec: Mapping[str, Any]) -> bool:
    return bool(spec.get("moderators") or spec.get("scale_moderators") or (spec.get("model") or {}).get("tau2_weights"))


def moment_weights(effects: Sequence[SelectedEffect], options: Settings) -> Array | None:
    """Return the weights of the estimator GENQ (k,), from the characteristic that holds them; None for the others.

    ValueError is raised if a study has no weight above 0, or one would vanish beside another.
    """
    if options.tau2 != "GENQ":
        return None
    name = options.tau2_weights
    if name is None:
        raise ValueError("the estimator GENQ needs weights: `tau2_weights` names the characteristic that holds them")
    values = [effect.get("values", {}).get(name) for effect in effects]
    for effect, value in zip(effects, values, strict=True):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            raise ValueError(f"{effect['study']} has no number above 0 as its weight '{name}'")
    weights = np.array(values, dtype=np.float64)
    if weights.size and weights.max() > MOST_APART * weights.min():
        raise ValueError(
            f"the weights '{name}' are too far apart for reliable computation: from {weights.min():.3g} to {weights.max():.3g}"
        )
    return weights


def labels_of(effects: Sequence[SelectedEffect]) -> list[str]:
    """Return the labels of effects."""
    return [effect["label"] for effect in effects]


def levels_of(effects: Sequence[SelectedEffect]) -> list[str]:
    """Return the level of each effect, in an analysis that has subgroups."""
    return [str(effect["subgroup"]) for effect in effects]


def counted_only(
    spec: Mapping[str, Any], extracts: Iterable[ExtractContent], excluded: Sequence[Excluded], options: Settings
) -> list[CountsOnly]:
    """Return the studies that give counts and no effect, as one with a zero cell, for Mantel-Haenszel or Peto.

    The reasons of the excluded studies, as :func:`select` returned them, are extended by what becomes of their counts.
    """
    measure = spec["measure"]
    if measure not in COMMON_METHODS[options.common] or spec.get("dependence") or spec.get("route"):
        return []
    by_study = {extract["study"]: extract for extract in extracts}
    members = {study["study"]: study for study in spec["studies"]}
    studies: list[CountsOnly] = []
    for item in excluded:
        study, extract = members.get(item["study"]), by_study.get(item["study"])
        reported = _counts_in(extract, measure) if study is not None and extract is not None else None
        if study is None or reported is None:
            continue
        by = spec.get("subgroups")
        level = None if by is None else level_of((study.get("values") or {}).get(by), spec.get("levels"))
        if without := without_weight(counts_of([reported], measure), measure, options):
            item["reason"] += f"; {without} it has no weight in the {options.common} common effect"
            continue
        item["reason"] += f"; its counts enter the {options.common} common effect"
        item["reported"] = dict(reported)
        studies.append({"study": study["study"], "label": study["label"], "subgroup": level, "reported": reported})
    return studies


def without_weight(table: Counts | None, measure: str, options: Settings) -> str | None:
    """Return why the counts of a study have no weight in the common effect; None where they have one."""
    if table is None or is_difference(measure):
        return None
    enters = bool(tables_entering(table, measure=measure, double_zeros=options.common_double_zeros)[0])
    if enters and (table.has_ratio(measure)[0] or options.correction[0] > 0):
        return None
    return "with only events in both arms" if table.events_e[0] else "without events in either arm"


def _counts_in(extract: ExtractContent, measure: str) -> Figure | None:
    """Return the counts that an outcome reports of all its patients in both arms."""
    statistic = "person_time" if measure in RATES else "counts"
    return counts_in(extract, statistic, lambda reported: counts_of([reported], measure) is not None)


def counts_in(extract: ExtractContent, statistic: str, is_usable: Callable[[Figure], bool]) -> Figure | None:
    """Return the counts that an outcome reports of all its patients: those marked `use`, or the first."""
    candidates = (item for part in extract["measures"].values() for item in part["candidates"])
    figures: list[UnusedFigure | Candidate] = [*extract["unused"], *candidates]
    usable = [
        figure
        for figure in figures
        if figure["statistic"] == statistic and figure["reported"] and is_usable(figure["reported"])
    ]
    marked = [figure for figure in usable if figure["use"]] or usable
    populations = {figure["population"] for figure in marked}
    # parts of a study would have to be disjoint, and which they are is what the choice among effects is for
    return marked[0]["reported"] if len(populations) == 1 else None


def _refuse_shared_patients(spec: Mapping[str, Any], effects: Sequence[SelectedEffect]) -> None:
    members = [effect for effect in effects if effect["population"]]
    pairs = ((members[i], members[j]) for i, j in overlapping([effect["population"] for effect in members]))
    problems = [
        _problem(
            spec,
            second["study"],
            f"its patients ({second['population']}) are also in the effect of "
            f"{first['study']} ({first['population']}); exclude one of them",
        )
        for first, second in pairs
        if not (spec.get("dependence") and first["study"] == second["study"])
    ]
    if problems:
        raise BadInput(problems)


def _problem(spec: Mapping[str, Any], study: str, message: str) -> Problem:
    return Problem(f"analysis {spec['analysis']}", 0, study, message)
