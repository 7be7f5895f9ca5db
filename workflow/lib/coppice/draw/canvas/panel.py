"""A plot with two axes on a canvas: the frame that every figure but the forest plot shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from coppice.draw.canvas.axes import Axis, ticks
from coppice.draw.canvas.canvas import ARROWS, LINE_SPACING, Canvas, Point, clean, text_width, wrapped
from coppice.draw.canvas.style import Style

TICK_LENGTH = 4.0
MINOR_LENGTH = 2.2
LABEL_GAP = 3.0  # points between a tick and its label
TITLE_GAP = 8.0  # points between tick labels and the name of the axis
ASIDE_GAP = 16.0  # points between the panel and what stands beside it
LANE_WIDTH = 110.0  # points: a longer name of a lane is wrapped
TITLE_LINE = 1.3
SUBTITLE_SPACE = 2.2


@dataclass(frozen=True, slots=True)
class Scale:
    """What an axis of a panel shows.

    Attributes
    ----------
    name : str
        What stands beside the axis.
    low, high : float
        Limits on the model's scale; low is at the left or at the bottom, so a reversed axis has low > high.
    is_log : bool
        Whether the printed values are exponentials.
    """

    name: str
    low: float
    high: float
    is_log: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend: what it means and how its mark is drawn at a place."""

    label: str
    mark: Callable[[Canvas, float, float], None]


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands at the right of a panel: a legend and notes."""

    keys: Sequence[Key] = ()
    notes: Sequence[str] = field(default=())
    width: float = 150.0


class Panel:
    """A canvas with one plotting area.

    Parameters
    ----------
    style : Style
        Fonts, colours and sizes.
    x, y : Scale
        The axes.
    width, height : float
        Size of the plotting area in points.
    title, subtitle : str
        Printed above.
    aside : Aside or None
        Printed at the right, never over the data.
    notes : sequence of str
        Printed below, wrapped.
    beside : float
        Space in points between the plotting area and what stands at its right, such as a second axis.
    lanes : sequence of str
        Names of equal lanes from the bottom up, in place of the ticks of the y axis.
    directions : sequence of str
        What the two ends of the x axis mean, printed on both sides of its name; empty for nothing.
    """

    def __init__(
        self,
        style: Style,
        x: Scale,
        y: Scale,
        *,
        width: float = 330.0,
        height: float = 270.0,
        title: str = "",
        subtitle: str = "",
        aside: Aside | None = None,
        notes: Sequence[str] = (),
        beside: float = 0.0,
        lanes: Sequence[str] = (),
        directions: Sequence[str] = (),
    ) -> None:
        self.style = style
        size = style.small
        y_ticks = Axis(y.low, y.high, 0.0, 1.0) if lanes else _ticks(y, height, lambda label: size * 1.2, gap=size)
        names = [wrapped(lane, LANE_WIDTH, style) for lane in lanes]
        widest = max(
            [text_width(tick.label, style, size=size) for tick in y_ticks.ticks]
            + [text_width(line, style) for name in names for line in name],
            default=0.0,
        )
        x_names, y_names = wrapped(x.name, width, style), wrapped(y.name, height, style)
        step = style.size * LINE_SPACING
        beside_ticks = size * 1.3 + TITLE_GAP + (len(y_names) - 1) * step if y_names else 0.0
        left = style.margin + beside_ticks + widest + LABEL_GAP + TICK_LENGTH
        right = left + width
        outer = right + beside + (ASIDE_GAP + aside.width if aside else 0.0)
        heading = wrapped(title, outer - style.margin, style, size=style.large, weight="bold")
        heading_height = len(heading) * style.large * TITLE_LINE + style.size * SUBTITLE_SPACE * bool(subtitle)
        top = style.margin + heading_height + (4.0 if heading else 0.0)
        bottom = top + height
        aside_lines = [wrapped(note, aside.width, style, size=size) for note in aside.notes] if aside else []
        aside_end = top + _aside_height(aside, aside_lines, style)
        ends = _directions(directions, x.name, width, style)
        more = max(max(len(lines) - 1, 0) for lines in (x_names, *ends)) * step
        below = max(bottom + TICK_LENGTH + LABEL_GAP + size * 1.2 + TITLE_GAP + size + more, aside_end)
        lines = [wrapped(note, outer - style.margin, style, size=size) for note in notes]
        total = below + sum(len(line) * size * LINE_SPACING for line in lines) + (6.0 if lines else 0.0) + style.margin
        self.canvas = Canvas(outer + style.margin, total, style)
        self.x = _ticks(x, width, lambda label: text_width(label, style, size=size), start=left, end=right)
        self.y = Axis(y.low, y.high, bottom, top, y_ticks.ticks, y_ticks.minor)
        self.left, self.right, self.top, self.bottom = left, right, top, bottom
        self._draw_heading(heading, subtitle)
        self._draw_axes(x_names, y_names)
        self.canvas.lines(left, self.name_y, ends[0], size=size)
        self.canvas.lines(right, self.name_y, ends[1], size=size, align="right")
        for index, name in enumerate(names):
            middle = self.y(y.low + (index + 0.5) * (y.high - y.low) / len(names))
            first = middle - (len(name) - 1) * style.size * LINE_SPACING / 2
            self.canvas.lines(left - TICK_LENGTH - LABEL_GAP, first, name, align="right")
        if aside:
            self._draw_aside(aside, aside_lines, right + beside + ASIDE_GAP)
        place = below + 6.0 + size * 0.6
        for line in lines:
            place = self.canvas.lines(style.margin, place, line, size=size, colour=style.muted)

    def at(self, x: float, y: float) -> Point:
        """Return the place of a point on the canvas."""
        return self.x(x), self.y(y)

    def clip(self, points: Sequence[Point]) -> list[Point]:
        """Return places on the canvas, those outside moved to the nearest edge."""
        return [(self.x.clipped(x), _clipped(self.y, y)) for x, y in points]

    def _draw_heading(self, heading: Sequence[str], subtitle: str) -> None:
        style, y = self.style, self.style.margin + self.style.large * 0.5
        for line in heading:
            self.canvas.text(style.margin, y, line, size=style.large, weight="bold")
            y += style.large * TITLE_LINE
        self.canvas.text(style.margin, y - style.large * 0.65 + style.size * 0.9, subtitle, colour=style.muted)

    def _draw_axes(self, x_names: Sequence[str], y_names: Sequence[str]) -> None:
        canvas, style = self.canvas, self.style
        size = style.small
        canvas.line([(self.left, self.top), (self.left, self.bottom), (self.right, self.bottom)], width=0.8, zorder=4.5)
        for value in self.x.minor:
            canvas.line(
                [(self.x(value), self.bottom), (self.x(value), self.bottom + MINOR_LENGTH)],
                colour=style.muted,
                width=0.5,
            )
        for tick in self.x.ticks:
            place = self.x(tick.value)
            canvas.line([(place, self.bottom), (place, self.bottom + TICK_LENGTH)], width=0.8)
            y = self.bottom + TICK_LENGTH + LABEL_GAP + size * 0.6
            canvas.text(place, y, tick.label, align="center", size=size)
        for tick in self.y.ticks:
            place = self.y(tick.value)
            canvas.line([(self.left - TICK_LENGTH, place), (self.left, place)], width=0.8)
            canvas.text(self.left - TICK_LENGTH - LABEL_GAP, place, tick.label, align="right", size=size)
        canvas.lines((self.left + self.right) / 2, self.name_y, x_names, align="center")
        middle = (self.top + self.bottom) / 2
        for index, line in enumerate(y_names):
            place = style.margin + size * 0.6 + index * style.size * LINE_SPACING
            canvas.text(place, middle, line, align="center", rotation=90)

    @property
    def name_y(self) -> float:
        """Height of the name of the x axis."""
        return self.bottom + TICK_LENGTH + LABEL_GAP + self.style.small * 1.4 + TITLE_GAP

    def _draw_aside(self, aside: Aside, lines: Sequence[Sequence[str]], x: float) -> None:
        style = self.style
        y = self.top + style.size * 0.6
        for key in aside.keys:
            key.mark(self.canvas, x, y)
            label = wrapped(key.label, aside.width - 18.0, style, size=style.small)
            y = self.canvas.lines(x + 18.0, y, label, size=style.small) + 4.0
        y += 6.0 if aside.keys else 0.0
        for line in lines:
            y = self.canvas.lines(x, y, line, size=style.small, colour=style.muted) + 4.0


def _aside_height(aside: Aside | None, lines: Sequence[Sequence[str]], style: Style) -> float:
    if aside is None:
        return 0.0
    step = style.small * LINE_SPACING
    keys = sum(len(wrapped(key.label, aside.width - 18.0, style, size=style.small)) * step + 4.0 for key in aside.keys)
    return keys + sum(len(line) * step + 4.0 for line in lines) + 10.0


def _directions(directions: Sequence[str], name: str, width: float, style: Style) -> tuple[list[str], list[str]]:
    """Return the lines of what both ends of an axis mean, with arrows, in the room that its name leaves."""
    if len(directions) != 2:
        return [], []
    room = (width - text_width(name, style)) / 2 - style.gutter
    left, right = f"{ARROWS[0]} {clean(directions[0])}", f"{clean(directions[1])} {ARROWS[1]}"
    return wrapped(left, room, style, size=style.small), wrapped(right, room, style, size=style.small)


def _clipped(axis: Axis, value: float) -> float:
    low, high = sorted((axis.low, axis.high))
    return axis(min(max(value, low), high))


def _ticks(
    scale: Scale,
    length: float,
    width: Callable[[str], float],
    *,
    start: float = 0.0,
    end: float = 1.0,
    gap: float = 8.0,
) -> Axis:
    low, high = sorted((scale.low, scale.high))
    major, minor = ticks(low, high, length, is_log=scale.is_log, width=width, gap=gap)
    return Axis(scale.low, scale.high, start, end, major, minor)


def swatch(fill: str, edge: str | None = None) -> Callable[[Canvas, float, float], None]:
    """Return a legend mark: a small filled box."""

    def mark(canvas: Canvas, x: float, y: float) -> None:
        canvas.rectangle(x, y - 4.0, x + 12.0, y + 4.0, fill=fill, edge=edge or canvas.style.faint, width=0.6)

    return mark


def stroke(
    colour: str, dashes: Sequence[float] | None = None, width: float = 1.0
) -> Callable[[Canvas, float, float], None]:
    """Return a legend mark: a short line."""

    def mark(canvas: Canvas, x: float, y: float) -> None:
        canvas.line([(x, y), (x + 12.0, y)], colour=colour, dashes=dashes, width=width)

    return mark


def dot(fill: str | None, edge: str, diameter: float = 6.0) -> Callable[[Canvas, float, float], None]:
    """Return a legend mark: a dot."""

    def mark(canvas: Canvas, x: float, y: float) -> None:
        canvas.circle(x + 6.0, y, diameter, fill=fill, edge=edge)

    return mark
