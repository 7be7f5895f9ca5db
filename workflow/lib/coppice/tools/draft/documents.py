"""Texts from files: plain text, HTML, PDF, PubMed's NBIB and a brief summary of ClinicalTrials.gov; with the places of pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from coppice.core.errors import CoppiceError

LARGEST = 20_000_000  # bytes of a file: a thousand times a paper
BLOCKS = {
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "section",
    "article",
    "header",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "title",
    "dd",
    "dt",
    "figcaption",
    "blockquote",
    "hr",
}
UNSEEN = {"script", "style", "noscript", "template", "svg", "nav", "head"}
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line with a block."""
        self.unseen += tag in UNSEEN
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line with a block."""
        self.unseen = max(0, self.unseen - (tag in UNSEEN))
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep words that a reader sees, with line breaks as spaces."""
        if not self.unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))


def from_html(content: str) -> Words:
    """Return the words of a web page."""
    parser = Blocks()
    parser.feed(content)
    parser.close()
    lines = [" ".join(line.split(" ")).strip() for line in "".join(parser.pieces).split("\n")]
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


def from_json(content: str, name: str) -> Words:
    """Return the brief summary and the description of a record of ClinicalTrials.gov."""
    try:
        section = json.loads(content)["protocolSection"]
        described = section["descriptionModule"]
        title = section["identificationModule"].get("officialTitle", "")
        return Words(
            "\n\n".join([title, described.get("briefSummary", ""), described.get("detailedDescription", "")]).strip()
            + "\n"
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CoppiceError(
            f"{name}: is no record of ClinicalTrials.gov (protocolSection with descriptionModule is missing)"
        ) from None


def from_pdf(path: Path) -> Words:
    """Return the words of a PDF, page by page."""
    try:
        from pypdf import PdfReader
    except ImportError:
        raise CoppiceError(
            f"{path}: reading a PDF needs the Python package pypdf, the extra `text`, which is not installed: run `python -m pip install 'pypdf>=7'`, or give the text as .txt"
        ) from None
    try:
        texts = [page.extract_text() or "" for page in PdfReader(path).pages]
    except Exception as error:  # pypdf raises many kinds on broken files
        raise CoppiceError(f"{path}: can't be read as PDF ({type(error).__name__})") from None
    places, place = [], 0
    for text in texts:
        places.append(place)
        place += len(text) + 1
    words = Words("\n".join(texts), tuple(places))
    if not words.text.strip():
        raise CoppiceError(
            f"{path}: the PDF holds pictures of pages and no text; run it through OCR, or give the text as .txt"
        )
    return words


FORMATS: dict[str, Callable[[str, str], Words]] = {
    ".html": lambda content, name: from_html(content),
    ".htm": lambda content, name: from_html(content),
    ".nbib": lambda content, name: from_nbib(content),
    ".json": from_json,
    ".txt": lambda content, name: Words(content),
    ".md": lambda content, name: Words(content),
    ".text": lambda content, name: Words(content),
}


def words_of(path: Path) -> Words:
    """Return the words of a file.

    Raises
    ------
    CoppiceError
        If its format is not known, or it can't be read as what its name says.
    """
    if not path.is_file():
        raise CoppiceError(f"{path}: no such file; give a text, one of .pdf, {', '.join(FORMATS)}")
    if path.stat().st_size > LARGEST:
        raise CoppiceError(f"{path}: {path.stat().st_size:,} bytes; {LARGEST:,} at most")
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        return from_pdf(path)
    if suffix not in FORMATS:
        raise CoppiceError(
            f"{path}: the format {suffix or 'without an extension'} is not known; one of .pdf, {', '.join(FORMATS)}"
        )
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CoppiceError(f"{path}: byte {error.start + 1} is not UTF-8; save the text as UTF-8") from None
    words = FORMATS[suffix](content, str(path))
    if not words.text.strip():
        raise CoppiceError(f"{path}: holds no text")
    return words
