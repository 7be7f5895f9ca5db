"""The columns of a forest plot: what is printed in each, and how it is aligned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coppice.draw import words
from coppice.draw.arms import arm_columns, arm_columns_with_risks
from coppice.draw.bias_column import bias_columns
from coppice.draw.cells import Cells, Column, Options, Slot, interval_cells, interval_slots
from coppice.draw.layout import clean
from coppice.draw.presets import PLOT
from coppice.draw.rows import SUMMARIES, Kind, Row, decimals_of
from coppice.errors import nearest
from coppice.numbers import number

Result = Mapping[str, Any]

LABEL_WIDTH = 250.0  # points: a longer study label is wrapped
VALUE_WIDTH = 120.0  # points: a longer characteristic is wrapped


def heading(template: str, options: Options) -> tuple[str, ...]:
    """Fill in the names that a preset's heading may have, and break it into lines."""
    style = options.style
    filled = template.format(
        code=clean(options.result.get("measure", "Effect")),
        name=words.measure_name(options.result),
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
        return interval_cells(*row.printed, options.decimals, options.style)

    lines = heading(options.preset.effect, options)
    return [Column("effect", lines, cells, interval_slots(options.style), align="center")]


def _weight_column(model: str, lines: tuple[str, ...]) -> Column:
    shown = SUMMARIES - ({Kind.COMMON} if model == "random" else {Kind.RANDOM})
    unit = "" if "%" in " ".join(lines) else "%"

    def cells(row: Row) -> Cells:
        weight = (row.weights or {}).get(model) if row.kind in shown or row.kind is Kind.STUDY else None
        return (number(weight, 1) + unit,) if weight is not None else ()

    return Column(f"weight_{model}", lines, cells, (Slot("decimal"),))


def weight_columns(options: Options) -> list[Column]:
    """The weight in the random-effects model, or in the common-effect one where there is no other."""
    effects = options.result.get("effects", ())
    for model in ("random", "common"):
        if any(effect.get(f"weight_{model}") is not None for effect in effects):
            return [_weight_column(model, heading(options.preset.weight, options))]
    return []


def both_weight_columns(options: Options) -> list[Column]:
    """The weights in both models."""
    return [_weight_column("common", ("Weight", "(common)")), _weight_column("random", ("Weight", "(random)"))]


def value_column(key: str, options: Options) -> Column:
    """A column of the studies' own values, such as a characteristic."""

    def cells(row: Row) -> Cells:
        if row.kind is not Kind.STUDY:
            return ()
        value = (row.effects[0].get("values") or {}).get(key)
        return (clean(value),) if value is not None else ()

    return Column(
        key, (clean(key.replace("_", " ").capitalize()),), cells, (Slot("left"),), align="left", limit=VALUE_WIDTH
    )


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


def columns_of(keys: Sequence[str], options: Options) -> tuple[list[Column], list[Column]]:
    """Return the columns left and right of the plot.

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
            raise ValueError(f"unknown column '{key}': {nearest(key, [*COLUMNS, PLOT, *values])}")
    return sides


def default_decimals(result: Result, decimals: int | None) -> int:
    """Return the decimals asked for, or those that the result's numbers need."""
    return decimals_of(result) if decimals is None else decimals
