"""The table of a forest plot: where its columns stand, its head and its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from coppice.draw.canvas.canvas import LINE_SPACING, Align, Canvas, text_width, wrapped
from coppice.draw.canvas.style import Style
from coppice.draw.forest.cells import Column, decimal_parts, indent, row_weight
from coppice.draw.forest.rows import Kind, Row

NOT_ESTIMABLE = "not estimable"
NOT_POOLED = "not pooled"
GROUP_WIDTH = 96.0  # points: a longer arm name is wrapped, unless its columns are wider
GROUP_GAP = 3.5  # points on each side of the rule below a group's name
HEAD_LINE = 1.32  # of the font size, between lines of a heading
GROUP_GUTTER = 1.2  # of the space between columns: the space after a group
INSIDE_GUTTER = 0.75  # of the space between columns: the space between those of one group
OVERHANG = 4.0  # points by which rules and bands reach beyond the text
NOTE_HEIGHT = 0.82  # of a row
HEAD_PAD = 5.0  # points between the headings and the rule below them


@dataclass(frozen=True, slots=True)
class Placed:
    """A column with its left edge in points."""

    column: Column
    x: float

    @property
    def right(self) -> float:
        """Right edge of the column."""
        return self.x + self.column.width


@dataclass(frozen=True, slots=True)
class Group:
    """A heading over neighbouring columns, whose own headings have so many lines."""

    lines: tuple[str, ...]
    left: float
    right: float
    below: int


def place_columns(columns: Sequence[Column], start: float, style: Style) -> list[Placed]:
    """Put columns side by side; a group is at least as wide as its name."""
    placed: list[Placed] = []
    x = start
    for name, members in groupby(columns, key=lambda column: column.group):
        group = list(members)
        inside = style.gutter * (INSIDE_GUTTER if name else 1.0)
        spare = _group_need(name, style) - sum(c.width for c in group) - inside * (len(group) - 1) if name else 0.0
        for column in group:
            x += max(spare, 0.0) / len(group)
            placed.append(Placed(column, x))
            x += column.width + inside
        x += style.gutter * (GROUP_GUTTER if name else 1.0) - inside
    return placed


def _group_need(name: str, style: Style) -> float:
    lines = wrapped(name, GROUP_WIDTH, style, weight="bold")
    return max(text_width(line, style, weight="bold") for line in lines)


def edge(placed: Sequence[Placed], least: float) -> float:
    """Return the right edge of the last column, or `least` where that is beyond."""
    return max([least, *(item.right for item in placed[-1:])])


def groups_of(placed: Sequence[Placed], style: Style) -> list[Group]:
    """Return the headings over neighbouring columns of one group."""
    groups = []
    for name, members in groupby(placed, key=lambda item: item.column.group):
        if name:
            inside = list(members)
            left, right = inside[0].x, inside[-1].right
            lines = wrapped(name, max(GROUP_WIDTH, right - left), style, weight="bold")
            spare = max(max(text_width(line, style, weight="bold") for line in lines) - (right - left), 0.0)
            below = max(len(item.column.heading) for item in inside)
            groups.append(Group(tuple(lines), left - spare / 2, right + spare / 2, below))
    return groups


def header_height(placed: Sequence[Placed], style: Style, least: int = 1) -> float:
    """Return the height of the headings of at least so many lines, down to the rule below them."""
    step = style.size * HEAD_LINE
    columns = max([len(item.column.heading) for item in placed] + [least]) * step
    groups = [(group.below + len(group.lines)) * step + 2 * GROUP_GAP for group in groups_of(placed, style)]
    return max([columns, *groups]) + HEAD_PAD


def draw_header(canvas: Canvas, placed: Sequence[Placed], head: float, right: float) -> None:
    """Draw headings above the rule at height `head`."""
    style = canvas.style
    step = style.size * HEAD_LINE
    canvas.line([(style.margin - OVERHANG, head), (right + OVERHANG, head)], colour=style.ink, width=0.9)
    for item in placed:
        x = {"left": item.x, "center": (item.x + item.right) / 2, "right": item.right}[item.column.align]
        draw_heading(canvas, item.column.heading, x, head, align=item.column.align)
    for group in groups_of(placed, style):
        rule = head - HEAD_PAD - group.below * step - GROUP_GAP
        canvas.line([(group.left, rule), (group.right, rule)], colour=style.muted, width=0.6)
        first = rule - GROUP_GAP - (len(group.lines) - 0.5) * step
        for index, line in enumerate(group.lines):
            canvas.text((group.left + group.right) / 2, first + index * step, line, align="center", weight="bold")


def draw_heading(canvas: Canvas, lines: Sequence[str], x: float, head: float, *, align: Align = "center") -> None:
    """Draw the lines of one heading above the rule at height `head`."""
    step = canvas.style.size * HEAD_LINE
    first = head - HEAD_PAD - (len(lines) - 0.5) * step
    for index, line in enumerate(lines):
        canvas.text(x, first + index * step, line, align=align, weight="bold")


def label_lines(row: Row, placed: Sequence[Placed], note_right: float, style: Style) -> list[str]:
    """Return the lines of a row's label, or of a note, wrapped to what stands left of the plot."""
    if row.kind is Kind.NOTE:
        return wrapped(style.pointed(row.label), note_right - style.margin - indent(row), style, size=style.small)
    item = next((item for item in placed if item.column.key == "study"), None)
    if not item:
        return []
    width = max(item.column.width - indent(row), style.size * 4) + 0.5
    if row.kind is Kind.HEADING:  # nothing else stands in its row
        width = max(width, note_right - item.x)
    return wrapped(row.label, width, style, weight=row_weight(row))


