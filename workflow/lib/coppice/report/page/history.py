"""The history of a living review: its searches, and how each moved the estimate of an analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.report.page import words
from coppice.report.page.html_elements import Html, join, paragraph
from coppice.report.page.tables import I2, TAU2, Row, table
from coppice.report.report_data import AnalysisView, ReviewView

NOTHING = "none"


def searches(review: ReviewView) -> Html | None:
    """Build the table of the searches: when, what, and which studies were first included after each."""
    done = review.spec.get("history") or []
    if not done:
        return None
    rows = [
        (search["searched"], search.get("note") or words.DASH, words.listed([review.label(study) for study in search["added"]]) or NOTHING)
        for search in done
    ]  # fmt: skip
    return table(
        "Searches of this living review.", ("Search", "Description", "Studies added"), rows, name="table-searches"
    )


def of_analysis(analysis: AnalysisView) -> Html | None:
    """Build how the estimate moved with each search: a sentence and a table."""
    rows = analysis.explore.get("history")
    if not isinstance(rows, list) or not rows:
        return None
    columns = (
        "Search",
        "Effects",
        "Studies added",
        f"{analysis.measure.label} ({words.level(analysis.pool)} CI)",
        TAU2,
        I2,
    )
    caption = f"{analysis.title}: estimate after each search, from all studies identified by then."
    rows_table = table(
        caption, columns, [_row(analysis, row) for row in rows], numeric=(1, 3, 4, 5), name=f"table-history-{analysis.name}"
    )  # fmt: skip
    return join([paragraph(sentence(analysis, rows)), rows_table])


def _row(analysis: AnalysisView, row: Mapping[str, Any]) -> Row:
    return (
        row["searched"],
        row["k"],
        words.listed([str(label) for label in row["added"]]) or NOTHING,
        words.estimate(analysis, row) if row.get("estimate") is not None else words.DASH,
        analysis.style.variance(row.get("tau2")),
        analysis.style.percent(row.get("I2"), 0),
    )


def sentence(analysis: AnalysisView, rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Say how far the estimate moved from the first search that found an effect to the last."""
    estimated = [row for row in rows if row.get("estimate") is not None]
    if not estimated:
        return None
    first, last = estimated[0], estimated[-1]
    figures = "Every row was pooled from the current data with the main model."
    if len(estimated) == 1:
        return f"The search of {first['searched']} was the first to identify an effect. {figures}"
    still = sum(not row["added"] for row in estimated[1:])
    idle = (
        f" {words.first_upper(words.count(still, 'search', 'searches'))} after the first added no effect."
        if still
        else ""
    )
    return (
        f"The estimate changed from {words.estimated(analysis, first)} after the search of {first['searched']} "
        f"({words.count(first['k'], 'effect')}) to {words.estimated(analysis, last)} after that of "
        f"{last['searched']} ({words.count(last['k'], 'effect')}).{idle} {figures}"
    )
