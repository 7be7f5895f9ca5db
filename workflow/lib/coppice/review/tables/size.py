"""What is refused of a table before it is read: too much of it, and archives that hold more than they seem to."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from coppice.core.errors import BadInput, Problem
from coppice.core.limits import TABLE_CELLS, TABLE_COLUMNS, TABLE_ROWS, UNPACKED_BYTES, megabytes
from coppice.review.tables.xml_limits import Hostile, check_markup


def refuse(file: str, message: str, row: int = 0, column: str = "") -> BadInput:
    """Return the error for something that can't be read."""
    return BadInput([Problem(file, row, column, message)])


def too_large() -> str:
    """Return the message for a table beyond the limits."""
    return f"has more than {TABLE_ROWS} rows, {TABLE_COLUMNS} columns or {TABLE_CELLS} cells"


def check_size(file: str, rows: int, columns: int) -> None:
    """Refuse a sheet that reaches too far: one cell in its last corner makes billions of empty ones."""
    if rows > TABLE_ROWS or columns > TABLE_COLUMNS or rows * columns > TABLE_CELLS:
        raise refuse(
            file, f"reaches to row {rows} and column {columns}: {too_large()}; delete what lies beyond the table"
        )


def check_archive(path: Path, file: str) -> None:
    """Refuse a spreadsheet file that unpacks to far more than it is, or whose XML asks for more than a table does."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > UNPACKED_BYTES:
                raise refuse(file, f"unpacks to more than {megabytes(UNPACKED_BYTES)}")
            for member in members:
                with archive.open(member) as content:
                    check_markup(content, member.filename)
    except Hostile as error:
        raise refuse(file, str(error)) from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error) as error:
        raise refuse(file, f"not an {path.suffix.lower()} file: {error}") from None
