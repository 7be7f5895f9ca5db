"""The manuscript: the sections of the page in the order of a paper, numbered, its sources and checks as an appendix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from string import ascii_uppercase

from coppice.report.contents import authors, title
from coppice.report.manuscript.markup import Element, parse
from coppice.report.page import page
from coppice.report.page.html_elements import Html, join
from coppice.report.report_data import ReviewView

Section = Callable[[ReviewView], Html]

BODY: tuple[Section, ...] = (
    page.opening,
    page.structured_abstract,
    page.question,
    page.method,
    page.selection,
    page.studies,
    page.risk_of_bias,
    page.findings,
    page.results,
    page.meaning,
    page.limits,
    page.about,
    page.references,
)
APPENDIX: tuple[Section, ...] = (page.checklist, page.sources, page.checks, page.software)
UNNUMBERED = frozenset({"abstract", "references"})
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
    body, appendix : Element
        The text; headings, tables and figures bear their numbers.
    """

    title: str
    authors: tuple[str, ...]
    body: Element
    appendix: Element


def manuscript(review: ReviewView) -> Manuscript:
    """Return the report as a manuscript."""
    body, appendix = (parse(join(section(review) for section in sections)) for sections in (BODY, APPENDIX))
    for part in (body, appendix):
        _unfold(part)
    _number_headings(body, (str(number) for number in count(1)))
    _number_headings(appendix, iter(ascii_uppercase))
    _number_captions((body, appendix))
    return Manuscript(title(review), tuple(authors(review)), body, appendix)


def _unfold(element: Element) -> None:
    """Leave out what the title block says, and show what the page folds away."""
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element):
            _unfold(child)
            if child.name == "h1" or "authors" in child.classes:
                continue
            if child.name == "summary":  # the heading of a fold stays
                kept += [each for each in child.children if isinstance(each, Element)]
                continue
            if child.name == "details":
                kept += child.children
                continue
        kept.append(child)
    element.children = kept


def _number_headings(part: Element, numbers: Iterable[str]) -> None:
    chapter, below = "", count(1)
    following = iter(numbers)
    for heading in part.named("h2", "h3"):
        if heading.name == "h2":
            chapter = "" if heading.attributes.get("id") in UNNUMBERED else next(following)
            number, below = chapter, count(1)
        else:
            number = f"{chapter}.{next(below)}" if chapter else ""
        if number:
            heading.children.insert(0, f"{number}\N{EM SPACE}")


def _number_captions(parts: Sequence[Element]) -> None:
    for name, label in (("caption", "Table"), ("figcaption", "Figure")):
        captions = [caption for part in parts for caption in part.named(name)]
        for number, caption in enumerate(captions, start=1):
            caption.children[:0] = [Element("b", {}, [f"{label} {number}."]), " "]
