"""The radial (Galbraith) plot: each study is a point whose slope from the origin is its effect."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

from coppice.core.measures import MEASURES
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import ticks
from coppice.draw.canvas.canvas import Drawing, Point, clean
from coppice.draw.canvas.labels import Dot, draw_labels
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, dot, stroke, swatch
from coppice.draw.canvas.style import DEFAULT, Style

Result = Mapping[str, Any]

DOT = 6.5
ROOM = 1.08
MOST_LABELS = 20
EFFECT_SPACE = 44.0  # points at the right of the panel, for the scale of effects


def draw_radial(result: Result, *, style: Style = DEFAULT, title: str | None = None, labels: bool = True) -> Drawing:
    """Draw the radial plot: effect / standard error against 1 / standard error.

    Galbraith RF. Technometrics 1988;30:271-281, doi:10.1080/00401706.1988.10488400. The line from the origin has the
    common effect as its slope; a study outside the band differs from it by more than its own standard error explains.

    Parameters
    ----------
    result : mapping
        A pool result.
    style, title
        As in `draw_forest`.
    labels : bool
        Whether studies outside the band are labelled.
    """
    found = [effect for effect in result.get("effects", ()) if effect.get("yi") is not None and effect.get("vi")]
    points = [(1 / math.sqrt(e["vi"]), e["yi"] / math.sqrt(e["vi"])) for e in found]
    part = result.get("common") or result.get("random")
    slope = part["estimate"] if part else None
    z = NormalDist().inv_cdf(0.975)
    end = max((x for x, _ in points), default=1.0) * ROOM
    reach = [y for _, y in points] + [0.0] + ([slope * end - z, slope * end + z, -z, z] if slope is not None else [])
    span = max(reach) - min(reach) or 1.0
    keys = [Key("Study", dot(style.study, style.ink))]
    if slope is not None:
        keys += [
            Key("Common effect", stroke(style.summary, width=1.2)),
            Key("Within 1.96 standard errors of it", swatch(style.region)),
        ]
    with style.applied():
        panel = Panel(
            style,
            Scale("1 / standard error", 0.0, end),
            Scale("Effect / standard error", min(reach) - 0.04 * span, max(reach) + 0.04 * span),
            title=clean(title or ""),
            subtitle=f"Radial plot, {words.studies(len(found))}",
            aside=Aside(
                keys, [f"Right: the {words.measure_name(result).lower()} to which a line from 0 points."], 165.0
            ),
            beside=EFFECT_SPACE,
        )
        lines: list[list[Point]] = []
        if slope is not None:
            corners = [(0.0, -z), (0.0, z), (end, slope * end + z), (end, slope * end - z)]
            panel.canvas.polygon(panel.clip(corners), fill=style.region, zorder=0.5)
            lines.append([panel.at(0, 0), panel.at(end, slope * end)])
            panel.canvas.line(lines[0], colour=style.summary, width=1.2, name="pooled")
        _draw_effects(panel, result, end)
        dots = []
        for index, (effect, (x, y)) in enumerate(zip(found, points, strict=True)):
            place = panel.at(x, y)
            panel.canvas.circle(*place, DOT, fill=style.study, edge=style.ink, width=0.7, name=f"point-{index}")
            is_far = slope is not None and abs(y - slope * x) > z
            dots.append(Dot(*place, DOT / 2, effect.get("label") or effect["study"] if is_far else ""))
        if labels and len(dots) <= MOST_LABELS:
            draw_labels(panel, dots, lines=lines)
        return panel.canvas.finished(title or "Radial plot", f"Radial plot of {words.studies(len(found))}.")


def _draw_effects(panel: Panel, result: Result, end: float) -> None:
    """Draw the scale of effects at the right edge: a ray from the origin to a tick has that effect as its slope."""
    style, canvas = panel.style, panel.canvas
    measure = MEASURES.get(result.get("measure", ""))
    is_log = bool(measure and measure.scale.is_ratio)
    low, high = panel.y.low / end, panel.y.high / end
    length = panel.bottom - panel.top
    major, _ = ticks(low, high, length, is_log=is_log, width=lambda label: style.small * 1.2)
    canvas.line([(panel.right, panel.top), (panel.right, panel.bottom)], colour=style.muted, width=0.6)
    for tick in major:
        y = panel.y(tick.value * end)
        canvas.line([(panel.right, y), (panel.right + 4.0, y)], colour=style.muted, width=0.6)
        canvas.text(panel.right + 7.0, y, tick.label, size=style.small, colour=style.muted)
