"""The sections of the report, in order, its title and its authors."""

from __future__ import annotations

from collections.abc import Mapping

from coppice.report.report_data import ReviewView

APPENDIX = {
    "abstract": "Abstract",
    "question": "Question",
    "selection": "Search and selection",
    "studies": "Study characteristics",
    "bias": "Risk of bias",
    "methods": "Methods",
    "paragraphs": "Methods and results as paragraphs to paste",
    "limits": "Limitations",
    "about": "Registration, funding and competing interests",
    "references": "References",
    "checklist": "PRISMA 2020 checklist",
    "sources": "Extracted data by study",
    "found-in-texts": "Found in the texts, not used",
    "checks": "Data checks",
    "software": "Software and input files",
}
Entry = tuple[str, str, list[tuple[str, str]]]  # of the table of contents: id, title and the entries below
SECTIONS = {
    "findings": "Summary of findings",
    "results": "Results by outcome",
    "meaning": "Interpretation",
    "appendix": "Appendix",
} | APPENDIX


def contents(review: ReviewView) -> list[Entry]:
    """Return the table of contents: (id, title, entries below it)."""
    below = {
        "results": [(analysis.id, analysis.title) for analysis in review.everything],
        "appendix": list(APPENDIX.items()),
    }
    return [(name, title, below.get(name, [])) for name, title in SECTIONS.items() if name not in APPENDIX]


def title(review: ReviewView) -> str:
    """Return the title of the review."""
    return str(review.spec["review"].get("title") or "Meta-analysis")


def authors(review: ReviewView) -> list[str]:
    """Return the names of the authors."""
    stated = review.spec["review"].get("authors") or []
    return [str(author.get("name", author)) if isinstance(author, Mapping) else str(author) for author in stated]
