"""The Doi plot: effects against the z scores of their ranks, whose two limbs are alike without small-study effects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.pool import PoolResult
from coppice.core.number_style import number
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, clean, styled
from coppice.draw.canvas.legend import Aside, Key, dot, stroke
from coppice.draw.canvas.panel import Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled, part_of
from coppice.draw.forest.marks import DASHES

PAD = 0.07  # fraction of the span


@styled
def draw_doi(
    pool_result: PoolResult, explore_result: ExploreResult, *, style: Style = DEFAULT, title: str | None = None
) -> Drawing:
    """Draw each effect against the absolute z score of its rank.

    Furuya-Kanamori L, Barendregt JJ, Doi SA. Int J Evid Based Healthc 2018;16:195-203, doi:10.1097/XEB.0000000000000141.
    """
    pooled = Pooled(pool_result)
    doi = part_of(explore_result, "small_study", "doi_plot")
    points = [(row["yi"], abs(row["z"])) for row in doi.get("points") or ()]
    lowest = max((y for _, y in points), default=1.0) * (1 + PAD)
    keys = [Key("Study", dot(style.study, style.ink)), Key("The study in the middle", stroke(style.muted, DASHES))]
    panel = draw_panel(
        style,
        pooled.padded_scale([x for x, _ in points], PAD),
        Scale("|z score of the rank|", lowest, -PAD * lowest),
        pooled.heading(title, "Doi plot", words.studies(len(points))),
        aside=Aside(keys, _notes(doi)),
    )
    if points:
        tip, _ = min(points, key=lambda point: point[1])
        panel.path([(tip, -PAD * lowest), (tip, lowest)], colour=style.muted, width=0.8, dashes=DASHES)
    panel.path(points, colour=style.study, width=1.0)
    for index, point in enumerate(points):
        panel.point(index, panel.at(*point))
    return panel.finished()


def _notes(doi: Mapping[str, Any]) -> list[str]:
    if doi.get("lfk") is None:
        return []
    asymmetry = f", {clean(doi['asymmetry'])} asymmetry by its authors’ bounds" if doi.get("asymmetry") else ""
    return [f"LFK index {number(doi['lfk'])}{asymmetry}.", *([clean(doi["advice"])] if doi.get("advice") else [])]
