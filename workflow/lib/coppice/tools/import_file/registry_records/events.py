"""Adverse events and deaths of a record of ClinicalTrials.gov: patients affected, serious and other events apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coppice.tools.import_file.plain_text import plain
from coppice.tools.import_file.registry_records.groups import Arms, Json, items
from coppice.tools.import_file.registry_records.measures import whole

SUMMARIES = {
    "deaths": "Deaths from any cause",
    "serious": "Patients with any serious adverse event",
    "other": "Patients with any other adverse event above the threshold of the registry",
}
KINDS = {"seriousEvents": "serious", "otherEvents": "other"}


def event_outcomes(module: Json, arms: Arms) -> Iterator[tuple[str, str, str, dict[str, Any] | str]]:
    """Yield the name, definition and place of each adverse event, with its figure or why it has no figure."""
    groups = items(module, "eventGroups")
    keys = arms.of(groups)
    period = f" ({plain(module['timeFrame'])})" if module.get("timeFrame") else ""
    for kind, title in SUMMARIES.items():
        values = {
            keys[str(group.get("id"))]: (group.get(f"{kind}NumAffected"), group.get(f"{kind}NumAtRisk"))
            for group in groups
            if str(group.get("id")) in keys
        }
        if any(None not in pair for pair in values.values()):
            name = kind if kind == "deaths" else f"{kind} adverse events"
            yield name, f"{title}{period}", "adverseEvents.eventGroups", counts(values, arms)
    totals = {str(group.get("id")): group for group in groups}
    for key, kind in KINDS.items():
        for place, event in enumerate(items(module, key)):
            values = {}
            for item in items(event, "stats"):
                group = str(item.get("groupId"))
                if group in keys:
                    at_risk = item.get("numAtRisk", totals.get(group, {}).get(f"{kind}NumAtRisk"))
                    values[keys[group]] = (item.get("numAffected"), at_risk)
            term = plain(event.get("term") or "event without a term")
            organ = f"; {plain(event['organSystem'])}" if event.get("organSystem") else ""
            yield (
                f"{kind} {term}",
                f"{term} ({kind} adverse event{organ}){period}",
                f"adverseEvents.{key}[{place}]",
                counts(values, arms),
            )


def counts(values: Mapping[str, tuple[Any, Any]], arms: Arms) -> dict[str, Any] | str:
    """Return the figure of patients affected and at risk, or why they have no figure."""
    both = {arm: (whole(affected), whole(at_risk)) for arm, (affected, at_risk) in values.items()}
    usable = {arm: {"events": affected, "n": n} for arm, (affected, n) in both.items() if affected is not None and n}
    if not usable:
        return "no number of patients affected and at risk"
    return arms.figure("counts", usable) or "no form for it"
