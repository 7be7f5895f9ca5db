"""The p-value function of a pooled estimate: its interval at every level at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.core.measures import MEASURES
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import PAD
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, stroke
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.curves import LEVELS, draw_levels, p_curve, reach_of

Result = Mapping[str, Any]


def draw_p_value_function(
    result: Result, *, style: Style = DEFAULT, title: str | None = None, favours: Sequence[str] | None = None
) -> Drawing:
    """Draw the two-sided p value of every value that the pooled effect might have, by its Wald standard error.

    Infanger D, Schmidt-Trucksäss A. Stat Med 2019;38:4189-4197, doi:10.1002/sim.8293.

    Parameters
    ----------
    result : mapping
        A pool result.
    style, title, favours
        As in `draw_forest`.
    """
    measure = MEASURES.get(result.get("measure", ""))
    null = measure.null if measure else 0.0
    parts = {
        "Random effects": (_wald(result), style.summary, 1.8),
        "Common effect": (result.get("common"), style.common, 1.1),
    }
    shown = {name: value for name, value in parts.items() if value[0]}
    reaches = [reach_of(part["estimate"], part["se"]) for part, _, _ in shown.values() if part]
    held = [limit for pair in reaches for limit in pair] + ([null] if null is not None else [])
    low, high = (min(held), max(held)) if len(held) > 1 else (-1.0, 1.0)
    low, high = low - PAD * (high - low), high + PAD * (high - low)
    keys = [Key(name, stroke(colour, None, width)) for name, (_, colour, width) in shown.items()]
    notes = words.reasons(result, [] if shown else ["random"])
    with style.applied():
        panel = Panel(
            style,
            Scale(words.measure_name(result), low, high, is_log=bool(measure and measure.scale.is_ratio)),
            Scale("p value (two-sided)", 0.0, 1.0),
            height=230.0,
            title=clean(title or ""),
            subtitle=f"p-value function, {words.count_of(result)}",
            aside=Aside(
                keys,
                [*notes, "Right: the level of the confidence interval between the two sides of the curve."],
            ),
            beside=40.0,
            directions=favours or (),
        )
        draw_levels(panel, LEVELS)
        if null is not None:
            panel.canvas.line([panel.at(null, 0.0), panel.at(null, 1.0)], width=0.8, name="null")
        for part, colour, width in shown.values():
            if part:
                panel.canvas.line(p_curve(panel, part["estimate"], part["se"]), colour=colour, width=width, zorder=4)
        return panel.canvas.finished(title or "p-value function", f"p-value function of {words.count_of(result)}.")


def _wald(result: Result) -> Mapping[str, Any] | None:
    """Return the random-effects line with its Wald standard error where the result has it."""
    wald: Mapping[str, Any] | None = (result.get("alternatives") or {}).get("wald")
    return wald or result.get("random")
