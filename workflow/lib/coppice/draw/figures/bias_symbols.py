"""Lights: the coloured sign of a judgement on the risk of bias, and the legend of those that occur."""

from __future__ import annotations

from collections.abc import Sequence

from coppice.core.risk_of_bias import NOT_ASSESSED, shown_as
from coppice.draw.canvas.canvas import Canvas, text_width
from coppice.draw.canvas.style import Style

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
OWN_COLOUR = "#dfe5ea"  # of a judgement in a tool's own words, which may be good or bad
DARK_INK, LIGHT_INK = "#1a2027", "#ffffff"  # each with enough contrast to the colour beneath it

LegendRows = Sequence[Sequence[tuple[str, float]]]


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


def legend_rows(keys: Sequence[str], width: float, style: Style) -> list[list[tuple[str, float]]]:
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


def draw_legend(canvas: Canvas, rows: LegendRows, top: float) -> None:
    """Draw the legend from a place downwards."""
    style = canvas.style
    for index, row in enumerate(rows):
        y = top + (index + 0.5) * style.row
        for key, x in row:
            draw_light(canvas, style.margin + x + LIGHT / 2, y, key)
            canvas.text(style.margin + x + LIGHT + GAP, y, shown_as(key).label, size=style.small)
