"""The sunset plot: a funnel plot shaded by the power that each study had."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from statistics import NormalDist
from typing import Any

from coppice.core.measures import MEASURES
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, dot, stroke, swatch
from coppice.draw.canvas.style import DEFAULT, Style, blend
from coppice.draw.figures.funnel import se_name
from coppice.draw.forest.marks import DASHES

Result = Mapping[str, Any]

POWERS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
DOT = 6.5
HEADROOM = 1.06
SIDE_PAD = 0.07
TOLERANCE = 1e-6  # of the largest standard error: how exactly the edge of a band is found
_NORMAL = NormalDist()


def power(effect: float, se: float) -> float:
    """Return the power of a two-sided 5% test for a true effect, given the standard error of a study."""
    if se <= 0:
        return 1.0
    z, shift = _NORMAL.inv_cdf(0.975), abs(effect) / se
    return _NORMAL.cdf(shift - z) + _NORMAL.cdf(-shift - z)


def se_at_power(effect: float, wanted: float, largest: float) -> float:
    """Return the standard error at which a study has the wanted power; `largest` where every study has more."""
    low, high = 0.0, largest
    if power(effect, largest) >= wanted:
        return largest
    while high - low > TOLERANCE * largest:
        middle = (low + high) / 2
        low, high = (middle, high) if power(effect, middle) >= wanted else (low, middle)
    return high


def draw_sunset(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the funnel plot with bands of the power to detect the common-effect estimate.

    Kossmeier M, Tran US, Voracek M. Zeitschrift für Psychologie 2020;228:43-49, doi:10.1027/2151-2604/a000392.

    Parameters
    ----------
    result : mapping
        A pool result.
    style, title
        As in `draw_forest`.
    """
    measure = MEASURES.get(result.get("measure", ""))
    null = (measure.null if measure else 0.0) or 0.0
    points = [
        (e["yi"], math.sqrt(e["vi"])) for e in result.get("effects", ()) if e.get("yi") is not None and e.get("vi")
    ]
    part = result.get("common") or result.get("random")
    centre = part["estimate"] if part else None
    largest = max((se for _, se in points), default=1.0) * HEADROOM
    held = [yi for yi, _ in points] + [null] + ([centre] if centre is not None else [])
    span = max(held) - min(held) or 1.0
    colours = [blend(style.prediction, style.background, 0.75 - 0.7 * share) for share in (0.0, *POWERS)]
    keys = [Key("Study", dot(style.study, style.ink)), Key("No effect", stroke(style.ink, width=0.8))]
    if centre is not None:
        keys.append(Key("Common-effect estimate", stroke(style.summary, DASHES, 1.2)))
        edges = (0.05, *POWERS, 1.0)
        pairs = zip(reversed(list(pairwise(edges))), reversed(colours), strict=True)
        keys += [Key(f"Power {100 * a:.0f} to {100 * b:.0f}%", swatch(colour)) for (a, b), colour in pairs]
    with style.applied():
        panel = Panel(
            style,
            Scale(
                words.measure_name(result),
                min(held) - SIDE_PAD * span,
                max(held) + SIDE_PAD * span,
                is_log=bool(measure and measure.scale.is_ratio),
            ),
            Scale(se_name(result), largest, 0.0),
            title=clean(title or ""),
            subtitle=f"Power-enhanced funnel plot, {words.count_of(result)}",
            aside=Aside(keys, words.reasons(result, [] if part else ["random"])),
        )
        if centre is not None:
            _draw_bands(panel, centre - null, largest, colours)
            panel.canvas.line(
                [panel.at(centre, 0.0), panel.at(centre, largest)], colour=style.summary, width=1.2, dashes=DASHES
            )
        panel.canvas.line([panel.at(null, 0.0), panel.at(null, largest)], width=0.8, name="null")
        for index, (yi, se) in enumerate(points):
            panel.canvas.circle(
                *panel.at(yi, se), DOT, fill=style.study, edge=style.ink, width=0.7, name=f"point-{index}"
            )
        return panel.canvas.finished(title or "Sunset plot", f"Power-enhanced funnel plot of {words.count_of(result)}.")


def _draw_bands(panel: Panel, effect: float, largest: float, colours: list[str]) -> None:
    """Fill the bands from the highest power at the top to the lowest at the bottom."""
    edges = [0.0, *(se_at_power(effect, wanted, largest) for wanted in reversed(POWERS)), largest]
    for (top, bottom), colour in zip(pairwise(edges), reversed(colours), strict=True):
        if bottom > top:
            panel.canvas.rectangle(
                panel.left, panel.y(top), panel.right, panel.y(bottom), fill=colour, zorder=0.5, name="power"
            )
