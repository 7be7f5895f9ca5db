"""Tables of other programs: CSV in whatever encoding, and sheets of workbooks, with columns found by name."""

from __future__ import annotations

import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coppice.core.errors import BadInput
from coppice.core.limits import TABLE_COLUMNS, TABLE_ROWS
from coppice.review.tables.files import package
from coppice.review.tables.size import check_archive, check_size
from coppice.tools.import_file.imported import NotImported
from coppice.tools.import_file.plain_text import number_of, plain
from coppice.tools.import_file.text import decoded

DELIMITERS = ",;\t"
WORKBOOK = b"PK\x03\x04"
EMPTY = frozenset({"", "na", "n/a", "#n/a", "null"})


def column_key(name: object) -> str:
    """Return a column's name as it is compared: letters and digits alone, superscripts as digits (`Tau²` is `tau2`)."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", str(name)).casefold() if sign.isalnum())


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells by `column_key`, and where it stands, for messages."""

    file: str
    number: int
    cells: dict[str, str]

    def text(self, *names: str) -> str:
        """Return the text in the first of some columns that the table has; empty for none, and for `#N/A`."""
        value = next((self.cells[key] for name in names if (key := column_key(name)) in self.cells), "")
        return "" if value.casefold() in EMPTY else value

    def value(self, *names: str) -> float | None:
        """Return the number in the first of some columns that the table has, None for an empty cell.

        Raises
        ------
        NotImported
            If the cell holds something else.
        """
        text = self.text(*names)
        number = number_of(text)
        if text and number is None:
            raise self.refusal(names[0], f"'{plain(text, 50)}' is not a number")
        return number

    def whole(self, *names: str) -> float | None:
        """Return the number in a column, `12.0` as 12."""
        number = self.value(*names)
        return int(number) if number is not None and number == int(number) else number

    def refusal(self, column: str, message: str) -> NotImported:
        """Return the error for a cell."""
        return NotImported(f"{self.file}: row {self.number}, column '{column}': {message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: the names of its columns, its rows that are not blank, and what a person should know of its encoding."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The names of the columns as they are compared."""
        return frozenset(map(column_key, self.header)) - {""}

    def has(self, *names: str) -> bool:
        """Return whether the table has each of some columns."""
        return self.keys.issuperset(map(column_key, names))

    def require(self, *names: str) -> None:
        """Refuse the table if it lacks one of some columns."""
        if lacking := [name for name in names if column_key(name) not in self.keys]:
            columns = ", ".join(f"'{name}'" for name in lacking)
            raise NotImported(f"{self.file}: has no column {columns}; its columns: {', '.join(self.header)[:300]}")

    def unread(self, names: Iterable[str]) -> list[str]:
        """Return the columns that hold something and are none of `names`."""
        read = set(map(column_key, names))
        return [
            name
            for name in self.header
            if (key := column_key(name)) and key not in read and any(row.cells[key] for row in self.rows)
        ]


def delimited_rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV text with their numbers; the delimiter is the one that the first line has most of."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise NotImported(f"{name}: row {number}: {error}: the file may be cut short") from None


def table_of(rows: Iterable[tuple[int, Sequence[object]]], name: str, notes: tuple[str, ...] = ()) -> Table:
    """Return the table of rows, the first that is not blank being its header.

    Raises
    ------
    NotImported
        If there are no rows, a row has not as many cells as the header, or two columns have one name.
    """
    filled = (
        (number, [plain("" if cell is None else cell) for cell in cells])
        for number, cells in rows
        if any(cell is not None and str(cell).strip() for cell in cells)
    )
    _, header = next(filled, (0, []))
    if not header:
        raise NotImported(f"{name}: the file is empty")
    keys = [column_key(cell) for cell in header]
    if len(header) > TABLE_COLUMNS:
        raise NotImported(f"{name}: has more than {TABLE_COLUMNS} columns")
    if twice := next((cell for cell, key in zip(header, keys, strict=True) if key and keys.count(key) > 1), None):
        raise NotImported(f"{name}: two columns are called '{twice}'")
    read: list[Row] = []
    for number, cells in filled:
        if len(read) == TABLE_ROWS:
            raise NotImported(f"{name}: has more than {TABLE_ROWS} rows")
        if len(cells) != len(header):
            message = f"{len(cells)} cells under {len(header)} columns: the file may be cut short"
            raise NotImported(f"{name}: row {number}: {message}")
        read.append(Row(name, number, dict(zip(keys, cells, strict=True))))
    return Table(file=name, header=tuple(header), rows=tuple(read), notes=notes)


def read_delimited(content: bytes, name: str) -> Table:
    """Return the table of a CSV file."""
    text, notes = decoded(content, name)
    return table_of(delimited_rows(text, name), name, tuple(f"{name}: {note}" for note in notes))


def header_of(content: bytes, name: str) -> frozenset[str]:
    """Return the names of a CSV file's columns as they are compared; empty if it is not a table."""
    try:
        text, _ = decoded(content, name)
        cells = next((cells for _, cells in delimited_rows(text, name) if any(map(str.strip, cells))), [])
    except NotImported:
        return frozenset()
    return frozenset(map(column_key, cells)) - {""}


def read_sheets(content: bytes, name: str) -> list[Table]:
    """Return the tables of a workbook's sheets, or the one of a CSV file; sheets that are not tables are left out.

    Raises
    ------
    NotImported
        If the file can't be read.
    """
    if not content.startswith(WORKBOOK):
        return [read_delimited(content, name)]
    try:
        openpyxl = package("xlsx", name)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "workbook.xlsx"
            path.write_bytes(content)
            check_archive(path, name)
            book = openpyxl.load_workbook(path, data_only=True)
        for sheet in book.worksheets:
            check_size(name, sheet.max_row, sheet.max_column)
    except BadInput as error:
        raise NotImported(str(error)) from None
    except Exception as error:  # openpyxl raises what its zip and XML readers raise
        raise NotImported(f"{name}: not an .xlsx file: {plain(error, 200)}") from None
    tables = []
    for sheet in book.worksheets:
        try:
            rows = enumerate(sheet.iter_rows(values_only=True), 1)
            tables.append(table_of(rows, f"{name}, sheet {plain(sheet.title, 50)}"))
        except NotImported:
            continue
    return tables
