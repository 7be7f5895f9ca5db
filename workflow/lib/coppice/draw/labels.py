"""Labels beside points that avoid one another, the points and the edges of the panel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from coppice.draw.layout import Point, clean, text_width
from coppice.draw.panel import Panel

GAP = 2.5  # points between a dot and its label
SHIFTS = tuple(-0.5 + sign * step / 10 for step in range(6) for sign in (1, -1))  # of its width: above or below a dot
SPACING = 4.0  # points between the places where a line is looked at
HEIGHT = 1.15  # of the font size
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Dot:
    """A point on the canvas that wants a label."""

    x: float
    y: float
    radius: float
    label: str


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _candidates(dot: Dot, width: float, height: float) -> list[Box]:
    """Return the boxes in which a label may stand, best first: right, left, above, below."""
    away = dot.radius + GAP
    corners = [(dot.x + away, dot.y - height / 2), (dot.x - away - width, dot.y - height / 2)]
    corners += [(dot.x + shift * width, dot.y - away - height) for shift in SHIFTS]
    corners += [(dot.x + shift * width, dot.y + away) for shift in SHIFTS]
    return [(x, y, x + width, y + height) for x, y in corners]


def _offers(dot: Dot, text: str, panel: Panel, size: float) -> list[tuple[str, Box]]:
    """Return what may be written and where: the label, and then the label without what stands in brackets."""
    names = dict.fromkeys((text, text.partition(" (")[0]))
    return [
        (name, box)
        for name in names
        for box in _candidates(dot, text_width(name, panel.style, size=size), size * HEIGHT)
    ]


def _dense(line: Sequence[Point]) -> list[Point]:
    """Return points on a line that are at most `SPACING` apart."""
    found: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise(line):
        steps = int(math.hypot(x1 - x0, y1 - y0) / SPACING) + 1
        found += [(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps) for i in range(steps + 1)]
    return found


def draw_labels(
    panel: Panel,
    dots: Sequence[Dot],
    *,
    lines: Sequence[Sequence[Point]] = (),
    size: float | None = None,
    colour: str | None = None,
) -> list[str]:
    """Label dots where there is room, and return the labels for which there was none.

    Parameters
    ----------
    panel : Panel
        The panel in which the labels have to stay.
    dots : sequence of Dot
        The points, those with the most urgent labels first.
    lines : sequence of sequence of (float, float)
        Lines on the canvas that no label may cross.
    size : float or None
        Font size; the style's small one by default.
    colour : str or None
        Of the labels; the style's muted one by default.
    """
    style = panel.style
    size = size or style.small
    taken: list[Box] = [(d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius) for d in dots]
    taken += [(x - 1, y - 1, x + 1, y + 1) for line in lines for x, y in _dense(line)]
    left_out = []
    for dot in dots:
        text = clean(dot.label)
        if not text:
            continue
        for shown, box in _offers(dot, text, panel, size):
            inside = (
                box[0] >= panel.left + 1 and box[2] <= panel.right and box[1] >= panel.top and box[3] <= panel.bottom
            )
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                panel.canvas.text(
                    box[0], (box[1] + box[3]) / 2, shown, size=size, colour=colour or style.muted, zorder=6
                )
                break
        else:
            left_out.append(text)
    return left_out
