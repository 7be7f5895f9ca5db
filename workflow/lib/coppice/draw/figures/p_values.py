"""Curves of p values over possible effects: the drapery plot and the p-value function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist

from coppice.core.contracts.lines import Line
from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas.axes import PAD, effect_limits
from coppice.draw.canvas.canvas import Drawing, styled
from coppice.draw.canvas.legend import Aside, Key, stroke, swatch
from coppice.draw.canvas.panel import Heading, Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled

STEPS = 160  # points of a curve across the panel: closer than the eye can tell from a smooth one
REACH = 3.3  # standard errors: there the two-sided p value is 0.001
LEVELS = (0.99, 0.95, 0.9, 0.8, 0.5)
LEVEL_SPACE = 40.0  # points at the right of the panel, for the levels
LEVEL_NOTE = "Right: the level of the confidence interval between the two sides of {} curve."
_NORMAL = NormalDist()


@styled
def draw_drapery(result: PoolResult, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the two-sided p value of every possible effect, for each study and for the pooled estimate.

    Rücker G, Schwarzer G. Res Synth Methods 2021;12:8-19, doi:10.1002/jrsm.1435.
    """
    pooled, prediction = Pooled(result), result.get("prediction")
    limits = (prediction["low"], prediction["high"]) if prediction else ()
    lows, highs = ([yi + sign * REACH * se for yi, se in pooled.points] for sign in (-1, 1))
    low, high = effect_limits([yi for yi, _ in pooled.points], lows, highs, always=limits, null=pooled.null)
    keys = [Key("Study", stroke(style.study, width=0.8))]
    if pooled.model:
        label = "Random effects" if pooled.model == "random" else "Common effect"
        keys.append(Key(label, stroke(style.summary, width=2.2)))
    if limits:
        keys.append(Key(f"{pooled.level} prediction interval", swatch(style.region)))
    aside = Aside(keys, [LEVEL_NOTE.format("a")], room=LEVEL_SPACE)
    panel = _p_panel(style, pooled.scale(low, high), pooled.heading(title, "Drapery plot"), aside)
    if limits:
        left, right = map(panel.x.clipped, limits)
        panel.canvas.rectangle(left, panel.top, right, panel.bottom, fill=style.region, zorder=0.5)
    _draw_levels(panel, pooled.null)
    for yi, se in pooled.points:
        panel.path(_p_curve(panel, yi, se), colour=style.study, width=0.8, zorder=3)
    line = pooled.wald if pooled.model == "random" else pooled.line
    if line and line["se"]:
        panel.path(_p_curve(panel, line["estimate"], line["se"]), colour=style.summary, width=2.2, zorder=4)
    return panel.finished()


@styled
def draw_p_value_function(
    result: PoolResult, *, style: Style = DEFAULT, title: str | None = None, favours: Sequence[str] | None = None
) -> Drawing:
    """Draw the two-sided p value of every value that the pooled effect might have, by its Wald standard error.

    Infanger D, Schmidt-Trucksäss A. Stat Med 2019;38:4189-4197, doi:10.1002/sim.8293.
    """
    pooled = Pooled(result)
    models: tuple[tuple[str, Line | None, str, float], ...] = (
        ("Random effects", pooled.wald, style.summary, 1.8),
        ("Common effect", result.get("common"), style.common, 1.1),
    )
    lines = [
        (name, line["estimate"], se, colour, width)
        for name, line, colour, width in models
        if line and (se := line["se"])
    ]
    held = [estimate + sign * REACH * se for _, estimate, se, _, _ in lines for sign in (-1, 1)]
    held += [pooled.null] if pooled.null is not None else []
    scale = replace(pooled.padded_scale(held if len(held) > 1 else (-1.0, 1.0), PAD), directions=favours or ())
    keys = [Key(name, stroke(colour, None, width)) for name, _, _, colour, width in lines]
    aside = Aside(keys, [*pooled.missing(), LEVEL_NOTE.format("the")], room=LEVEL_SPACE)
    panel = _p_panel(style, scale, pooled.heading(title, "p-value function"), aside, height=230.0)
    _draw_levels(panel, pooled.null)
    for _, estimate, se, colour, width in lines:
        panel.path(_p_curve(panel, estimate, se), colour=colour, width=width, zorder=4)
    return panel.finished()


def two_sided(z: float) -> float:
    """Return the two-sided p value of a standard normal statistic."""
    return 2 * _NORMAL.cdf(-abs(z))


def _p_panel(style: Style, x: Scale, heading: Heading, aside: Aside, *, height: float = 270.0) -> Panel:
    return draw_panel(style, x, Scale("p value (two-sided)", 0.0, 1.0), heading, aside=aside, height=height)


def _p_curve(panel: Panel, estimate: float, se: float) -> list[tuple[float, float]]:
    """Return the p values of an estimate over the panel, its peak included."""
    low, high = panel.x.low, panel.x.high
    step = (high - low) / STEPS
    values = [low + index * step for index in range(STEPS + 1)]
    peak = [estimate] if low <= estimate <= high else []
    return [(value, two_sided((value - estimate) / se)) for value in sorted(values + peak)]


def _draw_levels(panel: Panel, null: float | None) -> None:
    """Draw no effect, and a thin line at the p value where an interval of each level ends, named at the right."""
    style, last = panel.style, None
    for level in sorted(LEVELS):
        y = panel.y(1 - level)
        panel.canvas.line([(panel.left, y), (panel.right, y)], colour=style.faint, width=0.5, zorder=1)
        if last is None or abs(y - last) >= style.small * 1.15:
            panel.canvas.text(panel.right + 5.0, y, f"{100 * level:g}%", size=style.small, colour=style.muted)
            last = y
    if null is not None:
        panel.path([(null, 0.0), (null, 1.0)], width=0.8, name="null")
