"""The columns of a forest plot: what is printed in each, and how it is aligned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.number_style import number
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import clean
from coppice.draw.forest.arms import arm_columns
from coppice.draw.forest.bias_column import bias_columns
from coppice.draw.forest.cells import Cells, Column, Slot, TableContext, decimals_needed, interval_cells, interval_slots
from coppice.draw.forest.presets import PLOT
from coppice.draw.forest.rows import SUMMARIES, Kind, Row

Result = Mapping[str, Any]

LABEL_WIDTH = 250.0  # points: a longer study label is wrapped
WEIGHT_DECIMALS = 1
VALUE_DECIMALS = 3  # at most, of a characteristic; none has more than its numbers need
VALUE_WIDTH = 120.0  # points: a longer characteristic is wrapped


def heading(template: str, context: TableContext) -> tuple[str, ...]:
    """Fill in the names that a preset's heading may have, and break it into lines."""
    style = context.style
    filled = template.format(
        code=words.printed_code(context.result),
        name=words.printed_name(context.result),
        level=words.percent_level(context.result),
        open=style.ci_open.strip() or "(",
        close=style.ci_close.strip() or ")",
    )
    return tuple(filled.split("|"))


def study_column(context: TableContext) -> list[Column]:
    """The label of the study, or of the summary."""

    def cells(row: Row) -> Cells:
        return (row.label,) if row.kind not in (Kind.NOTE, Kind.GAP) else ()

    lines = heading(context.preset.study, context)
    return [Column("study", lines, cells, (Slot("left"),), align="left", limit=LABEL_WIDTH)]


def year_column(context: TableContext) -> list[Column]:
    """The year of the study."""

    def cells(row: Row) -> Cells:
        year = row.effects[0].get("year") if row.kind is Kind.STUDY and row.effects else None
        return (clean(year),) if year is not None else ()

    return [Column("year", ("Year",), cells, (Slot("right"),))]


def effect_column(context: TableContext) -> list[Column]:
    """The effect with its confidence interval."""

    def cells(row: Row) -> Cells:
        is_blank = row.kind in (Kind.HEADING, Kind.NOTE, Kind.GAP)
        if is_blank or (row.kind is Kind.STUDY and row.place[0] is None):
            return ()
        return interval_cells(row.printed, context.decimals, context.style, context.landmarks)

    lines = heading(context.preset.effect, context)
    return [Column("effect", lines, cells, interval_slots(context.style), align="center")]


def _weight_column(model: str, lines: tuple[str, ...], context: TableContext) -> Column:
    decimals = context.column_decimals.get("weight", WEIGHT_DECIMALS)
    summaries = SUMMARIES - ({Kind.COMMON} if model == "random" else {Kind.RANDOM})
    unit = "" if "%" in " ".join(lines) else "%"

    def cells(row: Row) -> Cells:
        weight = (row.weights or {}).get(model) if row.kind in summaries or row.kind is Kind.STUDY else None
        return (number(weight, decimals) + unit,) if weight is not None else ()

    return Column(f"weight_{model}", lines, cells, (Slot("decimal", grows="left"),))


def weight_columns(context: TableContext) -> list[Column]:
    """The weight in the random-effects model, or in the common-effect one where there is no other."""
    for model in ("random", "common"):
        if any(effect.get(f"weight_{model}") is not None for effect in context.effects):
            return [_weight_column(model, heading(context.preset.weight, context), context)]
    return []


def both_weight_columns(context: TableContext) -> list[Column]:
    """The weights in both models."""
    return [_weight_column(model, ("Weight", f"({model})"), context) for model in ("common", "random")]


def value_column(key: str, context: TableContext) -> Column:
    """A column of the studies' own values, such as a characteristic; numbers stand on their decimal point."""
    lines = (clean(key.replace("_", " ").capitalize()),)
    every = [(effect.get("values") or {}).get(key) for effect in context.effects]
    values = [value for value in every if value is not None]
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    decimals = context.column_decimals.get(key, decimals_needed(values, VALUE_DECIMALS) if is_number else 0)

    def cells(row: Row) -> Cells:
        value = (row.effects[0].get("values") or {}).get(key) if row.kind is Kind.STUDY else None
        if value is None:
            return ()
        return (number(value, decimals) if is_number else clean(value),)

    if is_number:
        return Column(key, lines, cells, (Slot("decimal"),))
    return Column(key, lines, cells, (Slot("left"),), align="left", limit=VALUE_WIDTH)


COLUMNS: dict[str, Callable[[TableContext], list[Column]]] = {
    "study": study_column,
    "year": year_column,
    "arms": arm_columns,
    "arms_with_risks": partial(arm_columns, with_risks=True),
    "effect": effect_column,
    "weight": weight_columns,
    "weights": both_weight_columns,
    "risk_of_bias": bias_columns,
}


def columns_of(
    keys: Sequence[str], context: TableContext, headings: Mapping[str, str] | None = None
) -> tuple[list[Column], list[Column]]:
    """Return the columns left and right of the plot; `headings` replaces theirs, by column or by figure of an arm."""
    if list(keys).count(PLOT) != 1:
        raise ValueError(f"the columns of a forest plot must name '{PLOT}' once")
    values = {name for effect in context.effects for name in effect.get("values") or {}}
    sides: tuple[list[Column], list[Column]] = ([], [])
    side = 0
    for key in keys:
        if key == PLOT:
            side = 1
        elif key in COLUMNS:
            sides[side].extend(COLUMNS[key](context))
        elif key in values:
            sides[side].append(value_column(key, context))
        else:
            raise ValueError(f"unknown column '{key}': {allowed_values_hint(key, [*COLUMNS, PLOT, *values])}")
    return _renamed(sides[0], headings or {}), _renamed(sides[1], headings or {})


def _renamed(columns: Sequence[Column], headings: Mapping[str, str]) -> list[Column]:
    """Give columns the headings of the configuration."""
    renamed = []
    for column in columns:
        text = headings.get(column.key, headings.get(column.key.rpartition("_")[0]))
        renamed.append(column if text is None else replace(column, heading=tuple(clean(text).split("|"))))
    return renamed
