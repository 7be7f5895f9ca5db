"""Options as data: what a registry offers, by code, before anything that computes is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from coppice.core.errors import nearest


@dataclass(frozen=True, slots=True)
class Option:
    """One value of an option.

    Attributes
    ----------
    code, name : str
        Value in the configuration, and name in running text.
    source : str
        Who proposed it.
    """

    code: str
    name: str
    source: str


AnOption = TypeVar("AnOption", bound=Option)
Entry = TypeVar("Entry")


def by_code(*options: AnOption) -> dict[str, AnOption]:
    """Return options by their codes, in the order given."""
    return {option.code: option for option in options}


def entry_of(registry: Mapping[str, Entry], code: str, what: str, also: Iterable[str] = ()) -> Entry:
    """Return the entry of a registry by its code; `what` names it in a message, `also` is allowed there besides.

    Raises
    ------
    ValueError
        If there is none, naming the nearest.
    """
    if code not in registry:
        raise ValueError(f"there is no {what} '{code}': {nearest(code, [*registry, *also])}")
    return registry[code]


def bound(
    options: Mapping[str, Option], entry: Callable[..., Entry], functions: Mapping[str, Mapping[str, Any]]
) -> dict[str, Entry]:
    """Return the registry of a numeric module: each option with the functions that compute it.

    Parameters
    ----------
    options : mapping
        The options by code.
    entry : callable
        Takes the fields of the option and its functions by name.
    functions : mapping
        By code.

    Raises
    ------
    ValueError
        If an option has no functions, or functions have no option.
    """
    if options.keys() != functions.keys():
        raise ValueError(f"options and functions differ: {', '.join(sorted(options.keys() ^ functions.keys()))}")
    return {
        code: entry(**{field.name: getattr(option, field.name) for field in fields(option)}, **functions[code])
        for code, option in options.items()
    }
