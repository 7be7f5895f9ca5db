"""What a figure needs of the results: each check says in words what is missing, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Result = Mapping[str, Any]
Results = Mapping[str, Result | None]
Need = Callable[[Results], str]

NO_EFFECTS = "no study gives an effect"
NO_COUNTS = "no study reports counts in both arms"
NO_MODERATORS = "the analysis has no moderators"
NOT_EXPLORED = "it was not explored"


def effects(results: Results) -> str:
    """Say that no study gives an effect."""
    found = (results.get("pool") or {}).get("effects") or ()
    return "" if any(effect.get("yi") is not None and effect.get("vi") for effect in found) else NO_EFFECTS


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
