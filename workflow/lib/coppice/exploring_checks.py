"""What is wrong with what an exploration names: studies and characteristics that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.errors import nearest
from coppice.records import Study
from coppice.shape import Finding, Place

ORDERS = ("year", "precision")  # of a cumulative analysis, besides those by a characteristic
OWN = {"study", "design", "year", "population"}  # of every study


def explore_findings(settings: Mapping[str, Any], place: Place, studies: Sequence[Study]) -> Iterator[Finding]:
    """Yield the place and the message of each name in `explore` and `multiverse` that no study has.

    Parameters
    ----------
    settings : mapping
        The configuration, or one analysis of it.
    place : tuple
        Where that stands.
    studies : sequence of Study
        All studies.
    """
    cumulative = (settings.get("explore") or {}).get("cumulative")
    by = cumulative.get("by") if isinstance(cumulative, Mapping) else None
    varied = settings.get("multiverse")
    rules = (varied.get("studies") if isinstance(varied, Mapping) else None) or {}
    if by is None and not rules:
        return
    characteristics = OWN.union(*(study.characteristics for study in studies))
    if by is not None and str(by) not in {*ORDERS, *characteristics}:
        yield (*place, "explore", "cumulative", "by"), _unknown(str(by), {*ORDERS, *characteristics})
    ids = {study.study for study in studies}
    for name, rule in rules.items():
        where = (*place, "multiverse", "studies", str(name))
        for study in rule.get("exclude") or ():
            if str(study) not in ids:
                yield (*where, "exclude"), f"no study '{study}'; {nearest(study, ids)}"
        for characteristic, values in (rule.get("include") or {}).items():
            if characteristic not in characteristics:
                yield (*where, "include", characteristic), _unknown(characteristic, characteristics)
                continue
            there = {str(study.value(characteristic)) for study in studies}
            for value in values if isinstance(values, list | tuple) else [values]:
                if str(value) not in there:
                    yield (*where, "include", characteristic), f"no study has '{value}' there; {nearest(value, there)}"


def _unknown(name: str, known: set[str]) -> str:
    return f"no study has the characteristic '{name}'; {nearest(name, known)}"
