"""The explorations of an analysis: each is on or off, or on with options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core.contracts.values import Skipped

OFF = "switched off; to switch it on, set explore: {%s: true} in the configuration"


def options_of(spec: Mapping[str, Any], name: str, *, default: bool = True) -> dict[str, Any] | None:
    """Return the options of one exploration, or None where it is off.

    Parameters
    ----------
    spec : mapping
        What `explore` reads of the analysis; its `explore` maps names to true, false or options.
    name : str
        The exploration.
    default : bool
        Whether it is on by default.
    """
    value = (spec.get("explore") or {}).get(name, default)
    if isinstance(value, Mapping):
        return dict(value)
    return {} if value else None


def off(name: str) -> Skipped:
    """Return the part of the result file of an exploration that is off."""
    return {"skipped": OFF % name}


def too_few(needed: int, k: int) -> str:
    """Return the reason that an exploration needs more effects."""
    return f"at least {needed} effects are needed; there {'is' if k == 1 else 'are'} {k}"
