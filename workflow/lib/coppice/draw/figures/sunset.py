"""The sunset plot: a funnel plot shaded by the power that each study had."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist

from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas.canvas import Drawing, styled
from coppice.draw.canvas.legend import Aside, Key, dot, stroke, swatch
from coppice.draw.canvas.panel import Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style, blend
from coppice.draw.figures.funnel import se_name
from coppice.draw.figures.pooled import Pooled
from coppice.draw.forest.marks import DASHES

POWERS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
HEADROOM = 1.06  # fraction of the largest standard error
SIDE_PAD = 0.07  # fraction of the span
TOLERANCE = 1e-6  # fraction of the largest standard error: how exactly the edge of a band is found
_NORMAL = NormalDist()


def power(effect: float, se: float) -> float:
    """Return the power of a two-sided 5% test for a true effect, given the standard error of a study."""
    if se <= 0:
        return 1.0
    z, shift = _NORMAL.inv_cdf(0.975), abs(effect) / se
    return _NORMAL.cdf(shift - z) + _NORMAL.cdf(-shift - z)


def se_at_power(effect: float, aim: float, largest: float) -> float:
    """Return the standard error at which a study has a power; `largest` where every study has more."""
    low, high = 0.0, largest
    if power(effect, largest) >= aim:
        return largest
    while high - low > TOLERANCE * largest:
        middle = (low + high) / 2
        low, high = (middle, high) if power(effect, middle) >= aim else (low, middle)
    return high


@styled
def draw_sunset(result: PoolResult, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the funnel plot with bands of the power to detect the common-effect estimate.

    Kossmeier M, Tran US, Voracek M. Zeitschrift für Psychologie 2020;228:43-49, doi:10.1027/2151-2604/a000392.
    """
    pooled = Pooled(result)
    null = pooled.null or 0.0
    centre = pooled.common["estimate"] if pooled.common else None
    largest = max((se for _, se in pooled.points), default=1.0) * HEADROOM
    held = [yi for yi, _ in pooled.points] + [null] + ([centre] if centre is not None else [])
    colours = [blend(style.prediction, style.background, 0.75 - 0.7 * share) for share in (0.0, *POWERS)]
    keys = [Key("Study", dot(style.study, style.ink)), Key("No effect", stroke(style.ink, width=0.8))]
    if centre is not None:
        keys.append(Key("Common-effect estimate", stroke(style.summary, DASHES, 1.2)))
        bands = zip(pairwise((0.05, *POWERS, 1.0)), colours, strict=True)
        keys += [Key(f"Power {100 * a:.0f} to {100 * b:.0f}%", swatch(colour)) for (a, b), colour in bands][::-1]
    panel = draw_panel(
        style,
        pooled.padded_scale(held, SIDE_PAD),
        Scale(se_name(pooled), largest, 0.0),
        pooled.heading(title, "Power-enhanced funnel plot"),
        aside=Aside(keys, pooled.missing()),
    )
    if centre is not None:
        _draw_bands(panel, centre - null, largest, colours)
        panel.path([(centre, 0.0), (centre, largest)], colour=style.summary, width=1.2, dashes=DASHES)
    panel.path([(null, 0.0), (null, largest)], width=0.8, name="null")
    for index, (yi, se) in enumerate(pooled.points):
        panel.point(index, panel.at(yi, se))
    return panel.finished("Sunset plot")


def _draw_bands(panel: Panel, effect: float, largest: float, colours: Sequence[str]) -> None:
    """Fill the bands from the highest power at the top to the lowest at the bottom."""
    edges = [0.0, *(se_at_power(effect, aim, largest) for aim in reversed(POWERS)), largest]
    for (top, bottom), colour in zip(pairwise(edges), reversed(colours), strict=True):
        if bottom > top:
            panel.canvas.rectangle(panel.left, panel.y(top), panel.right, panel.y(bottom), fill=colour, zorder=0.5)
