"""The text of a file whose encoding is not stated."""

from __future__ import annotations

import codecs

from coppice.tools.import_file.imported import NotImported

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    """Return the text of a file with line feeds only, and a note where it is not UTF-8.

    Raises
    ------
    NotImported
        If it is not text.
    """
    notes = []
    try:
        text = content.decode("utf-16" if content[:2] in UTF16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if content[:2] in UTF16:
            raise NotImported(f"{name}: is not text: it begins as UTF-16 but cannot be decoded") from error
        text = content.decode("cp1252", errors="replace")
        notes.append("read as Windows-1252, because it is not UTF-8: check letters with accents")
    if "\0" in text:
        raise NotImported(f"{name}: is not text: it contains null characters")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes
