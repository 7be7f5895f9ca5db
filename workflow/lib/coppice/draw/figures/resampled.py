"""Forest plots of what `explore` pooled again: each row is a whole model over some of the effects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from coppice.core.measures import MEASURES, Measure
from coppice.core.number_style import number, p_value, variance
from coppice.core.printing import back
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.style import Style
from coppice.draw.forest.cells import Cells, Column, Options, Slot, interval_cells, interval_slots
from coppice.draw.forest.columns import LABEL_WIDTH, heading
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Kind, Row, Triple, decimals_of, place_of

Result = Mapping[str, Any]
NO_INTERVAL = "No interval: the model has none for a single study."


def draw_resampled(
    pool_result: Result,
    rows: Sequence[Mapping[str, Any]] | Mapping[str, Any],
    *,
    name: str,
    heads: str,
    prefix: str,
    style: Style,
    title: str | None,
    favours: Sequence[str] | None,
    has_total: bool,
) -> Drawing:
    """Draw models over subsets of the effects, one a row.

    Parameters
    ----------
    pool_result : mapping
        The pool result, for the measure and for the summary of all effects.
    rows : sequence of mapping, or mapping with `skipped`
        Rows of the explore result, on the model's scale; or why there are none.
    name : str
        What the figure is called.
    heads, prefix : str
        Heading of the labels, and what stands before each of them.
    has_total : bool
        Whether the pooled model of all effects stands below.
    """
    measure = MEASURES.get(pool_result.get("measure", ""))
    preset = PRESETS["default"]
    skipped = rows.get("skipped") if isinstance(rows, Mapping) else None
    items: Sequence[Mapping[str, Any]] = () if isinstance(rows, Mapping) else rows
    options = Options(pool_result, style, preset, {}, decimals_of(pool_result))
    labels = [f"{prefix} {clean(item.get('label') or item['study'])}".strip() for item in items]
    size = (pool_result.get("display") or {}).get("size")
    table = [_row(item, label, Kind.STUDY, measure, size) for item, label in zip(items, labels, strict=True)]
    random = pool_result.get("random")
    if has_total and random and items:
        spread = pool_result.get("heterogeneity") or {}
        total = {**random, "tau2": spread.get("tau2"), "I2": spread.get("I2")}
        table += [Row(Kind.GAP), _row(total, "All studies", Kind.RANDOM, measure, size)]
    notes = (
        [f"Not drawn: {clean(skipped)}."]
        if skipped
        else [
            _model_note(pool_result, items),
            NO_INTERVAL
            if any(item.get("estimate") is not None and item.get("ci_low") is None for item in items)
            else "",
        ]
    )
    with style.applied():
        return draw_content(
            Content(
                measure=measure,
                style=style,
                preset=preset,
                title=title or "",
                subtitle=f"{name}: {words.measure_name(pool_result).lower()}, {words.count_of(pool_result)}",
                rows=table,
                left=[_label_column(heads)],
                right=_columns(
                    options, {str(row.effects[0].get("inference")) for row in table if row.place[0] is not None}
                ),
                favours=favours or (),
                notes=[note for note in notes if note],
                description=f"{name} of {words.count_of(pool_result)}.",
            )
        )


def _row(item: Mapping[str, Any], label: str, kind: Kind, measure: Measure | None, size: float | None) -> Row:
    exact: Triple = (item.get("estimate"), item.get("ci_low"), item.get("ci_high"))
    printed: Triple = (back(measure, exact[0], size), back(measure, exact[1], size), back(measure, exact[2], size))
    return Row(kind, label, place_of(measure, exact, printed), printed, None, (item,))


def _label_column(heads: str) -> Column:
    def cells(row: Row) -> Cells:
        return (row.label,) if row.label else ()

    return Column("study", (heads,), cells, (Slot("left"),), align="left", limit=LABEL_WIDTH)


def _columns(options: Options, codes: set[str]) -> list[Column]:
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

    def p(row: Row) -> Cells:
        item = row.effects[0] if row.effects else {}
        return (p_value(item["p"]).removeprefix("= "),) if item.get("p") is not None else ()

    def method(row: Row) -> Cells:
        item = row.effects[0] if row.effects else {}
        return (words.inference_name(item.get("inference")),) if item.get("ci_low") is not None else ()

    methods = [Column("inference", ("CI by",), method, (Slot("left"),), align="left")] if len(codes) > 1 else []
    lines = heading(options.preset.effect, options)
    estimates = Column("effect", lines, effect, interval_slots(options.style), align="center")
    measure = MEASURES.get(options.result.get("measure", ""))
    has_null = not measure or measure.null is not None  # without a value of no effect there is nothing to test
    tests = [Column("p", ("p",), p, (Slot("decimal", grows="left"),))] if has_null else []
    return [
        estimates,
        *tests,
        value("tau2", words.TAU2, variance),
        value("I2", f"{words.I2}, %", partial(number, decimals=0)),
        *methods,
    ]


def _model_note(pool_result: Result, rows: Sequence[Mapping[str, Any]]) -> str:
    settings, pooled = pool_result.get("settings") or {}, [row for row in rows if row.get("estimate") is not None]
    codes = list(dict.fromkeys(row.get("inference") for row in pooled))
    if len(codes) < 2:
        model = words.model_name(pooled[0] if pooled else None, settings)
        return (
            f"Each row is a random-effects model ({model}) with {words.TAU2} estimated anew."
            if pooled and model
            else ""
        )
    counted = [
        f"{words.inference_name(code)} in {sum(row.get('inference') == code for row in pooled)}" for code in codes
    ]
    return (
        f"Each row is a random-effects model ({clean(settings.get('tau2') or '')}) with {words.TAU2} estimated anew. "
        f"Its interval is by the method that an analysis of its effects has: {words.joined(counted, 'and')} rows."
    )
