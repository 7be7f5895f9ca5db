"""The summary forest plot: the pooled estimates of several analyses, one a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from coppice.core.measures import MEASURES, Measure, harmonic_size
from coppice.core.printing import back, landmarks
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.shared_axis import on_one_axis
from coppice.draw.forest.cells import Cells, Column, Slot, interval_cells, interval_slots, range_cells, range_slots
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Kind, Row, decimals_of, place_of, triple

Result = Mapping[str, Any]

LABEL_WIDTH = 250.0


def draw_summary(
    results: Sequence[Result],
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    titles: Mapping[str, str] | None = None,
    sides: Mapping[str, Sequence[str] | None] | None = None,
) -> Drawing:
    """Draw the pooled estimates of several analyses above one another.

    All ratios share the axis, or else the analyses of one measure; those on another scale have numbers and no mark. An
    analysis without an overall estimate has a row for each subgroup.

    Parameters
    ----------
    results : sequence of mapping
        Pool results in the order of the rows.
    style, title
        As in `draw_forest`.
    titles : mapping or None
        What each analysis is called; its key in the results by default.
    sides : mapping or None
        What lies below the null and above it in each analysis; printed where all on the axis agree.
    """
    marked = on_one_axis([(str(result.get("measure", "")), str(result.get("outcome", ""))) for result in results])
    measure = next(
        (MEASURES.get(item.get("measure", "")) for item, on in zip(results, marked, strict=True) if on), None
    )
    rows = [
        row for result, on in zip(results, marked, strict=True) for row in _rows(result, titles or {}, is_marked=on)
    ]
    notes = ["Diamonds are random-effects estimates with their confidence intervals; studies may enter several rows."]
    named = {
        tuple((sides or {}).get(str(item.get("analysis"))) or ())
        for item, on in zip(results, marked, strict=True)
        if on
    }
    if len(named) > 1:
        notes.append("Which side is the better one differs between outcomes; the forest plot of each names it.")
    if not all(marked):
        notes.append("An analysis on another scale than that of the axis has numbers and no mark.")
    with style.applied():
        return draw_content(
            Content(
                measure=measure,
                style=style,
                preset=PRESETS["default"],
                title=title or "Main analyses",
                subtitle="Pooled estimates",
                rows=rows,
                left=[_label(), _text("measure", "Measure", "left"), _text("k", "Studies", "right")],
                right=[_effect(style, _level(results)), _prediction(style)],
                notes=notes,
                favours=named.pop() if len(named) == 1 else (),
                description=f"Pooled estimates of {len(results)} analyses.",
            )
        )


def _rows(result: Result, titles: Mapping[str, str], *, is_marked: bool) -> list[Row]:
    name = str(result.get("analysis", ""))
    label = clean(titles.get(name) or name)
    measure = MEASURES.get(result.get("measure", ""))
    code, decimals = clean(result.get("measure", "")), decimals_of(result)
    told = {"measure": code, "k": result.get("k", 0), "decimals": decimals, "landmarks": landmarks(measure)}
    levels, display = (result.get("subgroups") or {}).get("levels", ()), result.get("display") or {}
    effects = result.get("effects") or ()
    if result.get("random") or result.get("common") or not levels:
        size = harmonic_size(effects)
        return [_row(label, result, display, measure, {**told, "size": size}, is_marked=is_marked)]
    inside = []
    for level, shown in zip(levels, display.get("subgroups") or [{}] * len(levels), strict=True):
        pooled = [effect for effect in effects if effect.get("subgroup") == level["level"]]
        more = {**told, "k": level.get("k", 0), "measure": "", "size": harmonic_size(pooled)}
        row = _row(clean(level["level"]), {**level, "prediction": None}, shown, measure, more, is_marked=is_marked)
        inside.append(replace(row, indented=True))
    by = clean(result["subgroups"].get("by", "")).replace("_", " ")
    return [Row(Kind.STUDY, f"{label}, by {by}" if by else label, effects=(told,)), *inside]


def _row(
    label: str,
    part: Mapping[str, Any],
    display: Mapping[str, Any],
    measure: Measure | None,
    told: Mapping[str, Any],
    *,
    is_marked: bool,
) -> Row:
    """Return the row of what has a pooled estimate: a whole analysis, or a subgroup."""
    model, size = "random" if part.get("random") else "common", told.get("size")
    line, prediction = part.get(model) or {}, part.get("prediction")
    beside = (display.get("prediction") or _printed(prediction, measure, size)) if prediction else {}
    exact, printed = triple(line), triple(display.get(model) or _printed(line, measure, size))
    return Row(
        Kind.SUBTOTAL,
        label,
        place_of(measure, exact, printed) if is_marked else (None, None, None),
        printed,
        effects=({**told, "prediction": beside},),
    )


def _printed(part: Mapping[str, Any], measure: Measure | None, size: float | None) -> dict[str, float | None]:
    return {name: back(measure, part.get(name), size) for name in ("estimate", "ci_low", "ci_high", "low", "high")}


def _label() -> Column:
    def cells(row: Row) -> Cells:
        return (row.label,)

    return Column("study", ("Analysis",), cells, (Slot("left"),), align="left", limit=LABEL_WIDTH)


def _text(key: str, heading: str, align: Any) -> Column:
    def cells(row: Row) -> Cells:
        value = row.effects[0].get(key)
        return (clean(value),) if value not in (None, "") else ()

    return Column(key, (heading,), cells, (Slot(align),), align=align)


def _level(results: Sequence[Result]) -> str:
    """Return the level that all intervals have, empty where they have several."""
    levels = {float(result["level"]) for result in results if result.get("level")}
    return f"{100 * levels.pop():g}% " if len(levels) == 1 else ""


def _effect(style: Style, level: str) -> Column:
    def cells(row: Row) -> Cells:
        if row.printed[0] is None:
            return ()
        return interval_cells(row.printed, row.effects[0]["decimals"], style, row.effects[0]["landmarks"])

    return Column("estimate", (f"Estimate ({level}CI)",), cells, interval_slots(style), align="center")


def _prediction(style: Style) -> Column:
    def cells(row: Row) -> Cells:
        found = row.effects[0].get("prediction") or {}
        if found.get("low") is None or found.get("high") is None:
            return ()
        told = row.effects[0]
        return range_cells(found["low"], found["high"], told["decimals"], style, told["landmarks"])

    return Column("prediction", ("Prediction", "interval"), cells, range_slots(), align="center")
