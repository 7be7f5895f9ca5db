"""The names of a table's columns: from one row or two, and what stands there in place of names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from coppice.core.errors import Problem
from coppice.core.limits import TABLE_PROBLEMS
from coppice.review.tables.files import Cells, is_blank
from coppice.review.tables.size import refuse
from coppice.review.tables.values import is_number, plain

Lines = Sequence[tuple[int, Cells]]
LOOKED_AT = 20  # rows in which the header is looked for where the first row is a title
TITLE_LENGTH = 60  # characters that a message shows of a title


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, and the rows below them."""

    line: int  # number of the last row with names
    names: tuple[str, ...]
    rows: Lines


def name_of(cell: Any) -> str:
    """Return the name that a cell gives its column, on one line."""
    return "" if is_blank(cell) else plain(cell)


def filled(cells: Cells) -> int:
    """Return how many cells of a row hold anything."""
    return sum(not is_blank(cell) for cell in cells)


def is_in_words(cells: Cells) -> bool:
    """Return whether a row has several cells and no number, as a row of names."""
    texts = [plain(cell) for cell in cells if not is_blank(cell)]
    numbers = [text for text in texts if text.replace(".", "", 1).replace(",", "", 1).lstrip("-").isdigit()]
    return len(texts) > 1 and not numbers and not any(is_number(cell) for cell in cells)


def joined(upper: Cells, lower: Cells) -> list[str]:
    """Return the names in two rows, of which the upper names groups of columns: `Aspirin deaths`."""
    names, group = list[str](), ""
    for above, below in zip(upper, lower, strict=True):
        own, name = name_of(above), name_of(below)
        group = (own if name else "") if own else group
        names.append(" ".join(filter(None, [own or (group if name else ""), name])))
    return names


def mistaken_header(file: str, lines: Lines) -> Problem | None:
    """Return what is wrong where the first row is a title, or names groups of columns; None where it is a header."""
    (first, names), *rows = lines
    following = rows[:LOOKED_AT]
    if filled(names) == 1 and any(filled(cells) > 1 for _, cells in following):
        header = next((row for row, cells in following if is_in_words(cells)), None)
        title = next(plain(cell) for cell in names if not is_blank(cell))[:TITLE_LENGTH]
        where = f"as `header: {header}`" if header else "as `header: 3`"
        return Problem(
            file,
            first,
            "",
            f"is a title and not the names of the columns: '{title}'; say which row has the names, {where}",
        )
    second, below = rows[0]
    width = max(len(names), len(below))
    upper, lower = ((cells + [None] * width)[:width] for cells in (names, below))
    gaps = [column for column in range(width) if is_blank(upper[column]) and not is_blank(lower[column])]
    if gaps and is_in_words(below) and any(not is_in_words(cells) for _, cells in following[1:]):
        return Problem(
            file,
            first,
            "",
            f"names groups of columns, and row {second} the columns; write `header: [{first}, {second}]`, which joins them: {', '.join(filter(None, joined(upper, lower)))}",
        )
    return None


def read_header(file: str, lines: Lines, wanted: tuple[int, ...], notes: list[str]) -> Header:
    """Return the header in the rows that are asked for, or in the first; raises BadInput where that is none."""
    if len(lines) < 2:
        raise refuse(file, "holds no table: a header and at least one row")
    if not wanted:
        if problem := mistaken_header(file, lines):
            raise refuse(problem.file, problem.message, problem.line)
        wanted = (lines[0][0],)
    there = dict(lines)
    if missing := [row for row in wanted if row not in there]:
        raise refuse(file, f"`header: {missing[0]}` of the configuration is a row that is blank or not there")
    if above := [row for row, _ in lines if row < max(wanted) and row not in wanted]:
        rows = f"row {above[0]}" if len(above) == 1 else f"{len(above)} rows from row {above[0]}"
        notes.append(f"{file}: {rows} above the names of the columns not read")
    width = max(len(there[row]) for row in wanted)
    names = [*map(name_of, there[wanted[-1]]), *[""] * (width - len(there[wanted[-1]]))]
    for row in reversed(wanted[:-1]):
        names = joined((there[row] + [None] * width)[:width], list(names))
    while names and not names[-1]:
        names.pop()
    return Header(max(wanted), tuple(names), [(row, cells) for row, cells in lines if row > max(wanted)])


def is_row_number(cells: Sequence[Any]) -> bool:
    """Return whether a column counts the rows, as R and pandas write it: whole numbers, each above the last."""
    texts = [plain(cell) for cell in cells]
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit()]
    return len(numbers) == len(texts) and all(
        later > earlier for earlier, later in zip(numbers, numbers[1:], strict=False)
    )


def nameless(file: str, header: Header, *, only: bool, notes: list[str]) -> Iterator[Problem]:
    """Yield a problem for columns that have cells and no name; those that are not read are noted."""
    width = len(header.names)
    columns = [
        column
        for column in range(width)
        if not header.names[column]
        and any(not is_blank(cells[column]) for _, cells in header.rows if column < len(cells))
    ]
    if columns[:1] == [0] and is_row_number([cells[0] for _, cells in header.rows if cells]):
        notes.append(f"{file}: the first column, which has no name, counts the rows and is not read")
        columns = columns[1:]
    if not columns:
        return
    which = f"column{'s' if len(columns) > 1 else ''} {', '.join(str(column + 1) for column in columns)}"
    if only:
        notes.append(f"{file}: {which} without a name not read")
    else:
        has = "have" if len(columns) > 1 else "has"
        message = f"{has} no name in the header; write one, or leave out all that the map does not name: `columns: {{only: true}}`"
        yield Problem(file, header.line, which, message)


def header_problems(
    file: str, header: Header, is_read: Callable[[str], bool], *, only: bool, notes: list[str]
) -> list[Problem]:
    """Return columns without a name, columns of one name, and rows longer than the header."""
    problems, seen = list(nameless(file, header, only=only, notes=notes)), set[str]()
    for name in header.names:
        if name and name in seen and is_read(name):
            problems.append(Problem(file, header.line, name, "two columns have this name"))
        seen.add(name)
    width = len(header.names)
    too_long = (
        Problem(
            file,
            number,
            "",
            f"has {len(cells)} cells and the header {width}; quote cells that hold the delimiter, or put ; between cells if numbers have decimal commas",
        )
        for number, cells in header.rows
        if any(not is_blank(cell) for cell in cells[width:])
    )
    return [*problems, *islice(too_long, TABLE_PROBLEMS)]
