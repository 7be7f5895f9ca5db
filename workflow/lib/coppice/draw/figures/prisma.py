"""The PRISMA 2020 flow diagram, from the counts of a review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, Point, clean, styled, text_width
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import below_title, folded, title_lines

BOX_WIDTH, SIDE_WIDTH = 190.0, 210.0
PAD = 7.0
GAP_X, GAP_Y = 34.0, 20.0
STAGE_WIDTH = 20.0
ARROW = 4.5
NOT_GIVEN = "not stated"


@dataclass(frozen=True, slots=True)
class Step:
    """One box of the flow with the box beside it: keys of the counts and what they are called."""

    stage: str
    key: str
    label: str
    side_key: str = ""
    side_label: str = ""


STEPS = (
    Step("Identification", "identified", "Records identified", "removed", "Records removed before screening"),
    Step("Screening", "screened", "Records screened", "excluded_screening", "Records excluded"),
    Step("Screening", "sought", "Reports sought for retrieval", "not_retrieved", "Reports not retrieved"),
    Step("Screening", "assessed", "Reports assessed for eligibility", "excluded_reports", "Reports excluded"),
    Step("Included", "included_studies", "Studies included in the review"),
)


def count_lines(label: str, value: Any) -> list[str]:
    """Print a count, or counts by reason or source, each on a line; a missing one is not stated."""
    if isinstance(value, Mapping):
        return [f"{label}:", *(count_lines(clean(name), count)[0] for name, count in value.items())]
    if value is None:
        return [f"{label} ({NOT_GIVEN})"]
    return [f"{label} (n = {value:,})"]


@styled
def draw_prisma(counts: Mapping[str, Any], *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the flow of records through a review.

    Page MJ et al. BMJ 2021;372:n71, doi:10.1136/bmj.n71.

    Each count is a number, or numbers by source or reason, by the keys of `STEPS`; ``included_reports`` is printed
    beside the included studies.
    """
    columns = [
        (_wrap(count_lines(step.label, counts.get(step.key)), BOX_WIDTH, style), _side_lines(step, counts, style))
        for step in STEPS
    ]
    if counts.get("included_reports") is not None:
        reports = count_lines("Reports of included studies", counts["included_reports"])
        columns[-1][0].extend(_wrap(reports, BOX_WIDTH, style))
    heights = _room_for_stages([max(_height(lines, style) for lines in pair) for pair in columns], style)
    heads = title_lines(title, 400.0, style)
    top = below_title(heads, style) + (8.0 if heads else 0.0)
    left = style.margin + STAGE_WIDTH + 10.0
    width = left + BOX_WIDTH + GAP_X + SIDE_WIDTH + style.margin
    canvas = Canvas(width, top + sum(heights) + GAP_Y * (len(STEPS) - 1) + style.margin, style)
    canvas.titled(heads)
    tops = [top + sum(heights[:i]) + GAP_Y * i for i in range(len(STEPS))]
    centre, side_left = left + BOX_WIDTH / 2, left + BOX_WIDTH + GAP_X
    for index, (y, height, (main, side)) in enumerate(zip(tops, heights, columns, strict=True)):
        _draw_box(canvas, main, (left, y), BOX_WIDTH, height)
        if side:
            _draw_box(canvas, side, (side_left, y), SIDE_WIDTH, height)
            _draw_arrow(canvas, (left + BOX_WIDTH, y + height / 2), (side_left, y + height / 2))
        if index + 1 < len(STEPS):
            _draw_arrow(canvas, (centre, y + height), (centre, tops[index + 1]))
    _draw_stages(canvas, tops, heights)
    return canvas.finished(title or "Flow of studies", "PRISMA 2020 flow diagram of the review.")


def _side_lines(step: Step, counts: Mapping[str, Any], style: Style) -> list[str]:
    """Return the lines of the box beside a step, if it has one."""
    return _wrap(count_lines(step.side_label, counts.get(step.side_key)), SIDE_WIDTH, style) if step.side_key else []


def _stages() -> dict[str, list[int]]:
    """Return the steps of each stage by their numbers."""
    return {name: [i for i, step in enumerate(STEPS) if step.stage == name] for name in (step.stage for step in STEPS)}


def _room_for_stages(heights: Sequence[float], style: Style) -> list[float]:
    """Return heights that leave room for the name of each stage along its boxes."""
    roomy = list(heights)
    for stage, inside in _stages().items():
        room = sum(roomy[i] for i in inside) + GAP_Y * (len(inside) - 1)
        need = text_width(stage, style, weight="bold") + 2 * PAD
        roomy[inside[0]] += max(need - room, 0.0)
    return roomy


def _wrap(lines: Sequence[str], width: float, style: Style) -> list[str]:
    return folded(lines, width - 2 * PAD, style, size=style.size)


def _height(lines: Sequence[str], style: Style) -> float:
    return len(lines) * style.size * LINE_SPACING + 2 * PAD if lines else 0.0


def _draw_box(canvas: Canvas, lines: Sequence[str], corner: Point, width: float, height: float) -> None:
    style, (x, y) = canvas.style, corner
    canvas.rectangle(x, y, x + width, y + height, fill=style.band, edge=style.muted, width=0.8)
    spare = height - len(lines) * style.size * LINE_SPACING
    canvas.lines(x + PAD, y + spare / 2 + style.size * LINE_SPACING / 2, lines)


def _draw_arrow(canvas: Canvas, start: Point, end: Point) -> None:
    """Draw a line with a head at its end, to the right or down."""
    is_down = end[1] > start[1]
    canvas.line([start, end], colour=canvas.style.muted, width=0.9)
    back = (end[0], end[1] - ARROW) if is_down else (end[0] - ARROW, end[1])
    across = (ARROW / 2, 0.0) if is_down else (0.0, ARROW / 2)
    wings = [(back[0] - across[0], back[1] - across[1]), (back[0] + across[0], back[1] + across[1])]
    canvas.polygon([end, *wings], fill=canvas.style.muted)


def _draw_stages(canvas: Canvas, tops: Sequence[float], heights: Sequence[float]) -> None:
    """Draw the names of the stages at the left, each along its boxes."""
    style = canvas.style
    for stage, inside in _stages().items():
        start, end = tops[inside[0]], tops[inside[-1]] + heights[inside[-1]]
        x = style.margin
        canvas.rectangle(x, start, x + STAGE_WIDTH, end, fill=style.region)
        middle = (start + end) / 2
        canvas.text(x + STAGE_WIDTH / 2, middle, stage, align="center", weight="bold", rotation=90)
