"""Which rows and columns of a table are read: `where`, and `ignore` and `only` of `columns`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.schema import Finding
from coppice.review.tables.files import Cells, is_blank
from coppice.review.tables.request import TableRequest
from coppice.review.tables.values import plain


def as_text(value: Any) -> str:
    """Return a cell, or a value of the configuration, as it is compared: 1, 1.0 and "1" are one value; empty for blank."""
    if is_blank(value):
        return ""
    text = plain(value).casefold()
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return text


def wanted(request: TableRequest) -> frozenset[str]:
    """Return the columns that the configuration names as read."""
    return request.columns.named() | set(request.arms.columns if request.arms else ())


def is_read(name: str, request: TableRequest) -> bool:
    """Return whether a column is read."""
    columns = request.columns
    return name not in columns.ignore and (not columns.only or name in wanted(request))


def selected(
    header: Sequence[str], rows: Sequence[tuple[int, Cells]], request: TableRequest
) -> list[tuple[int, Cells]]:
    """Return the rows that have the values that `where` asks for."""
    positions = {
        list(header).index(column): {as_text(value) for value in values}
        for column, values in request.where.items()
        if column in header
    }
    return [
        (row, cells)
        for row, cells in rows
        if all(as_text(cells[column]) in values for column, values in positions.items())
    ]


def selection_findings(
    header: Sequence[str], rows: Sequence[tuple[int, Cells]], request: TableRequest
) -> Iterator[Finding]:
    """Yield each column, and each value of `where`, that the configuration names and the table does not have."""
    for index, name in enumerate(request.columns.ignore):
        place = ("columns", "ignore", index)
        if name not in header:
            yield place, f"the table has no column '{name}'; {allowed_values_hint(name, header)}"
        elif name in wanted(request):
            yield place, f"'{name}' is named as a column that is read, too; name it once"
    for column, values in request.where.items():
        if column not in header:
            yield ("where", column), f"the table has no column '{column}'; {allowed_values_hint(column, header)}"
            continue
        position = list(header).index(column)
        there = {as_text(cells[position]): plain(cells[position] or "") for _, cells in rows}
        for value in values:
            if as_text(value) not in there:
                what = f"'{value}'" if as_text(value) else "empty cell"
                yield ("where", column), f"no {what} in that column; {allowed_values_hint(value, there.values())}"
