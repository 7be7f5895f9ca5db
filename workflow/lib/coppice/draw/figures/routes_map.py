"""The map of routes: which study reported what, and how it became an effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coppice.core.contracts.extract import ExtractResult
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, clean, styled, wrapped
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import below_title, folded, title_lines, widest
from coppice.draw.figures.pooled import label_of
from coppice.draw.figures.route_status import STATES, state_of

CELL_WIDTH = 92.0  # points
KEY_INDENT = 18.0  # points from the left to the label of a mark
LABEL_WIDTH = 200.0
BLANK = "Blank: no analysis asks for it"
DOT = 7.0
PAD = 5.0


@styled
def draw_routes_map(
    extracts: Sequence[ExtractResult],
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    outcomes: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw a cell for each study and outcome.

    The rows stand in the order of the extracts, the columns in that of `outcomes`, from their keys to what they are called.
    """
    studies = {item["study"]: wrapped(clean(label_of(item)), LABEL_WIDTH, style) for item in extracts}
    names = _names_of(extracts, outcomes or {})
    heads = [wrapped(clean(name), CELL_WIDTH - 2 * PAD, style, weight="bold") for name in names.values()]
    states = {(item["study"], item["outcome"]): state_of(item) for item in extracts}
    cells = {
        place: (key, folded(map(clean, routes), CELL_WIDTH - 2 * PAD, style)) for place, (key, routes) in states.items()
    }
    start = style.margin + style.gutter
    start += widest((line for lines in studies.values() for line in lines), style, default=60.0)
    legend = [*((key, state.label) for key, state in STATES.items())]
    legend += [("", BLANK)] if len(cells) < len(studies) * len(names) else []
    legend_width = widest((state.label for state in STATES.values()), style, size=style.small)
    right = max(start + CELL_WIDTH * len(names), style.margin + KEY_INDENT + legend_width)
    titles = title_lines(title or "Map of routes", right - style.margin, style)
    step = style.size * LINE_SPACING
    head = below_title(titles, style) + 6.0 + max(map(len, heads), default=1) * step + PAD
    heights = [
        _row_height(label, [cells.get((study, name)) for name in names], style) for study, label in studies.items()
    ]
    bottom = head + sum(heights)
    canvas = Canvas(right + style.margin, bottom + 8.0 + len(legend) * step + style.margin, style)
    canvas.titled(titles)
    canvas.text(style.margin, head - PAD - step / 2, "Study", weight="bold")
    middles = [start + (index + 0.5) * CELL_WIDTH for index in range(len(names))]
    for x, lines in zip(middles, heads, strict=True):
        canvas.lines(x, head - PAD - (len(lines) - 0.5) * step, lines, align="center", weight="bold")
    canvas.line([(style.margin, head), (right, head)], width=0.9)
    y = head
    for (study, label), height in zip(studies.items(), heights, strict=True):
        middle = y + PAD + style.size * 0.7
        canvas.lines(style.margin, middle, label)
        for x, name in zip(middles, names, strict=True):
            if (study, name) in cells:
                _draw_cell(canvas, x, middle, *cells[study, name])
        y += height
        canvas.line([(style.margin, y), (right, y)], colour=style.faint, width=0.5)
    y = bottom + 8.0 + step / 2
    for key, label_of_key in legend:
        _draw_mark(canvas, style.margin + 5.0, y, key)
        canvas.text(style.margin + KEY_INDENT, y, label_of_key, size=style.small)
        y += step
    return canvas.finished(title or "Map of routes", f"Map of {len(studies)} studies by {len(names)} outcomes.")


def _names_of(extracts: Sequence[ExtractResult], outcomes: Mapping[str, str]) -> dict[str, str]:
    """Return what the outcomes that are there are called: those of the review in its order, then the others."""
    present = dict.fromkeys(item["outcome"] for item in extracts)
    names = {outcome: name for outcome, name in outcomes.items() if outcome in present}
    return names | {outcome: outcome.replace("_", " ") for outcome in present if outcome not in names}


def _row_height(label: Sequence[str], cells: Sequence[tuple[str, Sequence[str]] | None], style: Style) -> float:
    lines = max((len(cell[1]) for cell in cells if cell), default=0)
    cell = style.size * 1.4 + lines * style.small * LINE_SPACING
    return max(cell, len(label) * style.size * LINE_SPACING) + 2 * PAD


def _draw_mark(canvas: Canvas, x: float, y: float, key: str) -> None:
    style, state = canvas.style, STATES.get(key)
    if state and state.has_dot:
        canvas.circle(x, y, DOT, fill=style.study if state.is_filled else style.background, edge=style.ink)
    elif state:
        canvas.line([(x - DOT / 2, y), (x + DOT / 2, y)], colour=style.muted, width=1.0)


def _draw_cell(canvas: Canvas, x: float, y: float, key: str, routes: Sequence[str]) -> None:
    style = canvas.style
    _draw_mark(canvas, x, y, key)
    canvas.lines(x, y + style.size * 1.35, routes, size=style.small, align="center", colour=style.muted)
