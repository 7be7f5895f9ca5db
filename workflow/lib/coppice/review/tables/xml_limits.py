"""What is looked for in the XML of a spreadsheet file before a package reads it: few bytes that ask for very much.

The packages that read such files make a cell for each cell of a merged range, and a space for each that a mark stands for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

from coppice.core.limits import SPACES, TABLE_CELLS, XML_DEPTH

BLOCK = 1 << 20
PICTURE = ".svg"  # may name its document type, and is not read
RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7}):\$?([A-Z]{1,3})\$?([0-9]{1,7})")
CELL_NAMES = frozenset({"c", "table-cell", "covered-table-cell"})
Attributes = Mapping[str, str]


class Hostile(Exception):
    """A part of a file that no spreadsheet program writes; the message says what it asks for."""


def column(letters: str) -> int:
    """Return the number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def cells_of(reference: str) -> int:
    """Return how many cells a reference means, such as A1:C4; raises Hostile if it is of whole rows or columns."""
    if ":" not in reference:
        return 1
    found = RANGE.fullmatch(reference.upper())
    if found is None:
        raise Hostile(f"merges or links the cells {reference[:40]}, which is more than a table")
    left, top, right, bottom = found.groups()
    return (abs(column(right) - column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


class Markup:
    """Counts, as a part is read, what it asks for."""

    def __init__(self) -> None:
        self.depth = self.cells = self.ranged = 0
        self.attributes: dict[str, Callable[[Attributes], None]] = {
            "mergeCell": self.range,
            "hyperlink": self.range,
            "s": self.spaces,
        }

    def start(self, name: str, attributes: Attributes) -> None:
        """Look at the beginning of an element."""
        local = name.rpartition(":")[2]
        self.depth += 1
        if self.depth > XML_DEPTH:
            raise Hostile(f"nested deeper than {XML_DEPTH} levels, which no spreadsheet program writes")
        self.cells += local in CELL_NAMES
        if self.cells > TABLE_CELLS:
            raise Hostile(f"has more than {TABLE_CELLS} cells")
        if local in self.attributes:
            self.attributes[local]({key.rpartition(":")[2]: value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        """Look at the end of an element."""
        self.depth -= 1

    def range(self, attributes: Attributes) -> None:
        """Count the cells that are merged, or have a link in common."""
        self.ranged += cells_of(attributes.get("ref", ""))
        if self.ranged > TABLE_CELLS:
            raise Hostile(f"merges or links more than {TABLE_CELLS} cells")

    def spaces(self, attributes: Attributes) -> None:
        """Look at a mark for repeated spaces."""
        count = attributes.get("c", "1").strip()
        if len(count) > len(str(SPACES)) or (count.isdigit() and int(count) > SPACES):
            raise Hostile(f"has a cell with {count[:20]} spaces in a row; {SPACES:,} at most")


def refuse_type(*_: object) -> None:
    """Refuse a document type: entities in it could grow without end."""
    raise Hostile("declares its own document type or entities, which no spreadsheet program does")


def check_markup(content: IO[bytes], name: str) -> None:
    """Read one part of a spreadsheet file; raises Hostile if it would be too much for the package that reads it next.

    A part that is not XML, such as a picture, is passed over: the package can't read it either.
    """
    parser, markup = expat.ParserCreate(), Markup()
    parser.StartElementHandler, parser.EndElementHandler = markup.start, markup.end
    if not name.lower().endswith(PICTURE):
        parser.StartDoctypeDeclHandler = refuse_type
    try:
        while block := content.read(BLOCK):
            parser.Parse(block, False)
    except (expat.ExpatError, LookupError, ValueError):  # not XML, or in an unknown encoding
        while content.read(BLOCK):  # to its end, where the archive finds out whether it is whole
            pass
