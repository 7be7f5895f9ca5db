"""The effects of a multivariate analysis: one for each study and outcome, and why others do not enter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from coppice.core.contracts.extract import Candidate, ExtractContent
from coppice.core.contracts.multivariate import OutcomeEffect
from coppice.core.contracts.pool import Excluded
from coppice.extract.choose import entering
from coppice.pool.effects import of_candidate, unusable
from coppice.pool.kernel.quantiles import two_sided_quantile

STRATA = "several separate strata are reported; a multivariate analysis takes one figure of all patients"
NOT_REPORTED = "not reported"


def select(
    spec: Mapping[str, Any], extracts: Iterable[ExtractContent], level: float
) -> tuple[list[OutcomeEffect], list[Excluded]]:
    """Return the effects in the order of the studies and of the outcomes, and the studies without any with reasons."""
    by_unit = {(extract["study"], extract["outcome"]): extract for extract in extracts}
    quantile = float(two_sided_quantile(level, np.inf))
    effects: list[OutcomeEffect] = []
    excluded: list[Excluded] = [item.copy() for item in spec.get("excluded") or []]
    for study in spec["studies"]:
        reasons: dict[str, str] = {}
        before = len(effects)
        for outcome in spec["outcomes"]:
            extract = by_unit.get((study["study"], outcome["outcome"]))
            part = None if extract is None else extract["measures"].get(spec["effect"])
            candidates, why = ([], NOT_REPORTED) if extract is None else entering(part, spec.get("route"))
            if len(candidates) > 1:
                candidates, why = [], STRATA
            if candidates and (wrong := unusable(candidates[0])):
                candidates, why = [], wrong
            if candidates:
                effects.append(_effect(study, outcome["outcome"], candidates[0], why, quantile))
            else:
                reasons[outcome["name"]] = why
        if len(effects) == before:
            reason = "; ".join(f"{name}: {why}" for name, why in reasons.items())
            excluded.append({"study": study["study"], "label": study["label"], "reason": reason})
    return effects, excluded


def _effect(study: Mapping[str, Any], outcome: str, candidate: Candidate, why: str, quantile: float) -> OutcomeEffect:
    half = quantile * float(candidate["vi"]) ** 0.5
    effect: OutcomeEffect = {
        **of_candidate(candidate),
        "study": study["study"],
        "label": study["label"],
        "year": study.get("year"),
        "outcome": outcome,
        "why": why,
        "ci_low": float(candidate["yi"]) - half,
        "ci_high": float(candidate["yi"]) + half,
        "values": dict(study["values"]),
    }
    return effect
