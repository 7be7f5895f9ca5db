"""Lights: the coloured sign of a judgement on the risk of bias, and the legend of those that occur."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from coppice.core.risk_of_bias import NOT_ASSESSED, in_order, shown_as
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, text_width
from coppice.draw.canvas.style import Style
from coppice.draw.canvas.text import below_title

LIGHT = 12.5  # points: diameter of a light
GAP = 6.0  # points between a light and its name

GREEN, YELLOW, ORANGE, BROWN = "#4aa98b", "#f0d264", "#d9733a", "#8c3326"
# Colours of different lightness, so that they also differ in greyscale and for colour-blind readers.
COLOURS: dict[str, str] = {
    "low": GREEN,
    "some concerns": YELLOW,
    "moderate": YELLOW,
    "unclear": "#e3e0c8",
    "high": ORANGE,
    "serious": ORANGE,
    "very high": BROWN,
    "critical": BROWN,
    "no information": "#b9c0c7",
}
OWN_COLOUR = "#dfe5ea"  # for a judgement in a tool's own words, which may be good or bad
DARK_INK, LIGHT_INK = "#1a2027", "#ffffff"  # each with enough contrast to the colour beneath it


def fill_of(key: str) -> str | None:
    """Return the colour of a judgement's light; None for `not assessed`, which is left empty."""
    return None if key == NOT_ASSESSED else COLOURS.get(key, OWN_COLOUR)


def ink_of(key: str) -> str:
    """Return the colour of the sign within a light."""
    return LIGHT_INK if fill_of(key) == BROWN else DARK_INK


def draw_light(canvas: Canvas, x: float, y: float, key: str, *, diameter: float = LIGHT) -> None:
    """Draw one light; the size of its sign follows that of the light."""
    canvas.circle(x, y, diameter, fill=fill_of(key), edge=canvas.style.muted, width=0.6)
    size = canvas.style.size * min(diameter / LIGHT, 1.0)
    canvas.text(x, y, shown_as(key).sign, align="center", weight="bold", colour=ink_of(key), size=size)


def draw_blocks(
    title: Sequence[str],
    blocks: Sequence[tuple[float, Callable[[Canvas, float], None]]],
    keys: set[str],
    *,
    style: Style,
    right: float,
    subtitle: Sequence[str] = (),
    space: float = 4.0,
    spare: float = 0.0,
) -> Canvas:
    """Draw blocks, given by their heights, below a title, and the legend of their judgements below them.

    The canvas has `spare` points more at the right than its margin, and `space` points above the first block.
    """
    legend, step = _legend_rows(in_order(keys), right - style.margin, style), style.size * LINE_SPACING
    top = below_title(title, style) + len(subtitle) * step + space
    height = top + sum(height for height, _ in blocks) + len(legend) * style.row + style.margin
    canvas = Canvas(right + style.margin + spare, height, style)
    canvas.titled(title)
    canvas.lines(style.margin, below_title(title, style) + step / 2, subtitle, colour=style.muted)
    for height, draw in blocks:
        draw(canvas, top)
        top += height
    for row in legend:
        for key, x in row:
            draw_light(canvas, style.margin + x + LIGHT / 2, top + style.row / 2, key)
            canvas.text(style.margin + x + LIGHT + GAP, top + style.row / 2, shown_as(key).label, size=style.small)
        top += style.row
    return canvas


def _legend_rows(keys: Sequence[str], width: float, style: Style) -> list[list[tuple[str, float]]]:
    """Break the legend of judgements into rows of (judgement, offset)."""
    rows: list[list[tuple[str, float]]] = [[]]
    x = 0.0
    for key in keys:
        need = LIGHT + GAP + text_width(shown_as(key).label, style, size=style.small) + style.gutter
        if x + need > width and rows[-1]:
            rows.append([])
            x = 0.0
        rows[-1].append((key, x))
        x += need
    return rows
