"""Strips of dots beside a list of studies: several numbers of each study, each on its own scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.draw.canvas.axes import Axis, finite, ticks
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, clean, text_width, wrapped
from coppice.draw.canvas.style import Style
from coppice.draw.forest.marks import DASHES

STRIP_WIDTH = 66.0  # points, unless its name is wider
STRIP_GAP = 17.0
LABEL_ROOM = 7.0  # by which the number at a tick may stick out of its strip
LABEL_WIDTH = 200.0
DOT = 5.0
PAD = 0.10  # of a strip's span
TITLE_LINE = 1.3


@dataclass(frozen=True, slots=True)
class Strip:
    """One number of each study.

    Attributes
    ----------
    key : str
        Name of the number in a row.
    name : str
        Heading of the strip.
    lines : tuple of float
        Places of dashed lines, such as a bound that is often used.
    whole : float or None
        Place of a solid line, such as the value of all studies.
    """

    key: str
    name: str
    lines: tuple[float, ...] = ()
    whole: float | None = None


def draw_strips(
    rows: Sequence[Mapping[str, Any]],
    strips: Sequence[Strip],
    *,
    style: Style,
    title: str,
    subtitle: str,
    notes: Sequence[str],
) -> Drawing:
    """Draw a dot for each number of each row.

    Parameters
    ----------
    rows : sequence of mapping
        With ``label`` (or ``study``), the strips' keys, and ``influential`` where a row stands out.
    strips : sequence of Strip
        The numbers from left to right.
    style : Style
        Fonts, colours and sizes.
    title, subtitle : str
        Printed above.
    notes : sequence of str
        Printed below.
    """
    with style.applied():
        labels = [wrapped(clean(row.get("label") or row["study"]), LABEL_WIDTH, style) for row in rows]
        widest = max((text_width(line, style) for lines in labels for line in lines), default=60.0)
        start = style.margin + widest + STRIP_GAP
        width = max([STRIP_WIDTH, *(text_width(strip.name, style, weight="bold") for strip in strips)])
        right = start + len(strips) * (width + STRIP_GAP) - STRIP_GAP * (len(strips) > 0)
        right = max(right, style.margin + text_width(subtitle, style))
        heads = wrapped(clean(title), right - style.margin, style, size=style.large, weight="bold")
        top = style.margin + len(heads) * style.large * TITLE_LINE + style.size * 4.4
        heights = [style.row + (len(lines) - 1) * style.size * LINE_SPACING for lines in labels]
        bottom = top + sum(heights) + 4.0
        below = [wrapped(note, right - style.margin, style, size=style.small) for note in notes]
        notes_top = bottom + style.small * 3.6
        height = notes_top + sum(len(note) for note in below) * style.small * LINE_SPACING + style.margin
        canvas = Canvas(right + style.margin + STRIP_GAP / 2, height, style)
        _draw_head(canvas, heads, subtitle)
        middles = []
        y = top
        for lines, step in zip(labels, heights, strict=True):
            canvas.lines(style.margin, y + style.row / 2, lines)
            middles.append(y + style.row / 2)
            canvas.line([(start, middles[-1]), (right, middles[-1])], colour=style.faint, width=0.4, zorder=0.5)
            y += step
        for index, strip in enumerate(strips):
            left = start + index * (width + STRIP_GAP)
            _draw_strip(canvas, strip, rows, middles, (left, top - 2.0, left + width, bottom))
        for note in below:
            notes_top = canvas.lines(style.margin, notes_top, note, size=style.small, colour=style.muted)
        return canvas.finished(title or subtitle, f"{subtitle}, {len(rows)} rows.")


def _draw_head(canvas: Canvas, heads: Sequence[str], subtitle: str) -> None:
    style, y = canvas.style, canvas.style.margin + canvas.style.large * 0.5
    for line in heads:
        canvas.text(style.margin, y, line, size=style.large, weight="bold")
        y += style.large * TITLE_LINE
    canvas.text(style.margin, y - style.large * 0.65 + style.size * 0.9, subtitle, colour=style.muted)


def _draw_strip(
    canvas: Canvas,
    strip: Strip,
    rows: Sequence[Mapping[str, Any]],
    middles: Sequence[float],
    box: tuple[float, float, float, float],
) -> None:
    style = canvas.style
    left, top, right, bottom = box
    values = [row.get(strip.key) for row in rows]
    held = finite([*values, *strip.lines, strip.whole])
    span = (max(held) - min(held)) if held else 0.0
    span = span or max(map(abs, held), default=0.0) or 1.0
    low, high = (min(held) - PAD * span, max(held) + PAD * span) if held else (0.0, 1.0)
    major, _ = ticks(
        low, high, right - left, is_log=False, width=lambda text: text_width(text, style, size=style.small), most=4
    )
    axis = Axis(low, high, left, right, major)
    canvas.text((left + right) / 2, top - style.size * 0.9, strip.name, align="center", weight="bold")
    canvas.line([(left, bottom), (right, bottom)], width=0.8)
    for tick in axis.ticks:
        x, half = axis(tick.value), text_width(tick.label, style, size=style.small) / 2
        canvas.line([(x, bottom), (x, bottom + 3.0)], width=0.7)
        if left - LABEL_ROOM <= x - half and x + half <= right + LABEL_ROOM:
            canvas.text(x, bottom + 3.0 + style.small * 0.9, tick.label, align="center", size=style.small)
    for place in strip.lines:
        canvas.line([(axis(place), top), (axis(place), bottom)], colour=style.muted, width=0.7, dashes=DASHES)
    if strip.whole is not None:
        canvas.line([(axis(strip.whole), top), (axis(strip.whole), bottom)], colour=style.summary, width=0.9)
    for row, value, y in zip(rows, values, middles, strict=True):
        if value is not None:
            colour = style.prediction if row.get("influential") else style.study
            canvas.circle(axis(value), y, DOT, fill=colour, edge=style.ink, width=0.6)
