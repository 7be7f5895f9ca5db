"""The Baujat plot: what each study adds to heterogeneity, against what it does to the estimate."""

from __future__ import annotations

from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas.canvas import Drawing, styled
from coppice.draw.canvas.labels import draw_labels
from coppice.draw.canvas.legend import Aside
from coppice.draw.canvas.panel import Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled, label_of, rows_of

ROOM = 1.10  # fraction of the largest value
EDGE = 0.03  # fraction of the span: the axes start below 0, so that a dot at 0 is whole
MOST_LABELS = 25


@styled
def draw_baujat(
    pool_result: PoolResult,
    explore_result: ExploreResult,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    labels: bool = True,
) -> Drawing:
    """Draw each study's contribution to Q against its influence on the pooled estimate.

    Baujat B, Mahé C, Pignon JP, Hill C. Stat Med 2002;21:2641-2652, doi:10.1002/sim.1221.

    `labels` are written from the furthest study on, where there is room.
    """
    rows, note = rows_of(explore_result.get("influence"))
    points = [(row.get("baujat_x"), row.get("baujat_y"), label_of(row)) for row in rows]
    placed = [(x, y, label) for x, y, label in points if x is not None and y is not None]
    wide = max((x for x, _, _ in placed), default=1.0) * ROOM or 1.0
    high = max((y for _, y, _ in placed), default=1.0) * ROOM or 1.0
    panel = draw_panel(
        style,
        Scale("Contribution to heterogeneity (Q)", -EDGE * wide, wide),
        Scale("Influence on the pooled estimate", -EDGE * high, high),
        Pooled(pool_result).heading(title, "Baujat plot"),
        aside=Aside(notes=[note]) if note else None,
    )
    dots = [panel.point(index, panel.at(x, y), label) for index, (x, y, label) in enumerate(placed)]
    if labels and len(dots) <= MOST_LABELS:
        draw_labels(panel, sorted(dots, key=lambda item: item.y - item.x))
    return panel.finished()
