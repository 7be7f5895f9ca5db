"""The studies of a diagnostic analysis: those whose counts enter, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

import numpy as np

from coppice.core.contracts.diagnostic import DiagnosticEffect, Share
from coppice.core.contracts.extract import Candidate, ExtractContent
from coppice.core.contracts.pool import Excluded
from coppice.core.errors import BadInput, Problem
from coppice.core.subgroup_levels import level_of
from coppice.extract.choose import entering
from coppice.pool.effects import of_candidate
from coppice.pool.multivariate.diagnostic.counts import exact_interval


def select(
    spec: Mapping[str, Any], extracts: Iterable[ExtractContent], level: float
) -> tuple[list[DiagnosticEffect], list[Excluded]]:
    """Return the counts of the studies in their order, and the excluded studies with reasons."""
    by_study = {extract["study"]: extract for extract in extracts}
    effects: list[DiagnosticEffect] = []
    excluded: list[Excluded] = [item.copy() for item in spec.get("excluded") or []]
    for study in spec["studies"]:
        extract = by_study.get(study["study"])
        if extract is None:
            message = f"there is no extract of the outcome '{spec['outcome']}' of {study['study']}"
            raise BadInput([Problem(f"analysis {spec['analysis']}", 0, "studies", message)])
        candidates, why = entering(extract["measures"].get(spec["effect"]), None)
        if len(candidates) == 1:
            effects.append(_effect(spec, study, candidates[0], why, level))
            continue
        reason = (
            "its strata are reported separately; one table of all its participants is needed" if candidates else why
        )
        excluded.append({"study": study["study"], "label": study["label"], "reason": reason})
    return effects, excluded


def _effect(
    spec: Mapping[str, Any], study: Mapping[str, Any], candidate: Candidate, why: str, level: float
) -> DiagnosticEffect:
    reported: Mapping[str, Any] = candidate["reported"] or {}
    tp, fp, fn, tn = (int(reported[name]) for name in ("tp", "fp", "fn", "tn"))
    values = dict(study.get("values") or {})
    values |= {name: value for name, value in candidate.get("characteristics", {}).items() if name in values}
    by = spec.get("subgroups")
    effect = cast(
        DiagnosticEffect,
        {
            **of_candidate(candidate),
            "study": study["study"],
            "label": candidate["label"] or study["label"],
            "year": study.get("year"),
            "subgroup": None if by is None else level_of(values.get(by), spec.get("levels")),
            "why": why,
            "tp": tp,
            "fp": fp,
            "fn": fn,
            "tn": tn,
            "sensitivity": _share(tp, tp + fn, level),
            "specificity": _share(tn, tn + fp, level),
            "corrected": False,
        },
    )
    if reported.get("threshold") is not None:
        effect["threshold"] = reported["threshold"]
    if spec.get("moderators"):
        effect["values"] = values
    return effect


def _share(correct: int, total: int, level: float) -> Share:
    low, high = exact_interval(np.array(correct, dtype=np.float64), np.array(total), level)
    return {"estimate": correct / total, "ci_low": float(low), "ci_high": float(high)}


def thresholds_in(effects: Sequence[DiagnosticEffect]) -> list[str]:
    """Return the thresholds of the studies, each once."""
    return list(dict.fromkeys(str(effect["threshold"]) for effect in effects if "threshold" in effect))
