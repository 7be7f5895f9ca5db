"""The L'Abbé plot: the risk in one arm against that in the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, Point, clean
from coppice.draw.canvas.labels import Dot, draw_labels
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, dot, stroke
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.forest.marks import DASHES

Result = Mapping[str, Any]

LARGEST, SMALLEST = 22.0, 5.0  # points: diameters of the circles, whose areas are as the weights
STEPS = 200  # points of the curve of the pooled effect
MOST_LABELS = 20  # more labels than this hide the points
EDGE = 0.045  # of the largest risk: the axes start below 0, so that a circle at 0 is whole
ROOM = 1.12  # of the largest risk

# The risk in the experimental arm that a pooled effect (on the model's scale) gives for a risk in the control arm.
EXPECTED: dict[str, Callable[[float, float], float]] = {
    "RR": lambda effect, risk: risk * math.exp(effect),
    "OR": lambda effect, risk: risk * math.exp(effect) / (1 - risk + risk * math.exp(effect)),
    "RD": lambda effect, risk: risk + effect,
}


def draw_labbe(
    result: Result,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    arms: Mapping[str, str] | None = None,
    labels: bool = True,
) -> Drawing:
    """Draw the risk in the experimental arm against that in the control arm, a circle a study.

    Parameters
    ----------
    result : mapping
        A pool result whose effects have ``risks``; others are left out.
    style, title, arms
        As in `draw_forest`.
    labels : bool
        Whether circles are labelled, where there is room.
    """
    effects = [effect for effect in result.get("effects", ()) if effect.get("risks")]
    points = [(e["risks"]["control"]["risk"], e["risks"]["experimental"]["risk"]) for e in effects]
    top = min(1.0, max((max(point) for point in points), default=1.0) * ROOM) or 1.0
    names = arms or {}
    keys = [Key("Study, area by weight", dot(style.study, style.ink)), Key("No difference", stroke(style.ink))]
    model = next((name for name in ("random", "common") if result.get(name)), None)
    curve = EXPECTED.get(result.get("measure", "")) if model else None
    if curve:
        keys.append(Key(f"Pooled {words.measure_name(result).lower()}", stroke(style.prediction, DASHES, 1.2)))
    with style.applied():
        panel = Panel(
            style,
            Scale(f"Risk, {clean(names.get('control') or 'control')} (%)", -EDGE * 100 * top, 100 * top),
            Scale(f"Risk, {clean(names.get('experimental') or 'experimental')} (%)", -EDGE * 100 * top, 100 * top),
            width=290.0,
            height=290.0,
            title=clean(title or ""),
            subtitle=f"L’Abbé plot, {words.studies(len(effects))}",
            aside=Aside(keys, [] if effects else ["No study reports counts in both arms."], width=130.0),
        )
        lines = [[panel.at(0, 0), panel.at(100 * top, 100 * top)]]
        panel.canvas.line(lines[0], width=0.8)
        if curve and model:
            lines.append(_draw_curve(panel, curve, result[model]["estimate"], top))
        dots = _draw_circles(panel, effects, points)
        if labels and len(dots) <= MOST_LABELS:
            draw_labels(panel, dots, lines=lines)
        return panel.canvas.finished(title or "L’Abbé plot", f"L’Abbé plot of {words.studies(len(effects))}.")


def _draw_curve(panel: Panel, curve: Callable[[float, float], float], effect: float, top: float) -> list[Point]:
    risks = [top * step / STEPS for step in range(STEPS + 1)]
    pairs = [(100 * risk, 100 * curve(effect, risk)) for risk in risks]
    inside = [panel.at(x, y) for x, y in pairs if 0 <= y <= 100 * top]
    if len(inside) > 1:
        panel.canvas.line(inside, colour=panel.style.prediction, width=1.2, dashes=DASHES, name="pooled")
    return inside


def _draw_circles(panel: Panel, effects: list[Result], points: list[tuple[float, float]]) -> list[Dot]:
    style = panel.style
    weights = [effect.get("weight_random") or effect.get("weight_common") or 0.0 for effect in effects]
    largest = max(weights, default=0.0) or 1.0
    dots = []
    for index, (effect, (x, y), weight) in enumerate(zip(effects, points, weights, strict=True)):
        place = panel.at(100 * x, 100 * y)
        diameter = max(SMALLEST, LARGEST * math.sqrt(max(weight, 0.0) / largest))
        panel.canvas.circle(*place, diameter, fill=style.study, edge=style.ink, alpha=0.75, name=f"point-{index}")
        dots.append(Dot(*place, diameter / 2, effect.get("label") or effect["study"]))
    return dots
