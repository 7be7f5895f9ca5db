"""What was read in the texts that no record quotes: proposals that nothing uses, so that no source is overlooked."""

from __future__ import annotations

from coppice.core.contracts.read import Proposal, ReadResult
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, bullets, heading, join, paragraph, tag
from coppice.report.page.table import table
from coppice.report.report_data import ReviewView

TITLE = "Found in the texts, not used"
LEAD = (
    "These texts lie with the review, and no record quotes them. What rules read in them is listed so that nothing is overlooked; "
    "no analysis uses it before somebody has checked it and moved it into a record."
)


def found_in_texts(review: ReviewView) -> Html | None:
    """Build the list of what was read in each text; None where a review has no such texts."""
    unread = (review.spec.get("read") or {}).get("unread", {})
    if not review.texts and not unread:
        return None
    left = [tag("p", "Not read:"), bullets(f"{name} {problem}" for name, problem in unread.items())] if unread else []
    return join([heading(3, TITLE, id_="found-in-texts"), paragraph(LEAD), *map(of_text, review.texts), *left])


def of_text(text: ReadResult) -> Html:
    """Build what was read in one text."""
    name = text["text"]
    rows = [row(proposal) for proposal in text["proposals"]]
    if not rows:
        return tag("p", f"{name}: no result that the rules recognise.")
    caption = f"{name}: {words.count(len(rows), 'proposal')}."
    headings = ("Statistic", "Arm", "Reported", "Words")
    return table(caption, headings, rows, name=f"table-text-{html_elements.anchor(name)}")


def row(proposal: Proposal) -> tuple[object, ...]:
    """Return the cells of a proposal."""
    values = "; ".join(f"{words.readable(name)} {value_of(value)}" for name, value in proposal["fields"].items())
    quote = tag(
        "span", f"\N{LEFT DOUBLE QUOTATION MARK}{proposal['quote']}\N{RIGHT DOUBLE QUOTATION MARK}", class_="quote"
    )
    return words.readable(proposal["statistic"]), proposal["arm"] or words.DASH, values, quote


def value_of(value: object) -> str:
    """Print a field of a proposal with the digits of the text."""
    return " to ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
