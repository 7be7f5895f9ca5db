"""The effects of a network: those of each pair of treatments of each study, and why others do not enter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, cast

import numpy as np

from coppice.core.contracts.extract import Candidate, ExtractContent
from coppice.core.contracts.network import NetworkEffect
from coppice.core.contracts.pool import Excluded
from coppice.core.errors import BadInput, Problem
from coppice.extract.choose import entering
from coppice.pool.effects import of_candidate, unusable
from coppice.pool.kernel.quantiles import two_sided_quantile


def select(
    spec: Mapping[str, Any], extracts: Iterable[ExtractContent], level: float, *, by_arms: bool = False
) -> tuple[list[NetworkEffect], list[Excluded]]:
    """Return the effects of a network in the order of its studies, and the excluded studies with reasons.

    A study enters with those of its arms of which every pair has an effect. One of which a pair has none although both
    arms have others is refused where nothing was reported of it, and left out with the reason where an effect can't be
    computed, as without events in both arms. Where the model pools `by_arms`, from their counts, it needs no effect of each pair.
    """
    by_study = {extract["study"]: extract for extract in extracts}
    quantile = float(two_sided_quantile(level, np.inf))
    effects: list[NetworkEffect] = []
    excluded: list[Excluded] = [item.copy() for item in spec.get("excluded") or []]
    for study in spec["studies"]:
        own, reasons = _of_study(spec, study, by_study.get(study["study"]))
        why_not = None if own else "; ".join(dict.fromkeys(reasons.values()))
        if own and not by_arms and (lacking := list(_lacking(own))):
            stated = [f"{one} against {other}: {reasons.get((one, other), 'no effect')}" for one, other in lacking]
            why_not = f"not all of its arms can be compared with one another: {'; '.join(stated)}"
        if why_not is not None:
            excluded.append({"study": study["study"], "label": study["label"], "reason": why_not})
            continue
        for pair, (candidate, why) in own.items():
            effects.append(_effect(study, pair, candidate, why, quantile))
    return effects, excluded


Pair = tuple[str, str]


def _of_study(
    spec: Mapping[str, Any], study: Mapping[str, Any], extract: ExtractContent | None
) -> tuple[dict[Pair, tuple[Candidate, str]], dict[Pair, str]]:
    """Return the effect of each pair of treatments of a study with why it was taken, and why the other pairs have none."""
    if extract is None:
        message = f"there is no extract of the outcome '{spec['outcome']}' of {study['study']}"
        raise BadInput([Problem(f"analysis {spec['analysis']}", 0, "studies", message)])
    called = {item["treatment"]: item["name"] for item in spec["treatments"]}
    own: dict[Pair, tuple[Candidate, str]] = {}
    reasons: dict[Pair, str] = {}
    for name, (one, other) in study["pairs"].items():
        candidates, why = entering(extract["measures"].get(name), spec.get("route"))
        if len(candidates) > 1:
            reasons[one, other] = "several separate strata are reported; a network takes one figure of all patients"
        elif not candidates:
            reasons[one, other] = of_treatments(why, called.get(one, one), called.get(other, other))
        elif wrong := unusable(candidates[0]):
            reasons[one, other] = wrong
        else:
            own[one, other] = (candidates[0], why)
    return own, reasons


def of_treatments(reason: str, one: str, other: str) -> str:
    """Return why two arms have no effect, with their treatments: in a network none is experimental and none the control."""
    for arm, treatment in (("experimental", one), ("control", other)):
        for words in (f"in the {arm} arm", f"of the {arm} arm"):
            reason = reason.replace(words, f"with {treatment}")
        reason = reason.replace(f"the {arm} arm", f"the arm with {treatment}")
    return reason


def _lacking(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yield the pairs that are missing among the treatments of the others."""
    there = {frozenset(pair) for pair in pairs}
    names = dict.fromkeys(name for pair in pairs for name in pair)
    yield from (pair for pair in combinations(names, 2) if frozenset(pair) not in there)


def _effect(study: Mapping[str, Any], pair: Pair, candidate: Candidate, why: str, quantile: float) -> NetworkEffect:
    half = quantile * float(candidate["vi"]) ** 0.5
    return cast(
        NetworkEffect,
        {
            **of_candidate(candidate),
            "study": study["study"],
            "label": study["label"],
            "year": study.get("year"),
            "why": why,
            "treatments": list(pair),
            "ci_low": float(candidate["yi"]) - half,
            "ci_high": float(candidate["yi"]) + half,
        },
    )
