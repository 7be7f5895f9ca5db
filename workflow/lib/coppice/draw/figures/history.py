"""The history of a living review: the pooled estimate at each search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.resampled import draw_resampled

Result = Mapping[str, Any]


def draw_history(
    pool_result: Result,
    explore_result: Result,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    favours: Sequence[str] | None = None,
) -> Drawing:
    """Draw the pooled estimate at each search, with all that had been found by then.

    Parameters
    ----------
    pool_result, explore_result : mapping
        The results of one analysis; the rows are ``history`` of the second.
    style, title, favours
        As in `draw_forest`.
    """
    return draw_resampled(
        pool_result,
        _labelled(explore_result.get("history"), pool_result) or {"skipped": "it was not explored"},
        name="Estimate at each search",
        heads="Search",
        prefix="",
        style=style,
        title=title,
        favours=favours,
        has_total=False,
    )


def _labelled(rows: Any, pool_result: Result) -> Any:
    """Say at each search how many studies had been found; effects where a study gives several."""
    if isinstance(rows, Mapping) or words.gives_several(pool_result):
        return rows
    return [{**row, "label": f"{row['searched']}, {words.studies(row['k'])}"} for row in rows or ()]
