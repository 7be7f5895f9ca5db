"""The orchard plot: every effect as a fruit, its size by precision, around the pooled estimate of each group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.measures import MEASURES
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import Axis, effect_limits
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, dot, stroke
from coppice.draw.canvas.style import DEFAULT, Style

Result = Mapping[str, Any]

LARGEST, SMALLEST = 11.0, 4.0  # points: diameters of the fruits
LANE = 62.0  # points: the height of a group
FRUITS, TREE = -11.0, 17.0  # points from the middle of a lane: where the effects hang, and their intervals
TRUNK, BRANCH = 5.0, 1.4  # points: line widths of the confidence and the prediction interval
CENTRE = 7.5  # points: diameter of the pooled estimate's dot
LEVEL_STEP = 1.02  # of a fruit's diameter, between fruits that would overlap


@dataclass(frozen=True, slots=True)
class Group:
    """The effects of one level with what is pooled from them."""

    label: str
    effects: tuple[Mapping[str, Any], ...]
    part: Mapping[str, Any] | None
    prediction: Mapping[str, Any] | None


def draw_orchard(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw all effects by subgroup, with the confidence and the prediction interval of each pooled estimate.

    Nakagawa S et al. Res Synth Methods 2021;12:4-12, doi:10.1002/jrsm.1424.

    Parameters
    ----------
    result : mapping
        A pool result.
    style, title
        As in `draw_forest`.
    """
    measure = MEASURES.get(result.get("measure", ""))
    null = measure.null if measure else 0.0
    groups = _groups(result)
    yi = [effect["yi"] for group in groups for effect in group.effects]
    always = [
        (part or {}).get(name)
        for group in groups
        for part in (group.part, group.prediction)
        for name in ("estimate", "ci_low", "ci_high", "low", "high")
    ]
    low, high = effect_limits(yi, yi, yi, always=always, null=null)
    level = words.percent_level(result)
    keys = [
        Key("Effect, diameter by precision", dot(style.study, style.background, 9.0)),
        Key("Pooled estimate", dot(style.background, style.summary)),
        Key(f"{level} confidence interval", stroke(style.summary, None, 4.0)),
    ]
    if any(group.prediction for group in groups):
        keys.append(Key(f"{level} prediction interval", stroke(style.prediction, None, BRANCH)))
    with style.applied():
        panel = Panel(
            style,
            Scale(words.measure_name(result), low, high, is_log=bool(measure and measure.scale.is_ratio)),
            Scale("", 0.0, float(len(groups) or 1)),
            height=LANE * max(len(groups), 1),
            title=clean(title or ""),
            subtitle=f"Orchard plot, {words.count_of(result)}",
            aside=Aside(keys, width=150.0),
            lanes=[group.label for group in reversed(groups)],
        )
        if null is not None:
            panel.canvas.line([panel.at(null, panel.y.low), panel.at(null, panel.y.high)], width=0.8, name="null")
        largest = max((_precision(effect) for group in groups for effect in group.effects), default=1.0)
        for index, group in enumerate(reversed(groups)):
            _draw_group(panel, group, panel.y(index + 0.5), largest)
        return panel.canvas.finished(title or "Orchard plot", f"Orchard plot of {words.count_of(result)}.")


def _groups(result: Result) -> list[Group]:
    effects = [effect for effect in result.get("effects", ()) if effect.get("yi") is not None and effect.get("vi")]
    subgroups = result.get("subgroups")
    if not subgroups:
        part = result.get("random") or result.get("common")
        return [Group("All studies", tuple(effects), part, result.get("prediction"))]
    return [
        Group(
            clean(level["level"]),
            tuple(effect for effect in effects if effect.get("subgroup") == level["level"]),
            level.get("random") or level.get("common"),
            level.get("prediction"),
        )
        for level in subgroups["levels"]
    ]


def _precision(effect: Mapping[str, Any]) -> float:
    return 1 / math.sqrt(effect["vi"])


def stacked(places: Sequence[float], diameters: Sequence[float]) -> list[float]:
    """Return how far each fruit has to move up or down so that none covers another, the nearest free place first.

    Parameters
    ----------
    places, diameters : (k,)
        Along the axis, in points.

    Returns
    -------
    list of float
        Offsets across the axis, in points.
    """
    done: list[tuple[float, float, float]] = []
    offsets = [0.0] * len(places)
    for index in sorted(range(len(places)), key=lambda i: -diameters[i]):
        x, size = places[index], diameters[index]
        steps = (sign * step * SMALLEST / 2 for step in range(4 * len(places) + 1) for sign in (1, -1))
        offsets[index] = next(
            offset
            for offset in steps
            if all(math.hypot(x - a, offset - b) >= LEVEL_STEP * (size + d) / 2 for a, b, d in done)
        )
        done.append((x, offsets[index], size))
    return offsets


def _draw_group(panel: Panel, group: Group, y: float, largest: float) -> None:
    canvas, style, axis = panel.canvas, panel.style, panel.x
    diameters = [max(SMALLEST, LARGEST * _precision(effect) / largest) for effect in group.effects]
    places = [axis(effect["yi"]) for effect in group.effects]
    room = LANE / 2 + FRUITS - SMALLEST / 2
    for x, offset, size in zip(places, stacked(places, diameters), diameters, strict=True):
        at = y + FRUITS + max(-room, min(room, offset))
        canvas.circle(x, at, size, fill=style.study, edge=style.background, width=0.5, alpha=0.8, zorder=3)
    y += TREE
    if group.prediction:
        _draw_span(
            panel,
            axis,
            group.prediction["low"],
            group.prediction["high"],
            y,
            style.prediction,
            BRANCH,
            "line-prediction",
        )
    if group.part:
        _draw_span(panel, axis, group.part["ci_low"], group.part["ci_high"], y, style.summary, TRUNK, "line-pooled")
        centre = axis.clipped(group.part["estimate"])
        canvas.circle(centre, y, CENTRE, fill=style.background, edge=style.summary, width=1.6, zorder=6)


def _draw_span(  # noqa: PLR0917
    panel: Panel, axis: Axis, low: float | None, high: float | None, y: float, colour: str, width: float, name: str
) -> None:
    if low is not None and high is not None:
        points = [(axis.clipped(low), y), (axis.clipped(high), y)]
        panel.canvas.line(points, colour=colour, width=width, zorder=5, name=name)
