"""The table of an analysis in memory: studies, figures and characteristics, as rows that `review` reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coppice.api.columns import Columns, check_lengths, columns_of, named_or_given
from coppice.api.errors import refused
from coppice.core.errors import allowed_values_hint
from coppice.review.tables.columns import ALIASES, FIELDS, R_NAMES
from coppice.review.tables.header import Lines

FIGURES = {
    *FIELDS,
    *ALIASES,
    *R_NAMES,
    "ci",
}  # `ci` is a number of events in R, and no field: an interval has two columns


def is_figure(name: str) -> bool:
    """Return whether a column of this name holds figures."""
    return name in FIGURES


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal length: a row is a study, or one of its effects.

    Attributes
    ----------
    studies : list of str
        What each row calls its study.
    years : list
        Years, None where not known.
    figures : dict of list
        The columns from which effects are computed.
    characteristics : dict of list
        The other columns of the data.
    """

    studies: list[str]
    years: list[Any]
    figures: Columns
    characteristics: Columns = field(default_factory=dict)

    @property
    def has_repeated(self) -> bool:
        """Whether a study has several rows."""
        return len(set(self.studies)) < len(self.studies)

    def ids(self) -> list[str]:
        """Return a name for each row that no other row has."""
        numbered = [f"{name} (row {row})" for row, name in enumerate(self.studies, 1)]
        return numbered if self.has_repeated else self.studies

    def lines(self, names: Iterable[str] = (), *, each_row: bool = False) -> Lines:
        """Return the rows as a file would have them, with the characteristics of these names.

        Rows of one study are several effects of it, or with `each_row` a study each.
        """
        columns: dict[str, list[Any]] = {"study": self.ids() if each_row else self.studies}
        if not each_row and self.has_repeated:
            columns["use"] = [
                f"row {row}" for row in range(1, len(self.studies) + 1)
            ]  # a mark each, which labels have too
        if any(year is not None for year in self.years):
            columns["year"] = self.years
        columns |= self.figures
        for name in names:
            if name in columns or name == "year":
                continue
            if name not in self.characteristics:
                raise refused(
                    name, f"the data have no column '{name}'; {allowed_values_hint(name, self.characteristics)}"
                )
            columns[name] = self.characteristics[name]
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        return [(0, list(columns)), *enumerate(rows, 1)]


def table_of(data: Any, study: Any, year: Any, figures: Mapping[str, Any]) -> Table:
    """Return the table of an analysis from its data, the columns of studies and years, and its figures by name.

    Without figures, the columns of the data that are called as figures are.
    """
    columns = columns_of(data)
    for name in figures:
        if not is_figure(name):
            raise refused(name, f"is no figure that a study reports; {allowed_values_hint(name, FIGURES)}")
    chosen = {name: named_or_given(value, name, columns) for name, value in figures.items()}
    chosen = chosen or {name: column for name, column in columns.items() if is_figure(name)}
    if not chosen:
        there = f"no column of the data is called as a figure ({', '.join(columns)})" if columns else "no figures"
        raise refused("", f"{there}; name them, such as events_e='deaths', n_e='patients' or ai=..., bi=...")
    named = _names(study, columns)
    years = named_or_given(year, "year", columns) if year is not None else columns.get("year")
    size = check_lengths({**chosen, **({} if named is None else {"study": named}), **columns})
    names = [f"Study {row}" for row in range(1, size + 1)] if named is None else [_name(cell) for cell in named]
    for row, name in enumerate(names, 1):
        if not name:
            raise refused("study", "no name; every row says of which study it is", row)
    check_lengths({**chosen, **({} if years is None else {"year": years})})
    taken = {*figures.values()} if all(isinstance(value, str) for value in figures.values()) else {*chosen}
    others = {name: column for name, column in columns.items() if name not in taken | {"study", "year"}}
    return Table(names, years or [None] * size, chosen, others)


def _names(study: Any, columns: Columns) -> list[Any] | None:
    """Return the names of the studies: a column, several joined, the values themselves, or the data's column `study`."""
    if study is None:
        return columns.get("study")
    if isinstance(study, list | tuple) and study and all(isinstance(name, str) and name in columns for name in study):
        return [" ".join(map(_name, cells)) for cells in zip(*(columns[name] for name in study), strict=True)]
    return named_or_given(study, "study", columns)


def _name(cell: Any) -> str:
    whole = isinstance(cell, float) and cell.is_integer()
    return "" if cell is None else str(int(cell) if whole else cell).strip()
