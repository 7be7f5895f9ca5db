"""Options as data: what a registry offers, by code, before anything that computes is imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class Option:
    """One value of an option."""

    # value in the configuration, and name in running text
    code: str
    name: str
    source: str  # who proposed it


AnOption = TypeVar("AnOption", bound=Option)
Entry = TypeVar("Entry")


def by_code(*options: AnOption) -> dict[str, AnOption]:
    """Return options by their codes, in the order given."""
    return {option.code: option for option in options}


def bound(
    options: Mapping[str, Option], entry: Callable[..., Entry], functions: Mapping[str, Mapping[str, Any]]
) -> dict[str, Entry]:
    """Return the registry of a numeric module: an entry per option, made of its fields and of its functions by name."""
    if options.keys() != functions.keys():
        raise ValueError(f"options and functions differ: {', '.join(sorted(options.keys() ^ functions.keys()))}")
    return {
        code: entry(**{field.name: getattr(option, field.name) for field in fields(option)}, **functions[code])
        for code, option in options.items()
    }
