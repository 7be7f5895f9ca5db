"""Forest plots of a network: each treatment against the reference, and direct, indirect and network evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from coppice.core.network_lines import against_reference, as_read, is_common, main_line
from coppice.core.number_style import number, p_value
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, styled
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.forest.cells import Cells, Column, Slot, TableContext, interval_cells, interval_slots
from coppice.draw.forest.columns import LABEL_WIDTH, heading
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Kind, Row, Triple
from coppice.draw.network.view import NetworkView, Result

MOST_SPLIT = 60  # comparisons whose evidence is split: three rows each


def row_of(network: NetworkView, kind: Kind, label: str, line: Mapping[str, Any], **about: Any) -> Row:
    """Return the row of an estimate; `about` is what further columns print."""
    exact: Triple = (line["estimate"], line["ci_low"], line["ci_high"])
    estimate, low, high = network.printed(line)
    weight = {"random": 1.0 / line["se"] ** 2} if line["se"] > 0 else None
    return Row(kind, label, exact, (estimate, low, high), weight, effects=({**line, **about},))


def context_of(network: NetworkView, style: Style) -> TableContext:
    """Return what the cells of the table share."""
    return TableContext(network.result, style, PRESETS["default"], {}, network.decimals)


def labels(heads: str) -> Column:
    """Return the column of names."""
    return Column("study", (heads,), lambda row: (row.label,) if row.label else (), (Slot("left"),), align="left", limit=LABEL_WIDTH)  # fmt: skip


def estimates(context: TableContext) -> Column:
    """Return the column of estimates with their intervals."""

    def cells(row: Row) -> Cells:
        if row.kind is Kind.PREDICTION:
            _, low, high = row.printed
            return ("", *interval_cells((low, low, high), context.decimals, context.style, context.landmarks)[1:])
        if row.place[0] is None:
            return ()
        return interval_cells(row.printed, context.decimals, context.style, context.landmarks)

    lines = heading(context.preset.effect, context)
    return Column("effect", lines, cells, interval_slots(context.style), align="center")


def value(name: str, heads: Sequence[str], printed: Callable[[Any], str]) -> Column:
    """Return a column of a value that rows have beside their estimate."""

    def cells(row: Row) -> Cells:
        item = row.effects[0] if row.effects else {}
        return (printed(item[name]),) if item.get(name) is not None else ()

    return Column(name, tuple(heads), cells, (Slot("decimal", grows="left"),))


def _predicted(context: TableContext, network: NetworkView) -> Column:
    def cells(row: Row) -> Cells:
        line = row.effects[0]
        if line.get("prediction_low") is None:
            return ()
        low, high = network.printed(line, ("prediction_low", "prediction_high"))
        _first, *rest = interval_cells((low, low, high), context.decimals, context.style, context.landmarks)
        return ("".join(rest).strip().strip("()"),)

    return Column("prediction", ("Prediction", "interval"), cells, (Slot("left"),), align="left")


@styled
def draw_network_forest(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the effect of each treatment against the reference, the best first."""
    network = NetworkView(result)
    context = context_of(network, style)
    scores = {item["treatment"]: item["p_score"] for item in network.treatments}
    ordered = sorted(against_reference(result), key=lambda item: -scores[item["treatments"][0]])
    rows = [
        row_of(network, Kind.STUDY, network.names[item["treatments"][0]], main_line(item), direct=item["k"], score=scores[item["treatments"][0]])
        for item in ordered
    ]  # fmt: skip
    return draw_content(
        Content(
            measure=network.measure,
            style=style,
            preset=PRESETS["default"],
            title=title or "",
            subtitle=f"Each treatment against {network.reference}: {network.name.lower()}, {network.size}",
            rows=rows,
            left=[labels("Treatment"), value("direct", ("Direct", "studies"), str)],
            right=[
                estimates(context),
                *([] if is_common(result) else [_predicted(context, network)]),
                value("score", ("P-score",), "{:.2f}".format),
            ],
            notes=[f"{network.model}; squares are by the precision of the estimate."],
            description=f"Effects of {len(rows)} treatments against {network.reference}.",
        )
    )


@styled
def draw_network_split(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw direct, indirect and network evidence of each comparison that has both.

    Dias S, Welton NJ, Caldwell DM, Ades AE. Stat Med 2010;29:932-944, doi:10.1002/sim.3767.
    """
    network = NetworkView(result)
    context = context_of(network, style)
    both = [item for item in as_read(result) if item["direct"] and item["indirect"]]
    shown = sorted(both, key=lambda item: item["difference"]["p"])[:MOST_SPLIT]
    shown = [item for item in both if item in shown]
    rows: list[Row] = []
    for item in shown:
        one, other = (network.names[name] for name in item["treatments"])
        p = item["difference"]["p"]
        rows += [Row(Kind.GAP)] if rows else []
        rows.append(Row(Kind.HEADING, f"{one} against {other}"))
        rows += [
            row_of(network, Kind.STUDY, f"Direct ({words.studies(item['k'])})", item["direct"], share=100 * item["share"], differs=p),
            row_of(network, Kind.STUDY, "Indirect", item["indirect"], share=100 * (1 - item["share"])),
            row_of(network, Kind.SUBTOTAL, "Network", main_line(item)),
        ]  # fmt: skip
    notes = ["p is of the difference between direct and indirect evidence."]
    if len(shown) < len(both):
        notes.append(f"Shown are the {MOST_SPLIT} of {len(both)} comparisons whose evidence differs most.")
    return draw_content(
        Content(
            measure=network.measure,
            style=style,
            preset=PRESETS["default"],
            title=title or "",
            subtitle=f"Direct and indirect evidence: {network.name.lower()}, {network.size}",
            rows=rows,
            left=[labels("Comparison")],
            right=[
                estimates(context),
                value("share", ("Evidence,", "%"), partial(number, decimals=0)),
                value("differs", ("p",), lambda p: p_value(p).removeprefix("= ")),
            ],
            notes=notes,
            description=f"Direct and indirect evidence of {len(shown)} comparisons.",
        )
    )
