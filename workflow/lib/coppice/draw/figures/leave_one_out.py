"""The leave-one-out plot: the pooled estimate without each study in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.draw.canvas.canvas import Drawing
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.resampled import draw_resampled

Result = Mapping[str, Any]


def draw_leave_one_out(
    pool_result: Result,
    explore_result: Result,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    favours: Sequence[str] | None = None,
) -> Drawing:
    """Draw the pooled estimate without each study in turn, above that of all studies.

    Parameters
    ----------
    pool_result, explore_result : mapping
        The results of one analysis; the rows are ``leave_one_out`` of the second.
    style, title, favours
        As in `draw_forest`.
    """
    return draw_resampled(
        pool_result,
        explore_result.get("leave_one_out") or {"skipped": "it was not explored"},
        name="Leave-one-out",
        heads="Studies",
        prefix="Without",
        style=style,
        title=title,
        favours=favours,
        has_total=True,
    )
