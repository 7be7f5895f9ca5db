"""Texts from files: plain text, HTML, PDF, PubMed's NBIB and a brief summary of ClinicalTrials.gov; with the places of pages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path

from coppice.core.errors import CoppiceError
from coppice.core.extras import missing
from coppice.core.limits import PDF_BYTES, SOURCE_BYTES, megabytes

BLOCK = re.compile(
    "p|div|br|hr|h[1-6]|title|[uo]l|li|d[dt]|table|t[rdh]|section|article|header|footer|figcaption|blockquote"
)
CELLS = frozenset({"td", "th"})
TABLES = frozenset({"table", "tr"})
LONGEST_CELL = 120  # characters; a longer cell lays out a page
UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "nav", "head"})
NBIB_TEXT = ("TI", "AB", "OAB")
NBIB_LINE = re.compile(r"^([A-Z]{2,4}) *- (.*)$")


@dataclass(frozen=True, slots=True)
class Words:
    """A text, and where its pages begin.

    Attributes
    ----------
    text : str
        The words.
    pages : tuple of int
        Place of the first character of each page; empty where the text has no pages.
    """

    text: str
    pages: tuple[int, ...] = ()

    def place(self, start: int, end: int) -> str:
        """Return a place in words: page and characters, from 1."""
        page = sum(begin <= start for begin in self.pages)
        first = self.pages[page - 1] if page else 0
        return (f"page {page}, " if page else "") + f"characters {start - first + 1} to {end - first}"


class Blocks(HTMLParser):
    """The words of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.unseen = 0
        self.cell: int | None = None  # where the open cell of a table begins

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line with a block."""
        self.unseen += tag in UNSEEN
        if tag in CELLS:
            self.close_cell()
            self.cell = len(self.pieces)
        elif BLOCK.fullmatch(tag):
            if tag in TABLES:
                self.close_cell()
            self.pieces.append("\n" if self.cell is None else " ")

    def close_cell(self) -> None:
        """Set a cell of a table apart from the next: by a tab, or as a paragraph where it is long."""
        if self.cell is not None:
            length = sum(map(len, self.pieces[self.cell :]))
            self.pieces.append("\t" if length <= LONGEST_CELL else "\n")
        self.cell = None

    def handle_endtag(self, tag: str) -> None:
        """End a line with a block."""
        self.unseen = max(0, self.unseen - (tag in UNSEEN))
        if tag in CELLS:
            self.close_cell()
        elif BLOCK.fullmatch(tag):
            if tag in TABLES:
                self.close_cell()
            if tag != "tr":  # the next row begins a line
                self.pieces.append("\n" if self.cell is None else " ")

    def handle_data(self, data: str) -> None:
        """Keep words that a reader sees, with line breaks as spaces."""
        if not self.unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))


def from_html(content: str) -> Words:
    """Return the words of a web page."""
    parser = Blocks()
    parser.feed(content)
    parser.close()
    lines = [" ".join(line.split(" ")).strip(" ").rstrip() for line in "".join(parser.pieces).split("\n")]
    return Words(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n")


def from_nbib(content: str) -> Words:
    """Return title and abstract of a PubMed record."""
    fields: list[tuple[str, str]] = []
    for line in content.splitlines():
        if match := NBIB_LINE.match(line):
            fields.append((match[1], match[2].strip()))
        elif line.startswith("      ") and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
    return Words("\n\n".join(value for tag, value in fields if tag in NBIB_TEXT) + "\n")


def from_json(content: str) -> Words:
    """Return the brief summary and the description of a record of ClinicalTrials.gov."""
    try:
        section = json.loads(content)["protocolSection"]
        described, title = section["descriptionModule"], section["identificationModule"].get("officialTitle", "")
        parts = [title, described.get("briefSummary", ""), described.get("detailedDescription", "")]
        return Words("\n\n".join(parts).strip() + "\n")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = "is no record of ClinicalTrials.gov (protocolSection with descriptionModule is missing)"
        raise CoppiceError(message) from None


def from_pdf(content: bytes) -> Words:
    """Return the words of a PDF, page by page."""
    if lack := missing("text"):
        raise CoppiceError(f"{lack}; or save the text as .txt")
    from pypdf import PdfReader

    try:
        texts = [page.extract_text() or "" for page in PdfReader(io.BytesIO(content)).pages]
    except Exception as error:  # pypdf raises many kinds on broken files
        raise CoppiceError(f"can't be read as PDF ({type(error).__name__})") from None
    if not any(map(str.strip, texts)):
        raise CoppiceError("holds pictures of pages and no text; run it through OCR, or save the text as .txt")
    starts = accumulate((len(text) + 1 for text in texts[:-1]), initial=0)
    return Words("\n".join(texts), tuple(starts))


FORMATS: dict[str, Callable[[str], Words]] = {
    ".txt": Words,
    ".md": Words,
    ".text": Words,
    ".ris": Words,
    ".html": from_html,
    ".htm": from_html,
    ".xhtml": from_html,
    ".nbib": from_nbib,
    ".json": from_json,
}
PDF = ".pdf"
ALLOWED = f"one of {', '.join(sorted([*FORMATS, PDF]))}"


def why_not_read(path: Path) -> str:
    """Return what the name and the size of a file say against reading it; empty where nothing does."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS and suffix != PDF:
        return f"is not a text that can be searched; save it as {ALLOWED}"
    if suffix == PDF and (lack := missing("text")):
        return f"{lack}; or save the text as .txt"
    most = PDF_BYTES if suffix == PDF else SOURCE_BYTES
    if path.is_file() and (size := path.stat().st_size) > most:
        return f"has {megabytes(size)}; {'a PDF' if suffix == PDF else 'a text'} has at most {megabytes(most)}"
    return ""


def words_in(content: bytes, suffix: str) -> Words:
    """Return the words of a file with this content; what is not UTF-8 is read as Windows-1252.

    Raises
    ------
    CoppiceError
        If it is not what its suffix says, or holds no words: the reason, as the rest of a sentence on the file.
    """
    if suffix.lower() == PDF:
        return from_pdf(content)
    if b"\0" in content:
        raise CoppiceError("holds null characters; save it as plain text in UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    words = FORMATS[suffix.lower()](text)
    if not words.text.strip():
        raise CoppiceError("holds no text")
    return words


def words_of(path: Path) -> Words:
    """Return the words of a file.

    Raises
    ------
    CoppiceError
        If its format is not known, or it can't be read as what its name says.
    """
    if not path.is_file():
        raise CoppiceError(f"{path}: no such file; name {ALLOWED}")
    if problem := why_not_read(path):
        raise CoppiceError(f"{path}: {problem}")
    try:
        return words_in(path.read_bytes(), path.suffix)
    except CoppiceError as error:
        raise CoppiceError(f"{path}: {error}") from None
