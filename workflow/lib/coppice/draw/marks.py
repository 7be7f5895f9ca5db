"""The marks of a forest plot: squares, intervals, diamonds, lines and the axis below them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from coppice.draw.axes import EDGE, Axis
from coppice.draw.layout import ARROWS, LINE_SPACING, Canvas, text_width, wrapped
from coppice.draw.rows import SUMMARIES, Kind, Row
from coppice.draw.style import Style, blend

DIAMOND_HEIGHT = 0.62  # of a row
LESSER_DIAMOND = 0.82  # of that, for subtotals and the common-effect summary
BAR_HEIGHT = 3.4  # points: the prediction interval
DENSITY_BASE, DENSITY_HEIGHT = 0.42, 0.9  # of a row: the foot of a density below the middle, and its height
TAIL_SHARE = 0.35  # of the colour: the tails beyond the prediction interval
ARROW = 4.2  # points: the head of an arrow at a clipped interval
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
    """Draws what stands for the rows, and the lines of no effect and of the pooled estimate.

    Attributes
    ----------
    canvas : Canvas
        Where to draw.
    axis : Axis
        The effect axis, placed.
    """

    canvas: Canvas
    axis: Axis

    def draw(self, rows: Sequence[Row], tops: Sequence[float]) -> None:
        """Draw the mark of every row; `tops` are the rows' upper edges."""
        style = self.canvas.style
        sides = iter(square_sides([_square_weight(row) for row in rows if row.kind is Kind.STUDY], style))
        studies = count()
        for row, top in zip(rows, tops, strict=False):
            middle = top + style.row / 2
            if row.kind is Kind.STUDY:
                self._study(row, middle, next(sides), next(studies))
            elif row.kind in SUMMARIES:
                self._diamond(row, middle)
            elif row.kind is Kind.PREDICTION:
                self._prediction(row, middle)

    def draw_guides(self, rows: Sequence[Row], tops: Sequence[float], null: float | None, bottom: float) -> None:
        """Draw the line of no effect down to the axis, and that of the pooled estimate down to its diamond."""
        style, axis, start = self.canvas.style, self.axis, tops[0]
        if null is not None and axis.low <= null <= axis.high:
            self.canvas.line([(axis(null), start), (axis(null), bottom)], width=0.8, zorder=1.5, name="null")
        found = {row.kind: (row, top) for row, top in zip(rows, tops, strict=False)}
        row, top = found.get(Kind.RANDOM) or found.get(Kind.COMMON) or (None, 0.0)
        if row and row.place[0] is not None:
            x = axis.clipped(row.place[0])
            points = [(x, start), (x, top + style.row / 2)]
            self.canvas.line(points, colour=style.summary, width=0.8, dashes=DASHES, zorder=1.6, name="pooled")

    def _study(self, row: Row, middle: float, side: float, index: int) -> None:
        style, axis = self.canvas.style, self.axis
        estimate, low, high = row.place
        if estimate is None:
            return
        if low is not None and high is not None:
            self._interval(low, high, middle)
        if axis.low <= estimate <= axis.high:
            x, half = axis(estimate), side / 2
            edges = (x - half, middle - half, x + half, middle + half)
            self.canvas.rectangle(*edges, fill=style.study, zorder=3.2, name=f"square-{index}")

    def _interval(self, low: float, high: float, middle: float) -> None:
        """Draw a line between the limits, with an arrow where the axis ends before the interval does."""
        axis, colour = self.axis, self.canvas.style.ink
        start, end = axis.clipped(low), axis.clipped(high)
        cut_low, cut_high = low < axis.low, high > axis.high
        if low <= axis.high and high >= axis.low:
            line = [(start + ARROW * 0.6 * cut_low, middle), (end - ARROW * 0.6 * cut_high, middle)]
            self.canvas.line(line, colour=colour, width=1.0, zorder=3.3)
        for is_cut, tip, direction in ((cut_low, start, 1.0), (cut_high, end, -1.0)):
            if is_cut:
                back = tip + direction * ARROW
                shape = [(tip, middle), (back, middle - ARROW / 2), (back, middle + ARROW / 2)]
                self.canvas.polygon(shape, fill=colour, zorder=3.3)

    def _diamond(self, row: Row, middle: float) -> None:
        style, axis = self.canvas.style, self.axis
        estimate, low, high = row.place
        if estimate is None or low is None or high is None:
            return
        half = style.row * DIAMOND_HEIGHT / 2 * (1.0 if row.kind is Kind.RANDOM else LESSER_DIAMOND)
        centre = axis.clipped(estimate)
        points = [(axis.clipped(low), middle), (centre, middle - half), (axis.clipped(high), middle)]
        points.append((centre, middle + half))
        fill = {Kind.RANDOM: style.summary, Kind.SUBTOTAL: style.study, Kind.COMMON: style.background}[row.kind]
        edge = style.common if row.kind is Kind.COMMON else None
        self.canvas.polygon(points, fill=fill, edge=edge, width=1.1, zorder=3.4, name=f"diamond-{row.kind.value}")

    def _prediction(self, row: Row, middle: float) -> None:
        _, low, high = row.place
        if low is None or high is None:
            return
        if row.curve:
            self._density(row, low, high, middle)
            return
        top, bottom = middle - BAR_HEIGHT / 2, middle + BAR_HEIGHT / 2
        left, right = self.axis.clipped(low), self.axis.clipped(high)
        self.canvas.rectangle(left, top, right, bottom, fill=self.canvas.style.prediction, name="prediction")

    def _density(self, row: Row, low: float, high: float, middle: float) -> None:
        """Draw the density of the prediction, its interval darker than its tails."""
        style, axis = self.canvas.style, self.axis
        base, height = middle + style.row * DENSITY_BASE, style.row * DENSITY_HEIGHT
        for limits, share in (((axis.low, axis.high), TAIL_SHARE), ((max(low, axis.low), min(high, axis.high)), 1.0)):
            slack = EDGE * (axis.high - axis.low)
            inside = [(x, y) for x, y in row.curve if limits[0] - slack <= x <= limits[1] + slack]
            if len(inside) > 1:
                shape = [(axis(x), base - height * y) for x, y in inside]
                shape = [(shape[0][0], base), *shape, (shape[-1][0], base)]
                fill = blend(style.prediction, style.background, share)
                self.canvas.polygon(shape, fill=fill, zorder=3.0 + share / 10, name="prediction")


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


def favours_extent(lines: tuple[list[str], list[str]], x: float, style: Style) -> tuple[float, float]:
    """Return how far the labels reach to the left and to the right of a null at `x`."""
    widths = [max((text_width(line, style, size=style.small) for line in side), default=0.0) for side in lines]
    return x - FAVOURS_GAP - widths[0], x + FAVOURS_GAP + widths[1]


def draw_favours(canvas: Canvas, lines: tuple[list[str], list[str]], x: float, y: float) -> None:
    """Draw the labels on both sides of the null."""
    style = canvas.style
    canvas.lines(x - FAVOURS_GAP, y, lines[0], size=style.small, align="right", colour=style.ink)
    canvas.lines(x + FAVOURS_GAP, y, lines[1], size=style.small, align="left", colour=style.ink)


def axis_height(lines: tuple[list[str], list[str]], style: Style) -> float:
    """Return the height of the axis with its labels."""
    favours = max(len(side) for side in lines) * style.small * LINE_SPACING
    return TICK_LENGTH + style.small * 1.7 + favours + (style.small * 0.4 if favours else 0.0)
