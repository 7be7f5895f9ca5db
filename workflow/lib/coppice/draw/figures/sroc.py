"""The summary ROC plot: sensitivity against specificity, with summary point, regions and curve."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from coppice.core.contracts.diagnostic import DiagnosticEffect, DiagnosticResult, SummaryPoint
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, Point, clean, styled
from coppice.draw.canvas.labels import draw_labels
from coppice.draw.canvas.legend import Aside, Key, dot, stroke
from coppice.draw.canvas.panel import Dot, Heading, Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style, blend
from coppice.draw.forest.marks import DASHES

SMALLEST, LARGEST = 4.0, 17.0  # points: diameters of the circles, whose areas are as the numbers of participants
SUMMARY = 8.5  # points: diameter of a summary point
MOST_LABELS = 20  # more labels than this hide the points
MOST_LEVELS = 4  # subgroups with a colour of their own
SIDE = 290.0  # points
FILL = 0.45  # share of the colour in the circles of studies


@styled
def draw_sroc(
    result: DiagnosticResult,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    labels: bool = False,
    subgroups: bool = True,
) -> Drawing:
    """Draw the studies in ROC space, with what the model says of them.

    With `subgroups`, an analysis that has any shows a summary point and a region of confidence for each level in place of
    those of all studies. Specificity falls from left to right, so that a better test lies at the upper left.
    """
    effects = result["effects"]
    levels = _levels(result) if subgroups else {}
    colours = dict(zip(levels, (style.study, style.prediction, style.accent, style.common), strict=False))
    panel = draw_panel(
        style,
        Scale("Specificity (%)", 100.0, 0.0),
        Scale("Sensitivity (%)", 0.0, 100.0),
        Heading(title, "Summary ROC plot", words.studies(result["k"])),
        aside=Aside(_keys(result, levels, colours, style), _notes(result, levels), width=160.0),
        width=SIDE,
        height=SIDE,
    )
    lines = [panel.path([(100, 0), (0, 100)], colour=style.faint, width=0.8)]
    if levels:
        for number, (level, part) in enumerate(levels.items()):
            colour = colours.get(level, style.ink)
            lines.append(_closed(panel, part["confidence"], colour, name=f"confidence-{number}"))
            _summary(panel, part["point"], colour, number)
    else:
        lines += _model(panel, result)
    dots = _studies(panel, effects, colours)
    if labels and len(dots) <= MOST_LABELS:
        draw_labels(panel, dots, lines=lines)
    return panel.finished(None, _description(result))


def _levels(result: DiagnosticResult) -> dict[str, Mapping[str, Any]]:
    parts = result.get("subgroups")
    levels = parts["levels"] if parts else []
    return {part["level"]: part for part in levels} if len(levels) <= MOST_LEVELS else {}


def _model(panel: Panel, result: DiagnosticResult) -> list[list[Point]]:
    """Draw curve, regions and summary point of all studies; return the places of the lines."""
    style, lines = panel.style, []
    if curve := result.get("curve"):
        places = [panel.at(100 * (1 - fpr), 100 * sens) for fpr, sens in curve["points"]]
        if places:
            panel.canvas.line(places, colour=style.summary, width=1.5, name="curve", zorder=3.2)
            lines.append(places)
    if regions := result.get("regions"):
        lines.append(_closed(panel, regions["prediction"], style.prediction, dashes=DASHES, name="prediction"))
        lines.append(_closed(panel, regions["confidence"], style.summary, name="confidence"))
    if point := result.get("point"):
        _summary(panel, point, style.summary, 0)
    return lines


def _closed(
    panel: Panel,
    points: Sequence[Sequence[float]],
    colour: str,
    *,
    dashes: Sequence[float] | None = None,
    name: str | None = None,
) -> list[Point]:
    places = [panel.at(100 * (1 - fpr), 100 * sens) for fpr, sens in points]
    panel.canvas.line(places, colour=colour, width=1.1, dashes=dashes, zorder=3.4, name=name)
    return places


def _place(panel: Panel, sensitivity: float, specificity: float) -> Point:
    return panel.at(100 * specificity, 100 * sensitivity)


def _summary(panel: Panel, point: SummaryPoint, colour: str, number: int) -> None:
    x, y = _place(panel, point["sensitivity"]["estimate"], point["specificity"]["estimate"])
    panel.canvas.circle(
        x, y, SUMMARY, fill=colour, edge=panel.style.background, width=1.2, zorder=6.0, name=f"summary-{number}"
    )


def _studies(panel: Panel, effects: Sequence[DiagnosticEffect], colours: Mapping[str, str]) -> list[Dot]:
    """Draw a circle for each study, the largest first, so that none hides a smaller one."""
    style = panel.style
    sizes = [effect["tp"] + effect["fp"] + effect["fn"] + effect["tn"] for effect in effects]
    most = max(sizes, default=1)
    dots: dict[int, Dot] = {}
    for index in sorted(range(len(effects)), key=lambda index: -sizes[index]):
        effect = effects[index]
        colour = colours.get(str(effect["subgroup"]), style.study)
        place = _place(panel, effect["sensitivity"]["estimate"], effect["specificity"]["estimate"])
        dots[index] = panel.point(
            index,
            place,
            clean(effect["label"]),
            diameter=max(SMALLEST, LARGEST * math.sqrt(sizes[index] / most)),
            fill=blend(colour, style.background, FILL),
            edge=colour,
            zorder=2.5,
        )
    return [dots[index] for index in range(len(effects))]


def _keys(result: DiagnosticResult, levels: Mapping[str, Any], colours: Mapping[str, str], style: Style) -> list[Key]:
    level = words.percent_level(result)
    circle = blend(style.study, style.background, FILL)
    if levels:
        each = [
            Key(f"{clean(name)} ({words.studies(part['k'])})", dot(colours.get(name, style.ink), style.background, 8.0))
            for name, part in levels.items()
        ]
        return [
            Key("Study, area by participants", dot(circle, style.study, 7.0)),
            *each,
            Key(f"{level} confidence region of each", stroke(style.ink, width=1.1)),
        ]
    keys = [Key("Study, area by participants", dot(circle, style.study, 7.0))]
    if result.get("point"):
        keys += [
            Key("Summary point", dot(style.summary, style.background, SUMMARY)),
            Key(f"{level} confidence region", stroke(style.summary, width=1.1)),
            Key(f"{level} prediction region", stroke(style.prediction, DASHES, 1.1)),
        ]
    if (curve := result.get("curve")) and curve["points"]:
        keys.append(Key("Summary ROC curve, over the range of the studies", stroke(style.summary, width=1.5)))
    return [*keys, Key("No information", stroke(style.faint))]


def _notes(result: DiagnosticResult, levels: Mapping[str, Any]) -> list[str]:
    overall = result["point"]
    if overall is None:
        return [f"No summary: {clean(result['reasons'].get('point', ''))}."]
    parts = [] if levels else [("", overall)]
    parts += [(f"{clean(name)}: ", part["point"]) for name, part in levels.items()]
    notes = []
    for lead, point in parts:
        for side in ("sensitivity", "specificity"):
            values = [f"{100 * point[side][key]:.1f}" for key in ("estimate", "ci_low", "ci_high")]
            text = f"{side} {values[0]}% ({values[1]} to {values[2]})"
            notes.append(f"{lead}{text}" if lead else text.capitalize())
    return notes


def _description(result: DiagnosticResult) -> str:
    return f"Sensitivity against specificity of {words.studies(result['k'])}."
