"""The markup of a RevMan 5 file as a tree: decoded, repaired where programs wrote it badly, nothing that could grow without end."""

from __future__ import annotations

import codecs
import html.entities
import re
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder  # nosec B405: expat parses, without entities
from xml.parsers import expat

from coppice.core.limits import TABLE_CELLS, XML_DEPTH
from coppice.tools.import_file.imported import NotImported

ROOT = "COCHRANE_REVIEW"
HEAD = 65_536  # bytes in which the root element begins
BLOCK = 1 << 20

REPAIRED = {
    "": 30_000_000,
    "&": 500_000,
    '="': 2_000_000,
}  # characters of a text, and signs in it, up to which it is repaired

ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
SAFE_ENCODINGS = re.compile(r"utf-8|utf-16(-[lb]e)?|ascii|iso8859-\d+|cp125\d|mac-roman|koi8-r")
WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")  # control characters in ISO 8859-1, letters and quotes in Windows-1252
LATIN = ("iso8859-1", "ascii")

REFERENCE = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)?")
OF_XML = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ATTRIBUTE = re.compile(r'="[^"]*"')


def is_revman(content: bytes) -> bool:
    """Return whether the content is that of a RevMan 5 review."""
    head = content[:HEAD]
    return any(f"<{ROOT}".encode(name) in head for name in ("ascii", "utf-16-le", "utf-16-be"))


def decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    """Return the text of a file, and a note where it is not in the encoding that it declares."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, "replace"), []
    for start, encoding in ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be")):
        if content.startswith(start):
            return content.decode(encoding, "replace"), []
    found = ENCODING.match(content[:HEAD])
    declared = found.group(1).decode("ascii") if found else "UTF-8"
    try:
        codec = codecs.lookup(declared).name
    except LookupError:
        codec = ""
    if not SAFE_ENCODINGS.fullmatch(codec) or codec.startswith("utf-16"):
        codec = "utf-8"
    windows = f"{name}: is declared as {declared}, and has letters of Windows-1252; it was read as such"
    if codec in LATIN and WINDOWS_ONLY.search(content):
        return content.decode("cp1252", "replace"), [windows]
    try:
        return content.decode("iso8859-1" if codec == "ascii" else codec), []
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), [windows]


def repaired(text: str) -> tuple[str, int]:
    """Return a text whose signs of markup are what they were meant to be, and how many were not."""
    count = 0

    def reference(match: re.Match[str]) -> str:
        nonlocal count
        name = match.group(1)
        if name in OF_XML or (name and name.startswith("#") and is_character(name)):
            return match.group()
        count += 1
        if name and name.startswith("#"):
            return ""
        return html.entities.html5.get(name, f"&amp;{name}") if name else "&amp;"

    def attribute(match: re.Match[str]) -> str:
        nonlocal count
        count += match.group().count("<")
        return match.group().replace("<", "&lt;")

    cleared, controls = CONTROLS.subn("", text)
    return ATTRIBUTE.sub(attribute, REFERENCE.sub(reference, cleared)), count + controls


def is_character(reference: str) -> bool:
    """Return whether the number of a reference, such as `#233;`, is that of a character which XML allows."""
    digits = reference[1:-1]
    number = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return (
        number in (9, 10, 13) or 32 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 0x10000 <= number <= 0x10FFFF
    )


class Reader:
    """Builds the tree, and stops at what no RevMan file has."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.builder = TreeBuilder()
        self.depth = self.count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        self.depth += 1
        self.count += 1
        if self.depth > XML_DEPTH:
            raise NotImported(f"{self.name}: is nested deeper than {XML_DEPTH} levels, which RevMan never writes")
        if self.count > TABLE_CELLS:
            raise NotImported(f"{self.name}: has more than {TABLE_CELLS:,} elements")
        self.builder.start(tag, attributes)

    def end(self, tag: str) -> None:
        """End an element."""
        self.depth -= 1
        self.builder.end(tag)

    def refuse(self, *_: object) -> NoReturn:
        """Stop at a declaration of an entity, which could grow without end, or name another file."""
        raise NotImported(f"{self.name}: declares entities of its own, which RevMan never does")

    def tree(self, text: str) -> Element:
        """Return the root of the tree."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.builder.data
        parser.EntityDeclHandler = self.refuse
        parser.ExternalEntityRefHandler = self.refuse
        content = text.encode("utf-8", "replace")
        for position in range(0, len(content), BLOCK):
            parser.Parse(content[position : position + BLOCK], False)
        parser.Parse(b"", True)
        return self.builder.close()


def parse(content: bytes, name: str) -> tuple[Element, list[str]]:
    """Return the root of a file, and a note for each repair.

    Raises
    ------
    NotImported
        If it is not XML even when it is repaired, or asks for too much.
    """
    text, notes = decoded(content, name)
    try:
        return Reader(name).tree(text), notes
    except expat.ExpatError as first:
        small = len(text) <= REPAIRED[""] and all(text.count(sign) <= most for sign, most in REPAIRED.items() if sign)
        fixed, count = repaired(text) if small else ("", 0)
        try:
            return Reader(name).tree(fixed), [
                *notes,
                f"{name}: {count} signs that XML does not allow were repaired, such as a bare '&'",
            ]
        except expat.ExpatError:
            reason = expat.ErrorString(first.code)
            raise NotImported(
                f"{name}: line {first.lineno}: is not a whole XML file ({reason}); export it from RevMan again"
            ) from first
