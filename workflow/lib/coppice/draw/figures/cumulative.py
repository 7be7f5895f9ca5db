"""The cumulative plot: the pooled estimate as studies are added one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.draw.canvas.canvas import Drawing
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.resampled import draw_resampled

Result = Mapping[str, Any]


def draw_cumulative(
    pool_result: Result,
    explore_result: Result,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    favours: Sequence[str] | None = None,
) -> Drawing:
    """Draw the pooled estimate as studies are added in the order of the result.

    Parameters
    ----------
    pool_result, explore_result : mapping
        The results of one analysis; the rows are ``cumulative`` of the second.
    style, title, favours
        As in `draw_forest`.
    """
    return draw_resampled(
        pool_result,
        explore_result.get("cumulative") or {"skipped": "it was not explored"},
        name="Cumulative meta-analysis",
        heads="Studies",
        prefix="+",
        style=style,
        title=title,
        favours=favours,
        has_total=False,
    )
