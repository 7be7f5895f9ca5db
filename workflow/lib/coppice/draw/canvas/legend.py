"""What stands beside a plot: a legend, and notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, wrapped
from coppice.draw.canvas.style import Style

ASIDE_GAP = 16.0  # points between the panel and what stands beside it
KEY_INDENT = 18.0  # points from a mark to its label
PARAGRAPH_GAP = 4.0  # points between entries of the legend, and between notes

Mark = Callable[[Canvas, float, float], object]


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend: what it means and how its mark is drawn at a place."""

    label: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands at the right of a panel: a legend and notes, after some `room` for a second axis; lengths in points."""

    keys: Sequence[Key] = ()
    notes: Sequence[str] = ()
    width: float = 150.0
    room: float = 0.0


@dataclass(frozen=True, slots=True)
class Legend:
    """An aside whose labels and notes are broken into lines."""

    aside: Aside
    labels: Sequence[Sequence[str]]
    notes: Sequence[Sequence[str]]
    height: float

    def draw(self, canvas: Canvas, left: float, top: float) -> None:
        """Draw it at the right of a panel."""
        style, x = canvas.style, left + self.aside.room + ASIDE_GAP
        y = top + style.size * 0.6
        for key, label in zip(self.aside.keys, self.labels, strict=True):
            key.mark(canvas, x, y)
            y = canvas.lines(x + KEY_INDENT, y, label, size=style.small) + PARAGRAPH_GAP
        y += 6.0 if self.labels else 0.0
        for note in self.notes:
            y = canvas.lines(x, y, note, size=style.small, colour=style.muted) + PARAGRAPH_GAP


def measured(aside: Aside, style: Style) -> Legend:
    """Break the labels and notes of an aside into lines."""
    labels = [wrapped(key.label, aside.width - KEY_INDENT, style, size=style.small) for key in aside.keys]
    notes = [wrapped(note, aside.width, style, size=style.small) for note in aside.notes]
    height = sum(len(lines) * style.small * LINE_SPACING + PARAGRAPH_GAP for lines in (*labels, *notes)) + 10.0
    return Legend(aside, labels, notes, height)


def swatch(fill: str, edge: str | None = None) -> Mark:
    """Return a legend mark: a small filled box."""
    return lambda canvas, x, y: canvas.rectangle(
        x, y - 4.0, x + 12.0, y + 4.0, fill=fill, edge=edge or canvas.style.faint, width=0.6
    )


def stroke(colour: str, dashes: Sequence[float] | None = None, width: float = 1.0) -> Mark:
    """Return a legend mark: a short line."""
    return lambda canvas, x, y: canvas.line([(x, y), (x + 12.0, y)], colour=colour, dashes=dashes, width=width)


def dot(fill: str | None, edge: str, diameter: float = 6.0) -> Mark:
    """Return a legend mark: a dot."""
    return lambda canvas, x, y: canvas.circle(x + 6.0, y, diameter, fill=fill, edge=edge)
