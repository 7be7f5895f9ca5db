"""The cells of a table, from each kind of file: header, rows with their numbers, nothing interpreted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coppice.core.errors import BadInput
from coppice.core.limits import TABLE_BYTES, TABLE_CELLS, TABLE_COLUMNS, TABLE_ROWS, megabytes
from coppice.core.schema import Finding
from coppice.review.tables.files import READERS, WORKBOOKS, Cells, Source, is_blank
from coppice.review.tables.header import Lines, header_problems, read_header
from coppice.review.tables.request import TableRequest
from coppice.review.tables.selection import is_read, selected, selection_findings
from coppice.review.tables.size import refuse, too_large

COLUMNS_NAMED = 12  # of those that are not read, in a note


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    file: str  # its name, for messages
    header: tuple[str, ...]  # names of the columns
    # number of each row that is not blank, as a spreadsheet or an editor shows it, and its cells
    rows: tuple[tuple[int, Cells], ...]
    line: int = 1  # the last row of the header
    notes: tuple[str, ...] = ()  # what is not read, or is read otherwise than it stands there
    findings: tuple[Finding, ...] = ()  # what the configuration names and the table does not have


def listed_names(names: Sequence[str]) -> str:
    """Name columns; of many the first, and how many more there are."""
    more = len(names) - COLUMNS_NAMED
    return ", ".join(names[:COLUMNS_NAMED]) + (f" and {more} others" if more > 0 else "")


def within_limits(file: str, rows: Iterator[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    """Yield the rows that are not blank, and give up where there are too many."""
    cells, count = 0, 0
    for row, values in rows:
        if all(map(is_blank, values)):
            continue
        cells, count = cells + len(values), count + 1
        if cells > TABLE_CELLS or count > TABLE_ROWS or len(values) > TABLE_COLUMNS:
            raise refuse(file, too_large(), row)
        yield row, values


def read_grid(path: Path, file: str, request: TableRequest | None = None, lines: Lines | None = None) -> Grid:
    """Read the rows and columns of a table that are asked for; raises BadInput if the file is not a table, or its header incomplete.

    `lines` are those of a table in memory, of which no file is read.
    """
    asked = request or TableRequest()
    source = Source(path, file, asked.sheet, min(asked.header, default=1))
    try:
        if lines is None and path.stat().st_size > TABLE_BYTES:
            raise refuse(file, f"larger than {megabytes(TABLE_BYTES)}")
        lines = list(within_limits(file, READERS[path.suffix.lower()](source) if lines is None else iter(lines)))
    except OSError as error:
        raise refuse(file, f"can't be read: {error.strerror}") from None
    header, notes = read_header(file, lines, asked.header, source.notes), source.notes
    named = partial(is_read, request=asked)
    if problems := header_problems(file, header, named, only=asked.columns.only, notes=notes):
        raise BadInput(problems)
    width = len(header.names)
    rows = [(row, (cells + [None] * width)[:width]) for row, cells in header.rows]
    findings = list(selection_findings(header.names, rows, asked))
    if asked.sheet and path.suffix.lower() not in WORKBOOKS:
        findings.append((("sheet",), f"is for workbooks ({', '.join(WORKBOOKS)}); leave it out"))
    chosen = selected(header.names, rows, asked)
    if not chosen and not findings:
        raise refuse(file, "no row has the values of all columns in `where`")
    if asked.where:
        notes.append(f"{file}: {len(chosen):,} of {len(rows):,} rows read, by `where`")
    kept = [position for position, name in enumerate(header.names) if name and named(name)]
    if left := [name for name in header.names if name and not named(name)]:
        notes.append(f"{file}: columns not read: {listed_names(left)}")
    names = tuple(header.names[position] for position in kept)
    cells = tuple((row, [cells[position] for position in kept]) for row, cells in chosen)
    return Grid(file, names, cells, header.line, tuple(notes), tuple(findings))
