"""The drapery plot: p-value curves of every study and of the pooled estimate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from coppice.core.measures import MEASURES
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import effect_limits
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, stroke, swatch
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.curves import LEVELS, draw_levels, p_curve, reach_of

Result = Mapping[str, Any]


def draw_drapery(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the two-sided p value of every possible effect, for each study and for the pooled estimate.

    Rücker G, Schwarzer G. Res Synth Methods 2021;12:8-19, doi:10.1002/jrsm.1435.

    Parameters
    ----------
    result : mapping
        A pool result.
    style, title
        As in `draw_forest`.
    """
    measure = MEASURES.get(result.get("measure", ""))
    null = measure.null if measure else 0.0
    studies = [
        (e["yi"], math.sqrt(e["vi"])) for e in result.get("effects", ()) if e.get("yi") is not None and e.get("vi")
    ]
    model = next((name for name in ("random", "common") if result.get(name)), None)
    prediction = result.get("prediction") or {}
    reaches = [reach_of(yi, se) for yi, se in studies]
    low, high = effect_limits(
        [yi for yi, _ in studies],
        [reach[0] for reach in reaches],
        [reach[1] for reach in reaches],
        always=[prediction.get("low"), prediction.get("high")],
        null=null,
    )
    keys = [Key("Study", stroke(style.study, width=0.8))]
    if model:
        keys.append(Key("Random effects" if model == "random" else "Common effect", stroke(style.summary, width=2.2)))
    if prediction:
        keys.append(Key(f"{words.percent_level(result)} prediction interval", swatch(style.region)))
    with style.applied():
        panel = Panel(
            style,
            Scale(words.measure_name(result), low, high, is_log=bool(measure and measure.scale.is_ratio)),
            Scale("p value (two-sided)", 0.0, 1.0),
            title=clean(title or ""),
            subtitle=f"Drapery plot, {words.count_of(result)}",
            aside=Aside(keys, ["Right: the level of the confidence interval between the two sides of a curve."]),
            beside=40.0,
        )
        if prediction:
            left, right = panel.x.clipped(prediction["low"]), panel.x.clipped(prediction["high"])
            panel.canvas.rectangle(
                left, panel.top, right, panel.bottom, fill=style.region, name="band-prediction", zorder=0.5
            )
        draw_levels(panel, LEVELS)
        if null is not None:
            panel.canvas.line([panel.at(null, 0.0), panel.at(null, 1.0)], width=0.8, name="null")
        for yi, se in studies:
            panel.canvas.line(p_curve(panel, yi, se), colour=style.study, width=0.8, zorder=3)
        if model:
            part = ((result.get("alternatives") or {}).get("wald") if model == "random" else None) or result[model]
            curve = p_curve(panel, part["estimate"], part["se"])
            panel.canvas.line(curve, colour=style.summary, width=2.2, zorder=4, name="pooled")
        return panel.canvas.finished(title or "Drapery plot", f"Drapery plot of {words.count_of(result)}.")
