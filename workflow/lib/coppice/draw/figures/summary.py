"""The summary forest plot: the pooled estimates of several analyses, one a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coppice.core.contracts.pool import PoolResult
from coppice.core.measures import Measure, harmonic_size
from coppice.core.printing import back, landmarks
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import Axis, effect_limits
from coppice.draw.canvas.canvas import ARROWS, LINE_SPACING, Canvas, Drawing, clean, styled, text_width, wrapped
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled
from coppice.draw.figures.shared_axis import on_one_axis
from coppice.draw.forest import marks
from coppice.draw.forest.cells import indent, interval_cells
from coppice.draw.forest.layout import effect_ticks
from coppice.draw.forest.rows import Kind, Row, decimals_of, place_of, triple

Numbers = Mapping[str, Any]  # what the columns print of a row besides its estimate

WIDTH = 280.0  # points of content: on a phone of 390 pixels its type is as large as that of a caption
BLOCK_GAP = 5.0  # points between two analyses
NO_ESTIMATE = "no pooled estimate"


@dataclass(frozen=True, slots=True)
class Block:
    """One estimate on the figure: its row, and the words above its mark."""

    row: Row
    label: tuple[str, ...]
    beside: str  # at the right of the label's last line
    below: tuple[str, ...]  # between label and mark, where it is too long for that


@styled
def draw_summary(
    results: Sequence[PoolResult],
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    titles: Mapping[str, str] | None = None,
    sides: Mapping[str, Sequence[str] | None] | None = None,
    certainty: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw the pooled estimates of several analyses above one another, narrow enough to be read on a phone.

    All ratios share the axis, or else the analyses of one measure; those on another scale have numbers and no mark. An
    analysis without an overall estimate has a row for each subgroup. By the keys of the analyses, `titles` are what
    they are called, `sides` what lies below and above the null, printed where all on the axis agree, and `certainty`
    that of the evidence as people judged it.
    """
    marked = on_one_axis([(result.get("measure", ""), result.get("outcome", "")) for result in results])
    pairs = list(zip(results, marked, strict=True))
    on_axis = [result for result, is_marked in pairs if is_marked]
    directions = {tuple((sides or {}).get(str(result.get("analysis"))) or ()) for result in on_axis}
    level = _level(results)
    notes = [f"Diamonds are random-effects estimates with {level}confidence intervals."]
    if len(directions) > 1:
        are_turned = any(one[::-1] in directions for one in directions if one)
        differs = (
            "Which side is the better one differs between outcomes" if are_turned else "What lies on each side differs"
        )
        notes.append(f"{differs}; the forest plot of each names it.")
    if len(on_axis) < len(results):
        notes.append("An analysis on another scale than that of the axis has numbers and no mark.")
    blocks = [
        _block(row, style, (certainty or {}).get(str(result.get("analysis")), ""))
        for result, is_marked in pairs
        for row in _rows(result, titles or {}, is_marked=is_marked)
    ]
    measure = Pooled(on_axis[0]).measure if on_axis else None
    favours = [clean(text) for text in directions.pop()] if len(directions) == 1 and measure else []
    canvas = _drawn(blocks, style, measure, favours, (title or "Main analyses", notes))
    return canvas.finished(title or "Main analyses", f"Pooled estimates of {len(results)} analyses.")


def _block(row: Row, style: Style, certainty: str) -> Block:
    numbers = row.effects[0]
    about = ", ".join(filter(None, [numbers["measure"], numbers["count"]]))
    if certainty and not row.indented:
        about = f"{about}; certainty: {certainty}"
    label = wrapped(row.label, WIDTH - indent(row), style, weight=_weight(row))
    room = WIDTH - indent(row) - text_width(label[-1] if label else "", style, weight=_weight(row)) - style.gutter
    is_beside = text_width(about, style, size=style.small) <= room
    below = [] if is_beside else wrapped(about, WIDTH - indent(row), style, size=style.small)
    return Block(row, tuple(label), about if is_beside else "", tuple(below))


def _weight(row: Row) -> str:
    return "normal" if row.indented else "bold"


def _printed_estimate(row: Row, style: Style) -> str:
    numbers = row.effects[0]
    if row.printed[0] is None:
        return "" if row.kind is Kind.STUDY else NO_ESTIMATE
    first, low, join, high = interval_cells(row.printed, numbers["decimals"], style, numbers["landmarks"])
    return style.pointed(f"{first} {low}{join}{high}".strip())


