"""The map of routes: which study reported what, and how it became an effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, clean, text_width, wrapped
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.route_status import STATES, state_of

Extract = Mapping[str, Any]

CELL_WIDTH = 92.0  # points
LABEL_WIDTH = 200.0
BLANK = "Blank: no analysis asks for it"
DOT = 7.0
PAD = 5.0
TITLE_LINE = 1.3


def draw_routes_map(
    extracts: Sequence[Extract],
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    outcomes: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw a cell for each study and outcome.

    Parameters
    ----------
    extracts : sequence of mapping
        Extract results, in the order in which studies and outcomes are to stand, perhaps with the ``label`` of a study.
    style, title
        As in `draw_forest`.
    outcomes : mapping or None
        What the outcomes are called, in the order in which they are to stand; their keys by default.
    """
    studies = {str(item["study"]): clean(item.get("label") or item["study"]) for item in extracts}
    found = dict.fromkeys(str(item["outcome"]) for item in extracts)
    called = {name: text for name, text in (outcomes or {}).items() if name in found}
    called |= {name: name.replace("_", " ") for name in found if name not in called}
    cells = {(str(item["study"]), str(item["outcome"])): state_of(item) for item in extracts}
    with style.applied():
        labels = {study: wrapped(label, LABEL_WIDTH, style) for study, label in studies.items()}
        widest = max((text_width(line, style) for lines in labels.values() for line in lines), default=60.0)
        start = style.margin + widest + style.gutter
        inner = CELL_WIDTH - 2 * PAD
        heads = {name: wrapped(clean(called[name]), inner, style, weight="bold") for name in called}
        routes = {key: _route_lines(names, inner, style) for key, (_, names) in cells.items()}
        is_full = len(cells) == len(studies) * len(called)
        legend_width = max(text_width(state.label, style, size=style.small) for state in STATES.values())
        right = max(start + CELL_WIDTH * len(called), style.margin + 18.0 + legend_width)
        titles = wrapped(clean(title or "Map of routes"), right - style.margin, style, size=style.large, weight="bold")
        step = style.size * LINE_SPACING
        top = style.margin + len(titles) * style.large * TITLE_LINE + 6.0
        head = top + max((len(lines) for lines in heads.values()), default=1) * step + PAD
        heights = [_row_height(study, labels[study], routes, style) for study in studies]
        bottom = head + sum(heights)
        canvas = Canvas(right + style.margin, bottom + 8.0 + (len(STATES) + (not is_full)) * step + style.margin, style)
        canvas.lines(style.margin, style.margin + style.large * 0.5, titles, size=style.large, weight="bold")
        canvas.text(style.margin, head - PAD - step / 2, "Study", weight="bold")
        for index, name in enumerate(called):
            x = start + (index + 0.5) * CELL_WIDTH
            first = head - PAD - (len(heads[name]) - 0.5) * step
            canvas.lines(x, first, heads[name], align="center", weight="bold")
        canvas.line([(style.margin, head), (right, head)], width=0.9)
        y = head
        for study, height in zip(studies, heights, strict=True):
            canvas.lines(style.margin, y + PAD + style.size * 0.7, labels[study])
            for index, outcome in enumerate(called):
                if (study, outcome) in cells:
                    x = start + (index + 0.5) * CELL_WIDTH
                    _draw_cell(canvas, x, y + PAD + style.size * 0.7, cells[study, outcome][0], routes[study, outcome])
            y += height
            canvas.line([(style.margin, y), (right, y)], colour=style.faint, width=0.5)
        y = _draw_legend(canvas, bottom + 8.0 + step / 2)
        canvas.text(style.margin + 18.0, y, "" if is_full else BLANK, size=style.small)
        return canvas.finished(title or "Map of routes", f"Map of {len(studies)} studies by {len(called)} outcomes.")


def _route_lines(names: Sequence[str], width: float, style: Style) -> list[str]:
    return [line for name in names for line in wrapped(clean(name), width, style, size=style.small)]


def _row_height(
    study: str, label: Sequence[str], routes: Mapping[tuple[str, str], Sequence[str]], style: Style
) -> float:
    lines = max((len(found) for (name, _), found in routes.items() if name == study), default=0)
    cell = style.size * 1.4 + lines * style.small * LINE_SPACING
    return max(cell, len(label) * style.size * LINE_SPACING) + 2 * PAD


def _draw_mark(canvas: Canvas, x: float, y: float, key: str) -> None:
    style, state = canvas.style, STATES[key]
    if state.has_dot:
        canvas.circle(x, y, DOT, fill=style.study if state.is_filled else style.background, edge=style.ink)
    else:
        canvas.line([(x - DOT / 2, y), (x + DOT / 2, y)], colour=style.muted, width=1.0)


def _draw_cell(canvas: Canvas, x: float, y: float, key: str, routes: Sequence[str]) -> None:
    style = canvas.style
    _draw_mark(canvas, x, y, key)
    canvas.lines(x, y + style.size * 1.35, routes, size=style.small, align="center", colour=style.muted)


def _draw_legend(canvas: Canvas, y: float) -> float:
    """Draw the legend, and return the height of the next line."""
    style = canvas.style
    for key, state in STATES.items():
        _draw_mark(canvas, style.margin + 5.0, y, key)
        canvas.text(style.margin + 18.0, y, state.label, size=style.small)
        y += style.size * LINE_SPACING
    return y
