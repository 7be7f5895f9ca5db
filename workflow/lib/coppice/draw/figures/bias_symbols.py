"""Lights: the mark of a judgement on the risk of bias, and the legend that names those that occur."""

from __future__ import annotations

from collections.abc import Sequence

from coppice.core.risk_of_bias import shown_as
from coppice.draw.canvas.canvas import Canvas, text_width
from coppice.draw.canvas.style import Style

LIGHT = 12.5  # points: diameter of a light
GAP = 6.0  # points between a light and its name

LegendRows = Sequence[Sequence[tuple[str, float]]]


def draw_light(canvas: Canvas, x: float, y: float, key: str, *, diameter: float = LIGHT) -> None:
    """Draw one light; the size of its sign follows that of the light."""
    shown = shown_as(key)
    fill = shown.colour if shown.sign else None
    canvas.circle(x, y, diameter, fill=fill, edge=canvas.style.muted, width=0.6)
    size = canvas.style.size * min(diameter / LIGHT, 1.0)
    canvas.text(x, y, shown.sign, align="center", weight="bold", colour=shown.ink, size=size)


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
