"""The L'Abbé plot: the risk in one arm against that in the other."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, Point, clean, styled
from coppice.draw.canvas.labels import draw_labels
from coppice.draw.canvas.legend import Aside, Key, dot, stroke
from coppice.draw.canvas.panel import Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled, diameters, label_of
from coppice.draw.forest.marks import DASHES

LARGEST, SMALLEST = 22.0, 5.0  # points: diameters of the circles, whose areas are as the weights
STEPS = 200  # between the points of the curve of the pooled effect
MOST_LABELS = 20  # more labels than this hide the points
EDGE = 0.045  # fraction of the largest risk: the axes start below 0, so that a circle at 0 is whole
ROOM = 1.12  # fraction of the largest risk

# The risk in the experimental arm that a pooled effect (on the model's scale) gives for a risk in the control arm.
EXPECTED: dict[str, Callable[[float, float], float]] = {
    "RR": lambda effect, risk: risk * math.exp(effect),
    "OR": lambda effect, risk: risk * math.exp(effect) / (1 - risk + risk * math.exp(effect)),
    "RD": lambda effect, risk: risk + effect,
}


@styled
def draw_labbe(
    result: PoolResult,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    arms: Mapping[str, str] | None = None,
    labels: bool = True,
) -> Drawing:
    """Draw the risk in the experimental arm against that in the control arm, a circle a study.

    Effects without ``risks`` are left out; circles have `labels` where there is room.
    """
    pooled = Pooled(result)
    effects = [effect for effect in result.get("effects", ()) if effect.get("risks")]
    points = [(e["risks"]["control"]["risk"], e["risks"]["experimental"]["risk"]) for e in effects]
    top = min(1.0, max((max(point) for point in points), default=1.0) * ROOM) or 1.0
    keys = [Key("Study, area by weight", dot(style.study, style.ink)), Key("No difference", stroke(style.ink))]
    curve = EXPECTED.get(result.get("measure", "")) if pooled.line else None
    if curve:
        keys.append(Key(f"Pooled {pooled.name.lower()}", stroke(style.prediction, DASHES, 1.2)))
    names = {arm: clean((arms or {}).get(arm) or arm) for arm in ("control", "experimental")}
    highest = max((max(point) for point in points), default=0.0)
    end = top * (1 + EDGE) if highest > top * (1 - EDGE) else top  # a circle at a risk of 100% is whole
    axes = {arm: Scale(f"Risk, {name} (%)", -EDGE * 100 * top, 100 * end) for arm, name in names.items()}
    panel = draw_panel(
        style,
        axes["control"],
        axes["experimental"],
        pooled.heading(title, "L’Abbé plot", words.studies(len(effects))),
        aside=Aside(keys, [] if effects else ["No study reports counts in both arms."], width=130.0),
        width=290.0,
        height=290.0,
    )
    lines = [panel.path([(0, 0), (100 * top, 100 * top)], width=0.8)]
    if curve and pooled.line:
        lines.append(_draw_curve(panel, curve, pooled.line["estimate"], top))
    dots = [
        panel.point(
            index, panel.at(100 * x, 100 * y), label_of(effect), diameter=diameter, width=0.8, alpha=0.75, zorder=4.0
        )
        for index, (effect, (x, y), diameter) in enumerate(
            zip(effects, points, diameters(effects, SMALLEST, LARGEST), strict=True)
        )
    ]
    if labels and len(dots) <= MOST_LABELS:
        draw_labels(panel, dots, lines=lines)
    return panel.finished()


def _draw_curve(panel: Panel, curve: Callable[[float, float], float], effect: float, top: float) -> list[Point]:
    risks = [top * step / STEPS for step in range(STEPS + 1)]
    pairs = [(100 * risk, 100 * curve(effect, risk)) for risk in risks]
    inside = [panel.at(x, y) for x, y in pairs if 0 <= y <= 100 * top]
    if len(inside) > 1:
        panel.canvas.line(inside, colour=panel.style.prediction, width=1.2, dashes=DASHES, name="pooled")
    return inside
