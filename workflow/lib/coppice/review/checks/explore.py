"""What is wrong with what an exploration names: studies and characteristics that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.errors import nearest
from coppice.core.schema import Finding, Place
from coppice.explore.resampling.options import ORDERS
from coppice.review.catalogue import Catalogue, criteria_findings, unknown_characteristic


def explore_findings(settings: Mapping[str, Any], place: Place, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield the place and the message of each name in `explore` and `multiverse` that no study has.

    Parameters
    ----------
    settings : mapping
        The configuration, or one analysis of it.
    place : tuple
        Where that stands.
    catalogue : Catalogue
        All studies.
    """
    cumulative = (settings.get("explore") or {}).get("cumulative")
    by = cumulative.get("by") if isinstance(cumulative, Mapping) else None
    varied = settings.get("multiverse")
    rules = (varied.get("studies") if isinstance(varied, Mapping) else None) or {}
    orders = {*ORDERS, *catalogue.characteristics} if by is not None else ()
    if by is not None and str(by) not in orders:
        yield (*place, "explore", "cumulative", "by"), unknown_characteristic(str(by), orders)
    for name, rule in rules.items():
        where = (*place, "multiverse", "studies", str(name))
        for study in rule.get("exclude") or ():
            if str(study) not in catalogue.by_id:
                yield (*where, "exclude"), f"no study '{study}'; {nearest(study, catalogue.by_id)}"
        yield from criteria_findings(rule.get("include") or {}, (*where, "include"), catalogue)
