"""The Doi plot: effects against the z scores of their ranks, whose two limbs are alike without small-study effects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coppice.core.measures import MEASURES
from coppice.core.number_style import number
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, dot, stroke
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.forest.marks import DASHES

Result = Mapping[str, Any]

DOT = 6.5
PAD = 0.07


def draw_doi(
    pool_result: Result, explore_result: Result, *, style: Style = DEFAULT, title: str | None = None
) -> Drawing:
    """Draw each effect against the absolute z score of its rank.

    Furuya-Kanamori L, Barendregt JJ, Doi SA. Int J Evid Based Healthc 2018;16:195-203, doi:10.1097/XEB.0000000000000141.

    Parameters
    ----------
    pool_result, explore_result : mapping
        The results of one analysis; the points and the LFK index are ``small_study.doi_plot`` of the second.
    style, title
        As in `draw_forest`.
    """
    found = (explore_result.get("small_study") or {}).get("doi_plot") or {}
    points = [(row["yi"], abs(row["z"])) for row in found.get("points") or ()]
    measure = MEASURES.get(pool_result.get("measure", ""))
    xs = [x for x, _ in points] or [0.0]
    span = max(xs) - min(xs) or 1.0
    lowest = max((y for _, y in points), default=1.0) * (1 + PAD)
    tip = min(points, key=lambda point: point[1], default=None)
    keys = [Key("Study", dot(style.study, style.ink)), Key("The study in the middle", stroke(style.muted, DASHES))]
    with style.applied():
        panel = Panel(
            style,
            Scale(
                words.measure_name(pool_result),
                min(xs) - PAD * span,
                max(xs) + PAD * span,
                is_log=bool(measure and measure.scale.is_ratio),
            ),
            Scale("|z score of the rank|", lowest, -PAD * lowest),
            title=clean(title or ""),
            subtitle=f"Doi plot, {words.studies(len(points))}",
            aside=Aside(keys, _notes(found)),
        )
        if tip:
            panel.canvas.line(
                [panel.at(tip[0], -PAD * lowest), panel.at(tip[0], lowest)],
                colour=style.muted,
                width=0.8,
                dashes=DASHES,
            )
        panel.canvas.line([panel.at(x, y) for x, y in points], colour=style.study, width=1.0)
        for index, (x, y) in enumerate(points):
            panel.canvas.circle(
                *panel.at(x, y), DOT, fill=style.study, edge=style.ink, width=0.7, name=f"point-{index}"
            )
        return panel.canvas.finished(title or "Doi plot", f"Doi plot of {words.studies(len(points))}.")


def _notes(found: Mapping[str, Any]) -> list[str]:
    if found.get("lfk") is None:
        return []
    asymmetry = f", {clean(found['asymmetry'])} asymmetry by its authors’ bounds" if found.get("asymmetry") else ""
    return [f"LFK index {number(found['lfk'])}{asymmetry}.", *([clean(found["advice"])] if found.get("advice") else [])]
