"""Columns of data in memory: of arrays, lists, mappings of columns, lists of rows and data frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice.api.errors import refused
from coppice.core.errors import allowed_values_hint

Columns = dict[str, list[Any]]
MISSING = ("NoneType", "NAType", "NaTType")  # types of what stands in place of a missing value


def plain_value(value: Any) -> Any:
    """Return a cell as a value of Python: the number in one of numpy's, None for what pandas or numpy have in place of a missing one."""
    unpacked = value.item() if hasattr(value, "item") and not getattr(value, "shape", ()) else value
    is_missing = type(unpacked).__name__ in MISSING or (isinstance(unpacked, float) and unpacked != unpacked)
    return None if is_missing else unpacked


def listed(values: Any, name: str) -> list[Any]:
    """Return the values of one column."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise refused(name, f"{values!r} is no column; give a value for each study, as a list, an array or a series")
    cells = [plain_value(value) for value in values]
    for row, cell in enumerate(cells, 1):
        if not isinstance(cell, str | int | float | None):
            raise refused(name, f"{cell!r} is neither a number nor a text; a column has one value for each study", row)
    return cells


def columns_of(data: Any) -> Columns:
    """Return the columns of a table: a mapping of columns, a list of rows that are mappings, or a data frame; none of None."""
    if data is None:
        return {}
    if isinstance(data, Mapping) or hasattr(data, "columns"):
        names = data if isinstance(data, Mapping) else data.columns
        columns = {str(name): listed(data[name], str(name)) for name in names}
    elif isinstance(data, Sequence) and not isinstance(data, str) and all(isinstance(row, Mapping) for row in data):
        every = dict.fromkeys(str(name) for row in data for name in row)
        columns = {name: listed([row.get(name) for row in data], name) for name in every}
    else:
        raise refused(
            "data", "are not a table; give a data frame, a mapping of columns, or a list of rows that are mappings"
        )
    return columns


def named_or_given(value: Any, name: str, data: Columns) -> list[Any]:
    """Return a column: the one of the data that a text names, or the values themselves."""
    if not isinstance(value, str):
        return listed(value, name)
    if value not in data:
        raise refused(name, f"the data have no column '{value}'; {allowed_values_hint(value, data)}")
    return data[value]


def check_lengths(columns: Mapping[str, Sequence[Any]]) -> int:
    """Return the number of rows; InputError where columns differ in it."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        sizes = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise refused("", f"the columns differ in length: {sizes}; each has a value for each study")
    return next(iter(lengths.values()), 0)
