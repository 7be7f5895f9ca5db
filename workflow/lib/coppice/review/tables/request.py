"""What the configuration asks of a table: which file part, rows and columns are read, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coppice.review.analysis import outcome_of
from coppice.review.config_file import Reading
from coppice.review.keys.table import OWN_OF_COLUMNS
from coppice.review.tables.values import plain


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


@dataclass(frozen=True, slots=True)
class TableRequest:
    """What the configuration asks of a table."""

    columns: ColumnMap = ColumnMap()
    measures: Mapping[str, frozenset[str]] = field(default_factory=dict)  # of the analyses, by the outcome that they pool
    sheet: str | None = None
    header: tuple[int, ...] = ()  # the rows that hold the names of the columns; none: the first that is not blank
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)  # the values that rows have, by column
    arms: Arms | None = None


def listed(value: Any) -> tuple[Any, ...]:
    """Return a value, or each value of a list."""
    return tuple(value) if isinstance(value, list) else (value,)


def named(value: Any) -> tuple[str, ...]:
    """Return a name, or each name of a list, as text."""
    return tuple(plain(item) for item in listed(value))


def column_map(columns: Mapping[str, Any]) -> ColumnMap:
    """Return the map of columns."""
    study = columns.get("study")
    several = named(study) if isinstance(study, list) else ()
    names = {
        str(key): plain(value) for key, value in columns.items() if key not in OWN_OF_COLUMNS and not isinstance(value, list)
    }
    single = {"study": plain(study)} if study is not None and not several else {}
    return ColumnMap(single | names, several, named(columns.get("ignore") or []), columns.get("only") is True)


def table_request(reading: Reading) -> TableRequest:
    """Return what the configuration asks of a table; what is wrong with its shape is left out."""
    data, measures = reading.data, dict[str, set[str]]()
    analyses = data.get("analyses")
    for name, settings in analyses.items() if isinstance(analyses, Mapping) else ():
        if reading.is_sound("analyses", name):
            measures.setdefault(outcome_of(name, settings), set()).add(str(settings["measure"]))
    sound = {key: data[key] for key in ("columns", "sheet", "header", "where", "arms") if reading.is_sound(key)}
    arms = sound.get("arms")
    return TableRequest(
        columns=column_map(sound.get("columns", {})),
        measures={outcome: frozenset(codes) for outcome, codes in measures.items()},
        sheet=plain(sound["sheet"]) if "sheet" in sound else None,
        header=tuple(map(int, listed(sound.get("header", [])))),
        where={plain(column): listed(value) for column, value in sound.get("where", {}).items()},
        arms=arms
        and Arms(plain(arms["column"]), named(arms["experimental"]), named(arms["control"]), arms.get("several")),
    )
