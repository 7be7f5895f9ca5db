"""The formats that can be imported: which files each reads, and the module that reads them."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coppice.tools.import_file.archive import is_archive
from coppice.tools.import_file.imported import Imported, NotImported

LARGEST = 100_000_000  # bytes of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of another program.

    Attributes
    ----------
    name : str
        What it is called on the command line and in messages.
    title : str
        What it is, in words.
    suffixes : tuple of str
        Endings of its files, in lower case.
    module : str
        Its module in `formats`: `recognises(content: bytes, name: str) -> bool` and `read(content: bytes, name: str) -> Imported`.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    module: str


FORMATS: dict[str, Format] = {
    item.name: item
    for item in (
        Format(name="revman5", title="RevMan 5 review", suffixes=(".rm5", ".zip"), module="revman5"),
        Format(name="cochrane", title="Cochrane data package", suffixes=(".zip",), module="cochrane_package"),
        Format(name="revman-csv", title="RevMan's table of an analysis", suffixes=(".csv",), module="revman_csv"),
        Format(
            name="covidence", title="Covidence's export to RevMan Web", suffixes=(".csv", ".zip"), module="covidence"
        ),
        Format(name="prisma", title="flow of records, PRISMA 2020 package", suffixes=(".csv",), module="prisma_flow"),
        Format(name="robvis", title="risk-of-bias table, robvis", suffixes=(".csv", ".xlsx"), module="robvis"),
        Format(name="ctgov", title="ClinicalTrials.gov record, JSON", suffixes=(".json",), module="ctgov"),
        Format(
            name="references",
            title="references: RIS, Web of Science, NBIB, BibTeX, CSL-JSON, XML of PubMed or EndNote",
            suffixes=(".ris", ".nbib", ".txt", ".bib", ".json", ".ciw", ".enw", ".xml", ""),
            module="references",
        ),
    )
}


def recognised(formats: Iterable[Format], content: bytes, name: str) -> Format | None:
    """Return the first of some formats whose reader takes a file for its own."""
    return next((item for item in formats if reader_of(item).recognises(content, name)), None)


def reader_of(item: Format) -> Any:
    """Return the module that reads a format."""
    return importlib.import_module(f"coppice.tools.import_file.formats.{item.module}")


def of_suffix(file: Path) -> list[Format]:
    """Return the formats whose files end like this one."""
    return [item for item in FORMATS.values() if file.suffix.lower() in item.suffixes]


def read(file: Path, name: str | None = None) -> Imported:
    """Read a file by the format that is named, or by the first that recognises it.

    Raises
    ------
    NotImported
        If no format reads the file, or it can't be read; the message is one line.
    """
    try:
        if not file.is_file():
            raise NotImported(f"{file}: {'is not a plain file' if file.exists() else 'no such file'}")
        if file.stat().st_size > LARGEST:
            raise NotImported(f"{file}: has more than {LARGEST // 1_000_000} MB")
        content = file.read_bytes()
    except OSError as error:
        raise NotImported(f"{file}: {error.strerror}") from error
    if content.startswith(b"PK") and not is_archive(content):
        raise NotImported(f"{file.name}: is not a whole archive: a part of it is missing; download or export it again")
    item = FORMATS[name] if name else recognised(of_suffix(file) or FORMATS.values(), content, file.name)
    if item:
        imported: Imported = reader_of(item).read(content, file.name)
        return imported
    known = ", ".join(f"{item.name} ({item.title})" for item in FORMATS.values())
    raise NotImported(f"{file}: is none of the files that can be imported: {known}")
