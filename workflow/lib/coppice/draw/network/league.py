"""The league table of a network: every treatment against every other one, coloured by how far apart they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.network_lines import best_first, by_pair, main_line
from coppice.draw.canvas.canvas import LINE_SPACING, TITLE_LINE, Canvas, Drawing, styled, text_width, wrapped
from coppice.draw.canvas.panel import SUBTITLE_SPACE
from coppice.draw.canvas.style import DEFAULT, Style, blend
from coppice.draw.canvas.text import folded, title_lines
from coppice.draw.forest.cells import interval_cells
from coppice.draw.network.view import NetworkView, Result

WITH_INTERVALS = 10  # treatments up to which each cell has estimate and interval; of more, the estimate
SMALLEST = 13.0  # points: least side of a cell
MOST = 3.0  # standard errors at which the colour is full
STRONGEST = 0.62  # share of the colour where it is full
UPRIGHT = 78.0  # points: a longer name above a column is wrapped
LABEL = 130.0  # points: a longer name is wrapped
PAD = 3.0


@dataclass(frozen=True, slots=True)
class Grid:
    """The measures of the table: a cell's width and height, the room of names, and the first corner."""

    width: float
    height: float
    left: float
    top: float


@styled
def draw_league(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the row's treatment against the column's, the best first, blue where the row's is better.

    Salanti G, Ades AE, Ioannidis JPA. J Clin Epidemiol 2011;64:163-171, doi:10.1016/j.jclinepi.2010.03.016.
    """
    network, ordered = NetworkView(result), best_first(result)
    pairs, n = by_pair(result["comparisons"]), len(ordered)
    texts = {pair: _texts(network, main_line(item), n, style) for pair, item in pairs.items()}
    inner = max((text_width(line, style, size=style.small) for lines in texts.values() for line in lines), default=0.0)
    lines_a_cell = max((len(lines) for lines in texts.values()), default=0)
    height = max(SMALLEST, lines_a_cell * style.small * LINE_SPACING + 2 * PAD)
    names = [wrapped(network.names[item["treatment"]], LABEL, style) for item in ordered]
    height = max(height, *(len(name) * style.size * LINE_SPACING for name in names))
    width = max(SMALLEST, inner + 2 * PAD)
    room = max(text_width(line, style) for name in names for line in name)
    columns = [" ".join(name) for name in names]
    heads_of = (
        [wrapped(name, max(width, UPRIGHT), style) for name in columns]
        if n <= WITH_INTERVALS
        else [[name] for name in columns]
    )
    above = room if n > WITH_INTERVALS else max(map(len, heads_of)) * style.size * LINE_SPACING
    if n <= WITH_INTERVALS:
        width = max(width, *(text_width(line, style) + PAD for name in heads_of for line in name))
    left = style.margin + room + 8.0
    right = left + n * width
    heads = title_lines(title, max(right - style.margin, 240.0), style)
    top = style.margin + len(heads) * style.large * TITLE_LINE + style.size * SUBTITLE_SPACE + above + 8.0
    notes = folded(_notes(network), max(right - style.margin, 240.0), style)
    bottom = top + n * height
    canvas = Canvas(
        max(right, style.margin + 240.0) + style.margin,
        bottom + 10.0 + len(notes) * style.small * LINE_SPACING + style.margin * 0.7,
        style,
    )
    canvas.headed(heads, f"League table: {network.name.lower()}, {network.size}")
    grid = Grid(width, height, left, top)
    _draw_names(canvas, grid, names, heads_of, is_upright=n <= WITH_INTERVALS)
    is_small_good = result["small_values"] == "good"
    for row, one in enumerate(ordered):
        for column, other in enumerate(ordered):
            pair = (one["treatment"], other["treatment"])
            line = main_line(pairs[pair]) if row != column else None
            _draw_cell(canvas, grid, row, column, line, texts.get(pair, ()), is_small_good=is_small_good)
    canvas.notes(bottom + 10.0 + style.small / 2, notes)
    return canvas.finished(title or "League table", f"League table of {network.size}, the best first.")


def _texts(network: NetworkView, line: Mapping[str, Any], n: int, style: Style) -> tuple[str, ...]:
    """Return what a cell says."""
    estimate, low, high = network.printed(line)
    first, *rest = interval_cells((estimate, low, high), network.decimals, style, network.landmarks)
    limits = style.pointed("".join(rest).strip())
    return (style.pointed(first), limits) if n <= WITH_INTERVALS else (style.pointed(first),)


def _draw_names(
    canvas: Canvas, grid: Grid, names: Sequence[Sequence[str]], heads: Sequence[Sequence[str]], *, is_upright: bool
) -> None:
    step = canvas.style.size * LINE_SPACING
    for index, (lines, head) in enumerate(zip(names, heads, strict=True)):
        middle = grid.top + (index + 0.5) * grid.height - (len(lines) - 1) * step / 2
        if len(lines) * step > grid.height + step * 0.6:
            canvas.text(grid.left - 8.0, grid.top + (index + 0.5) * grid.height, " ".join(lines), align="right")
        else:
            canvas.lines(grid.left - 8.0, middle, lines, align="right")
        x = grid.left + (index + 0.5) * grid.width
        if is_upright:
            canvas.lines(x, grid.top - 6.0 - step * (len(head) - 0.5), head, align="center")
        else:
            text = " ".join(head)
            canvas.text(x, grid.top - 6.0 - text_width(text, canvas.style) / 2, text, align="center", rotation=90)


def _draw_cell(  # noqa: PLR0917
    canvas: Canvas,
    grid: Grid,
    row: int,
    column: int,
    line: Mapping[str, Any] | None,
    texts: Sequence[str],
    *,
    is_small_good: bool,
) -> None:
    style = canvas.style
    left, top = grid.left + column * grid.width, grid.top + row * grid.height
    edges = (left, top, left + grid.width, top + grid.height)
    if line is None:
        canvas.rectangle(*edges, fill=style.band, edge=style.background, width=0.8)
        return
    apart = line["statistic"] * (-1.0 if is_small_good else 1.0)
    share = STRONGEST * min(abs(apart) / MOST, 1.0)
    fill = blend(style.study if apart > 0 else style.prediction, style.background, share)
    canvas.rectangle(*edges, fill=fill, edge=style.background, width=0.8, name="cell")
    step = style.small * LINE_SPACING
    canvas.lines(
        left + grid.width / 2,
        top + grid.height / 2 - (len(texts) - 1) * step / 2,
        texts,
        align="center",
        size=style.small,
    )


def _notes(network: NetworkView) -> list[str]:
    better = "small" if network.result["small_values"] == "good" else "large"
    return [
        (
            f"A cell has the row’s treatment against the column’s ({better} values are good); treatments are sorted by P-score, the best "
            f"first. Blue: the row’s is better, orange: the column’s is; the colour is full at {MOST:g} standard errors."
        )
    ]
