"""Labels beside points that avoid one another, the points and the edges of the panel.

A label stands beside its point, or, where there is no room, further away at the end of a thin line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from coppice.draw.canvas.canvas import Point, clean, text_width
from coppice.draw.canvas.panel import Dot, Panel

GAP = 2.5  # points between a dot and its label
SHIFTS = tuple(-0.5 + sign * step / 10 for step in range(6) for sign in (1, -1))  # label widths: above or below a dot
REACHES = (10.0, 18.0, 28.0, 40.0, 54.0)  # points between the edge of a dot and a label at the end of a line
DIRECTIONS = 16  # in which such a line may point, all at the same angle
STEEP = 0.38  # cosine: steeper lines end at the middle of a label, the others at its side
SPACING = 4.0  # points between the places where a line is looked at
HEIGHT = 1.15  # fraction of the font size
Box = tuple[float, float, float, float]
Line = Sequence[Point]
Offer = tuple[str, Box, Line]  # a text, where it may be written, and the line that leads there


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


def _offers(dot: Dot, panel: Panel, *, is_distant: bool) -> Iterator[Offer]:
    """Yield what may be written and where: the label, and then the label without what stands in brackets."""
    text, size = clean(dot.label), panel.style.small
    for name in dict.fromkeys((text, text.partition(" (")[0])):
        width, height = text_width(name, panel.style, size=size), size * HEIGHT
        places = _distant(dot, width, height) if is_distant else ((box, ()) for box in _candidates(dot, width, height))
        yield from ((name, box, line) for box, line in places)


def _dense(line: Sequence[Point]) -> list[Point]:
    """Return points on a line that are at most `SPACING` apart."""
    points: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise(line):
        steps = int(math.hypot(x1 - x0, y1 - y0) / SPACING) + 1
        points += [(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps) for i in range(steps + 1)]
    return points


def draw_labels(
    panel: Panel, dots: Sequence[Dot], *, lines: Sequence[Line] = (), colour: str | None = None
) -> list[str]:
    """Label dots where there is room, and return the labels for which there was none.

    The dots with the most urgent labels come first; no label crosses one of the `lines` on the canvas.
    """
    marks: list[Box] = [(d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius) for d in dots]
    crossed = [_around(point) for line in lines for point in _dense(line)]
    waiting = [dot for dot in dots if clean(dot.label)]
    for is_distant in (False, True):  # first all those that have room beside their dot
        left_out = []
        for dot in waiting:
            offers = _offers(dot, panel, is_distant=is_distant)
            offer = next((offer for offer in offers if _fits(offer, marks, crossed, panel)), None)
            if offer:
                marks += _written(panel, *offer, colour or panel.style.muted)
            else:
                left_out.append(dot)
        waiting = left_out
    return [clean(dot.label) for dot in waiting]


def _fits(offer: Offer, marks: Sequence[Box], crossed: Sequence[Box], panel: Panel) -> bool:
    """Return whether a label is free of marks and lines, and the line that leads to it of marks."""
    _, box, line = offer
    return _is_free(box, [*marks, *crossed], panel) and all(_is_free(part, marks, panel) for part in _leader(line))


def _written(panel: Panel, text: str, box: Box, line: Line, colour: str) -> list[Box]:
    """Write a label with the line that leads to it, and return the boxes that both take."""
    panel.canvas.text(box[0], (box[1] + box[3]) / 2, text, size=panel.style.small, colour=colour, zorder=6)
    if line:
        panel.canvas.line(line, colour=colour, width=0.5, zorder=5.5)
    return [box, *_leader(line)]


def _leader(line: Line) -> list[Box]:
    return [_around(point) for point in _dense(line)[1:]]


def _around(point: Point) -> Box:
    """Return a box of two points around a place."""
    return point[0] - 1, point[1] - 1, point[0] + 1, point[1] + 1


def _is_free(box: Box, taken: Sequence[Box], panel: Panel) -> bool:
    is_inside = panel.left + 1 <= box[0] and box[2] <= panel.right and panel.top <= box[1] and box[3] <= panel.bottom
    return is_inside and not any(_overlap(box, other) for other in taken)
