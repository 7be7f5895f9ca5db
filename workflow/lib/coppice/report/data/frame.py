"""A table of the report as data: plain values by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Value = str | float | int | None


@dataclass(frozen=True, slots=True)
class Frame:
    """One table: its name, its columns and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def frame(name: str, columns: str, rows: Iterable[tuple[Value, ...]]) -> Frame:
    """Return a table; its columns have a space between them."""
    return Frame(name, tuple(columns.split()), tuple(rows))
