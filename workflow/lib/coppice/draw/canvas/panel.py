"""A plot with two axes on a canvas: the frame that every figure but the forest plot shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.draw.canvas.axes import Axis, Tick, ticks
from coppice.draw.canvas.canvas import (
    ARROWS,
    LINE_SPACING,
    TITLE_LINE,
    Canvas,
    Drawing,
    Point,
    clean,
    text_width,
    wrapped,
)
from coppice.draw.canvas.legend import ASIDE_GAP, Aside, Legend, measured
from coppice.draw.canvas.style import Style
from coppice.draw.canvas.text import title_lines, widest

TICK_LENGTH = 4.0
MINOR_LENGTH = 2.2
LABEL_GAP = 3.0  # points between a tick and its label
NAME_GAP = 8.0  # points between tick labels and the name of the axis
LANE_WIDTH = 110.0  # points: a longer name of a lane is wrapped
SUBTITLE_SPACE = 2.2  # fraction of the font size
DOT = 6.5  # points: diameter of the dot of a study


@dataclass(frozen=True, slots=True)
class Scale:
    """What an axis of a panel shows."""

    name: str
    low: float  # at the left or at the bottom, so a reversed axis has low > high
    high: float
    is_log: bool = False  # whether the printed values are exponentials
    directions: Sequence[str] = ()  # what the two ends of an x axis mean, printed on both sides of its name
    lanes: Sequence[str] = ()  # names of equal lanes of a y axis from the bottom up, in place of its ticks

    def ticks(
        self, length: float, width: Callable[[str], float], gap: float = 8.0
    ) -> tuple[tuple[Tick, ...], tuple[float, ...]]:
        """Return labelled and minor ticks of an axis of some length; arguments as for `axes.ticks`."""
        low, high = sorted((self.low, self.high))
        return ticks(low, high, length, is_log=self.is_log, width=width, gap=gap)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a panel: the title of the analysis, the kind of figure, and what it is of (`5 studies`)."""

    title: str | None
    kind: str
    of: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point on the canvas that wants a label."""

    x: float
    y: float
    radius: float
    label: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A canvas with one plotting area, whose edges are the ends of its axes."""

    canvas: Canvas
    x: Axis
    y: Axis
    heading: Heading

    @property
    def style(self) -> Style:
        """Fonts, colours and sizes."""
        return self.canvas.style

    @property
    def left(self) -> float:
        """Left edge of the plotting area."""
        return self.x.start

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x.end

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.y.end

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y.start

    def at(self, x: float, y: float) -> Point:
        """Return the place of a point on the canvas."""
        return self.x(x), self.y(y)

    def clip(self, points: Sequence[Point]) -> list[Point]:
        """Return places on the canvas, those outside moved to the nearest edge."""
        low, high = sorted((self.y.low, self.y.high))
        return [(self.x.clipped(x), self.y(min(max(y, low), high))) for x, y in points]

    def path(self, points: Sequence[Point], **options: Any) -> list[Point]:
        """Draw a line through points of the plot, and return their places on the canvas; options as for `Canvas.line`."""
        places = [self.at(x, y) for x, y in points]
        self.canvas.line(places, **options)
        return places

    def point(self, index: int, place: Point, label: str = "", *, diameter: float = DOT, **options: Any) -> Dot:
        """Draw the dot of a study at a place on the canvas, and return it with the label that it wants."""
        look: dict[str, Any] = {"fill": self.style.study, "edge": self.style.ink, "width": 0.7} | options
        self.canvas.circle(*place, diameter, name=f"point-{index}", **look)
        return Dot(*place, diameter / 2, label)

    def finished(self, title: str | None = None, description: str | None = None) -> Drawing:
        """Return the figure; its title and description are made from the heading by default."""
        heading = self.heading
        title = heading.title or title or heading.kind
        return self.canvas.finished(title, description or f"{heading.kind} of {heading.of}.")


@dataclass(frozen=True, slots=True)
class _Layout:
    """The texts of a panel, broken into lines, and where its parts lie."""

    title: list[str]
    x_names: list[str]
    y_names: list[str]
    ends: tuple[list[str], list[str]]
    lanes: list[list[str]]
    legend: Legend | None
    x: Axis
    y: Axis
    width: float
    height: float


def draw_panel(
    style: Style,
    x: Scale,
    y: Scale,
    heading: Heading,
    *,
    aside: Aside | None = None,
    width: float = 330.0,
    height: float = 270.0,
) -> Panel:
    """Draw the axes of a plot, its heading and what stands beside it.

    The plotting area has a `width` and a `height` in points.
    """
    layout = _layout(style, x, y, heading, aside, width=width, height=height)
    panel = Panel(Canvas(layout.width, layout.height, style), layout.x, layout.y, heading)
    panel.canvas.headed(layout.title, f"{heading.kind}, {heading.of}")
    _draw_axes(panel, layout)
    _draw_lanes(panel, layout.lanes)
    if layout.legend:
        layout.legend.draw(panel.canvas, panel.right, panel.top)
    return panel


