"""Markup as a tree: what the page's sections are turned into for formats that are not a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from coppice.report.data.spreadsheet import NOT_IN_XML
from coppice.report.page.html_elements import VOID, Html, join, tag


@dataclass(slots=True)
class Element:
    """An element with its attributes and what stands in it: elements and texts, in order."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        """The classes of the element."""
        return self.attributes.get("class", "").split()

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in the order of the text."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def named(self, *names: str) -> list[Element]:
        """Return the elements below with one of the names, in the order of the text."""
        return [element for element in self.walk() if element.name in names]

    def text(self) -> str:
        """Return the text below, white space folded."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()


class _Reader(HTMLParser):
    """Builds the tree; our own markup closes every element that it opens."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: _clean(value or "") for key, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(_clean(data))


def _clean(text: str) -> str:
    return NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def parse(markup: Html) -> Element:
    """Return the tree of markup that was built by :mod:`coppice.report.page.html_elements`, below one element ``body``."""
    reader = _Reader()
    reader.feed(str(markup))  # as text: a parser takes it apart, where Html would escape the parts
    reader.close()
    return reader.root


def to_html(element: Element | str) -> Html:
    """Return a tree as markup."""
    if isinstance(element, str):
        return join([element])
    return tag(element.name, *map(to_html, element.children), **element.attributes)
