"""The marks of a forest plot: squares, intervals, diamonds, lines and the axis below them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise

from coppice.draw.canvas.axes import EDGE, Axis
from coppice.draw.canvas.canvas import ARROWS, LINE_SPACING, Canvas, Point, text_width, wrapped
from coppice.draw.canvas.style import Style, blend
from coppice.draw.forest.rows import SUMMARIES, Kind, Row

DIAMOND_HEIGHT = 0.62  # of a row
LESSER_DIAMOND = 0.82  # of that, for subtotals and the common-effect summary
THINNEST = 1.0  # points: a narrower diamond is outlined, so that it can be seen
BAR_HEIGHT = 3.4  # points: the prediction interval
END_HEIGHT, END_WIDTH = 7.0, 1.8  # points: of the ends of a range, and the thickness of its lines
DENSITY_BASE, DENSITY_HEIGHT = 0.42, 0.9  # of a row: the foot of a density below the middle, and its height
TAIL_SHARE = 0.35  # of the colour: the tails beyond the prediction interval
ARROW = 4.2  # points: the head of an arrow where an interval goes on beyond the axis
SUMMARY_ARROW = 6.4  # that of a summary or a prediction interval, which are thicker than the line of a study
ARROW_GAP = 1.2  # points between the head of an arrow and a diamond that is cut
TICK_LENGTH = 4.0
MINOR_LENGTH = 2.2
DASHES = (3.0, 2.2)
FAVOURS_WIDTH = 165.0  # points: a longer favours label is wrapped
FAVOURS_GAP = 7.0  # points between the null line and a favours label


def square_sides(weights: Sequence[float | None], style: Style) -> list[float]:
    """Return the sides of squares whose areas are as the weights; a study without weight gets the smallest."""
    largest = max((weight for weight in weights if weight is not None), default=0.0)
    return [
        max(style.square_min, style.square_max * math.sqrt(max(weight or 0.0, 0.0) / largest))
        if largest > 0
        else style.square_max * 0.6
        for weight in weights
    ]


@dataclass(frozen=True, slots=True)
class Marks:
    """Draws what stands for the rows, and the lines of no effect and of the pooled estimate."""

    canvas: Canvas
    axis: Axis

    def draw(self, rows: Sequence[Row], tops: Sequence[float]) -> None:
        """Draw the mark of every row; `tops` are the rows' upper edges."""
        style = self.canvas.style
        sides = iter(square_sides([_square_weight(row) for row in rows if row.kind is Kind.STUDY], style))
        numbers = {kind: count() for kind in Kind}
        for row, top in zip(rows, tops, strict=False):
            middle, number = top + style.row / 2, next(numbers[row.kind])
            if row.kind is Kind.STUDY:
                self._study(row, middle, next(sides), number)
            elif row.kind in SUMMARIES:
                self._diamond(row, middle, number)
            elif row.kind is Kind.PREDICTION:
                self._prediction(row, middle)
            elif row.kind is Kind.RANGE:
                self._range(row, middle, number)

    def draw_guides(self, rows: Sequence[Row], tops: Sequence[float], null: float | None, bottom: float) -> None:
        """Draw the line of no effect down to the axis, and that of the pooled estimate down to its diamond, or from there on.

        A line whose value lies outside the axis is not drawn.
        """
        style, axis, start = self.canvas.style, self.axis, tops[0]
        if null is not None and axis.holds(null):
            self.canvas.line([(axis(null), start), (axis(null), bottom)], width=0.8, zorder=1.5, name="null")
        last = {row.kind: (row, top) for row, top in zip(rows, tops, strict=False)}
        row, top = last.get(Kind.RANDOM) or last.get(Kind.COMMON) or (None, 0.0)
        if row and row.place[0] is not None and axis.holds(row.place[0]):
            x = axis.clipped(row.place[0])
            end = (
                bottom if top == start else top + style.row / 2
            )  # of a main estimate above those that it is compared with
            points = [(x, start), (x, end)]
            self.canvas.line(points, colour=style.summary, width=0.8, dashes=DASHES, zorder=1.6, name="pooled")

    def _study(self, row: Row, middle: float, side: float, number: int) -> None:
        style, axis = self.canvas.style, self.axis
        estimate, low, high = row.place
        name = None if row.number is None else f"row-{row.number}"  # by which the page finds the row of a study
        if estimate is None:
            self._marked(middle, name)
            return
        if low is None or high is None:
            low = high = estimate
        start, end = self._visible(low, high, ARROW * 0.6)
        if start < end:
            self.canvas.line([(start, middle), (end, middle)], colour=style.ink, width=1.0, zorder=3.3, name=name)
        else:
            self._marked(middle, name)
        self._arrows(low, high, middle, colour=style.ink, size=ARROW, zorder=3.3, name=f"study-{number}")
        if axis.holds(estimate):
            x, half = axis.clipped(estimate), side / 2
            edges = (x - half, middle - half, x + half, middle + half)
            self.canvas.rectangle(*edges, fill=style.study, zorder=3.2, name=f"square-{number}")

    def _marked(self, middle: float, name: str | None) -> None:
        """Mark the place of a row without an interval on the axis by a line that is not seen."""
        if name:
            self.canvas.line([(self.axis.start, middle), (self.axis.start, middle)], width=0.0, name=name)

    def _visible(self, low: float, high: float, room: float) -> tuple[float, float]:
        """Return where the part of an interval on the axis lies, with room for the arrow at an end that is cut."""
        cut_low, cut_high = self.axis.beyond(low, high)
        return self.axis.clipped(low) + room * cut_low, self.axis.clipped(high) - room * cut_high

    def _arrows(
        self, low: float, high: float, middle: float, *, colour: str, size: float, zorder: float, name: str
    ) -> None:
        """Draw the head of an arrow at each limit of the axis that an interval goes on beyond."""
        axis = self.axis
        for end, is_cut, tip, back in zip(
            ("low", "high"), axis.beyond(low, high), (axis.start, axis.end), (size, -size), strict=True
        ):
            if is_cut:
                shape = [(tip, middle), (tip + back, middle - size / 2), (tip + back, middle + size / 2)]
                self.canvas.polygon(shape, fill=colour, zorder=zorder, name=f"arrow-{end}-{name}")

    def _diamond(self, row: Row, middle: float, number: int) -> None:
        style, axis = self.canvas.style, self.axis
        estimate, low, high = row.place
        if estimate is None or low is None or high is None:
            return
        half = style.row * DIAMOND_HEIGHT / 2 * (1.0 if row.kind is Kind.RANDOM else LESSER_DIAMOND)
        fill = {Kind.RANDOM: style.summary, Kind.SUBTOTAL: style.study, Kind.COMMON: style.background}[row.kind]
        edge = style.common if row.kind is Kind.COMMON else None
        start, end = self._visible(low, high, SUMMARY_ARROW + ARROW_GAP)
        points = diamond((axis(low), axis(estimate), axis(high)), middle, half, (start, end))
        name = f"subtotal-{number}" if row.kind is Kind.SUBTOTAL else row.kind.value
        if points:
            outline = edge or (fill if end - start < THINNEST else None)
            self.canvas.polygon(points, fill=fill, edge=outline, width=1.1, zorder=3.4, name=f"diamond-{name}")
        self._arrows(low, high, middle, colour=edge or fill, size=SUMMARY_ARROW, zorder=3.4, name=name)

    def _prediction(self, row: Row, middle: float) -> None:
        _, low, high = row.place
        if low is None or high is None:
            return
        style = self.canvas.style
        if row.curve:
            self._density(row, low, high, middle)
        else:
            top, bottom = middle - BAR_HEIGHT / 2, middle + BAR_HEIGHT / 2
            left, right = self._visible(low, high, SUMMARY_ARROW * 0.6)
            if left < right:
                self.canvas.rectangle(left, top, right, bottom, fill=style.prediction, name="prediction")
        self._arrows(
            low, high, middle, colour=style.prediction, size=SUMMARY_ARROW, zorder=3.2, name=Kind.PREDICTION.value
        )

    def _range(self, row: Row, middle: float, number: int) -> None:
        """Draw a bar with ends, unlike an interval, around no estimate."""
        _, low, high = row.place
        if low is None or high is None:
            return
        style, axis = self.canvas.style, self.axis
        left, right = axis.clipped(low), axis.clipped(high)
        top, bottom = middle - END_HEIGHT / 2, middle + END_HEIGHT / 2
        shape = [(left, top), (left, bottom), (left, middle), (right, middle), (right, top), (right, bottom)]
        self.canvas.line(shape, colour=style.study, width=END_WIDTH, zorder=3.2, name=f"range-{number}")

    def _density(self, row: Row, low: float, high: float, middle: float) -> None:
        """Draw the density of the prediction, its interval darker than its tails."""
        style, axis = self.canvas.style, self.axis
        base, height = middle + style.row * DENSITY_BASE, style.row * DENSITY_HEIGHT
        room = (SUMMARY_ARROW + ARROW_GAP) / (axis.end - axis.start) * (axis.high - axis.low)
        cut_low, cut_high = axis.beyond(low, high)
        start, end = axis.low + room * cut_low, axis.high - room * cut_high
        curve = [*row.curve, *_met(row.curve, [start] * cut_low + [end] * cut_high)]
        tails, inner = (start, end), (max(low, start), min(high, end))
        for name, limits, share in (("prediction-tails", tails, TAIL_SHARE), ("prediction", inner, 1.0)):
            slack = EDGE * (axis.high - axis.low)
            inside = sorted((x, y) for x, y in curve if limits[0] - slack <= x <= limits[1] + slack)
            if len(inside) > 1:
                shape = [(axis(x), base - height * y) for x, y in inside]
                shape = [(shape[0][0], base), *shape, (shape[-1][0], base)]
                fill = blend(style.prediction, style.background, share)
                self.canvas.polygon(shape, fill=fill, zorder=3.0 + share / 10, name=name)


