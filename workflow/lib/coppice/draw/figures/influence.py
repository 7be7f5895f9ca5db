"""The influence panel: what each study does to the pooled model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.strips import Strip, draw_strips
from coppice.draw.canvas.style import DEFAULT, Style

Result = Mapping[str, Any]

OUTLYING = 1.96  # a studentised residual beyond this is rare without heterogeneity beyond the model's


def draw_influence(
    pool_result: Result, explore_result: Result, *, style: Style = DEFAULT, title: str | None = None
) -> Drawing:
    """Draw the influence diagnostics of every study, one strip a diagnostic.

    Viechtbauer W, Cheung MWL. Res Synth Methods 2010;1:112-125, doi:10.1002/jrsm.11.

    Parameters
    ----------
    pool_result, explore_result : mapping
        The results of one analysis; the rows are ``influence`` of the second.
    style, title
        As in `draw_forest`.
    """
    found = explore_result.get("influence") or {"skipped": "it was not explored"}
    rows = [] if isinstance(found, Mapping) else list(found)
    spread = pool_result.get("heterogeneity") or {}
    strips = (
        Strip("rstudent", "Residual", (-OUTLYING, OUTLYING), 0.0),
        Strip("dffits", "DFFITS", (), 0.0),
        Strip("cook_d", "Cook’s D", (), 0.0),
        Strip("cov_ratio", "Cov. ratio", (), 1.0),
        Strip("tau2_del", f"{words.TAU2} without", (), spread.get("tau2")),
        Strip("QE_del", "Q without", (), spread.get("Q")),
        Strip("hat", "Leverage"),
    )
    shown = [strip for strip in strips if any(row.get(strip.key) is not None for row in rows)]
    note = (
        f"Not drawn: {clean(found['skipped'])}."
        if isinstance(found, Mapping)
        else "Solid: the value of all studies, or of no influence. Dashed: ±1.96. Residuals are studentised, each study deleted."
    )
    return draw_strips(
        rows,
        shown,
        style=style,
        title=title or "",
        subtitle=f"Influence of each study, {words.measure_name(pool_result).lower()}",
        notes=[note],
    )
