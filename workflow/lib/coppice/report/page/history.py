"""The history of a living review: its searches, and how each moved the estimate of an analysis."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from coppice.core.contracts.explore import HistoryRow
from coppice.report.page import words
from coppice.report.page.html_elements import Html, join, paragraph
from coppice.report.page.table import Column, analysis_table, number, table_of
from coppice.report.report_data import AnalysisView, Record, ReviewView

NOTHING = "none"


def searches(review: ReviewView) -> Html | None:
    """Build the table of the searches: date, description, and the studies added after each."""
    done = review.spec.get("history")
    columns: list[Column[Record]] = [
        Column("Search", lambda search: search["searched"]),
        Column("Description", lambda search: search.get("note") or words.DASH),
        Column(
            "Studies added", lambda search: words.listed([review.label(study) for study in search["added"]]) or NOTHING
        ),
    ]
    if not done:
        return None
    others = words.listed([item.title for item in review.others])
    without = (
        f"How each search moved the estimate is shown for pairwise analyses; it is not for {others}."
        if others
        else None
    )
    return join([table_of("Searches of this living review.", done, columns, name="table-searches"), paragraph(without)])


def of_analysis(analysis: AnalysisView) -> Html | None:
    """Build a sentence and a table on how the estimate moved with each search."""
    rows: list[HistoryRow] = analysis.explored("history")
    columns: list[Column[HistoryRow]] = [
        Column("Search", lambda row: row["searched"]),
        number("Effects", lambda row: row["k"]),
        Column("Studies added", lambda row: words.listed(row["added"]) or NOTHING),
        number(words.estimate_heading(analysis), partial(words.estimate, analysis)),
        number(words.TAU2, partial(words.tau2, analysis)),
        number(words.I2, partial(words.i2, analysis)),
    ]
    shows = ": estimate after each search, from all studies identified by then."
    rows_table = analysis_table(analysis, "history", shows, rows, columns)
    return join([paragraph(sentence(analysis, rows)), rows_table]) if rows else None


def sentence(analysis: AnalysisView, rows: Sequence[HistoryRow]) -> str | None:
    """Say how far the estimate moved from the first search that identified an effect to the last."""
    estimated = [row for row in rows if row["estimate"] is not None]
    if not estimated:
        return None
    first, last = estimated[0], estimated[-1]
    figures = "Every row was pooled from the current data with the main model."
    if len(estimated) == 1:
        return f"The search of {first['searched']} was the first to identify an effect. {figures}"
    still = sum(not row["added"] for row in estimated[1:])
    searches_without = words.first_upper(words.count(still, "search", "searches"))
    idle = f" {searches_without} after the first added no effect." if still else ""
    return (
        f"The estimate changed from {words.estimated(analysis, first)} after the search of {first['searched']} "
        f"({words.count(first['k'], 'effect')}) to {words.estimated(analysis, last)} after that of "
        f"{last['searched']} ({words.count(last['k'], 'effect')}).{idle} {figures}"
    )