def diamond(
    places: tuple[float, float, float], middle: float, half: float, visible: tuple[float, float]
) -> list[Point]:
    """Return the corners of a diamond of half-height `half`, or of its part between the two `visible` places.

    `places` are its left tip, its middle and its right tip; the result is empty where no part is visible.
    """
    left, centre, right = places
    start, end = max(left, visible[0]), min(right, visible[1])
    if start > end or (start == end and left < right):
        return []

    def reach(x: float) -> float:
        if x == centre:
            return half
        return half * ((x - left) / (centre - left) if x < centre else (right - x) / (right - centre))

    corners = [(x, reach(x)) for x in (start, *((centre,) if start < centre < end else ()), end)]
    above = [(x, middle - height) for x, height in corners]
    return above + [(x, middle + height) for x, height in reversed(corners) if height > 0]


def _met(curve: Sequence[Point], places: Sequence[float]) -> list[Point]:
    """Return the points in which a curve meets some places, between two of its own points."""
    return [
        (place, before[1] + (place - before[0]) / (after[0] - before[0]) * (after[1] - before[1]))
        for before, after in pairwise(curve)
        for place in places
        if before[0] < place < after[0]
    ]


def _square_weight(row: Row) -> float | None:
    weights = row.weights or {}
    return weights.get("random", weights.get("common"))


