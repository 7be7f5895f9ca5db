"""The forest plot of several outcomes that were pooled jointly: a block for each, with its studies and its pooled effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coppice.core.number_style import number
from coppice.draw.canvas.canvas import Drawing, clean, styled
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Kind, Row
from coppice.draw.network.forest import context_of, estimates, labels, row_of
from coppice.draw.network.view import NetworkView

Result = Mapping[str, Any]
RHO = "\N{GREEK SMALL LETTER RHO}"


@styled
def draw_outcomes_forest(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the effects of each outcome, its effect pooled jointly with the others, and that from its own effects alone.

    Jackson D, Riley R, White IR. Stat Med 2011;30:2481-2498, doi:10.1002/sim.4172.
    """
    view = NetworkView({**result, "treatments": []})
    context = context_of(view, style)
    names = {item["outcome"]: clean(item["name"]) for item in result["outcomes"]}
    rows: list[Row] = []
    for item in result["outcomes"]:
        rows += [Row(Kind.GAP)] if rows else []
        rows.append(Row(Kind.HEADING, names[item["outcome"]]))
        own = (effect for effect in result["effects"] if effect["outcome"] == item["outcome"])
        rows += [row_of(view, Kind.STUDY, clean(effect["label"]), of_effect(effect)) for effect in own]
        rows += [row_of(view, Kind.SUBTOTAL, "Pooled jointly", item["random"])] if item["random"]["se"] else []
        if item["prediction_low"] is not None:
            rows.append(predicted(view, item))
        rows += (
            [replace(row_of(view, Kind.STUDY, "From this outcome alone", item["alone"]), weights=None)]
            if item["alone"]["se"]
            else []
        )
    return draw_content(
        Content(
            measure=view.measure,
            style=style,
            preset=PRESETS["default"],
            title=title or "",
            subtitle=f"{len(names)} outcomes pooled jointly: {view.name.lower()}, {view.studies}",
            rows=rows,
            left=[labels("Outcome and study")],
            right=[estimates(context)],
            notes=notes(result, names),
            description=f"Effects on {', '.join(names.values())}, pooled jointly.",
        )
    )


def of_effect(effect: Mapping[str, Any]) -> dict[str, Any]:
    """Return the effect of a study as a line."""
    return {**effect, "estimate": effect["yi"], "se": effect["vi"] ** 0.5}


def predicted(view: NetworkView, item: Mapping[str, Any]) -> Row:
    """Return the row of a prediction interval."""
    low, high = item["prediction_low"], item["prediction_high"]
    printed = view.printed(item, ("prediction_low", "prediction_high"))
    return Row(Kind.PREDICTION, "Prediction interval", (None, low, high), (None, *printed))


def notes(result: Result, names: Mapping[str, str]) -> list[str]:
    """Return what stands beneath the figure: what is correlated, and how."""
    rho = number(result["settings"]["rho"], 2)
    texts = [f"The sampling errors of two outcomes of a study correlate by {RHO} = {rho}, which was set."]
    between = [
        f"{' and '.join(names[key] for key in item['outcomes'])} {number(item['estimate'], 2)}{' (at the bound)' if item['at_bound'] else ''}"
        for item in result["correlations"]
        if item["estimate"] is not None
    ]
    if between:
        texts.append(f"Estimated correlation of the true effects between studies: {'; '.join(between)}.")
    borrowed = [f"{names[item['outcome']]} {number(item['borrowed'], 0)}%" for item in result["outcomes"]]
    texts.append(
        f"Variance saved by the other outcomes: {'; '.join(borrowed)}. Squares are by the precision of the estimate."
    )
    if missing := int(result["k"]) * len(names) - len({(item["study"], item["outcome"]) for item in result["effects"]}):
        texts.append(
            f"{missing} of {int(result['k']) * len(names)} effects are not reported; the model takes those that are."
        )
    return texts
