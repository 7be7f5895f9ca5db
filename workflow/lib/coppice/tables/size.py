"""What is refused of a table before it is read: too much of it, and archives that hold more than they seem to."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from coppice.errors import BadInput, Problem
from coppice.limits import TABLE_CELLS, TABLE_COLUMNS, TABLE_ROWS, UNPACKED_BYTES, megabytes

XML = (".xml", ".rels", ".vml")
BLOCK = 1 << 20


def refuse(file: str, message: str, row: int = 0, column: str = "") -> BadInput:
    """Return the error for something that can't be read."""
    return BadInput([Problem(file, row, column, message)])


def too_large() -> str:
    """Return what is said of a table beyond the limits."""
    return f"has more than {TABLE_ROWS} rows, {TABLE_COLUMNS} columns or {TABLE_CELLS} cells"


def check_size(file: str, rows: int, columns: int) -> None:
    """Refuse a sheet that reaches too far: one cell in its last corner makes billions of empty ones."""
    if rows > TABLE_ROWS or columns > TABLE_COLUMNS or rows * columns > TABLE_CELLS:
        raise refuse(
            file, f"reaches to row {rows} and column {columns}: {too_large()}; delete what lies beyond the table"
        )


def check_archive(path: Path, file: str) -> None:
    """Refuse a spreadsheet file that unpacks to far more than it is, or whose XML declares entities: neither is a table."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > UNPACKED_BYTES:
                raise refuse(file, f"unpacks to more than {megabytes(UNPACKED_BYTES)}")
            if any(declares_entities(archive, member) for member in members if member.filename.endswith(XML)):
                raise refuse(file, "declares its own document type or entities, which no spreadsheet program does")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error) as error:
        raise refuse(file, f"not an {path.suffix.lower()} file: {error}") from None


def declares_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Return whether a part of a spreadsheet file has a document type: entities in it could grow without end."""
    before = b""
    with archive.open(member) as content:
        while block := content.read(BLOCK):
            text = (before + block).replace(b"\0", b"").upper()  # UTF-16 has a null beside each letter
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                return True
            before = block[-2 * len("<!DOCTYPE") :]
    return False
