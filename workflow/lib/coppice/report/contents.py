"""The sections of the report, in order, its title and its authors."""

from __future__ import annotations

from collections.abc import Mapping

from coppice.report.report_data import ReviewView

SECTIONS = {
    "abstract": "Abstract",
    "question": "Question",
    "selection": "Search and selection",
    "findings": "Summary of findings",
    "studies": "Study characteristics",
    "bias": "Risk of bias",
    "results": "Results by outcome",
    "sources": "Extracted data by study",
    "checks": "Data checks",
    "meaning": "Interpretation",
    "methods": "Methods",
    "limits": "Limitations",
    "about": "Registration, funding and competing interests",
    "checklist": "PRISMA 2020 checklist",
    "software": "Software and input files",
    "references": "References",
}


def contents(review: ReviewView) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the table of contents: (id, title, entries below it)."""
    below = {"results": [(analysis.id, analysis.title) for analysis in review.analyses]}
    return [(name, title, below.get(name, [])) for name, title in SECTIONS.items()]


def title(review: ReviewView) -> str:
    """Return the title of the review."""
    return str(review.spec["review"].get("title") or "Meta-analysis")


def authors(review: ReviewView) -> list[str]:
    """Return the names of the authors."""
    stated = review.spec["review"].get("authors") or []
    return [str(author.get("name", author)) if isinstance(author, Mapping) else str(author) for author in stated]
