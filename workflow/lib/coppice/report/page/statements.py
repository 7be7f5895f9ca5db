"""Statements of the authors: rationale, search, interpretation, funding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, bullets, terms
from coppice.report.page.table import table
from coppice.report.report_data import ReviewView

# The sections that hold statements, each with the keys of the configuration and what they are called.
QUESTION = {"rationale": "Rationale", "eligibility": "Eligibility criteria"}
SELECTION = {"searched": "Last search", "search_strategy": "Search strategy", "selection": "Selection process"}
MEANING = {"interpretation": "Interpretation", "implications": "Implications"}
ABOUT = {
    "registration": "Registration",
    "protocol": "Protocol",
    "amendments": "Amendments",
    "support": "Funding and support",
    "competing_interests": "Competing interests",
}
# Page MJ et al. BMJ 2021;372:n71, doi:10.1136/bmj.n71, figure 1
FLOW = {
    "identified": "Records identified",
    "removed": "Records removed before screening",
    "screened": "Records screened",
    "excluded_screening": "Records excluded",
    "sought": "Reports sought for retrieval",
    "not_retrieved": "Reports not retrieved",
    "assessed": "Reports assessed for eligibility",
    "excluded_reports": "Reports excluded",
    "included_studies": "Studies included in the review",
    "included_reports": "Reports of included studies",
}


def answers(review: ReviewView, keys: Mapping[str, str]) -> Html | None:
    """Build a list of the statements that the authors make, by the keys of the configuration; None without any.

    The checklist says which ones are missing.
    """
    stated = {name: statement(review.about[key]) for key, name in keys.items() if review.about.get(key)}
    return terms(stated, class_="facts") if stated else None


def statement(value: Any) -> Html:
    """Print one statement: a text, or a list of them."""
    if isinstance(value, list):
        return bullets(map(html_elements.linked, map(str, value)), class_="tight")
    return html_elements.linked(str(value))


def flow(review: ReviewView) -> Html | None:
    """Build the table of the records and reports by step of the selection; None if the flow is not stated."""
    counts = review.about.get("flow")
    if not counts:
        return None
    rows = [(name, count(counts.get(key))) for key, name in FLOW.items()]
    return table("Flow of records and reports.", ("Step", "Number"), rows, name="table-flow")


def total(value: Any) -> int | None:
    """Return a count, or the sum of the stated counts by source or reason; None without any."""
    counts = value.values() if isinstance(value, Mapping) else [value]
    stated = [number for number in counts if number is not None]
    return sum(stated) if stated else None


def count(value: Any) -> str | None:
    """Print a count, or counts by source or reason with their sum."""
    if isinstance(value, Mapping):
        parts = "; ".join(f"{name} {words.DASH if number is None else f'{number:,}'}" for name, number in value.items())
        return f"{total(value) or 0:,} ({parts})"
    return None if value is None else f"{value:,}"
