"""The summary forest plot: the pooled estimates of several analyses, one a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from coppice.core.contracts.pool import PoolResult
from coppice.core.measures import Measure, harmonic_size
from coppice.core.printing import back, landmarks
from coppice.draw.canvas.canvas import Drawing, clean, styled
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled
from coppice.draw.figures.shared_axis import on_one_axis
from coppice.draw.forest.cells import Cells, Column, Slot, interval_cells, interval_slots, range_cells, range_slots
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Kind, Row, decimals_of, place_of, triple

Numbers = Mapping[str, Any]  # what the columns print of a row besides its estimate

LABEL_WIDTH = 250.0


@styled
def draw_summary(
    results: Sequence[PoolResult],
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    titles: Mapping[str, str] | None = None,
    sides: Mapping[str, Sequence[str] | None] | None = None,
) -> Drawing:
    """Draw the pooled estimates of several analyses above one another.

    All ratios share the axis, or else the analyses of one measure; those on another scale have numbers and no mark. An
    analysis without an overall estimate has a row for each subgroup. By the keys of the analyses, `titles` are what
    they are called, and `sides` what lies below and above the null: printed where all on the axis agree.
    """
    marked = on_one_axis([(result.get("measure", ""), result.get("outcome", "")) for result in results])
    pairs = list(zip(results, marked, strict=True))
    on_axis = [result for result, is_marked in pairs if is_marked]
    directions = {tuple((sides or {}).get(str(result.get("analysis"))) or ()) for result in on_axis}
    notes = ["Diamonds are random-effects estimates with their confidence intervals; studies may enter several rows."]
    if len(directions) > 1:
        notes.append("Which side is the better one differs between outcomes; the forest plot of each names it.")
    if len(on_axis) < len(results):
        notes.append("An analysis on another scale than that of the axis has numbers and no mark.")
    return draw_content(
        Content(
            measure=Pooled(on_axis[0]).measure if on_axis else None,
            style=style,
            preset=PRESETS["default"],
            title=title or "Main analyses",
            subtitle="Pooled estimates",
            rows=[row for result, is_marked in pairs for row in _rows(result, titles or {}, is_marked=is_marked)],
            left=[
                Column(
                    "study", ("Analysis",), lambda row: (row.label,), (Slot("left"),), align="left", limit=LABEL_WIDTH
                ),
                _text("measure", "Measure", "left"),
                _text("k", "Studies", "right"),
            ],
            right=[_estimate(style, _level(results)), _prediction(style)],
            notes=notes,
            favours=directions.pop() if len(directions) == 1 else (),
            description=f"Pooled estimates of {len(results)} analyses.",
        )
    )


def _rows(result: PoolResult, titles: Mapping[str, str], *, is_marked: bool) -> list[Row]:
    name, measure, effects = str(result.get("analysis", "")), Pooled(result).measure, result.get("effects") or ()
    label = clean(titles.get(name) or name)
    numbers = {
        "measure": clean(result.get("measure", "")),
        "k": result.get("k", 0),
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
        size = harmonic_size(effect for effect in effects if effect.get("subgroup") == level["level"])
        own = {**numbers, "k": level.get("k", 0), "measure": "", "size": size}
        row = _row(clean(level["level"]), {**level, "prediction": None}, displayed, measure, own, is_marked=is_marked)
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
    line, prediction = part.get(model) or {}, part.get("prediction")
    beside = (display.get("prediction") or _printed(prediction, measure, size)) if prediction else {}
    exact, printed = triple(line), triple(display.get(model) or _printed(line, measure, size))
    place = place_of(measure, exact, printed) if is_marked else (None, None, None)
    return Row(Kind.SUBTOTAL, label, place, printed, effects=({**numbers, "prediction": beside},))


def _printed(part: Mapping[str, Any], measure: Measure | None, size: float | None) -> dict[str, float | None]:
    return {name: back(measure, part.get(name), size) for name in ("estimate", "ci_low", "ci_high", "low", "high")}


def _text(key: str, heading: str, align: Literal["left", "right"]) -> Column:
    def cells(row: Row) -> Cells:
        value = row.effects[0].get(key)
        return (clean(value),) if value not in (None, "") else ()

    return Column(key, (heading,), cells, (Slot(align),), align=align)


def _level(results: Sequence[PoolResult]) -> str:
    """Return the level that all intervals have, empty where they have several."""
    levels = {float(result["level"]) for result in results if result.get("level")}
    return f"{100 * levels.pop():g}% " if len(levels) == 1 else ""


def _estimate(style: Style, level: str) -> Column:
    def cells(row: Row) -> Cells:
        numbers = row.effects[0]
        if row.printed[0] is None:
            return ()
        return interval_cells(row.printed, numbers["decimals"], style, numbers["landmarks"])

    return Column("estimate", (f"Estimate ({level}CI)",), cells, interval_slots(style), align="center")


def _prediction(style: Style) -> Column:
    def cells(row: Row) -> Cells:
        numbers = row.effects[0]
        limits = numbers.get("prediction") or {}
        if limits.get("low") is None or limits.get("high") is None:
            return ()
        return range_cells(limits["low"], limits["high"], numbers["decimals"], style, numbers["landmarks"])

    return Column("prediction", ("Prediction", "interval"), cells, range_slots(), align="center")
