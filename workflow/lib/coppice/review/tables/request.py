"""What the configuration asks of a table: which file part, rows and columns are read, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The key `columns`."""

    names: Mapping[str, str] = field(default_factory=dict)  # from Coppice's names to those of the table
    study: tuple[str, ...] = ()  # the columns whose texts are joined to the name of a study
    ignore: tuple[str, ...] = ()  # columns that are not read
    only: bool = False  # whether no other column than those named here is read

    def named(self) -> frozenset[str]:
        """Return the columns of the table that the map names as read."""
        return frozenset({*self.names.values(), *self.study})


@dataclass(frozen=True, slots=True)
class Arms:
    """The key `arms`."""

    column: str
    experimental: tuple[str, ...]
    control: tuple[str, ...]
    several: str | None  # what becomes of several experimental arms of a study; None where the configuration is silent
    against: str | None = None  # the column of the arm that a row compares its own with, where a row is a comparison

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that name arms."""
        return (self.column,) if self.against is None else (self.column, self.against)

    @property
    def takes_all(self) -> bool:
        """Whether each row is an arm of its study, and none is called experimental or control."""
        return not self.experimental and not self.control


@dataclass(frozen=True, slots=True)
class TableRequest:
    """What the configuration asks of a table."""

    columns: ColumnMap = ColumnMap()
    measures: Mapping[str, frozenset[str]] = field(
        default_factory=dict
    )  # of the analyses, by the outcome that they pool
    sheet: str | None = None
    header: tuple[int, ...] = ()  # the rows that hold the names of the columns; none: the first that is not blank
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # the values that rows have, by column
    arms: Arms | None = None
    by_dose: frozenset[str] = frozenset()  # outcomes of dose-response analyses, of which each row is a dose
