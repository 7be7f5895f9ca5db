"""Markup for typst: the tree of a manuscript, in which every text is text and nothing of it a command."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from coppice.report.manuscript.markup import Element, inline
from coppice.report.manuscript.widths import widths

PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")  # of ASCII: all that means anything to typst begins with one of these
SPACE = re.compile(r"\s+")
SVG = "data:image/svg+xml;base64,"
LINK = re.compile(r"https?://")
LEVELS = {"h2": 1, "h3": 2, "h4": 3, "h5": 4}
FUNCTIONS = {  # of typst, or of our own style
    "b": "strong",
    "em": "emph",
    "sup": "super",
    "code": "code",
    "absent": "absent",
    "remark": "remark",
    "notice": "notice",
    "footnote": "footnote",
    "lead": "lead",
}
OWN_LINE = "line"
FITS = 0.999  # a table with a smaller share of the page is as wide as what stands in it


def escape(text: str) -> str:
    """Return `text` as typst's markup for exactly that text."""
    return PUNCTUATION.sub(lambda match: f"\\{match[0]}", SPACE.sub(" ", text))


def quoted(text: str) -> str:
    """Return a string of typst."""
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


@dataclass(slots=True)
class Writer:
    """Writes a tree as typst's markup.

    Attributes
    ----------
    targets : frozenset of str
        The ids that a link can lead to.
    room : int
        Width of a page's tables in characters.
    files : dict
        The pictures met so far, by the names that the markup gives them.
    """

    targets: frozenset[str]
    room: int
    files: dict[str, bytes] = field(default_factory=dict)

    def write(self, node: Element | str) -> str:
        """Return the markup of an element or a text."""
        if isinstance(node, str):
            return escape(node)
        return ELEMENTS.get(node.name, Writer.plain)(self, node)

    def inside(self, element: Element) -> str:
        """Return the markup of what stands in an element."""
        return "".join(map(self.write, element.children))

    def label(self, element: Element) -> str:
        """Return the label by which links find an element, if one leads there."""
        name = element.attributes.get("id")
        return f"#label({quoted(name)})" if name in self.targets else ""

    def plain(self, element: Element) -> str:
        """Write an element of which only its classes say anything."""
        text = self.inside(element)
        for name in element.classes:
            if name in FUNCTIONS:
                text = f"#{FUNCTIONS[name]}[{text}]"
        if OWN_LINE in element.classes:
            text = f"#line-of[{text}]"
        if inline([element]):
            return text
        anchor = f"\n#anchor{self.label(element)}\n" if self.label(element) else ""
        return f"\n{anchor}{text}\n"

    def function(self, element: Element) -> str:
        """Write an element for which there is a function of one text."""
        return f"#{FUNCTIONS[element.name]}[{self.inside(element)}]"

    def paragraph(self, element: Element) -> str:
        """Write a paragraph."""
        return f"\n\n{self.plain(element)}\n\n"

    def heading(self, element: Element) -> str:
        """Write a heading."""
        return f"\n\n#heading(level: {LEVELS[element.name]})[{self.inside(element)}]{self.label(element)}\n\n"

    def link(self, element: Element) -> str:
        """Write a link to another page or to a place in this document; one that leads nowhere is text."""
        to = element.attributes.get("href", "")
        if LINK.match(to):
            return f"#link({quoted(to)})[{self.inside(element)}]"
        if to.removeprefix("#") in self.targets:
            return f"#link(label({quoted(to.removeprefix('#'))}))[{self.inside(element)}]"
        return self.inside(element)

    def listing(self, element: Element) -> str:
        """Write a list: an item is its text and the label it is found by."""
        items = ", ".join(
            f"[{self.inside(item)}{self._anchor(item)}]" for item in element.children if isinstance(item, Element)
        )
        return f"\n\n#{'enum' if element.name == 'ol' else 'list'}({items})\n\n"

    def _anchor(self, element: Element) -> str:
        return f"#anchor{self.label(element)}" if self.label(element) else ""

    def terms(self, element: Element) -> str:
        """Write a list of terms."""
        pairs: list[tuple[str, str]] = []
        for child in element.children:
            if isinstance(child, Element) and child.name == "dt":
                pairs.append((self.inside(child), ""))
            elif isinstance(child, Element) and pairs:
                pairs[-1] = (pairs[-1][0], pairs[-1][1] + self.inside(child))
        return "\n\n#facts({})\n\n".format(", ".join(f"([{term}], [{text}])" for term, text in pairs))

    def table(self, element: Element) -> str:
        """Write a table with its caption above and its headings on every page that it reaches."""
        head, body = ([row for part in element.named(name) for row in part.named("tr")] for name in ("thead", "tbody"))
        rows = [row.named("th", "td") for row in (*head, *body)]
        shares = widths([[cell.text() for cell in row] for row in rows], self.room)
        columns = f"({', '.join(f'{share:.4f}fr' for share in shares)},)" if sum(shares) > FITS else str(len(shares))
        align = ", ".join("right" if "number" in cell.classes else "left" for cell in rows[0])
        headings, *cells = (", ".join(f"[{self.inside(cell)}]" for cell in row) for row in rows)
        caption = "".join(self.inside(part) for part in element.named("caption"))
        body_of = "".join(f"  {row},\n" for row in cells)
        return f"\n\n#tabular([{caption}], {columns}, ({align},), ({headings},),\n{body_of}){self.label(element)}\n\n"

    def figure(self, element: Element) -> str:
        """Write a figure with its caption below."""
        caption = "".join(self.inside(part) for part in element.named("figcaption"))
        pictures = ", ".join(self.picture(part) for part in element.named("img"))
        return f"\n\n#drawn([{caption}], {pictures}){self.label(element)}\n\n"

    def picture(self, element: Element) -> str:
        """Write a picture, whose content the page holds, as a file of its own with its text alternative."""
        name = f"picture-{len(self.files)}.svg"
        self.files[name] = base64.b64decode(element.attributes["src"].removeprefix(SVG))
        return f"(alt: {quoted(element.attributes.get('alt', ''))}, file: {quoted(name)})"


ELEMENTS: dict[str, Callable[[Writer, Element], str]] = {
    **dict.fromkeys(("b", "em", "sup", "code"), Writer.function),
    **dict.fromkeys(LEVELS, Writer.heading),
    "p": Writer.paragraph,
    "a": Writer.link,
    "ul": Writer.listing,
    "ol": Writer.listing,
    "dl": Writer.terms,
    "table": Writer.table,
    "figure": Writer.figure,
    "br": lambda writer, element: " \\\n",
}
