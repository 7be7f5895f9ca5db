"""The funnel plot with contours of significance: it shows which small studies may be missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

from coppice.draw import words
from coppice.draw.layout import Drawing, Point, clean
from coppice.draw.marks import DASHES
from coppice.draw.panel import Aside, Key, Panel, Scale, dot, stroke, swatch
from coppice.draw.style import DEFAULT, Style, blend
from coppice.measures import MEASURES

Result = Mapping[str, Any]

LEAST_STUDIES = 10  # below ten studies asymmetry can't be told from chance: Cochrane Handbook 13.3.5.4
CONTOUR_LEVELS = (
    0.90,
    0.95,
    0.99,
)  # two-sided levels of the contours: Peters JL et al. doi:10.1016/j.jclinepi.2007.11.010
CONTOUR_SHADES = (0.20, 0.12, 0.06, 0.0)  # share of the ink from the middle outwards: the darker, the less significant
DOT = 6.5
HEADROOM = 1.06  # the axis ends a little below the largest standard error
SIDE_PAD = 0.07  # of the span: a dot has room beside it


def few_studies(k: int) -> str:
    """Say why a funnel plot of few studies can't be read; empty for ten or more."""
    if k >= LEAST_STUDIES:
        return ""
    return f"Fewer than {LEAST_STUDIES} studies: with {k}, asymmetry can’t be told from chance."


def draw_funnel(
    result: Result, *, style: Style = DEFAULT, title: str | None = None, contours: bool = True, limits: bool = True
) -> Drawing:
    """Draw the funnel plot of one pooled analysis.

    Parameters
    ----------
    result : mapping
        A pool result.
    style : Style
        Fonts, colours and sizes.
    title : str or None
        Printed above.
    contours : bool
        Whether regions of significance around no effect are shaded.
    limits : bool
        Whether the pseudo confidence limits around the pooled estimate are drawn.

    Returns
    -------
    Drawing
        A `matplotlib.figure.Figure`.
    """
    measure = MEASURES.get(result.get("measure", ""))
    null = measure.null if measure else 0.0
    points = [
        (float(effect["yi"]), math.sqrt(float(effect["vi"])))
        for effect in result.get("effects", ())
        if effect.get("yi") is not None and effect.get("vi") is not None
    ]
    model = next((name for name in ("random", "common") if result.get(name)), None)
    centre = result[model]["estimate"] if model else None
    keys = _keys(style, model, contours=contours and null is not None, limits=limits)
    notes = [note for note in (few_studies(len(points)), *words.reasons(result, [] if model else ["random"])) if note]
    name = words.measure_name(result)
    largest = max((se for _, se in points), default=1.0) * HEADROOM or 1.0
    with style.applied():
        low, high = _limits(points, centre, null, largest)
        panel = Panel(
            style,
            Scale(name, low, high, is_log=bool(measure and measure.scale.is_ratio)),
            Scale(se_name(result), largest, 0.0),
            title=clean(title or ""),
            subtitle=f"Funnel plot, {words.studies(len(points))}",
            aside=Aside(keys, notes),
        )
        if contours and null is not None:
            _draw_contours(panel, null, largest)
        if null is not None:
            panel.canvas.line([panel.at(null, 0.0), panel.at(null, largest)], width=0.8, name="null")
        if centre is not None:
            _draw_centre(panel, centre, largest, limits=limits)
        for index, (yi, se) in enumerate(points):
            x, y = panel.at(yi, se)
            panel.canvas.circle(x, y, DOT, fill=style.study, edge=style.ink, width=0.7, zorder=5, name=f"point-{index}")
        return panel.canvas.finished(title or f"Funnel plot, {name.lower()}", describe_funnel(result))


