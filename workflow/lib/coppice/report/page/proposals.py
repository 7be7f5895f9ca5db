"""What was read in the texts that no record quotes: proposals that nothing uses, so that no source is overlooked."""

from __future__ import annotations

import re

from coppice.core.contracts.read import Proposal, ReadResult
from coppice.core.printed_number import number_from
from coppice.core.reported_statistics import STATISTICS
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, bullets, join, paragraph, tag
from coppice.report.page.reported import PRINTERS, printed
from coppice.report.page.table import table
from coppice.report.report_data import ReviewView

NUMBER = re.compile(r"-?(?:\d+(?:\.\d+)?|\.\d+)")
LEAD = (
    "These texts lie with the review, and no record quotes them. What rules read in them is listed so that nothing is overlooked; "
    "no analysis uses it before somebody has checked it and moved it into a record."
)


def found_in_texts(review: ReviewView) -> Html | None:
    """Build the list of what was read in each text; None where a review has no such texts."""
    unread = dict((review.spec.get("read") or {}).get("unread", {}))
    unread |= {text["text"]: text["problem"] for text in review.texts if text["problem"]}
    if not review.texts and not unread:
        return None
    left = [tag("p", "Not read:"), bullets(f"{name} {problem}" for name, problem in unread.items())] if unread else []
    return join([paragraph(LEAD), *(of_text(text) for text in review.texts if not text["problem"]), *left])


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
    words_of_text = f"\N{LEFT DOUBLE QUOTATION MARK}{proposal['quote']}\N{RIGHT DOUBLE QUOTATION MARK}"
    quote = tag("span", words_of_text, class_="quote")
    return words.readable(proposal["statistic"]), proposal["arm"] or words.DASH, reported(proposal), quote


def reported(proposal: Proposal) -> str:
    """Print the figure of a proposal as those of records are printed, its p value as the text does, and what the text says of it."""
    fields = dict(proposal["fields"])
    operator, p = fields.pop("p_op", "="), fields.pop("p", None)
    of_form = (
        {key.name for key in STATISTICS[proposal["statistic"]].keys} if proposal["statistic"] in STATISTICS else set()
    )
    numbers = {name: number_of(value) for name, value in fields.items() if name in of_form}
    is_printed = proposal["statistic"] in PRINTERS and not {name[:-2] for name in numbers} <= {"events"}
    if is_printed and all(map(is_plain, numbers.items())):
        text = printed(proposal["statistic"], numbers)
        fields = {name: value for name, value in fields.items() if name not in of_form}
    else:
        text = ""
    unit = f" {fields.pop('unit')}" if "unit" in fields else ""
    pairs = [f"{name} {versus}".strip() for name, versus in paired(fields).items()]
    return "; ".join(part for part in (text, ", ".join(pairs) + unit, f"p {operator} {p}" if p else "") if part)


def paired(fields: dict[str, object]) -> dict[str, str]:
    """Return fields by their names, those of two arms together: `n 684 v 342`."""
    names = dict.fromkeys(name.removesuffix("_e").removesuffix("_c") for name in fields)
    arms = {name: [fields[key] for key in (name, f"{name}_e", f"{name}_c") if key in fields] for name in names}
    return {words.readable(name): " v ".join(map(value_of, values)) for name, values in arms.items()}


def number_of(value: object) -> object:
    """Return a field of a proposal with its texts as numbers, where they are."""
    if isinstance(value, list | tuple):
        return list(map(number_of, value))
    return number_from(value) if isinstance(value, str) and NUMBER.fullmatch(value) else value


def is_plain(field: tuple[str, object]) -> bool:
    """Return whether a field is a number or a pair of numbers, or the unit of some."""
    name, value = field
    numbers = value if isinstance(value, list) else [value]
    return name == "unit" or all(isinstance(number, int | float) for number in numbers)


def value_of(value: object) -> str:
    """Print a field of a proposal with the digits of the text; of one that is true its name says all."""
    if value is True:
        return ""
    return " to ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
