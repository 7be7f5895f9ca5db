"""The cells of a forest plot's table: columns made of slots, each aligned in its own way."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import multimode
from typing import Any, Literal

from coppice.core.measures import MEASURES
from coppice.core.number_style import ZERO, rounded, together
from coppice.core.printing import landmarks
from coppice.draw.canvas.canvas import Canvas, text_width, wrapped
from coppice.draw.canvas.style import Style
from coppice.draw.forest.presets import Preset
from coppice.draw.forest.rows import Kind, Row, Triple

Result = Mapping[str, Any]
Cells = tuple[str, ...]
SlotAlign = Literal["left", "center", "right", "decimal"]
Growth = Literal["both", "left", "right"]

INDENT = 9.0  # points: studies of a subgroup stand to the right of its heading
HUGGING = (",", ";")  # these stand close to the lower limit
LONG = 1.0  # of the font size: a number that is longer than most by more than this yields to the right
SPACE = 0.34  # of the font size: the width of a space
DASHES = ("-", "\N{EN DASH}")  # between limits of which one is negative, these would look like another minus
BOLD_KINDS = frozenset({Kind.HEADING, Kind.RANDOM})


@dataclass(frozen=True, slots=True)
class Slot:
    """One aligned part of a column; lengths are in points.

    A bold number, which is wider, sticks out of the others where its slot `grows`: its other end is theirs. A number
    longer than most goes where its slot `yields`: to the left with more decimals, such as 0.004 among 0.14, to the
    right with more digits, such as 167.3 among 1.2, in place of pushing its neighbours away in every row.
    """

    align: SlotAlign
    gap: float = 0.0  # before the slot
    head: float = 0.0  # before the point of alignment
    tail: float = 0.0  # after it
    grows: Growth = "both"
    yields: Literal["no", "left", "right"] = "no"

    @property
    def width(self) -> float:
        """Width of the slot in points, with the gap before it."""
        return self.gap + self.head + self.tail


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and what it prints for a row."""

    key: str  # name in the configuration
    heading: tuple[str, ...]
    cells: Callable[[Row], Cells]  # the text of each slot; an empty tuple leaves the row empty
    slots: tuple[Slot, ...]
    group: str = ""  # heading that is shared with neighbours
    align: Literal["left", "center", "right"] = "right"  # of the heading above the column
    limit: float | None = None  # width in points at which text is wrapped
    mark: Callable[[Canvas, float, float, Row], None] | None = None  # draws at the column's middle in place of text
    width: float = 0.0

    def content_width(self) -> float:
        """Return the width of the slots in points."""
        return sum(slot.width for slot in self.slots)


@dataclass(frozen=True, slots=True)
class TableContext:
    """What the columns depend on: the result, the look, the arms' names, and the decimals of effects and of columns."""

    result: Result
    style: Style
    preset: Preset
    arms: Mapping[str, str]
    decimals: int  # of effects
    column_decimals: Mapping[str, int] = field(default_factory=dict)  # as configured, by the column's key

    def configured(self, decimals: int | Mapping[str, int] | None) -> TableContext:
        """Return the context with the decimals of the configuration: of effects, or of columns by their keys."""
        if isinstance(decimals, Mapping):
            return replace(self, decimals=decimals.get("effect", self.decimals), column_decimals=decimals)
        return self if decimals is None else replace(self, decimals=decimals)

    @property
    def effects(self) -> Sequence[Mapping[str, Any]]:
        """The effects of the result."""
        return list(self.result.get("effects", ()))

    @property
    def reported(self) -> list[Mapping[str, Any]]:
        """The figures that the effects come from, as reported."""
        return [effect.get("reported") or {} for effect in self.effects]

    @property
    def landmarks(self) -> tuple[float, ...]:
        """The values that no other effect prints as."""
        return landmarks(MEASURES.get(self.result.get("measure", "")))


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
    parts: list[list[tuple[float, float]]] = [[] for _ in column.slots]
    for row in rows:
        for index, text in enumerate(column.cells(row)):
            parts[index].append(_parts(column, column.slots[index], text, row, style))
    slots = [_sized(slot, widths, style) for slot, widths in zip(column.slots, parts, strict=True)]
    heading = max((text_width(line, style, weight="bold") for line in column.heading), default=0.0)
    column = replace(column, slots=tuple(slots))
    return replace(column, width=max(column.content_width(), heading))


