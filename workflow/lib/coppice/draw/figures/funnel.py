"""The funnel plot with contours of significance: it shows which small studies may be missing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

from coppice.core.errors import allowed_values_hint, entry_named
from coppice.core.measures import MEASURES
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, dot, stroke, swatch
from coppice.draw.canvas.style import DEFAULT, Style, blend
from coppice.draw.figures.funnel_regions import Cones
from coppice.draw.figures.precisions import PRECISIONS
from coppice.draw.forest.marks import DASHES

Result = Mapping[str, Any]

LEAST_STUDIES = 10  # below ten studies asymmetry can't be told from chance: Cochrane Handbook 13.3.5.4
CONTOUR_LEVELS = (
    0.90,
    0.95,
    0.99,
)  # two-sided levels of the contours: Peters JL et al. doi:10.1016/j.jclinepi.2007.11.010
CONTOUR_SHADES = (0.20, 0.12, 0.06, 0.0)  # share of the ink from the middle outwards: the darker, the less significant
DOT = 6.5
EGGER_TESTS = ("egger", "egger_mixed", "thompson_sharp")  # those whose line runs against the standard error
EGGER_DASHES = (6.0, 2.0)
SIDE_PAD = 0.04  # of the span: a dot has room beside it


def few_studies(k: int) -> str:
    """Say why a funnel plot of few studies can't be read; empty for ten or more."""
    if k >= LEAST_STUDIES:
        return ""
    return f"Fewer than {LEAST_STUDIES} studies: with {k}, asymmetry can’t be told from chance."