def _layout(
    style: Style, x: Scale, y: Scale, heading: Heading, aside: Aside | None, *, width: float, height: float
) -> _Layout:
    small, step = style.small, style.size * LINE_SPACING
    y_ticks = ((), ()) if y.lanes else y.ticks(height, lambda label: small * 1.2, gap=small)
    lanes = [wrapped(lane, LANE_WIDTH, style) for lane in y.lanes]
    beside = widest((tick.label for tick in y_ticks[0]), style, size=small)
    beside = max(beside, widest((line for lane in lanes for line in lane), style))
    x_names, y_names = wrapped(x.name, width, style), wrapped(y.name, height, style)
    beside_ticks = small * 1.3 + NAME_GAP + (len(y_names) - 1) * step if y_names else 0.0
    left = style.margin + beside_ticks + beside + LABEL_GAP + TICK_LENGTH
    right = left + width
    outer = right + aside.room + (ASIDE_GAP + aside.width) if aside else right
    title = title_lines(heading.title, outer - style.margin, style)
    heading_height = len(title) * style.large * TITLE_LINE + style.size * SUBTITLE_SPACE
    top = style.margin + heading_height + (4.0 if title else 0.0)
    bottom = top + height
    legend = measured(aside, style) if aside else None
    ends = _directions(x, width, style)
    more = max(max(len(lines) - 1, 0) for lines in (x_names, *ends)) * step
    below = bottom + TICK_LENGTH + LABEL_GAP + small * 1.2 + NAME_GAP + small + more
    return _Layout(
        title=title,
        x_names=x_names,
        y_names=y_names,
        ends=ends,
        lanes=lanes,
        legend=legend,
        x=Axis(x.low, x.high, left, right, *x.ticks(width, lambda label: text_width(label, style, size=small))),
        y=Axis(y.low, y.high, bottom, top, *y_ticks),
        width=outer + style.margin,
        height=max(below, top + legend.height if legend else 0.0) + style.margin,
    )


def _directions(x: Scale, width: float, style: Style) -> tuple[list[str], list[str]]:
    """Return the lines of what both ends of an axis mean, with arrows, in the room that its name leaves."""
    if len(x.directions) != 2:
        return [], []
    room = (width - text_width(x.name, style)) / 2 - style.gutter
    left, right = f"{ARROWS[0]} {clean(x.directions[0])}", f"{clean(x.directions[1])} {ARROWS[1]}"
    return wrapped(left, room, style, size=style.small), wrapped(right, room, style, size=style.small)


def draw_x_ticks(canvas: Canvas, axis: Axis, bottom: float) -> None:
    """Draw the ticks of an axis below a plot, with their labels."""
    for tick in axis.ticks:
        x, y = axis(tick.value), bottom + TICK_LENGTH
        canvas.line([(x, bottom), (x, y)], width=0.8)
        canvas.text(x, y + LABEL_GAP + canvas.style.small * 0.6, tick.label, align="center", size=canvas.style.small)


def draw_y_ticks(canvas: Canvas, axis: Axis, left: float) -> None:
    """Draw the ticks of an axis at the left of a plot, with their labels."""
    for tick in axis.ticks:
        x, y = left - TICK_LENGTH, axis(tick.value)
        canvas.line([(x, y), (left, y)], width=0.8)
        canvas.text(x - LABEL_GAP, y, tick.label, align="right", size=canvas.style.small)


def _draw_axes(panel: Panel, layout: _Layout) -> None:
    canvas, style, small = panel.canvas, panel.style, panel.style.small
    left, right, top, bottom = panel.left, panel.right, panel.top, panel.bottom
    canvas.line([(left, top), (left, bottom), (right, bottom)], width=0.8, zorder=4.5)
    for value in panel.x.minor:
        place = panel.x(value)
        canvas.line([(place, bottom), (place, bottom + MINOR_LENGTH)], colour=style.muted, width=0.5)
    draw_x_ticks(canvas, panel.x, bottom)
    draw_y_ticks(canvas, panel.y, left)
    name_y = bottom + TICK_LENGTH + LABEL_GAP + small * 1.4 + NAME_GAP
    canvas.lines((left + right) / 2, name_y, layout.x_names, align="center")
    for index, line in enumerate(layout.y_names):
        place = style.margin + small * 0.6 + index * style.size * LINE_SPACING
        canvas.text(place, (top + bottom) / 2, line, align="center", rotation=90)
    canvas.lines(left, name_y, layout.ends[0], size=small)
    canvas.lines(right, name_y, layout.ends[1], size=small, align="right")


def _draw_lanes(panel: Panel, lanes: Sequence[Sequence[str]]) -> None:
    axis, step = panel.y, panel.style.size * LINE_SPACING
    for index, name in enumerate(lanes):
        middle = axis(axis.low + (index + 0.5) * (axis.high - axis.low) / len(lanes))
        first = middle - (len(name) - 1) * step / 2
        panel.canvas.lines(panel.left - TICK_LENGTH - LABEL_GAP, first, name, align="right")
