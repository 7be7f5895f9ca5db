"""Labels beside points that avoid one another, the points and the edges of the panel.

A label stands beside its point, or, where there is no room, further away at the end of a thin line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coppice.draw.canvas.canvas import Point, clean, text_width
from coppice.draw.canvas.panel import Panel

GAP = 2.5  # points between a dot and its label
SHIFTS = tuple(-0.5 + sign * step / 10 for step in range(6) for sign in (1, -1))  # of its width: above or below a dot
REACHES = (10.0, 18.0, 28.0, 40.0, 54.0)  # points between the edge of a dot and a label at the end of a line
DIRECTIONS = 16  # in which such a line may point, all at the same angle
STEEP = 0.38  # cosine: steeper lines end at the middle of a label, the others at its side
SPACING = 4.0  # points between the places where a line is looked at
HEIGHT = 1.15  # of the font size
Box = tuple[float, float, float, float]
Line = Sequence[Point]


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


def _distant(dot: Dot, width: float, height: float) -> Iterator[tuple[Box, Line]]:
    """Yield boxes further away with the line that leads there from the edge of the dot, the nearest first."""
    for reach in REACHES:
        for step in range(DIRECTIONS):
            angle = 2 * math.pi * (step + 0.5) / DIRECTIONS
            across, down = math.cos(angle), math.sin(angle)
            line = tuple((dot.x + away * across, dot.y + away * down) for away in (dot.radius, dot.radius + reach))
            x, y = line[1]
            left = x - width / 2 if abs(across) < STEEP else x + 1.0 if across > 0 else x - width - 1.0
            top = y - height / 2 if abs(across) >= STEEP else y if down > 0 else y - height
            yield (left, top, left + width, top + height), line


def _offers(dot: Dot, panel: Panel, size: float, *, is_distant: bool) -> Iterator[tuple[str, Box, Line]]:
    """Yield what may be written and where: the label, and then the label without what stands in brackets."""
    text = clean(dot.label)
    for name in dict.fromkeys((text, text.partition(" (")[0])):
        width, height = text_width(name, panel.style, size=size), size * HEIGHT
        places = _distant(dot, width, height) if is_distant else ((box, ()) for box in _candidates(dot, width, height))
        yield from ((name, box, line) for box, line in places)


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
    size, colour = size or style.small, colour or style.muted
    marks: list[Box] = [(d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius) for d in dots]
    crossed = [_around(point) for line in lines for point in _dense(line)]
    waiting = [dot for dot in dots if clean(dot.label)]
    for is_distant in (False, True):  # first all those that have room beside their dot
        left_out = []
        for dot in waiting:
            for shown, box, line in _offers(dot, panel, size, is_distant=is_distant):
                leader = [_around(point) for point in _dense(line)[1:]]
                if _is_free(box, [*marks, *crossed], panel) and all(_is_free(part, marks, panel) for part in leader):
                    marks += [box, *leader]
                    panel.canvas.text(box[0], (box[1] + box[3]) / 2, shown, size=size, colour=colour, zorder=6)
                    if line:
                        panel.canvas.line(line, colour=colour, width=0.5, zorder=5.5)
                    break
            else:
                left_out.append(dot)
        waiting = left_out
    return [clean(dot.label) for dot in waiting]


def _around(point: Point) -> Box:
    """Return a box of two points around a place."""
    return point[0] - 1, point[1] - 1, point[0] + 1, point[1] + 1


def _is_free(box: Box, taken: Sequence[Box], panel: Panel) -> bool:
    is_inside = panel.left + 1 <= box[0] and box[2] <= panel.right and panel.top <= box[1] and box[3] <= panel.bottom
    return is_inside and not any(_overlap(box, other) for other in taken)