def draw_funnel(
    result: Result,
    explore_result: Result | None = None,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    contours: bool = True,
    limits: bool = True,
    egger: bool = True,
    fill: str | None = None,
    y: str = "se",
) -> Drawing:
    """Draw the funnel plot of one pooled analysis.

    Parameters
    ----------
    result : mapping
        A pool result.
    explore_result : mapping or None
        Its explore result: ``small_study`` holds Egger's line and what trim and fill adds.
    style : Style
        Fonts, colours and sizes.
    title : str or None
        Printed above.
    contours : bool
        Whether regions of significance around no effect are shaded.
    limits : bool
        Whether the pseudo confidence limits around the pooled estimate are drawn.
    egger : bool
        Whether the line of Egger's test is drawn where the test may be used.
    fill : str or None
        Estimator of trim and fill (L0, R0, Q0) whose studies are added as open dots.
    y : str
        A key of `PRECISIONS`: what the vertical axis shows.

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
    added, reason = filled(explore_result or {}, fill)
    line = egger_line(explore_result or {}) if egger else None
    model = next((name for name in ("random", "common") if result.get(name)), None)
    centre = result[model]["estimate"] if model else None
    keys = _keys(style, model, contours=contours and null is not None, limits=limits)
    keys += [Key(f"Added by trim and fill ({fill})", dot(style.background, style.accent))] if added else []
    keys += [Key("Egger’s regression", stroke(style.accent, EGGER_DASHES, 1.2))] if line else []
    said = (few_studies(len(points)), reason, *words.reasons(result, [] if model else ["random"]))
    cones = Cones.over(entry_named(PRECISIONS, y, "axis"), [se for _, se in points])
    name = words.measure_name(result)
    with style.applied():
        widest = NormalDist().inv_cdf(0.5 + CONTOUR_LEVELS[-1] / 2) * cones.largest if contours else 0.0
        around = NormalDist().inv_cdf(0.975) * cones.largest if limits else 0.0
        low, high = _limits([x for x, _ in (*points, *added)], [(null, widest), (centre, around)])
        panel = Panel(
            style,
            Scale(name, low, high, is_log=bool(measure and measure.scale.is_ratio)),
            cones.scale(se_name(result)),
            title=clean(title or ""),
            subtitle=f"Funnel plot, {words.count_of(result)}",
            aside=Aside(keys, [note for note in said if note]),
        )
        if null is not None:
            _draw_null(panel, cones, null, contours=contours)
        if centre is not None:
            _draw_centre(panel, cones, centre, limits=limits)
        if line:
            points_of_line = cones.line(panel, *line)
            panel.canvas.line(points_of_line, colour=style.accent, width=1.2, dashes=EGGER_DASHES, name="egger")
        for index, (yi, se) in enumerate(points):
            place = cones.at(panel, yi, se)
            panel.canvas.circle(
                *place, DOT, fill=style.study, edge=style.ink, width=0.7, zorder=5, name=f"point-{index}"
            )
        for yi, se in added:
            place = cones.at(panel, yi, se)
            panel.canvas.circle(*place, DOT, fill=style.background, edge=style.accent, zorder=4.8, name="point-filled")
        return panel.canvas.finished(title or f"Funnel plot, {name.lower()}", describe_funnel(result))


def filled(explore_result: Result, estimator: str | None) -> tuple[list[tuple[float, float]], str]:
    """Return the effects and standard errors that trim and fill adds, and why there are none.

    Raises
    ------
    ValueError
        If the estimator is none of those that were used.
    """
    if not estimator:
        return [], ""
    found = (explore_result.get("small_study") or {}).get("trim_and_fill") or {"skipped": "it was not explored"}
    if "skipped" not in found:
        known = [name for name, part in found.items() if isinstance(part, Mapping)]
        if estimator not in known:
            raise ValueError(f"trim and fill has no estimator '{estimator}': {allowed_values_hint(estimator, known)}")
        found = found[estimator]
    if "skipped" in found:
        return [], f"No trim and fill: {clean(found['skipped'])}."
    none = f"Trim and fill ({estimator}) adds no study." if not found["filled"] else ""
    return [(item["yi"], math.sqrt(item["vi"])) for item in found["filled"]], none


def egger_line(explore_result: Result) -> tuple[float, float] | None:
    """Return the effect of an infinitely large study and the slope on the standard error, of the first test that is there."""
    tests = explore_result.get("small_study") or {}
    for name in EGGER_TESTS:
        found = tests.get(name) or {}
        if found.get("limit") and found.get("estimate") is not None:
            return float(found["limit"]["estimate"]), float(found["estimate"])
    return None


def _limits(held: Sequence[float], regions: Sequence[tuple[float | None, float]]) -> tuple[float, float]:
    """Return limits that hold every study and, whole, the regions of some half-widths around their middles."""
    every = [x for middle, reach in regions if middle is not None for x in (middle - reach, middle + reach)]
    every = [*held, *every] or [-1.0, 1.0]
    low, high = min(every), max(every)
    return low - SIDE_PAD * (high - low), high + SIDE_PAD * (high - low)


def se_name(result: Result) -> str:
    """Name the standard error, which belongs to the logarithm of a ratio."""
    measure = MEASURES.get(result.get("measure", ""))
    is_ratio = bool(measure and measure.scale.is_ratio)
    return f"Standard error of the log {words.measure_name(result).lower()}" if is_ratio else "Standard error"


def shades(style: Style) -> list[str]:
    """Return the fills of the regions between contours, from the middle outwards."""
    return [blend(style.summary, style.background, share) for share in CONTOUR_SHADES]


def _draw_null(panel: Panel, cones: Cones, null: float, *, contours: bool) -> None:
    colours = shades(panel.style)
    for level, colour in zip(reversed(CONTOUR_LEVELS), reversed(colours[:-1]), strict=True) if contours else ():
        reach = NormalDist().inv_cdf(0.5 + level / 2)
        panel.canvas.polygon(cones.region(panel, null, reach), fill=colour, zorder=0.5, name=f"contour-{100 * level:g}")
    panel.canvas.line(cones.vertical(panel, null), width=0.8, name="null")


def _draw_centre(panel: Panel, cones: Cones, centre: float, *, limits: bool) -> None:
    style = panel.style
    line = cones.vertical(panel, centre)
    panel.canvas.line(line, colour=style.prediction, width=1.2, dashes=DASHES, name="pooled")
    if limits:
        reach = NormalDist().inv_cdf(0.975)
        for slope in (-reach, reach):
            panel.canvas.line(cones.line(panel, centre, slope), colour=style.prediction, width=0.9, zorder=2.5)


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
    text = f"Funnel plot of {words.count_of(result)}: {words.measure_name(result).lower()} against standard error."
    return f"{text} {few_studies(k)}".strip()