def _limits(points: list[Point], centre: float | None, null: float | None, largest: float) -> tuple[float, float]:
    """Return limits that hold every study, the centre and the null, and show the 95% region at the bottom.

    The 95% region is shown to the bottom unless that needs more width than the studies do.
    """
    held = [x for x, _ in points] + [x for x in (centre, null) if x is not None] or [0.0]
    middle = null if null is not None else (centre if centre is not None else 0.0)
    reach = NormalDist().inv_cdf(0.975) * largest
    span = max(max(held) - min(held), reach)
    held += [middle - min(reach, span), middle + min(reach, span)]
    low, high = min(held), max(held)
    return low - SIDE_PAD * (high - low), high + SIDE_PAD * (high - low)


def se_name(result: Result) -> str:
    """Name the standard error, which belongs to the logarithm of a ratio."""
    measure = MEASURES.get(result.get("measure", ""))
    is_ratio = bool(measure and measure.scale.is_ratio)
    return f"Standard error of the log {words.measure_name(result).lower()}" if is_ratio else "Standard error"


def shades(style: Style) -> list[str]:
    """Return the fills of the regions between contours, from the middle outwards."""
    return [blend(style.summary, style.background, share) for share in CONTOUR_SHADES]


def _draw_contours(panel: Panel, null: float, largest: float) -> None:
    colours = shades(panel.style)
    for level, colour in zip(reversed(CONTOUR_LEVELS), reversed(colours[:-1]), strict=True):
        reach = NormalDist().inv_cdf(0.5 + level / 2) * largest
        panel.canvas.polygon(wedge(panel, null, reach, largest), fill=colour, zorder=0.5)


def wedge(panel: Panel, tip: float, reach: float, largest: float) -> list[Point]:
    """Return the places of a triangle from (tip, 0) to (tip ± reach, largest), cut at the panel's sides."""
    sides = []
    for sign, limit in ((-1.0, panel.x.low), (1.0, panel.x.high)):
        end = tip + sign * reach
        if (end - limit) * sign <= 0:
            sides.append([panel.at(end, largest)])
        else:
            sides.append([panel.at(limit, largest * (limit - tip) * sign / reach), panel.at(limit, largest)])
    return [panel.at(tip, 0.0), *sides[1], *reversed(sides[0])]


def _draw_centre(panel: Panel, centre: float, largest: float, *, limits: bool) -> None:
    style = panel.style
    line = [panel.at(centre, 0.0), panel.at(centre, largest)]
    panel.canvas.line(line, colour=style.prediction, width=1.2, dashes=DASHES, name="pooled")
    if not limits:
        return
    reach = NormalDist().inv_cdf(0.975) * largest
    for sign, limit in ((-1.0, panel.x.low), (1.0, panel.x.high)):
        share = min(1.0, (limit - centre) * sign / reach)
        end = panel.at(centre + sign * reach * share, largest * share)
        panel.canvas.line([panel.at(centre, 0.0), end], colour=style.prediction, width=0.9, zorder=2.5)


def _keys(style: Style, model: str | None, *, contours: bool, limits: bool) -> list[Key]:
    keys = [Key("Study", dot(style.study, style.ink))]
    if model:
        label = "Random-effects estimate" if model == "random" else "Common-effect estimate"
        keys.append(Key(label, stroke(style.prediction, DASHES, 1.2)))
        if limits:
            keys.append(Key("95% of studies would lie inside, were there no heterogeneity", stroke(style.prediction)))
    keys.append(Key("No effect", stroke(style.ink, width=0.8)))
    if contours:
        labels = ("p > 0.10", "0.05 < p ≤ 0.10", "0.01 < p ≤ 0.05", "p ≤ 0.01")
        keys.extend(Key(label, swatch(colour)) for label, colour in zip(labels, shades(style), strict=True))
    return keys


def describe_funnel(result: Result) -> str:
    """Describe a funnel plot in words, for readers who can't see it."""
    k = sum(effect.get("yi") is not None for effect in result.get("effects", ()))
    text = f"Funnel plot of {words.studies(k)}: {words.measure_name(result).lower()} against standard error."
    return f"{text} {few_studies(k)}".strip()
