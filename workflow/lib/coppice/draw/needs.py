"""What a figure needs of the results: each check says in words what is missing, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Result = Mapping[str, Any]
Results = Mapping[str, Any]  # results by the names that a figure reads them by
Need = Callable[[Results], str]

NO_EFFECTS = "no study gives an effect"
NO_COUNTS = "no study reports counts in both arms"
NO_MODERATORS = "the analysis has no moderators"
NOT_EXPLORED = "it was not explored"
NO_CURVES = "no study reports a curve with the numbers at risk from which times can be reconstructed"
NO_FLOW = "the configuration gives no counts under `review: flow:`"
NOT_JUDGED = "the risk of bias was not assessed in any study"
NO_ANALYSES = "there is no analysis"
NO_EXTRACTS = "no study reports an outcome of an analysis"
MOST_ROWS = 200  # of studies or analyses: a figure of more could not be printed on a page, nor read

MOST_EFFECTS = 500  # of one analysis, each with a row or a curve of its own: ten printed pages


def effects(results: Results) -> str:
    """Say that no study gives an effect."""
    found = (results.get("pool") or {}).get("effects") or ()
    return "" if any(effect.get("yi") is not None and effect.get("vi") for effect in found) else NO_EFFECTS


def few_effects(results: Results) -> str:
    """Say that there are more effects than a figure can show one by one."""
    number = len((results.get("pool") or {}).get("effects") or ())
    if number <= MOST_EFFECTS:
        return ""
    return (
        f"there are {number:,} effects, and a figure that shows each holds {MOST_EFFECTS}; they are in the result files"
    )


def all_of(*needed: Need) -> Need:
    """Return the check that several checks pass: it says what the first that fails says."""
    return lambda results: next((said for need in needed if (said := need(results))), "")


def estimate(results: Results) -> str:
    """Say why there is no overall estimate."""
    pooled = results.get("pool") or {}
    if pooled.get("random") or pooled.get("common"):
        return ""
    return str((pooled.get("reasons") or {}).get("random") or "there is no overall estimate")


def risks(results: Results) -> str:
    """Say that no study gives the risk in each arm."""
    found = (results.get("pool") or {}).get("effects") or ()
    return "" if any(effect.get("risks") for effect in found) else NO_COUNTS


def moderators(results: Results) -> str:
    """Say why there is no meta-regression."""
    pooled = results.get("pool") or {}
    if pooled.get("moderators"):
        return ""
    return str((pooled.get("reasons") or {}).get("moderators") or NO_MODERATORS)


def explored(*keys: str) -> Need:
    """Return the check that a part of the explore result is there: keys from the outside in."""

    def need(results: Results) -> str:
        part: Any = results.get("explore") or {}
        for key in keys:
            part = part.get(key) if isinstance(part, Mapping) else None
            if isinstance(part, Mapping) and part.get("skipped"):
                return str(part["skipped"])
        return "" if part else NOT_EXPLORED

    return need


def one_by_one(*keys: str) -> Need:
    """Return the check that a part of the explore result is there, and has no more rows than a figure holds."""
    return all_of(explored(*keys), few_effects)


def curves(results: Results) -> str:
    """Say that no extract has a reconstructed curve."""
    return "" if any(extract.get("curves") for extract in results.get("extracts") or ()) else NO_CURVES


def flow(results: Results) -> str:
    """Say that there are no counts of the flow of studies."""
    return "" if results.get("flow") else NO_FLOW


def assessments(results: Results) -> str:
    """Say that no study was judged."""
    judged = any(item.get("domains") or item.get("overall") for item in results.get("assessments") or ())
    return "" if judged else NOT_JUDGED


def pools(results: Results) -> str:
    """Say that there is no analysis."""
    return too_many(results, "analyses") or ("" if results.get("pools") else NO_ANALYSES)


def extracts(results: Results) -> str:
    """Say that there is nothing to map, or too much."""
    return too_many(results, "studies") or ("" if results.get("extracts") else NO_EXTRACTS)


def too_many(results: Results, what: str) -> str:
    """Say that a row for each of something would be too many rows."""
    number = (results.get("counts") or {}).get(what) or 0
    return f"there are {number:,} {what}, and the figure holds {MOST_ROWS}" if number > MOST_ROWS else ""
