"""The GRADE worksheet of an analysis: facts by domain, an empty column for the judgement, and what the authors judged."""

from __future__ import annotations

from coppice.report.page import html_elements, words
from coppice.report.page.grade_facts import rows
from coppice.report.page.html_elements import Html, absent, bullets, tag
from coppice.report.page.table import table
from coppice.report.report_data import AnalysisView, ReviewView

HEADINGS = ("Domain", "Facts", "Judgement", "Judged by the authors")
EMPTY = "\N{NO-BREAK SPACE}"  # where people write
LEAD = "Facts for the people who judge the certainty of the evidence. No judgement is made or proposed."


def worksheet(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """Build the worksheet of an analysis; None without a pooled effect."""
    if not analysis.effects:
        return None
    cells = [
        (name, bullets(map(html_elements.linked, facts), class_="tight") if facts else words.DASH, EMPTY, _judged(text))
        for name, facts, text in rows(review, analysis)
    ]
    sheet = table(f"{analysis.title}: GRADE worksheet.", HEADINGS, cells, name=f"table-grade-{analysis.name}")
    return html_elements.join([tag("p", LEAD), sheet])


def _judged(text: str) -> object:
    return absent(text) if text == words.NOT_ASSESSED else text or words.DASH
