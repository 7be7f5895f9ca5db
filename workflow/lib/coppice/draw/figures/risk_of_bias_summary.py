"""The summary of the risk of bias: the share of studies at each judgement, a bar for each domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from coppice.core.contracts.pool import PoolResult
from coppice.core.errors import allowed_values_hint
from coppice.core.risk_of_bias import (
    Assessment,
    Tool,
    applicable,
    by_tool,
    domains_of,
    full_name,
    in_order,
    judged,
    shown_as,
)
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, clean, styled, wrapped
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import folded, title_lines, widest
from coppice.draw.figures.bias_symbols import LIGHT, draw_blocks, fill_of, ink_of

LABEL_WIDTH = 230.0
BAR_HEIGHT, BAR_WIDTH = 12.0, 320.0
AXIS_HEIGHT = 26.0  # points below the bars of a tool
BLOCK_GAP = 12.0
TITLE = "Summary of the risk of bias"


@dataclass(frozen=True, slots=True)
class Block:
    """The studies that were judged by one tool, with their weights, measured."""

    tool: Tool
    items: Sequence[Assessment]
    weights: Sequence[float]
    domains: Sequence[str]
    names: Sequence[Sequence[str]]
    heights: Sequence[float]


@styled
def draw_risk_of_bias_summary(
    assessments: Sequence[Assessment],
    results: Sequence[PoolResult] = (),
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    titles: Mapping[str, str] | None = None,
    analysis: str | None = None,
) -> Drawing:
    """Draw the share of studies at each judgement.

    Where an `analysis` is named, the studies that enter it count by their weight; otherwise each counts once.

    Raises
    ------
    ValueError
        If there is no result of that analysis.
    """
    weights = weights_in(results, analysis) if analysis else None
    outcome = next((result.get("outcome") for result in results if result.get("analysis") == analysis), None)
    counted = [item for item in applicable(assessments, outcome) if weights is None or item["study"] in weights]
    blocks = [_block(tool, items, weights, style) for tool, items in by_tool(counted)]
    lines = [line for block in blocks for name in block.names for line in name]
    start = style.margin + widest(lines, style, default=60.0) + style.gutter
    right = start + BAR_WIDTH
    canvas = draw_blocks(
        title_lines(title or TITLE, right - style.margin, style),
        [(_height(block, style), partial(_draw_block, block=block, start=start)) for block in blocks],
        {judged(block.tool, item, name) for block in blocks for item in block.items for name in block.domains},
        style=style,
        right=right,
        subtitle=folded([_counted(counted, analysis, titles or {})], right - style.margin, style, size=style.size),
        space=12.0,
        spare=8.0,
    )
    number = len({item["study"] for item in counted})
    return canvas.finished(title or TITLE, f"The share of {number} studies at each judgement, by domain.")


def weights_in(results: Sequence[PoolResult], analysis: str) -> dict[str, float]:
    """Return the weight of each study in an analysis: that of the random-effects model where there is one.

    Raises
    ------
    ValueError
        If there is no result of that analysis.
    """
    by_name = {str(result.get("analysis")): result for result in results}
    if analysis not in by_name:
        raise ValueError(f"there is no result of the analysis '{analysis}': {allowed_values_hint(analysis, by_name)}")
    weights: dict[str, float] = {}
    for effect in by_name[analysis].get("effects", ()):
        models = [effect.get("weight_random"), effect.get("weight_common")]
        weight = next((value for value in models if value is not None), 0.0)
        weights[effect["study"]] = weights.get(effect["study"], 0.0) + float(weight)
    return weights


def _counted(items: Sequence[Assessment], analysis: str | None, titles: Mapping[str, str]) -> str:
    """Say how the studies count."""
    if not analysis and any(item.get("outcome") for item in items):
        return "Share of judgements of studies and their outcomes, each counted once"
    if not analysis:
        return "Share of studies, each counted once"
    return f"Share of the weight of the studies in: {clean(titles.get(analysis) or analysis)}"


def _block(tool: Tool, items: Sequence[Assessment], weights: Mapping[str, float] | None, style: Style) -> Block:
    domains = domains_of(tool, items)
    names = [wrapped(clean(full_name(tool, domain)), LABEL_WIDTH, style) for domain in domains]
    heights = [style.row + 4.0 + (len(lines) - 1) * style.size * LINE_SPACING for lines in names]
    counted = [1.0 if weights is None else weights[item["study"]] for item in items]
    return Block(tool, items, counted, domains, names, heights)


def _height(block: Block, style: Style) -> float:
    return style.size * 1.6 + sum(block.heights) + AXIS_HEIGHT + BLOCK_GAP


def _draw_block(canvas: Canvas, top: float, *, block: Block, start: float) -> None:
    style = canvas.style
    number = len({item["study"] for item in block.items})
    heading = f"{clean(block.tool.name)}, {number} {'study' if number == 1 else 'studies'}"
    canvas.text(style.margin, top + style.size * 0.5, heading if number else "No study", weight="bold")
    y = top + style.size * 1.6
    for domain, lines, height in zip(block.domains, block.names, block.heights, strict=True):
        canvas.lines(style.margin, y + style.row / 2, lines)
        _draw_bar(canvas, start, y + style.row / 2, [judged(block.tool, item, domain) for item in block.items], block)
        y += height
    for share in (0, 25, 50, 75, 100):
        x = start + BAR_WIDTH * share / 100
        canvas.line([(x, y), (x, y + 4.0)], width=0.8)
        canvas.text(x, y + 4.0 + style.small * 0.9, f"{share}%", align="center", size=style.small)
    canvas.line([(start, y), (start + BAR_WIDTH, y)], width=0.8)


def _draw_bar(canvas: Canvas, x: float, y: float, keys: Sequence[str], block: Block) -> None:
    """Draw the bar of one domain, each part with its sign where there is room for it."""
    style, total = canvas.style, sum(block.weights) or 1.0
    for key in in_order(set(keys)):
        width = BAR_WIDTH * sum(w for k, w in zip(keys, block.weights, strict=True) if k == key) / total
        if width <= 0:
            continue
        fill = fill_of(key)
        edge = style.background if fill else style.muted
        canvas.rectangle(x, y - BAR_HEIGHT / 2, x + width, y + BAR_HEIGHT / 2, fill=fill, edge=edge, width=0.8)
        if width >= LIGHT:
            canvas.text(x + width / 2, y, shown_as(key).sign, align="center", weight="bold", colour=ink_of(key))
        x += width
