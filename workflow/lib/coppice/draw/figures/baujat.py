"""The Baujat plot: what each study adds to heterogeneity, against what it does to the estimate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.labels import Dot, draw_labels
from coppice.draw.canvas.panel import Aside, Panel, Scale
from coppice.draw.canvas.style import DEFAULT, Style

Result = Mapping[str, Any]

DOT = 6.5
ROOM = 1.10
EDGE = 0.03  # of the span: the axes start below 0, so that a dot at 0 is whole
MOST_LABELS = 25


def draw_baujat(
    pool_result: Result,
    explore_result: Result,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    labels: bool = True,
) -> Drawing:
    """Draw each study's contribution to Q against its influence on the pooled estimate.

    Baujat B, Mahé C, Pignon JP, Hill C. Stat Med 2002;21:2641-2652, doi:10.1002/sim.1221.

    Parameters
    ----------
    pool_result, explore_result : mapping
        The results of one analysis; the rows are ``influence`` of the second, with ``baujat_x`` (contribution to Q) and
        ``baujat_y`` (influence).
    style, title
        As in `draw_forest`.
    labels : bool
        Whether studies are labelled, the furthest from the origin first, where there is room.
    """
    found = explore_result.get("influence") or {"skipped": "it was not explored"}
    listed = [] if isinstance(found, Mapping) else list(found)
    rows = [row for row in listed if row.get("baujat_x") is not None and row.get("baujat_y") is not None]
    wide = max((row["baujat_x"] for row in rows), default=1.0) * ROOM or 1.0
    high = max((row["baujat_y"] for row in rows), default=1.0) * ROOM or 1.0
    notes = [f"Not drawn: {clean(found['skipped'])}."] if isinstance(found, Mapping) else []
    with style.applied():
        panel = Panel(
            style,
            Scale("Contribution to heterogeneity (Q)", -EDGE * wide, wide),
            Scale("Influence on the pooled estimate", -EDGE * high, high),
            title=clean(title or ""),
            subtitle=f"Baujat plot, {words.count_of(pool_result)}",
            aside=Aside(notes=notes) if notes else None,
        )
        dots = []
        for index, row in enumerate(rows):
            place = panel.at(row["baujat_x"], row["baujat_y"])
            panel.canvas.circle(*place, DOT, fill=style.study, edge=style.ink, width=0.7, name=f"point-{index}")
            dots.append(Dot(*place, DOT / 2, row.get("label") or row["study"]))
        if labels and len(dots) <= MOST_LABELS:
            draw_labels(panel, sorted(dots, key=lambda item: item.y - item.x))
        return panel.canvas.finished(title or "Baujat plot", f"Baujat plot of {words.count_of(pool_result)}.")
