"""The table of a file as people keep it: which sheet holds it, in which row its header stands, what its columns hold."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput, CoppiceError
from coppice.core.limits import TABLE_BYTES, megabytes
from coppice.review.tables import header, values
from coppice.review.tables.files import READERS, Cells, Source, is_blank, package
from coppice.review.tables.grid import within_limits
from coppice.review.tables.size import check_archive
from coppice.tools.new_review.words import words_of

Lines = list[tuple[int, Cells]]
FILLED = 0.5  # share of the widest row's cells that a header has at least
FIRST_ROWS = 30  # in which the header is looked for


@dataclass(frozen=True)
class Column:
    """A column with its cells."""

    name: str
    cells: tuple[Any, ...]
    decimals: values.Decimals

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name."""
        return words_of(self.name)

    @cached_property
    def numbers(self) -> tuple[float | None, ...]:
        """Its cells as numbers, None where one is none."""
        return tuple(map(self._number, self.cells))

    def _number(self, cell: Any) -> float | None:
        try:
            number = values.number(cell, self.decimals, percent=True)
        except values.Refused:
            return None
        return None if number is None else float(number)

    @cached_property
    def texts(self) -> tuple[str | None, ...]:
        """Its cells as text, None where there is nothing."""
        return tuple(values.text(cell) for cell in self.cells)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Its different texts, in the order of the rows."""
        return tuple(dict.fromkeys(text for text in self.texts if text is not None))

    @property
    def filled(self) -> int:
        """The number of cells that hold something."""
        return sum(text is not None for text in self.texts)

    @cached_property
    def is_numeric(self) -> bool:
        """Whether almost all its cells are numbers."""
        count = sum(number is not None for number in self.numbers)
        return count > 0 and count >= 0.8 * self.filled

    @cached_property
    def is_constant(self) -> bool:
        """Whether all rows have one value, as those of totals that stand in each row."""
        return len(self.cells) > 2 and self.filled == len(self.cells) and len(self.levels) == 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was found in a file."""

    sheet: str | None  # its name, where the workbook has several
    header: tuple[int, ...]  # the rows with the names of its columns, where these aren't in the first row
    columns: tuple[Column, ...]
    rows: tuple[int, ...]  # the number of each row in the file
    other_sheets: tuple[str, ...] = ()

    def of(self, kept: Sequence[int]) -> Table:
        """Return the table with the rows at these positions only."""
        columns = tuple(replace(item, cells=tuple(item.cells[index] for index in kept)) for item in self.columns)
        return replace(self, columns=columns, rows=tuple(self.rows[index] for index in kept))

    def named(self, name: str) -> Column:
        """Return the column of a name."""
        return next(column for column in self.columns if column.name == name)


def is_word(cell: Any) -> bool:
    """Return whether a cell may be the name of a column: text, and not a number."""
    if is_blank(cell) or values.is_number(cell):
        return False
    try:
        return values.number(cell, values.Decimals(comma=True)) is None and not values.is_na(cell, number=True)
    except values.Refused:
        return True


def header_row(lines: Lines) -> int:
    """Return the position of the row with the names of the columns: the first that is wide and almost all text."""
    width = max(sum(not is_blank(cell) for cell in cells) for _, cells in lines)
    for position, (_, cells) in enumerate(lines[:FIRST_ROWS]):
        filled = [cell for cell in cells if not is_blank(cell)]
        if len(filled) >= max(2, FILLED * width) and sum(map(is_word, filled)) >= 0.8 * len(filled):
            return position
    return 0


def header_rows(lines: Lines) -> tuple[int, ...]:
    """Return the positions of the row with the names of columns, or of two: one that names groups of columns stands above."""
    position = header_row(lines)
    for upper in (position, position - 1):
        if 0 <= upper < len(lines) - 2:
            above, below = (lines[upper + step][1] for step in (0, 1))
            names = [values.plain(cell) for cell in below if not is_blank(cell)]
            groups = sum(not is_blank(cell) for cell in above)
            if 1 < groups < len(names) and all(map(is_word, names)) and len(set(names)) < len(names):
                return upper, upper + 1
    return (position,)


def table_in(lines: Lines, sheet: str | None) -> Table:
    """Return the table that the rows of a sheet hold."""
    positions = header_rows(lines)
    body = lines[positions[-1] + 1 :]
    width = max(len(lines[position][1]) for position in positions)
    first, *more = ([*lines[position][1], *[None] * width][:width] for position in positions)
    names = header.joined(first, more[0]) if more else list(map(header.name_of, first))
    padded = [(cells + [None] * width)[:width] for _, cells in body]
    decimals = values.decimals_of([cell for cells in padded for cell in cells])
    columns = tuple(
        Column(name, tuple(cells[index] for cells in padded), decimals) for index, name in enumerate(names) if name
    )
    numbers = tuple(lines[position][0] for position in positions) if positions != (0,) else ()
    return Table(sheet, numbers, columns, tuple(row for row, _ in body))


def likeness(table: Table) -> float:
    """Return how much a sheet looks like a table of studies: rows with names and numbers."""
    numeric = sum(column.is_numeric for column in table.columns)
    return 0.0 if not numeric else min(len(table.rows), 200) * min(numeric, 12)


def sheet_names(path: Path) -> list[str]:
    """Return the names of a workbook's sheets; none of a file that has no sheets."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ("xlsx", "ods"):
        return []
    module = package(kind, path.name)
    check_archive(path, path.name)
    try:
        if kind == "xlsx":
            return list(module.load_workbook(path, read_only=True).sheetnames)
        opened, table = (importlib.import_module(f"odf.{name}") for name in ("opendocument", "table"))
        sheets = opened.load(str(path)).spreadsheet.getElementsByType(table.Table)
        return [str(sheet.getAttribute("name") or "") for sheet in sheets]
    except Exception as error:  # both packages raise what their zip and XML readers raise
        raise CoppiceError(f"{path}: not an .{kind} file: {error}") from None


def sheets_of(path: Path) -> dict[str | None, Lines]:
    """Return the rows of each sheet that can be read and has any; one without a name where files of its kind have no sheets."""
    names: Sequence[str | None] = sheet_names(path) or [None]
    sheets: dict[str | None, Lines] = {}
    problems: list[BadInput] = []
    for name in names:
        try:
            source = Source(path, path.name, name)
            lines = list(within_limits(path.name, READERS[path.suffix.lower()](source)))
        except BadInput as error:
            problems.append(error)
            continue
        if len(lines) > 1:
            sheets[name] = lines
    if problems and not sheets:
        raise problems[0]
    return sheets


def find_table(path: Path) -> Table:
    """Return the table of a file: in a workbook that of the sheet that looks most like one.

    Raises
    ------
    CoppiceError
        If the file can't be read, or holds no table.
    """
    if path.stat().st_size > TABLE_BYTES:
        raise CoppiceError(f"{path}: larger than {megabytes(TABLE_BYTES)}")
    sheets = sheets_of(path)
    if not sheets:
        raise CoppiceError(f"{path}: holds no table: a header and at least one row")
    names = tuple(name for name in sheets if name is not None)
    tables = [table_in(lines, name if len(names) > 1 else None) for name, lines in sheets.items()]
    best = max(tables, key=likeness)
    return replace(best, other_sheets=tuple(name for name in names if name != best.sheet) if len(names) > 1 else ())
