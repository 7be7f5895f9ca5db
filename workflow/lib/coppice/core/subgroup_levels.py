"""The levels of a characteristic that groups studies: what they are called, and in which order they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NO_VALUE = "not reported"


def level_of(value: Any, names: Mapping[str, str] | None = None) -> str:
    """Return the level that a reported value belongs to, by its name where it has one."""
    if value is None or value == "":
        return NO_VALUE
    level = str(value).lower() if isinstance(value, bool) else str(value)
    return (names or {}).get(level, level)


def place_of(level: str, names: Mapping[str, str] | None) -> int:
    """Return the place of a level among those that have names, which come first."""
    ordered = list((names or {}).values())
    return ordered.index(level) if level in ordered else len(ordered)
