"""The pooled result within the page, which offers it as a file: no folder of results is needed beside it."""

from __future__ import annotations

from typing import Any

from coppice.report.page.data_block import data_block
from coppice.report.page.html_elements import Html
from coppice.report.report_data import AnalysisView, ReviewView

BUDGET = 600_000  # characters of all results of a page, which stays below 3 MB


def result(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """Build the data of the pooled result; None where the results would make the page too large."""
    block = data_block("result-data", without_display(analysis.pool), data_name=f"{analysis.name}.json")
    return block if len(block) <= BUDGET // len(review.analyses) else None


def without_display(part: Any) -> Any:
    """Return a part of a result as its file has it, without the printed values that a view adds."""
    if isinstance(part, dict):
        return {key: without_display(value) for key, value in part.items() if key != "shown"}
    return [without_display(item) for item in part] if isinstance(part, list) else part