def draw_axis(canvas: Canvas, axis: Axis, y: float) -> None:
    """Draw the axis with its ticks and their labels."""
    style = canvas.style
    canvas.line([(axis.start, y), (axis.end, y)], width=0.8)
    for value in axis.minor:
        canvas.line([(axis(value), y), (axis(value), y + MINOR_LENGTH)], colour=style.muted, width=0.5)
    for tick in axis.ticks:
        x = axis(tick.value)
        canvas.line([(x, y), (x, y + TICK_LENGTH)], width=0.8)
        canvas.text(
            x, y + TICK_LENGTH + style.small * 0.85, style.pointed(tick.label), align="center", size=style.small
        )


def favours_lines(favours: Sequence[str], style: Style) -> tuple[list[str], list[str]]:
    """Return the lines of the two labels below the axis, with arrows that point away from the null."""
    if len(favours) != 2:
        return [], []
    left = wrapped(f"{ARROWS[0]} {favours[0]}", FAVOURS_WIDTH, style, size=style.small)
    right = wrapped(f"{favours[1]} {ARROWS[1]}", FAVOURS_WIDTH, style, size=style.small)
    return left, right


def favours_end(lines: tuple[list[str], list[str]], x: float, style: Style) -> float:
    """Return how far the labels reach to the right of a null at `x`."""
    return x + FAVOURS_GAP + max((text_width(line, style, size=style.small) for line in lines[1]), default=0.0)


def draw_favours(canvas: Canvas, lines: tuple[list[str], list[str]], x: float, y: float) -> None:
    """Draw the labels on both sides of the null."""
    style = canvas.style
    canvas.lines(x - FAVOURS_GAP, y, lines[0], size=style.small, align="right", colour=style.ink)
    canvas.lines(x + FAVOURS_GAP, y, lines[1], size=style.small, align="left", colour=style.ink)


def axis_height(lines: tuple[list[str], list[str]], style: Style) -> float:
    """Return the height of the axis with its labels."""
    favours = max(len(side) for side in lines) * style.small * LINE_SPACING
    return TICK_LENGTH + style.small * 1.7 + favours + (style.small * 0.4 if favours else 0.0)