def line_count(row: Row, label: Sequence[str], placed: Sequence[Placed], style: Style) -> int:
    """Return the lines of the tallest cell of a row, its label among them."""
    limited = [item.column for item in placed if item.column.limit is not None and item.column.key != "study"]
    cells = [wrapped(text, column.limit or 0.0, style) for column in limited for text in column.cells(row)]
    return max([len(label), *map(len, cells)])


def row_height(row: Row, lines: int, style: Style, gap: float) -> float:
    """Return the height of a row with a label of so many lines."""
    if row.kind is Kind.GAP:
        return style.row * gap
    size = style.small if row.kind is Kind.NOTE else style.size
    return style.row * (NOTE_HEIGHT if row.kind is Kind.NOTE else 1.0) + max(lines - 1, 0) * size * LINE_SPACING


def draw_cells(
    canvas: Canvas, rows: Sequence[Row], lines: Sequence[list[str]], placed: Sequence[Placed], tops: Sequence[float]
) -> None:
    """Draw the text of every row."""
    style = canvas.style
    for row, texts, top in zip(rows, lines, tops, strict=False):
        middle = top + style.row * (NOTE_HEIGHT if row.kind is Kind.NOTE else 1.0) / 2
        if row.kind is Kind.NOTE:
            canvas.lines(style.margin + indent(row), middle, texts, size=style.small, colour=style.muted)
            continue
        for item in placed:
            if item.column.mark:
                item.column.mark(canvas, (item.x + item.right) / 2, middle, row)
            elif item.column.key == "study":
                canvas.lines(item.x + indent(row), middle, texts, weight=row_weight(row), colour=_colour(row, style))
            else:
                _draw_cell(canvas, item, row, middle)


def _colour(row: Row, style: Style) -> str:
    if row.kind in (Kind.COMMON, Kind.PREDICTION) or (row.kind is Kind.STUDY and row.place[0] is None):
        return style.muted
    return style.ink


def _draw_cell(canvas: Canvas, item: Placed, row: Row, middle: float) -> None:
    style, column = canvas.style, item.column
    weight, colour = row_weight(row), _colour(row, style)
    if column.key == "effect" and row.kind is Kind.STUDY and row.place[0] is None:
        text = NOT_ESTIMABLE if row.is_pooled else NOT_POOLED
        canvas.text((item.x + item.right) / 2, middle, text, align="center", colour=colour, slant="italic")
        return
    texts = column.cells(row)
    spans = _spans(item, texts, weight, style)
    for index, (slot, text) in enumerate(zip(column.slots, texts, strict=False)):
        left, right = spans[index]
        if slot.align == "center":  # between its neighbours, so that it is as far from both
            middle_x = (spans[index - 1][1] + spans[index + 1][0]) / 2
            canvas.text(middle_x, middle, text.strip(), align="center", weight=weight, colour=colour)
        elif slot.align == "decimal":
            canvas.text(right, middle, style.pointed(text), align="right", weight=weight, colour=colour)
        elif slot.align == "right":
            canvas.text(right, middle, text, align="right", weight=weight, colour=colour)
        elif column.limit is not None:
            canvas.lines(left, middle, wrapped(text, column.limit, style), weight=weight, colour=colour)
        else:
            canvas.text(left, middle, text, weight=weight, colour=colour)


def _spans(item: Placed, texts: Sequence[str], weight: str, style: Style) -> list[tuple[float, float]]:
    """Return where the text of each slot begins and ends."""
    column = item.column
    spare = column.width - column.content_width()
    x = item.x + {"left": 0.0, "center": spare / 2, "right": spare}[column.align]
    spans = []
    for slot, text in zip(column.slots, texts, strict=False):
        x += slot.gap
        if slot.align == "decimal":
            before, after = decimal_parts(slot, text, style, weight)
            start = max(x + slot.head - before - max(after - slot.tail, 0.0), x)
            spans.append((start, start + before + after))
        elif slot.align == "right":
            spans.append((x, x + slot.head))
        else:
            spans.append((x, x + text_width(text, style, weight=weight)))
        x += slot.head + slot.tail
    return spans
