"""The orchard plot: every effect as a fruit, its size by precision, around the pooled estimate of each group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.contracts.lines import Line, Prediction
from coppice.core.contracts.pool import Effect, PoolResult
from coppice.draw.canvas.axes import effect_limits
from coppice.draw.canvas.canvas import Drawing, clean, styled
from coppice.draw.canvas.legend import Aside, Key, dot, stroke
from coppice.draw.canvas.panel import Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled

LARGEST, SMALLEST = 11.0, 4.0  # points: diameters of the fruits
LANE = 62.0  # points: the height of a group
FRUITS, TREE = -11.0, 17.0  # points from the middle of a lane: where the effects hang, and their intervals
TRUNK, BRANCH = 5.0, 1.4  # points: line widths of the confidence and the prediction interval
CENTRE = 7.5  # points: diameter of the pooled estimate's dot
FRUIT_SPACING = 1.02  # fraction of a fruit's diameter, between fruits that would overlap


@dataclass(frozen=True, slots=True)
class Group:
    """The effects of one level with what is pooled from them."""

    label: str
    effects: Sequence[Effect]
    line: Line | None
    prediction: Prediction | None

    @property
    def values(self) -> list[float | None]:
        """All that the axis has to hold besides the effects."""
        line, prediction = self.line, self.prediction
        limits = [prediction["low"], prediction["high"]] if prediction else []
        return [line["estimate"], line["ci_low"], line["ci_high"], *limits] if line else [*limits]


@styled
def draw_orchard(result: PoolResult, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw all effects by subgroup, with the confidence and the prediction interval of each pooled estimate.

    Nakagawa S et al. Res Synth Methods 2021;12:4-12, doi:10.1002/jrsm.1424.
    """
    pooled = Pooled(result)
    groups = _groups(pooled)
    effects = [effect for group in groups for effect in group.effects]
    yi = [effect["yi"] for effect in effects]
    always = [value for group in groups for value in group.values]
    low, high = effect_limits(yi, yi, yi, always=always, null=pooled.null)
    panel = draw_panel(
        style,
        pooled.scale(low, high),
        Scale("", 0.0, float(len(groups) or 1), lanes=[group.label for group in reversed(groups)]),
        pooled.heading(title, "Orchard plot"),
        aside=Aside(_keys(style, pooled.level, has_prediction=any(group.prediction for group in groups))),
        height=LANE * max(len(groups), 1),
    )
    if pooled.null is not None:
        panel.path([(pooled.null, panel.y.low), (pooled.null, panel.y.high)], width=0.8, name="null")
    largest = max(map(_precision, effects), default=1.0)
    for index, group in enumerate(reversed(groups)):
        _draw_group(panel, group, panel.y(index + 0.5), largest)
    return panel.finished()


def _keys(style: Style, level: str, *, has_prediction: bool) -> list[Key]:
    keys = [
        Key("Effect, diameter by precision", dot(style.study, style.background, 9.0)),
        Key("Pooled estimate", dot(style.background, style.summary)),
        Key(f"{level} confidence interval", stroke(style.summary, None, 4.0)),
    ]
    if has_prediction:
        keys.append(Key(f"{level} prediction interval", stroke(style.prediction, None, BRANCH)))
    return keys


def _groups(pooled: Pooled) -> list[Group]:
    subgroups = pooled.result.get("subgroups")
    if not subgroups:
        return [Group("All studies", pooled.effects, pooled.line, pooled.result.get("prediction"))]
    return [
        Group(
            clean(level["level"]),
            [effect for effect in pooled.effects if effect.get("subgroup") == level["level"]],
            level.get("random") or level.get("common"),
            level.get("prediction"),
        )
        for level in subgroups["levels"]
    ]


def _precision(effect: Effect) -> float:
    return 1 / math.sqrt(effect["vi"])


def stacked(places: Sequence[float], diameters: Sequence[float]) -> list[float]:
    """Return how far each fruit has to move up or down so that none covers another, the nearest free place first.

    Places along the axis, diameters and the offsets across it are in points.
    """
    done: list[tuple[float, float, float]] = []
    offsets = [0.0] * len(places)
    for index in sorted(range(len(places)), key=lambda i: -diameters[i]):
        x, size = places[index], diameters[index]
        steps = (sign * step * SMALLEST / 2 for step in range(4 * len(places) + 1) for sign in (1, -1))
        offsets[index] = next(
            offset
            for offset in steps
            if all(math.hypot(x - a, offset - b) >= FRUIT_SPACING * (size + d) / 2 for a, b, d in done)
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
        _draw_span(panel, (group.prediction["low"], group.prediction["high"]), y, colour=style.prediction, width=BRANCH)
    if group.line:
        _draw_span(panel, (group.line["ci_low"], group.line["ci_high"]), y, colour=style.summary, width=TRUNK)
        centre = axis.clipped(group.line["estimate"])
        canvas.circle(centre, y, CENTRE, fill=style.background, edge=style.summary, width=1.6, zorder=6)


def _draw_span(panel: Panel, span: tuple[float | None, float | None], y: float, **look: Any) -> None:
    low, high = span
    if low is not None and high is not None:
        panel.canvas.line([(panel.x.clipped(low), y), (panel.x.clipped(high), y)], zorder=5, **look)
