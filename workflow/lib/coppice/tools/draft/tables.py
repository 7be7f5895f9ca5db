"""Tables in plain text: lines of cells set apart by tabs, pipes, blanks, semicolons or strokes, under a header that names the arms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DELIMITERS = (  # each with the least number of cells in a row, and of rows
    (re.compile(r"\t"), 3, 2),
    (re.compile(r"\t+"), 3, 2),
    (re.compile(r"\s*\|\s*"), 3, 2),
    (re.compile(r" {2,}"), 3, 2),
    (re.compile(r" / "), 4, 3),
    (re.compile(r"; "), 4, 3),
)
RULE = re.compile(r"[\s|+:=_-]+")  # a line that only draws
NUMERIC = re.compile(r"\s*[<>=]?\s*[-+\u2212]?[.\u00b7]?\d")
SIZE = re.compile(r"(?i)\(?n\s*=\s*[\d,]+\)?")
NAMES_OUTCOMES = re.compile(r"(?i)(?:outcome|end ?point|parameter|variable|measure|event|characteristic)s?\b")
PADDED = (r"\t", r"\s*\|\s*")  # delimiters that show empty cells
DIGIT = re.compile(r"\d")
LONGEST_CELL = 60  # characters, on average; longer ones are sentences
MOST_TABLES = 500
MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell, and the place of its first character."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """The place after its last character."""
        return self.start + len(self.text)


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the header first, with what stands right above it."""

    rows: tuple[Row, ...]
    caption: str

    @property
    def start(self) -> int:
        """The place of its first cell."""
        return self.rows[0][0].start

    @property
    def end(self) -> int:
        """The place after its last cell."""
        return self.rows[-1][-1].end


def cells(line: str, place: int, delimiter: re.Pattern[str]) -> Row:
    """Return the cells of a line; those that are empty at its ends are left out."""
    result, begin = [], 0
    for found in delimiter.finditer(line):
        result.append((begin, found.start()))
        begin = found.end()
    result.append((begin, len(line)))
    if "|" in line:
        result = [span for span in result if span[1] > span[0] or span not in (result[0], result[-1])]
    return tuple(Cell(place + a + len(line[a:b]) - len(line[a:b].lstrip()), line[a:b].strip()) for a, b in result)


def with_sizes(header: Row, numbers: Sequence[Cell]) -> Row:
    """Return a header with the sizes that the line below it prints for its first columns."""
    first = int(not header[0].text or bool(NAMES_OUTCOMES.match(header[0].text)))
    named = {first + place: cell.text for place, cell in enumerate(numbers)}
    return tuple(Cell(cell.start, f"{cell.text} {named.get(place, '')}".strip()) for place, cell in enumerate(header))


def is_body(row: Sequence[Cell]) -> bool:
    """Return whether a row holds values: two or more cells after the first begin with a number."""
    return sum(bool(NUMERIC.match(cell.text)) for cell in row[1:]) >= 2


def tables(text: str) -> Iterator[Table]:
    """Yield the tables of a text: a header, and the rows of as many cells right below it."""
    lines, place = [], 0
    for line in text.splitlines(keepends=True):
        lines.append((place, line.rstrip("\r\n")))
        place += len(line)
    number = 0
    for _ in range(MOST_TABLES):
        found = next(
            (
                (i, table, used)
                for i in range(number, len(lines) - 1)
                if (at := table_at(lines, i))
                for table, used in [at]
            ),
            None,
        )
        if found is None:
            return
        yield found[1]
        number = found[0] + found[2]


def table_at(lines: Sequence[tuple[int, str]], first: int) -> tuple[Table, int] | None:
    """Return the table whose header is a line, and the number of its lines; nothing where it is none."""
    place, line = lines[first]
    if not any(DIGIT.search(words) for _, words in lines[first + 1 : first + 5]):
        return None
    for delimiter, least, rows_needed in DELIMITERS:
        if not delimiter.search(line.strip()):
            continue
        header = cells(line.rstrip(), place, delimiter)
        if is_body(header) or not any(
            is_body(cells(words, at, delimiter)) for at, words in lines[first + 1 : first + 5]
        ):
            continue
        header, rows, used = body(header, lines[first + 1 : first + 1 + MOST_ROWS], delimiter, least)
        if len(rows) + 1 < max(2, rows_needed) or not any(map(is_body, rows)):
            continue
        if len(header) < len(rows[0]):  # the cell above the names of the outcomes is empty
            header = (Cell(header[0].start, ""), *header)
        everything = [cell.text for row in (header, *rows) for cell in row]
        if sum(map(len, everything)) / len(everything) <= LONGEST_CELL:
            above = next((words for _, words in reversed(lines[max(0, first - 3) : first]) if words.strip()), "")
            return Table((header, *rows), above), used + 1
    return None


def body(
    header: Row, lines: Sequence[tuple[int, str]], delimiter: re.Pattern[str], least: int
) -> tuple[Row, list[Row], int]:
    """Return a header, with the sizes that stand in a line of their own, the rows below it, and the number of their lines."""
    rows: list[Row] = []
    for used, (place, line) in enumerate(lines):
        if not rows and line.strip() and RULE.fullmatch(line):
            continue
        row = cells(line.rstrip(), place, delimiter) if delimiter.search(line.strip()) else ()
        numbers = [cell for cell in row if cell.text]
        if not rows and numbers and all(SIZE.fullmatch(cell.text) for cell in numbers):
            header = with_sizes(header, numbers)
            continue
        wanted = len(rows[0]) if rows else len(row)
        if delimiter.pattern in PADDED and least <= len(row) + 1 <= wanted:
            row = (*row, *[Cell(row[-1].end, "")] * (wanted - len(row)))
        if len(row) < least or len(row) != wanted or len(row) not in (len(header), len(header) + 1):
            return header, rows, used
        rows.append(row)
    return header, rows, len(lines)