def _sized(slot: Slot, parts: Sequence[tuple[float, float]], style: Style) -> Slot:
    """Return a slot with the space that its texts need before and after the point of alignment."""
    heads, tails = [before for before, _ in parts], [after for _, after in parts]
    if slot.yields == "left" and parts:
        tail = max(multimode(tails))
        return replace(slot, head=max(before + max(after - tail, 0.0) for before, after in parts), tail=tail)
    if slot.yields == "right" and parts:
        most = max(multimode(heads)) + LONG * style.size
        head = max(before for before in heads if before <= most)
        return replace(slot, head=head, tail=max(after + max(before - head, 0.0) for before, after in parts))
    return replace(slot, head=max(heads, default=0.0), tail=max(tails, default=0.0))


def _parts(column: Column, slot: Slot, text: str, row: Row, style: Style) -> tuple[float, float]:
    """Return the space that a text needs before and after the point of alignment."""
    weight = row_weight(row)
    if slot.align == "decimal":
        return decimal_parts(slot, text, style, weight)
    if column.limit is not None:
        lines = wrapped(text, column.limit, style, weight=weight)
        return max((text_width(line, style, weight=weight) for line in lines), default=0.0) + indent(row), 0.0
    return text_width(text, style, weight=weight), 0.0


def decimal_parts(slot: Slot, text: str, style: Style, weight: str) -> tuple[float, float]:
    """Return the width of a number before its decimal point, and from there on."""
    whole, fraction = split_point(text)
    if slot.grows == "left":
        tail = text_width(fraction, style)
        return text_width(text, style, weight=weight) - tail, tail
    if slot.grows == "right":
        head = text_width(whole, style)
        return head, text_width(text, style, weight=weight) - head
    return text_width(whole, style, weight=weight), text_width(fraction, style, weight=weight)


def decimals_needed(values: Sequence[float], most: int) -> int:
    """Return the decimals that print all values as they are, but not more than `most`."""
    return next(
        (d for d in range(most) if all(math.isclose(float(rounded(value, d)), value) for value in values)), most
    )


def indent(row: Row) -> float:
    """Return how far a row's label stands to the right."""
    return INDENT if row.indented else 0.0


def joined(style: Style, rows: Sequence[Row]) -> Style:
    """Return the style with a word between limits where it has a dash and some limit is negative."""
    limits = [value for row in rows for value in row.printed[1:] if value is not None]
    needs_word = style.ci_join.strip() in DASHES and any(value < 0 for value in limits)
    return replace(style, ci_join=" to ") if needs_word else style


def interval_slots(style: Style) -> tuple[Slot, ...]:
    """The slots of an estimate with its interval, each number aligned on its decimal point."""
    return (Slot("decimal", grows="left", yields="left"), *range_slots(gap=0.9 * SPACE * style.size))


def range_slots(*, gap: float = 0.0) -> tuple[Slot, ...]:
    """The slots of two limits with a word between, at the same distance from both in every row."""
    return (
        Slot("decimal", gap=gap, grows="left", yields="left"),
        Slot("center"),
        Slot("decimal", grows="right", yields="right"),
    )


def interval_cells(values: Triple, decimals: int, style: Style, landmarks: Sequence[float] = ZERO) -> Cells:
    """Print an estimate with its interval in four parts; the estimate is empty where it is missing."""
    first, *limits = together(values, decimals, landmarks)
    first = "" if values[0] is None else first
    if values[1] is None and values[2] is None:
        return (first, "", "", "")
    left, join, right = _around_join(limits, style)
    return first, f"{style.ci_open}{left}", join, f"{right}{style.ci_close}"


def range_cells(
    low: float | None, high: float | None, decimals: int, style: Style, landmarks: Sequence[float] = ZERO
) -> Cells:
    """Print two limits with what stands between them, its spaces included."""
    return _around_join(together((low, high), decimals, landmarks), style)


def _around_join(limits: Sequence[str], style: Style) -> Cells:
    join = style.ci_join
    if join.strip() in DASHES and not all(text[:1].isdigit() for text in limits):
        join = " to "
    if join.strip() in HUGGING:
        return limits[0] + join.strip(), " ", limits[1]
    return limits[0], join, limits[1]
