"""The columns of a forest plot: what is printed in each, and how it is aligned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.number_style import number
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import clean
from coppice.draw.forest.arms import arm_columns, arm_columns_with_risks
from coppice.draw.forest.bias_column import bias_columns
from coppice.draw.forest.cells import Cells, Column, Options, Slot, decimals_needed, interval_cells, interval_slots
from coppice.draw.forest.presets import PLOT
from coppice.draw.forest.rows import SUMMARIES, Kind, Row, decimals_of

Result = Mapping[str, Any]

LABEL_WIDTH = 250.0  # points: a longer study label is wrapped
WEIGHT_DECIMALS = 1
VALUE_DECIMALS = 3  # at most, of a characteristic; none has more than its numbers need
VALUE_WIDTH = 120.0  # points: a longer characteristic is wrapped


def heading(template: str, options: Options) -> tuple[str, ...]:
    """Fill in the names that a preset's heading may have, and break it into lines."""
    style = options.style
    filled = template.format(
        code=words.printed_code(options.result),
        name=words.printed_name(options.result),
        level=words.percent_level(options.result),
        open=style.ci_open.strip() or "(",
        close=style.ci_close.strip() or ")",
    )
    return tuple(filled.split("|"))


def study_column(options: Options) -> list[Column]:
    """The label of the study, or of the summary."""

    def cells(row: Row) -> Cells:
        return (row.label,) if row.kind not in (Kind.NOTE, Kind.GAP) else ()

    return [
        Column("study", heading(options.preset.study, options), cells, (Slot("left"),), align="left", limit=LABEL_WIDTH)
    ]


def year_column(options: Options) -> list[Column]:
    """The year of the study."""

    def cells(row: Row) -> Cells:
        year = row.effects[0].get("year") if row.kind is Kind.STUDY and row.effects else None
        return (clean(year),) if year is not None else ()

    return [Column("year", ("Year",), cells, (Slot("right"),))]


def effect_column(options: Options) -> list[Column]:
    """The effect with its confidence interval."""

    def cells(row: Row) -> Cells:
        if row.kind in (Kind.HEADING, Kind.NOTE, Kind.GAP):
            return ()
        if row.kind is Kind.STUDY and row.place[0] is None:
            return ()
        return interval_cells(row.printed, options.decimals, options.style, options.landmarks)

    lines = heading(options.preset.effect, options)
    return [Column("effect", lines, cells, interval_slots(options.style), align="center")]


def _weight_column(model: str, lines: tuple[str, ...], options: Options) -> Column:
    decimals = options.given.get("weight", WEIGHT_DECIMALS)
    shown = SUMMARIES - ({Kind.COMMON} if model == "random" else {Kind.RANDOM})
    unit = "" if "%" in " ".join(lines) else "%"

    def cells(row: Row) -> Cells:
        weight = (row.weights or {}).get(model) if row.kind in shown or row.kind is Kind.STUDY else None
        return (number(weight, decimals) + unit,) if weight is not None else ()

    return Column(f"weight_{model}", lines, cells, (Slot("decimal", grows="left"),))


def weight_columns(options: Options) -> list[Column]:
    """The weight in the random-effects model, or in the common-effect one where there is no other."""
    effects = options.result.get("effects", ())
    for model in ("random", "common"):
        if any(effect.get(f"weight_{model}") is not None for effect in effects):
            return [_weight_column(model, heading(options.preset.weight, options), options)]
    return []


def both_weight_columns(options: Options) -> list[Column]:
    """The weights in both models."""
    return [_weight_column(model, ("Weight", f"({model})"), options) for model in ("common", "random")]


def value_column(key: str, options: Options) -> Column:
    """A column of the studies' own values, such as a characteristic; numbers stand on their decimal point."""
    lines = (clean(key.replace("_", " ").capitalize()),)
    values = [value for effect in options.result.get("effects", ()) if (value := _value(effect, key)) is not None]
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    decimals = options.given.get(key, decimals_needed(values, VALUE_DECIMALS) if is_number else 0)

    def cells(row: Row) -> Cells:
        value = _value(row.effects[0], key) if row.kind is Kind.STUDY else None
        if value is None:
            return ()
        return (number(value, decimals) if is_number else clean(value),)

    if is_number:
        return Column(key, lines, cells, (Slot("decimal"),))
    return Column(key, lines, cells, (Slot("left"),), align="left", limit=VALUE_WIDTH)


def _value(effect: Mapping[str, Any], key: str) -> Any:
    return (effect.get("values") or {}).get(key)


COLUMNS: dict[str, Callable[[Options], list[Column]]] = {
    "study": study_column,
    "year": year_column,
    "arms": arm_columns,
    "arms_with_risks": arm_columns_with_risks,
    "effect": effect_column,
    "weight": weight_columns,
    "weights": both_weight_columns,
    "risk_of_bias": bias_columns,
}


def columns_of(
    keys: Sequence[str], options: Options, headings: Mapping[str, str] | None = None
) -> tuple[list[Column], list[Column]]:
    """Return the columns left and right of the plot.

    Parameters
    ----------
    keys : sequence of str
        Columns from left to right.
    options : Options
        What they depend on.
    headings : mapping or None
        Headings to print in place of their own, by the key of a column or by the figure of an arm, such as ``events``;
        ``|`` breaks a line.

    Raises
    ------
    ValueError
        If a key names neither a column nor a value that some study has, or the plot is not there exactly once.
    """
    if list(keys).count(PLOT) != 1:
        raise ValueError(f"the columns of a forest plot must name '{PLOT}' once")
    values = {name for effect in options.result.get("effects", ()) for name in effect.get("values") or {}}
    sides: tuple[list[Column], list[Column]] = ([], [])
    side = 0
    for key in keys:
        if key == PLOT:
            side = 1
        elif key in COLUMNS:
            sides[side].extend(COLUMNS[key](options))
        elif key in values:
            sides[side].append(value_column(key, options))
        else:
            raise ValueError(f"unknown column '{key}': {allowed_values_hint(key, [*COLUMNS, PLOT, *values])}")
    return _renamed(sides[0], headings or {}), _renamed(sides[1], headings or {})


def _renamed(columns: Sequence[Column], headings: Mapping[str, str]) -> list[Column]:
    """Give columns the headings asked for."""
    found = [headings.get(column.key, headings.get(column.key.rpartition("_")[0])) for column in columns]
    return [
        replace(column, heading=tuple(clean(given).split("|"))) if given is not None else column
        for column, given in zip(columns, found, strict=True)
    ]


def default_decimals(result: Result, decimals: int | Mapping[str, int] | None) -> tuple[int, dict[str, int]]:
    """Return the decimals of effects, asked for or as the result's numbers need, and those of other columns."""
    given = dict(decimals) if isinstance(decimals, Mapping) else {}
    asked = given.get("effect") if isinstance(decimals, Mapping) else decimals
    return decimals_of(result) if asked is None else asked, given
