"""The pages of the tutorials, taken apart: sections, quotations, tables and blocks of code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples"
PAGES = ROOT / "docs" / "tutorials"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/Snakefile"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
QUOTE = re.compile(r"(?:^> .*\n?)+", re.MULTILINE)
ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)
UNSEEN = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)


def text_of(markup: str) -> str:
    """Return the text of a page without its tags and without any space, so that cells and lines may be set in any way."""
    return squeezed(unescape(re.sub(r"<[^>]+>", "", UNSEEN.sub("", markup))))


def squeezed(text: str) -> str:
    """Return a text without space and without the marks of Markdown for code and emphasis."""
    return re.sub(r"[\s`*]", "", text)


@dataclass(frozen=True)
class Section:
    """A section of a page."""

    heading: str
    text: str

    def blocks(self, language: str) -> list[str]:
        """Return the blocks of code in a language."""
        return [code for name, code in BLOCK.findall(self.text) if name == language]

    @property
    def quotes(self) -> list[str]:
        """The quotations, each as one line."""
        return [re.sub(r"^> ?", "", quote, flags=re.MULTILINE) for quote in QUOTE.findall(self.text)]

    @property
    def rows(self) -> list[list[str]]:
        """The rows of the tables, their headings left out."""
        rows = [[cell.strip() for cell in row.split("|")] for row in ROW.findall(self.text)]
        rules = [index for index, row in enumerate(rows) if set("".join(row)) <= {"-", ":"}]
        headings = {place for index in rules for place in (index - 1, index)}
        return [row for index, row in enumerate(rows) if index not in headings]

    def edits(self) -> list[tuple[str, list[str]]]:
        """Return each block of configuration with the quotations that follow it."""
        parts = re.split(r"^```yaml\n(.*?)^```$", self.text, flags=re.DOTALL | re.MULTILINE)
        return [(code, Section("", after).quotes) for code, after in zip(parts[1::2], parts[2::2], strict=True) if code]


def page(name: str) -> str:
    """Return the text of a page."""
    return (PAGES / f"{name}.md").read_text("utf-8")


def sections(name: str) -> dict[str, Section]:
    """Return the sections of a page by their headings."""
    parts = re.split(r"^## (.+)$", page(name), flags=re.MULTILINE)
    return {heading: Section(heading, text) for heading, text in zip(parts[1::2], parts[2::2], strict=True)}
