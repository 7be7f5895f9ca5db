"""The effects of an analysis: those that enter, and why the others do not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

from coppice.errors import BadInput, Problem
from coppice.populations import overlap

Effect = dict[str, Any]
NO_VALUE = "not reported"
CARRIED = ("population", "route", "statistic", "reported", "report", "source", "assumptions", "notes")


def select(spec: Mapping[str, Any], extracts: Iterable[Mapping[str, Any]]) -> tuple[list[Effect], list[dict[str, Any]]]:
    """Return the effects of an analysis in the order of its studies, and the excluded studies with reasons.

    Parameters
    ----------
    spec : mapping
        What `pool` reads of the analysis.
    extracts : iterable of mapping
        The extracts of its outcome.

    Raises
    ------
    BadInput
        If two effects that enter share patients, or a study of the analysis has no extract.
    """
    by_study = {extract["study"]: extract for extract in extracts}
    effects: list[Effect] = []
    excluded = [dict(item) for item in spec.get("excluded") or []]
    for study in spec["studies"]:
        extract = by_study.get(study["study"])
        if extract is None:
            raise BadInput([_problem(spec, study["study"], f"there is no extract of the outcome '{spec['outcome']}'")])
        part = extract["measures"].get(spec.get("effect", spec["measure"])) or {
            "candidates": [],
            "chosen": [],
            "why": "nothing is reported",
        }
        chosen, reason = _chosen(part, spec.get("route"))
        if not chosen:
            excluded.append({"study": study["study"], "label": study["label"], "reason": reason})
        for candidate in chosen:
            unusable = _unusable(candidate)
            if unusable:
                excluded.append({"study": study["study"], "label": study["label"], "reason": unusable})
            else:
                effects.append(_effect(spec, study, candidate, reason))
    _refuse_shared_patients(spec, effects)
    return effects, excluded


def _chosen(part: Mapping[str, Any], route: str | None) -> tuple[list[Mapping[str, Any]], str]:
    """Return the candidates that enter with the reason, or none with the reason why not."""
    candidates = part["candidates"]
    chosen = [candidates[index] for index in part["chosen"]]
    if route is None:
        return chosen, part.get("why") or "no figure gives this measure"
    forced = [candidate for candidate in chosen if candidate["route"] == route]
    forced = forced or [candidate for candidate in candidates if candidate["route"] == route][:1]
    if forced:
        return forced, f"the analysis asks for the route {route}"
    return [], f"no figure for the route {route}, which the analysis asks for"


def _unusable(candidate: Mapping[str, Any]) -> str | None:
    yi, vi = candidate.get("yi"), candidate.get("vi")
    if yi is None or not math.isfinite(yi):
        return "its effect is not a finite number"
    if vi is None or not math.isfinite(vi):
        return "its variance is missing or not finite"
    return None if vi > 0 else "its variance is not above 0, so that it would have all the weight"


def _effect(spec: Mapping[str, Any], study: Mapping[str, Any], candidate: Mapping[str, Any], why: str) -> Effect:
    label = candidate.get("label") or study["label"]
    by = spec.get("subgroups")
    subgroup = None if by is None else _level((study.get("values") or {}).get(by))
    return {
        "study": study["study"],
        "label": label,
        "year": study.get("year"),
        "subgroup": subgroup,
        "why": why,
        "yi": float(candidate["yi"]),
        "vi": float(candidate["vi"]),
        **{key: candidate.get(key) for key in CARRIED},
        **({"values": dict(study.get("values") or {})} if spec.get("moderators") else {}),
    }


def _level(value: Any) -> str:
    if value is None or value == "":
        return NO_VALUE
    return str(value).lower() if isinstance(value, bool) else str(value)


def _refuse_shared_patients(spec: Mapping[str, Any], effects: Sequence[Effect]) -> None:
    problems = [
        _problem(
            spec,
            second["study"],
            f"its patients ({second['population']}) are also in the effect of "
            f"{first['study']} ({first['population']}); exclude one of them",
        )
        for first, second in combinations(effects, 2)
        if first["population"]
        and second["population"]
        and overlap(first["population"], second["population"])
        and not (spec.get("dependence") and first["study"] == second["study"])
    ]
    if problems:
        raise BadInput(problems)


def _problem(spec: Mapping[str, Any], study: str, message: str) -> Problem:
    return Problem(f"analysis {spec['analysis']}", 0, study, message)
