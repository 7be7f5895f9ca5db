"""Which explorations an analysis wants: each is on or off, or on with options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OFF = "it is switched off; explore: {%s: true} in the configuration switches it on"


def options_of(spec: Mapping[str, Any], name: str, *, default: bool = True) -> dict[str, Any] | None:
    """Return the options of one exploration, or None where it is off.

    Parameters
    ----------
    spec : mapping
        What `explore` reads of the analysis; its `explore` maps names to true, false or options.
    name : str
        The exploration.
    default : bool
        Whether it is on where nothing is said.
    """
    said = (spec.get("explore") or {}).get(name, default)
    if isinstance(said, Mapping):
        return dict(said)
    return {} if said else None


def off(name: str) -> dict[str, str]:
    """Return what stands in the result file for an exploration that is off."""
    return {"skipped": OFF % name}
