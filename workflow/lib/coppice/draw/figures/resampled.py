"""Forest plots of what `explore` pooled again: each row is a whole model over some of the effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.pool import PoolResult
from coppice.core.measures import Measure
from coppice.core.number_style import number, p_value, variance
from coppice.core.printing import back
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, clean, styled
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled, label_of, rows_of
from coppice.draw.forest.cells import Cells, Column, Options, Slot, interval_cells, interval_slots
from coppice.draw.forest.columns import LABEL_WIDTH, heading
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Kind, Row, Triple, decimals_of, place_of

Item = Mapping[str, Any]  # the model of some of the effects, or that of all
NO_INTERVAL = "No interval: the model has none for a single study."


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of such a figure: its name, the heading of its labels, and what stands before each of them."""

    name: str
    heads: str = "Studies"
    prefix: str = ""
    has_total: bool = False  # whether the pooled model of all effects stands below


FIGURES = {
    "leave_one_out": Figure("Leave-one-out", prefix="Without", has_total=True),
    "cumulative": Figure("Cumulative meta-analysis", prefix="+"),
    "history": Figure("Estimate at each search", "Search"),
}


@styled
def draw_resampled(
    part: str,
    pool_result: PoolResult,
    explore_result: ExploreResult,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    favours: Sequence[str] | None = None,
) -> Drawing:
    """Draw models over subsets of the effects, one a row.

    The rows are a `part` of the explore result, a key of `FIGURES`.
    """
    figure, pooled, preset = FIGURES[part], Pooled(pool_result), PRESETS["default"]
    explored: Any = explore_result.get(part)
    rows: list[Item]
    rows, reason = rows_of(_counted(explored, pooled) if part == "history" else explored)
    size = (pool_result.get("display") or {}).get("size")
    options = Options(pool_result, style, preset, {}, decimals_of(pool_result))
    table = [
        _row(item, f"{figure.prefix} {clean(label_of(item))}".strip(), Kind.STUDY, pooled.measure, size)
        for item in rows
    ]
    random = pool_result.get("random")
    if figure.has_total and random and rows:
        spread = pool_result.get("heterogeneity")
        total = {**random, "tau2": spread and spread["tau2"], "I2": spread and spread["I2"]}
        table += [Row(Kind.GAP), _row(total, "All studies", Kind.RANDOM, pooled.measure, size)]
    lacks_interval = any(item.get("estimate") is not None and item.get("ci_low") is None for item in rows)
    notes = [reason] if reason else [_model_note(pooled, rows), NO_INTERVAL if lacks_interval else ""]
    codes = {str(row.effects[0].get("inference")) for row in table if row.place[0] is not None}
    return draw_content(
        Content(
            measure=pooled.measure,
            style=style,
            preset=preset,
            title=title or "",
            subtitle=f"{figure.name}: {pooled.name.lower()}, {pooled.count}",
            rows=table,
            left=[_label_column(figure.heads)],
            right=_columns(options, pooled, has_methods=len(codes) > 1),
            favours=favours or (),
            notes=[note for note in notes if note],
            description=f"{figure.name} of {pooled.count}.",
        )
    )


def _counted(rows: Any, pooled: Pooled) -> Any:
    """Say at each search how many studies there were by then; effects where a study gives several."""
    if not isinstance(rows, list) or words.gives_several(pooled.result):
        return rows
    return [{**row, "label": f"{row['searched']}, {words.studies(row['k'])}"} for row in rows]


def _row(item: Item, label: str, kind: Kind, measure: Measure | None, size: float | None) -> Row:
    exact: Triple = (item.get("estimate"), item.get("ci_low"), item.get("ci_high"))
    printed: Triple = (back(measure, exact[0], size), back(measure, exact[1], size), back(measure, exact[2], size))
    return Row(kind, label, place_of(measure, exact, printed), printed, None, (item,))


def _label_column(heads: str) -> Column:
    def cells(row: Row) -> Cells:
        return (row.label,) if row.label else ()

    return Column("study", (heads,), cells, (Slot("left"),), align="left", limit=LABEL_WIDTH)


def _columns(options: Options, pooled: Pooled, *, has_methods: bool) -> list[Column]:
    """Return the estimate with its interval, p, tau2 and I2 of each model, and its inference where they differ."""

    def effect(row: Row) -> Cells:
        if row.place[0] is None:
            return ()
        return interval_cells(row.printed, options.decimals, options.style, options.landmarks)

    def value(name: str, head: str, printed: Callable[[float], str]) -> Column:
        def cells(row: Row) -> Cells:
            item = row.effects[0] if row.effects else {}
            return (printed(item[name]),) if item.get(name) is not None else ()

        return Column(name, (head,), cells, (Slot("decimal", grows="left"),))

    def method(row: Row) -> Cells:
        item = row.effects[0] if row.effects else {}
        return (words.inference_name(item.get("inference")),) if item.get("ci_low") is not None else ()

    lines = heading(options.preset.effect, options)
    columns = [
        Column("effect", lines, effect, interval_slots(options.style), align="center"),
        value("tau2", words.TAU2, variance),
        value("I2", f"{words.I2}, %", partial(number, decimals=0)),
    ]
    if pooled.null is not None:  # without a value of no effect there is nothing to test
        columns.insert(1, value("p", "p", lambda p: p_value(p).removeprefix("= ")))
    if has_methods:
        columns.append(Column("inference", ("CI by",), method, (Slot("left"),), align="left"))
    return columns


def _model_note(pooled: Pooled, rows: Sequence[Item]) -> str:
    settings, models = pooled.result.get("settings") or {}, [row for row in rows if row.get("estimate") is not None]
    codes = [row.get("inference") for row in models]
    kinds = list(dict.fromkeys(codes))
    several = len(kinds) > 1
    model = clean(settings.get("tau2") or "") if several else words.model_name(models[0] if models else None, settings)
    if not models or not model:
        return ""
    note = f"Each row is a random-effects model ({model}) with {words.TAU2} re-estimated."
    if not several:
        return note
    counts = words.joined([f"{words.inference_name(code)} in {codes.count(code)}" for code in kinds], "and")
    return f"{note} Its interval is by the method that an analysis of its effects has: {counts} rows."
