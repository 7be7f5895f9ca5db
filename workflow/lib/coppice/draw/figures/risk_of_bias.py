"""Risk of bias: the traffic lights of every study, a block for each tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from coppice.core.risk_of_bias import (
    OVERALL,
    Assessment,
    Tool,
    by_tool,
    domains_of,
    full_name,
    in_order,
    judged,
    studies_judged,
)
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, clean, styled, text_width, wrapped
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import folded, title_lines, widest
from coppice.draw.figures.bias_symbols import draw_blocks, draw_light
from coppice.draw.figures.pooled import label_of

CELL = 34.0  # points: least width of a domain's column
WIDEST_CELL = 78.0  # a longer name of a domain is wrapped
LABEL_WIDTH = 200.0
LEAST_WIDTH = 300.0  # points: the whole figure, so that notes do not become a narrow column
BLOCK_GAP = 14.0
TITLE = "Risk of bias"


@dataclass(frozen=True, slots=True)
class Block:
    """The studies that were judged by one tool, measured: heads and cells of its domains, a label and a height a study."""

    tool: Tool
    items: Sequence[Assessment]
    domains: Sequence[str]
    heads: Sequence[Sequence[str]]
    cells: Sequence[float]
    labels: Sequence[Sequence[str]]
    heights: Sequence[float]

    @property
    def notes(self) -> list[str]:
        """The names that the tool gives its domains, where the columns have short ones."""
        return [name for domain in self.domains if (name := full_name(self.tool, domain)) != domain]

    @property
    def subtitle(self) -> str:
        """The tool, and how many studies were judged by it."""
        number = studies_judged(self.items) or len(self.items)
        return f"{clean(self.tool.name)}, {number} {'study' if number == 1 else 'studies'}" if number else ""


def _block(tool: Tool, items: Sequence[Assessment], style: Style) -> Block:
    domains = domains_of(tool, items)
    heads = [wrapped(clean(name), WIDEST_CELL - 10.0, style, weight="bold") for name in domains]
    cells = [max(CELL, *(text_width(line, style, weight="bold") + 10.0 for line in head)) for head in heads]
    labels = [wrapped(clean(label_of(item)), LABEL_WIDTH, style) for item in items]
    heights = [style.row + 2.0 + (len(lines) - 1) * style.size * LINE_SPACING for lines in labels]
    return Block(tool, items, domains, heads, cells, labels, heights)


@styled
def draw_risk_of_bias(
    assessments: Sequence[Assessment], *, style: Style = DEFAULT, title: str | None = None
) -> Drawing:
    """Draw a light for each study and domain.

    McGuinness LA, Higgins JPT. Res Synth Methods 2021;12:55-61, doi:10.1002/jrsm.1411.

    A study without domains is not assessed.
    """
    blocks = [_block(tool, items, style) for tool, items in by_tool(assessments)]
    names = [line for block in blocks for lines in block.labels for line in lines]
    start = style.margin + widest([*names, "Study"], style) + style.gutter
    right = max([style.margin + LEAST_WIDTH, *(start + sum(block.cells) for block in blocks)])
    notes = [folded(block.notes, right - style.margin, style) for block in blocks]
    drawn = [
        (_height(block, lines, style), partial(_draw_block, block=block, notes=lines, start=start))
        for block, lines in zip(blocks, notes, strict=True)
    ]
    keys = {judged(block.tool, item, name) for block in blocks for item in block.items for name in block.domains}
    canvas = draw_blocks(
        title_lines(title or TITLE, right - style.margin, style), drawn, keys, style=style, right=right
    )
    return canvas.finished(title or TITLE, describe(assessments))


def describe(assessments: Sequence[Assessment]) -> str:
    """Say in words what the lights show: by which tools, and how many studies have which overall judgement."""
    sentences = []
    for tool, items in by_tool(assessments):
        overall = [judged(tool, item, OVERALL) for item in items] if OVERALL in domains_of(tool, items) else []
        counts = ", ".join(f"{overall.count(key)} {key}" for key in in_order(set(overall)))
        sentences.append(f"{clean(tool.name)}, overall: {counts}." if counts else f"{clean(tool.name)}.")
    number = len({item["study"] for item in assessments})
    return f"Risk of bias of {number} studies by domain. {' '.join(sentences)}"


def _head_height(block: Block, style: Style) -> float:
    lines = max(len(head) for head in block.heads)
    return (style.size * 2.0 if block.subtitle else 0.0) + lines * style.size * LINE_SPACING + 5.0


def _height(block: Block, notes: Sequence[str], style: Style) -> float:
    lines = len(notes) * style.small * LINE_SPACING
    return _head_height(block, style) + 4.0 + sum(block.heights) + (8.0 + lines if lines else 0.0) + BLOCK_GAP


def _draw_block(canvas: Canvas, top: float, *, block: Block, notes: Sequence[str], start: float) -> None:
    style = canvas.style
    step = style.size * LINE_SPACING
    head = top + _head_height(block, style)
    canvas.text(style.margin, top + style.size * 0.7, block.subtitle, colour=style.muted)
    canvas.text(style.margin, head - 5.0 - step / 2, "Study", weight="bold")
    right = start + sum(block.cells)
    canvas.line([(style.margin, head), (right, head)], width=0.9)
    x = start
    for lines, cell in zip(block.heads, block.cells, strict=True):
        canvas.lines(x + cell / 2, head - 5.0 - (len(lines) - 0.5) * step, lines, align="center", weight="bold")
        x += cell
    y = head + 4.0
    for item, lines, height in zip(block.items, block.labels, block.heights, strict=True):
        canvas.lines(style.margin, y + style.row / 2, lines)
        x = start
        for domain, cell in zip(block.domains, block.cells, strict=True):
            draw_light(canvas, x + cell / 2, y + style.row / 2, judged(block.tool, item, domain))
            x += cell
        y += height
    canvas.notes(y + 8.0 + style.small * LINE_SPACING / 2, notes)