def _drawn(
    blocks: Sequence[Block], style: Style, measure: Measure | None, favours: Sequence[str], texts: tuple[str, list[str]]
) -> Canvas:
    """Draw the blocks from top to bottom, the axis with what its sides mean, and the notes."""
    name, notes = texts
    estimates = [_printed_estimate(block.row, style) for block in blocks]
    beside = max((text_width(text, style) for text in estimates), default=0.0)
    start, end = style.margin, style.margin + WIDTH - beside - style.gutter
    null = measure.null if measure else 0.0
    low, high = effect_limits((), (), (), always=[value for block in blocks for value in block.row.place], null=null)
    axis = Axis(low, high, start, end, *effect_ticks(measure, low, high, end - start, style))
    title = wrapped(clean(name), WIDTH, style, size=style.large, weight="bold")
    small, step = style.small * LINE_SPACING, style.size * LINE_SPACING
    top, tops, places = style.margin + len(title) * style.large * LINE_SPACING + BLOCK_GAP, [], []
    for block, estimate in zip(blocks, estimates, strict=True):
        places.append(top)
        tops.append(top + len(block.label) * step + len(block.below) * small)
        top = tops[-1] + (style.row if estimate else 0.0) + BLOCK_GAP
    sides = marks.favours_lines((), style) if len(favours) != len(ARROWS) else _sides(favours, axis, null, style)
    lines = wrapped(" ".join(notes), WIDTH, style, size=style.small)
    under = top + marks.axis_height(sides, style) + BLOCK_GAP
    canvas = Canvas(WIDTH + 2 * style.margin, under + len(lines) * small + style.margin * 0.7, style)
    canvas.titled(title)
    drawer = marks.Marks(canvas, axis)
    drawer.draw([block.row for block in blocks], tops)
    for block, estimate, place, row_top in zip(blocks, estimates, places, tops, strict=True):
        left, right = style.margin + indent(block.row), style.margin + WIDTH
        below = canvas.lines(left, place + step / 2, block.label, weight=_weight(block.row))
        canvas.text(right, below - step, block.beside, align="right", size=style.small, colour=style.muted)
        canvas.lines(left, below, block.below, size=style.small, colour=style.muted)
        canvas.text(right, row_top + style.row / 2, estimate, align="right")
        if block.row.place[0] is not None and null is not None and axis.holds(null):
            canvas.line([(axis(null), row_top), (axis(null), row_top + style.row)], width=0.8, zorder=1.5)
    marks.draw_axis(canvas, axis, top)
    if null is not None:
        marks.draw_favours(canvas, sides, axis.clipped(null), top + marks.TICK_LENGTH + style.small * 2.4)
    canvas.notes(under + small / 2, lines)
    return canvas


def _sides(favours: Sequence[str], axis: Axis, null: float | None, style: Style) -> tuple[list[str], list[str]]:
    """Return the lines of what the sides of the axis mean, in the room beside the null."""
    if null is None:
        return [], []
    x, edge = axis.clipped(null), style.margin + WIDTH
    left = wrapped(f"{ARROWS[0]} {favours[0]}", x - style.margin - marks.FAVOURS_GAP, style, size=style.small)
    return left, wrapped(f"{favours[1]} {ARROWS[1]}", edge - x - marks.FAVOURS_GAP, style, size=style.small)


def _rows(result: PoolResult, titles: Mapping[str, str], *, is_marked: bool) -> list[Row]:
    name, measure, effects = str(result.get("analysis", "")), Pooled(result).measure, result.get("effects") or ()
    label = clean(titles.get(name) or name)
    numbers = {
        "measure": clean(result.get("measure", "")),
        "count": words.count_of(result),
        "decimals": decimals_of(result),
        "landmarks": landmarks(measure),
    }
    subgroups, display = result.get("subgroups"), result.get("display") or {}
    if result.get("random") or result.get("common") or not subgroups or not subgroups["levels"]:
        size = harmonic_size(effects)
        return [_row(label, result, display, measure, {**numbers, "size": size}, is_marked=is_marked)]
    inside = []
    levels = subgroups["levels"]
    displays: Sequence[Mapping[str, Any]] = display.get("subgroups") or [{}] * len(levels)
    for level, displayed in zip(levels, displays, strict=True):
        in_level = [effect for effect in effects if effect.get("subgroup") == level["level"]]
        count = words.count_of({"k": level.get("k", 0), "effects": in_level})
        own = {**numbers, "count": count, "measure": "", "size": harmonic_size(in_level)}
        row = _row(clean(level["level"]), level, displayed, measure, own, is_marked=is_marked)
        inside.append(replace(row, indented=True))
    by = clean(subgroups.get("by", "")).replace("_", " ")
    return [Row(Kind.STUDY, f"{label}, by {by}" if by else label, effects=(numbers,)), *inside]


def _row(
    label: str,
    part: Mapping[str, Any],
    display: Mapping[str, Any],
    measure: Measure | None,
    numbers: Numbers,
    *,
    is_marked: bool,
) -> Row:
    """Return the row of what has a pooled estimate: a whole analysis, or a subgroup."""
    model, size = "random" if part.get("random") else "common", numbers.get("size")
    line = part.get(model) or {}
    exact, printed = triple(line), triple(display.get(model) or _printed(line, measure, size))
    place = place_of(measure, exact, printed) if is_marked else (None, None, None)
    return Row(Kind.SUBTOTAL, label, place, printed, effects=(numbers,))


def _printed(part: Mapping[str, Any], measure: Measure | None, size: float | None) -> dict[str, float | None]:
    return {name: back(measure, part.get(name), size) for name in ("estimate", "ci_low", "ci_high")}


def _level(results: Sequence[PoolResult]) -> str:
    """Return the level that all intervals have, empty where they have several."""
    levels = {float(result["level"]) for result in results if result.get("level")}
    return f"{100 * levels.pop():g}% " if len(levels) == 1 else ""
