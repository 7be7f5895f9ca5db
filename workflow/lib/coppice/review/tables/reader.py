"""Reading the rows of a table: cells to values, rows to studies."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from coppice.core.errors import Problem
from coppice.core.limits import TABLE_PROBLEMS
from coppice.review.tables import values
from coppice.review.tables.columns import (
    FIELDS,
    OUTCOME_COLUMNS,
    REPORT_COLUMNS,
    SIZES,
    SOURCE_COLUMNS,
    Columns,
    statistics_of,
)
from coppice.review.tables.efficacy import are_fractions, in_percent
from coppice.review.tables.grid import Grid
from coppice.review.tables.names import identifiers
from coppice.review.tables.request import TableRequest
from coppice.review.tables.values import Refused

AUTHORS = ("author", "authors")
TEXTS = (
    "study", "label", "design", "experimental", "control", "statistic", "population", "use", "note",
    *REPORT_COLUMNS, *SOURCE_COLUMNS, *OUTCOME_COLUMNS,
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """One row, read: its number, its texts, the fields of each of its statistics and its characteristics."""

    number: int
    texts: dict[str, str] = field(default_factory=dict)
    fields: list[dict[str, Any]] = field(default_factory=list)
    characteristics: dict[str, Any] = field(default_factory=dict)
    year: Any = None
    joined: str = ""  # the texts of the columns that name its study together
    first: str = ""  # the first of them
    arm: str | None = None  # what it calls its arm, in a table with a row for each
    against: str | None = None  # what it calls the arm with which it compares its own, in a table of comparisons
    # the figures of the arms that are added together, by arm, where the row is a comparison of such
    combined: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    # the key of each arm with its row, where the row stands for all arms of a study
    arms: list[tuple[str, Row]] = field(default_factory=list)


class Reader:
    """Reads the cells of one table and collects its problems."""

    def __init__(self, grid: Grid, columns: Columns, request: TableRequest) -> None:
        self.grid = grid
        self.columns = columns
        self.request = request
        self.problems: list[Problem] = []
        self.differing: list[Problem] = []  # characteristics of which a study has several values
        self.one_limit: list[int] = []  # rows that have one limit of an interval
        self.repeated: list[tuple[int, str]] = []  # rows with a figure that their study has already, and what that is
        self.notes: list[str] = []  # what is not read, or is read otherwise than it stands there
        self.outcome_ids: dict[str, str] = {}
        numeric = [
            position
            for name, position in columns.known.items()
            if name in FIELDS and FIELDS[name][2] in ("number", "p")
        ]
        self.decimals = values.decimals_of(
            cells[position] for _, cells in grid.rows for position in [*numeric, *columns.raw.values()]
        )

        position = columns.known.get("efficacy")
        self.has_efficacy = position is not None
        self.efficacy_in_fractions = position is not None and are_fractions([cells[position] for _, cells in grid.rows])
        if position is not None:
            unit = "fractions" if self.efficacy_in_fractions else "percentages"
            self.note(f"{grid.header[position]} and its limits are read as {unit}, by the largest of its values")

    def refuse(self, row: int, column: str, message: str) -> None:
        """Add a problem of one cell."""
        self.add([Problem(self.grid.file, row, column, message)])

    def add(self, problems: Iterable[Problem]) -> None:
        """Add problems up to the number that is kept."""
        self.problems += islice(problems, max(0, TABLE_PROBLEMS - len(self.problems)))

    def note(self, sentence: str) -> None:
        """Add what a person should know of how the table was read."""
        self.notes.append(f"{self.grid.file}: {sentence}")

    def cell(self, row: int, position: int, read: Callable[[Any], Any], cells: list[Any]) -> Any:
        """Return the value of one cell, None where it can't be read, which is then a problem."""
        try:
            return read(cells[position])
        except Refused as error:
            self.refuse(row, self.columns.header[position], str(error))
            return None

    def numbers(self, *, percent: bool = False) -> Callable[[Any], Any]:
        """Return the reader of number cells."""
        return lambda value: values.number(value, self.decimals, percent=percent)

    def fields(self, row: int, cells: list[Any]) -> list[dict[str, Any]]:
        """Return the fields of one row that are filled, pairs with both limits; R's columns may give several sets of them."""
        filled: dict[str, Any] = {}
        pairs: dict[str, dict[int, Any]] = {}
        readers: dict[str, Callable[[Any], Any]] = {
            "flag": values.flag,
            "text": values.text,
            "p": lambda value: values.p_value(value, self.decimals),
        }
        for column, position in self.columns.known.items():
            if column not in FIELDS:
                continue
            name, index, kind = FIELDS[column]
            is_percent = "percent" in column or self.has_efficacy
            value = self.cell(row, position, readers.get(kind) or self.numbers(percent=is_percent), cells)
            if value is not None and index is None:
                filled[name] = value
            elif value is not None and index is not None:
                pairs.setdefault(name, {})[index] = value
        for name, limits in pairs.items():
            if len(limits) == 2:
                filled[name] = [limits[0], limits[1]]
            elif name == "ci":
                filled["ci_limit"] = next(iter(limits.values()))
                self.one_limit.append(row)
            else:
                self.refuse(row, self.columns.title(name), "one limit of the interval is missing")
        filled = in_percent(filled) if self.efficacy_in_fractions else filled
        first, *more = self.from_r(row, cells) or [{}]
        twice = self.columns.given_twice() & filled.keys()
        if twice & {name for fields in (first, *more) for name in fields}:
            self.refuse(row, self.columns.title(min(twice)), self.columns.remedy(min(twice)))
            return []
        sets = [filled, first, *more] if filled.keys() & first.keys() - SIZES else [filled | first, *more]
        return [fields for fields in sets if fields]

    def from_r(self, row: int, cells: list[Any]) -> list[dict[str, Any]]:
        """Return the fields that R's columns give; a sum is missing where a part is."""
        raw = {name: self.cell(row, position, self.numbers(), cells) for name, position in self.columns.raw.items()}
        statistics: list[dict[str, Any]] = []
        for group in statistics_of(self.columns.forms):
            terms = [
                (target, [raw[name] for name in names])
                for form in reversed(group)
                for target, names in form.gives.items()
            ]
            statistics.append({target: sum(numbers) for target, numbers in terms if None not in numbers})
        for total, names in {"n1i": ("ai", "bi"), "n2i": ("ci", "di")}.items():
            size, parts = raw.get(total), [raw[name] for name in names if raw.get(name) is not None]
            if size is not None and len(parts) == len(names) and size != sum(parts):
                self.refuse(row, total, f"is {size:g}, and {' + '.join(names)} is {sum(parts):g}")
        return statistics

    def rows(self) -> list[Row]:
        """Return all rows, read."""
        others = {
            name: values.characteristic([cells[position] for _, cells in self.grid.rows], self.decimals)
            for name, position in self.columns.characteristics.items()
        }
        found = []
        for index, (number, cells) in enumerate(self.grid.rows):
            row = Row(number)
            for name in TEXTS:
                text = values.text(cells[self.columns.known[name]]) if name in self.columns.known else None
                if text is not None:
                    row.texts[name] = text
            if "year" in self.columns.known:
                row.year = self.cell(number, self.columns.known["year"], self.numbers(), cells)
            named = [values.text(cells[position]) for position in self.columns.arms]
            row.arm, row.against = (*named, None, None)[:2]
            names = [text for position in self.columns.study if (text := values.text(cells[position]))]
            row.joined, row.first = " ".join(names), "".join(names[:1])
            row.fields = self.fields(number, cells)
            row.characteristics = {name: column[index] for name, column in others.items() if column[index] is not None}
            found.append(row)
        return found

    def name(self, row: Row) -> str | None:
        """Return what a row calls its study; author and year where the table has no column of studies."""
        name = row.joined or row.texts.get("study") or self.author(row)
        return None if name is None else unicodedata.normalize("NFC", name)

    def label(self, name: str, row: Row) -> str:
        """Return the label of a study without one: its name, or author and year where its name is only a number."""
        named = self.author(row) if name.isdigit() else None
        return named or name

    def author(self, row: Row) -> str | None:
        """Return author and year of a row, where the table has a column of authors."""
        author = next((str(value) for name, value in row.characteristics.items() if name.casefold() in AUTHORS), None)
        return author if author is None or row.year is None else f"{author} {row.year}"

    def outcome(self, row: Row) -> str | None:
        """Return the outcome's key: that of the row, or the only one that the analyses ask for."""
        if "outcome" in self.columns.known:
            text = row.texts.get("outcome")
            if text is None:
                self.refuse(row.number, self.columns.title("outcome"), "empty; every row says of which outcome it is")
            return None if text is None else self.outcome_ids[text]
        return next(iter(self.request.measures), None)

    def outcomes(self, rows: list[Row]) -> dict[str, str]:
        """Return the key of each outcome; the only one of a table is the only one that the analyses ask for."""
        ids = identifiers(row.texts["outcome"] for row in rows if "outcome" in row.texts)
        wanted = list(self.request.measures)
        if len(ids) != 1 or len(wanted) != 1 or wanted[0] in ids.values():
            return ids
        text = next(iter(ids))
        self.note(f"'{text}', the only outcome of the table, is read as '{wanted[0]}', the only one of the analyses")
        for row in rows:
            row.texts.setdefault("definition", text)
        return {text: wanted[0]}

    def studies(self) -> list[tuple[str, str, list[Row]]]:
        """Return the rows of each study with its id and its name."""
        by_id: dict[str, tuple[str, list[Row]]] = {}
        table = self.rows()
        ids = identifiers(name for row in table if (name := self.name(row)))
        self.outcome_ids = self.outcomes(table)
        for row in table:
            name = self.name(row)
            study = ids[name] if name else ""
            if not name or not study:
                self.refuse(
                    row.number,
                    self.columns.title("study"),
                    f"{name!r} has no letter and no digit; write the study's name"
                    if name
                    else "no study; fill in a column 'study' (or map it: `columns: {study: ...}`)",
                )
                continue
            first_name, rows = by_id.setdefault(study, (name, []))
            if first_name != name:
                message = f"{name!r} and {first_name!r} in row {rows[0].number} differ in punctuation alone; make them differ in letters or digits"
                self.refuse(row.number, self.columns.title("study"), message)
                continue
            rows.append(row)
        return [(study, name, rows) for study, (name, rows) in by_id.items()]

    def one_value(self, rows: list[Row], column: str, get: Callable[[Row], Any], remedy: str = "") -> Any:
        """Return a value of a study, which all its rows that have it must agree on; the remedy ends the message if not."""
        first: tuple[int, Any] | None = None
        for row in rows:
            value = get(row)
            if value is None:
                continue
            if first is None:
                first = (row.number, value)
            elif first[1] != value:
                message = f"{value!r} here and {first[1]!r} in row {first[0]} of the same study; a study has one value{remedy}"
                self.refuse(row.number, column, message)
        return None if first is None else first[1]

    def one_text(self, rows: list[Row], column: str) -> str | None:
        """Return a text of a study."""
        text = self.one_value(rows, column, lambda row: row.texts.get(column))
        return None if text is None else str(text)

    def varying(self, rows: list[Row]) -> set[str]:
        """Return the characteristics in which the figures of a study differ, all of which are marked `use`."""
        if len(rows) < 2 or not all(row.texts.get("use") for row in rows):
            return set()
        values = {
            name: {row.characteristics.get(name) for row in rows} - {None} for name in self.columns.characteristics
        }
        return {name for name, different in values.items() if len(different) > 1}

    def characteristics(self, rows: list[Row]) -> dict[str, Any]:
        """Return the characteristics of a study that are known."""
        varying = self.varying(rows)
        names = [column for column in self.columns.characteristics if column not in varying]
        found = {column: self.one_characteristic(rows, column) for column in names}
        return {column: value for column, value in found.items() if value is not None}

    def one_characteristic(self, rows: list[Row], column: str) -> Any:
        """Return a characteristic of a study."""
        before = len(self.problems)
        remedy = f"; `columns: {{ignore: [{column}]}}` leaves the column out"
        value = self.one_value(rows, column, lambda row: row.characteristics.get(column), remedy)
        self.differing += self.problems[before:]
        del self.problems[before:]
        return value
