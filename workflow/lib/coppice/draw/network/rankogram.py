"""The rankogram: how probable each rank is for each treatment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from coppice.core.network_lines import best_first, is_common
from coppice.core.number_style import number
from coppice.draw.canvas.canvas import LINE_SPACING, TITLE_LINE, Canvas, Drawing, styled, wrapped
from coppice.draw.canvas.panel import SUBTITLE_SPACE
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import folded, title_lines
from coppice.draw.network.view import NetworkView, Result

WIDTH, HEIGHT = 116.0, 54.0  # points: of the bars of one treatment
GAP = 18.0  # points between two treatments
MOST_COLUMNS = 5


@styled
def draw_rankogram(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the probability of each rank of each treatment, the best treatment first.

    Salanti G, Ades AE, Ioannidis JPA. J Clin Epidemiol 2011;64:163-171, doi:10.1016/j.jclinepi.2010.03.016.
    """
    network, ordered = NetworkView(result), best_first(result)
    n = len(ordered)
    columns = min(MOST_COLUMNS, max(2, math.ceil(math.sqrt(n))))
    rows = math.ceil(n / columns)
    names = [wrapped(network.names[item["treatment"]], WIDTH, style, weight="bold") for item in ordered]
    heads_height = max(map(len, names)) * style.size * LINE_SPACING + style.small * LINE_SPACING
    step_y = heads_height + HEIGHT + style.small * 2.2 + GAP * 0.6
    width = columns * WIDTH + (columns - 1) * GAP
    most = max(max(item["ranks"]) for item in ordered)
    heads = title_lines(title, width, style)
    top = style.margin + len(heads) * style.large * TITLE_LINE + style.size * SUBTITLE_SPACE
    settings = result["settings"]
    notes = folded(
        [
            (
                f"Bars: probability of each rank from 1 (best) to {n}, all on one scale up to {number(most, 2)}, from {settings['draws']:,} draws of the "
                f"{'common' if is_common(result) else 'random'}-effects estimates. Ranks say nothing about how large differences are, or how certain the evidence is."
            )
        ],
        width,
        style,
    )
    bottom = top + rows * step_y
    canvas = Canvas(width + 2 * style.margin, bottom + len(notes) * style.small * LINE_SPACING + style.margin, style)
    canvas.headed(heads, f"Rankogram, {network.size}")
    for index, (item, lines) in enumerate(zip(ordered, names, strict=True)):
        left = style.margin + (index % columns) * (WIDTH + GAP)
        _draw_bars(canvas, left, top + (index // columns) * step_y, heads_height, item, lines, most)
    canvas.notes(bottom + style.small / 2, notes)
    return canvas.finished(title or "Rankogram", f"Probabilities of ranks of {n} treatments.")


def _draw_bars(  # noqa: PLR0917
    canvas: Canvas, left: float, top: float, heads: float, item: Mapping[str, Any], lines: list[str], most: float
) -> None:
    style, n = canvas.style, len(item["ranks"])
    below = canvas.lines(left, top + style.size * 0.7, lines, weight="bold")
    score = f"SUCRA {item['sucra']:.2f}, P-score {item['p_score']:.2f}"
    canvas.text(left, below - style.size * 0.15, score, size=style.small, colour=style.muted)
    base, step = top + heads + HEIGHT, WIDTH / n
    for rank, probability in enumerate(item["ranks"]):
        height = HEIGHT * probability / (most or 1.0)
        edges = (left + rank * step + step * 0.08, base - height, left + (rank + 1) * step - step * 0.08, base)
        canvas.rectangle(*edges, fill=style.study, name="bar")
    canvas.line([(left, base), (left + WIDTH, base)], width=0.7)
    labelled = range(n) if n <= 10 else sorted({0, n // 2 - 1, n - 1})
    for rank in labelled:
        canvas.text(
            left + (rank + 0.5) * step, base + style.small * 0.9, str(rank + 1), align="center", size=style.small
        )
