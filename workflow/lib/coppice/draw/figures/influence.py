"""The influence panel: what each study does to the pooled model, a strip of dots for each diagnostic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coppice.core.contracts.explore import ExploreResult, InfluenceRow
from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import Axis, finite, ticks
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, clean, styled, text_width, wrapped
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import below_title, folded, title_lines, widest
from coppice.draw.figures.pooled import Pooled, label_of, rows_of
from coppice.draw.forest.marks import DASHES

OUTLYING = 1.96  # a studentised residual beyond this is rare without heterogeneity beyond the model's
STRIP_WIDTH = 66.0  # points, unless its name is wider
STRIP_GAP = 17.0
LABEL_ROOM = 7.0  # points by which the number at a tick may stick out of its strip
LABEL_WIDTH = 200.0
DOT = 5.0
PAD = 0.10  # fraction of a strip's span
NOTE = (
    "Solid: the value of all studies, or of no influence. Dashed: ±1.96. Residuals are studentised, each study deleted."
)


@dataclass(frozen=True, slots=True)
class Strip:
    """One number of each study."""

    name: str
    values: Sequence[float | None]
    lines: tuple[float, ...] = ()  # places of dashed lines, such as a bound that is often used
    whole: float | None = None  # place of a solid line, such as the value of all studies


@styled
def draw_influence(
    pool_result: PoolResult, explore_result: ExploreResult, *, style: Style = DEFAULT, title: str | None = None
) -> Drawing:
    """Draw the influence diagnostics of every study, one strip a diagnostic.

    Viechtbauer W, Cheung MWL. Res Synth Methods 2010;1:112-125, doi:10.1002/jrsm.11.
    """
    pooled = Pooled(pool_result)
    rows, reason = rows_of(explore_result.get("influence"))
    strips = _strips(pooled, rows)
    subtitle = f"Influence of each study, {pooled.name.lower()}"
    labels = [wrapped(clean(label_of(row)), LABEL_WIDTH, style) for row in rows]
    label_width = widest((line for lines in labels for line in lines), style, default=60.0)
    start = style.margin + label_width + STRIP_GAP
    width = max(STRIP_WIDTH, widest((strip.name for strip in strips), style, weight="bold"))
    right = start + len(strips) * (width + STRIP_GAP) - STRIP_GAP * (len(strips) > 0)
    right = max(right, style.margin + text_width(subtitle, style))
    heads = title_lines(title, right - style.margin, style)
    top = below_title(heads, style) + style.size * 4.4
    heights = [style.row + (len(lines) - 1) * style.size * LINE_SPACING for lines in labels]
    bottom = top + sum(heights) + 4.0
    notes = folded([reason or NOTE], right - style.margin, style)
    notes_top = bottom + style.small * 3.6
    height = notes_top + len(notes) * style.small * LINE_SPACING + style.margin
    canvas = Canvas(right + style.margin + STRIP_GAP / 2, height, style)
    canvas.headed(heads, subtitle)
    middles = []
    y = top
    for lines, step in zip(labels, heights, strict=True):
        canvas.lines(style.margin, y + style.row / 2, lines)
        middles.append(y + style.row / 2)
        canvas.line([(start, middles[-1]), (right, middles[-1])], colour=style.faint, width=0.4, zorder=0.5)
        y += step
    colours = [style.prediction if row.get("influential") else style.study for row in rows]
    for index, strip in enumerate(strips):
        left = start + index * (width + STRIP_GAP)
        _draw_strip(canvas, strip, list(zip(middles, colours, strict=True)), (left, top - 2.0, left + width, bottom))
    canvas.notes(notes_top, notes)
    return canvas.finished(title or subtitle, f"{subtitle}, {len(rows)} rows.")


def _strips(pooled: Pooled, rows: Sequence[InfluenceRow]) -> list[Strip]:
    """Return a strip for each diagnostic that some study has."""
    spread = pooled.result.get("heterogeneity")
    strips = (
        Strip("Residual", [row.get("rstudent") for row in rows], (-OUTLYING, OUTLYING), 0.0),
        Strip("DFFITS", [row.get("dffits") for row in rows], whole=0.0),
        Strip("Cook’s D", [row.get("cook_d") for row in rows], whole=0.0),
        Strip("Cov. ratio", [row.get("cov_ratio") for row in rows], whole=1.0),
        Strip(
            f"{words.TAU2} without", [row.get("tau2_del") for row in rows], whole=spread.get("tau2") if spread else None
        ),
        Strip("Q without", [row.get("QE_del") for row in rows], whole=spread.get("Q") if spread else None),
        Strip("Leverage", [row.get("hat") for row in rows]),
    )
    return [strip for strip in strips if any(value is not None for value in strip.values)]


def _draw_strip(
    canvas: Canvas, strip: Strip, places: Sequence[tuple[float, str]], edges: tuple[float, float, float, float]
) -> None:
    """Draw one strip within some edges, each dot at a height and in a colour of its own."""
    style, (left, top, right, bottom) = canvas.style, edges
    held = finite([*strip.values, *strip.lines, strip.whole])
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
    for value, (y, colour) in zip(strip.values, places, strict=True):
        if value is not None:
            canvas.circle(axis(value), y, DOT, fill=colour, edge=style.ink, width=0.6)
