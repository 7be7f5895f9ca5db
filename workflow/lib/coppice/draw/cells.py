"""The cells of a forest plot's table: columns made of slots, each aligned in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from coppice.draw.layout import Canvas, text_width, wrapped
from coppice.draw.presets import Preset
from coppice.draw.rows import Kind, Row
from coppice.draw.style import Style
from coppice.numbers import number

Result = Mapping[str, Any]
Cells = tuple[str, ...]
SlotAlign = Literal["left", "center", "right", "decimal"]

INDENT = 9.0  # points: studies of a subgroup stand to the right of its heading
HUGGING = (",", ";")  # these stand close to the lower limit
SPACE = 0.34  # of the font size: the width of a space
BOLD_KINDS = frozenset({Kind.HEADING, Kind.RANDOM})


@dataclass(frozen=True, slots=True)
class Slot:
    """One aligned part of a column.

    Attributes
    ----------
    align : {'left', 'center', 'right', 'decimal'}
        How the parts of all rows stand under one another.
    gap : float
        Space in points before the slot.
    head, tail : float
        Space in points before and after the point of alignment.
    """

    align: SlotAlign
    gap: float = 0.0
    head: float = 0.0
    tail: float = 0.0

    @property
    def width(self) -> float:
        """Width of the slot in points, with the gap before it."""
        return self.gap + self.head + self.tail


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and what it prints for a row.

    Attributes
    ----------
    key : str
        Name in the configuration.
    heading : tuple of str
        Lines above the column.
    cells : callable
        From a row to the text of each slot; an empty tuple leaves the row empty.
    slots : tuple of Slot
        Alignment of the parts.
    group : str
        Heading that is shared with neighbours.
    align : {'left', 'center', 'right'}
        Where the heading stands above the column.
    limit : float or None
        Width in points at which text is wrapped.
    mark : callable or None
        Draws something at the middle of the column in place of text: canvas, x, y, row.
    """

    key: str
    heading: tuple[str, ...]
    cells: Callable[[Row], Cells]
    slots: tuple[Slot, ...]
    group: str = ""
    align: Literal["left", "center", "right"] = "right"
    limit: float | None = None
    mark: Callable[[Canvas, float, float, Row], None] | None = None
    width: float = 0.0

    def content_width(self) -> float:
        """Return the width of the slots in points."""
        return sum(slot.width for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Options:
    """What the columns depend on: the result, the look, the arms' names and the decimals of effects."""

    result: Result
    style: Style
    preset: Preset
    arms: Mapping[str, str]
    decimals: int


def row_weight(row: Row) -> str:
    """Return the font weight of a row."""
    return "bold" if row.kind in BOLD_KINDS else "normal"


def split_point(text: str) -> tuple[str, str]:
    """Split a number at its decimal point; the point belongs to the second part."""
    whole, point, fraction = text.partition(".")
    if point:
        return whole, point + fraction
    digits = len(text.rstrip(")]%"))
    return text[:digits], text[digits:]


def fitted(column: Column, rows: Sequence[Row], style: Style) -> Column:
    """Return the column with the widths that the rendered text of `rows` needs."""
    slots = list(column.slots)
    for row in rows:
        for index, text in enumerate(column.cells(row)):
            head, tail = _parts(column, slots[index], text, row, style)
            slot = slots[index]
            slots[index] = replace(slot, head=max(slot.head, head), tail=max(slot.tail, tail))
    heading = max((text_width(line, style, weight="bold") for line in column.heading), default=0.0)
    column = replace(column, slots=tuple(slots))
    return replace(column, width=max(column.content_width(), heading))


def _parts(column: Column, slot: Slot, text: str, row: Row, style: Style) -> tuple[float, float]:
    weight = row_weight(row)
    if slot.align == "decimal":
        whole, fraction = split_point(text)
        return text_width(whole, style, weight=weight), text_width(fraction, style, weight=weight)
    if slot.align == "center":  # a joining word, never bold
        return text_width(text, style), 0.0
    if column.limit is not None:
        lines = wrapped(text, column.limit, style, weight=weight)
        return max((text_width(line, style, weight=weight) for line in lines), default=0.0) + indent(row), 0.0
    return text_width(text, style, weight=weight), 0.0


def indent(row: Row) -> float:
    """Return how far a row's label stands to the right."""
    return INDENT if row.indented else 0.0


def interval_slots(style: Style) -> tuple[Slot, ...]:
    """The slots of an estimate with its interval, each number aligned on its decimal point."""
    space = SPACE * style.size
    join = style.ci_join
    before, after = (len(join) - len(join.lstrip())) * space, (len(join) - len(join.rstrip())) * space
    return (Slot("decimal"), Slot("decimal", gap=1.2 * space), Slot("center", gap=before), Slot("decimal", gap=after))


def interval_cells(estimate: float | None, low: float | None, high: float | None, decimals: int, style: Style) -> Cells:
    """Print an estimate with its interval in four parts; the estimate is empty where there is none."""
    first = "" if estimate is None else number(estimate, decimals)
    if low is None and high is None:
        return (first, "", "", "")
    join = style.ci_join.strip()
    opened = f"{style.ci_open}{number(low, decimals)}"
    if join in HUGGING:
        opened, join = opened + join, ""
    return first, opened, join, f"{number(high, decimals)}{style.ci_close}"
