"""The manuscript: the sections of the page in their order, numbered; the appendix ends in pages that are turned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from string import ascii_uppercase

from coppice.report.contents import authors, title
from coppice.report.manuscript.markup import Element, parse
from coppice.report.page import page
from coppice.report.page.html_elements import Html, join
from coppice.report.report_data import ReviewView

Section = Callable[[ReviewView], Html | None]

UPRIGHT: tuple[Section, ...] = (
    page.opening,
    page.findings,
    page.results,
    page.meaning,
    page.appendix,
    page.structured_abstract,
    page.question,
    page.selection,
    page.studies,
    page.risk_of_bias,
    page.method,
    page.limits,
    page.about,
    page.references,
)
TURNED: tuple[Section, ...] = (
    page.checklist,
    page.sources,
    page.texts,
    page.checks,
    page.software,
)  # their tables are wide
HEADINGS = ("h2", "h3", "h4", "h5")
FIGURE = "data-figure"  # names the file of a figure within the results, without its ending


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A manuscript, ready to be written in any format.

    Attributes
    ----------
    title : str
        The title of the review.
    authors : tuple of str
        The names of the authors.
    upright, turned : Element
        The text, on pages that stand and on pages that are turned; headings, tables and figures bear their numbers.
    """

    title: str
    authors: tuple[str, ...]
    upright: Element
    turned: Element


def manuscript(review: ReviewView) -> Manuscript:
    """Return the report as a manuscript."""
    parts = [parse(join(section(review) for section in sections)) for sections in (UPRIGHT, TURNED)]
    for part in parts:
        _unfold(part)
    _number_headings(parts)
    _number_captions(parts)
    return Manuscript(title(review), tuple(authors(review)), *parts)


def _unfold(element: Element) -> None:
    """Leave out what the title block says, and show what the page folds away."""
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element):
            if child.name == "script" or "hidden" in child.attributes:  # data for scripts, and what only they show
                continue
            _unfold(child)
            if child.name == "h1" or "authors" in child.classes:
                continue
            if child.name == "summary":  # what opens a fold is left out, unless it is a heading
                kept += [each for each in child.children if isinstance(each, Element) and each.name in HEADINGS]
                continue
            if child.name == "details":
                first = child.children[0]
                if isinstance(first, Element) and first.name in HEADINGS and "id" in child.attributes:
                    first.attributes.setdefault("id", child.attributes["id"])
                kept += child.children
                continue
        kept.append(child)
    element.children = kept


def _number_headings(parts: Sequence[Element]) -> None:
    """Number the headings of two levels, by letters from the appendix on, whose own heading has none."""
    chapter, below = "", count(1)
    following: Iterator[str] = map(str, count(1))
    for heading in (heading for part in parts for heading in part.named("h2", "h3")):
        if heading.attributes.get("id") == "appendix":
            chapter, following = "", iter(ascii_uppercase)
            continue
        if heading.name == "h2":
            chapter, below = next(following), count(1)
            number = chapter
        else:
            number = f"{chapter}.{next(below)}"
        heading.children.insert(0, f"{number}\N{EM SPACE}")


def _number_captions(parts: Sequence[Element]) -> None:
    for name, label in (("caption", "Table"), ("figcaption", "Figure")):
        captions = [caption for part in parts for caption in part.named(name)]
        for number, caption in enumerate(captions, start=1):
            caption.children[:0] = [Element("b", {}, [f"{label} {number}."]), " "]
