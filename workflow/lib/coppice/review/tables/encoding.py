"""The text of a file that need not be UTF-8: UTF-16, and Windows-1252 as older spreadsheet programs write it."""

from __future__ import annotations

import re
from pathlib import Path

from coppice.review.tables.size import refuse

UTF16 = {
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}  # what spreadsheets write as "Unicode text" begins with one of these
UNMARKED = {(False, True): "utf-16-le", (True, False): "utf-16-be"}  # by which byte of each pair is 0
BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")  # control characters that no table holds
SAMPLE = 64  # bytes from which UTF-16 without a mark is known
EXAMPLE = 24  # characters that a note shows of a row


def utf16_of(content: bytes) -> str | None:
    """Return the name of the UTF-16 encoding of a file, with or without its mark; None if it is in none."""
    if content[:2] in UTF16:
        return UTF16[content[:2]]
    sample = content[:SAMPLE]
    return UNMARKED.get((not any(sample[0::2]), not any(sample[1::2]))) if len(sample) > 2 else None


def text_of(path: Path, file: str, notes: list[str]) -> str:
    """Return the text of a file; one that is not UTF-8 is named in the notes."""
    content = path.read_bytes()
    encoding = utf16_of(content)
    try:
        text = content.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        if encoding:
            raise refuse(file, "not UTF-16 text, although it begins so; save the table as 'CSV UTF-8'", row) from None
        return windows_1252(content, file, row, error.start, notes)
    if encoding:
        notes.append(f"{file} is UTF-16 text, and was read as such")
    return text.removeprefix("\ufeff")


def windows_1252(content: bytes, file: str, row: int, start: int, notes: list[str]) -> str:
    """Return the text of a file in Windows-1252, with a note that shows the first word that tells it from UTF-8."""
    message = "not UTF-8 text; save the table as 'CSV UTF-8'"
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise refuse(file, message, row) from None
    if BINARY.search(text):
        raise refuse(file, message, row)
    line = text[max(text.rfind("\n", 0, start) + 1, start - EXAMPLE // 2) : start + EXAMPLE // 2].splitlines()[0]
    notes.append(
        f"{file} is not UTF-8; it was read as Windows-1252, as in row {row}: '{line.strip()}'. If letters are wrong, save the table as 'CSV UTF-8'"
    )
    return text
