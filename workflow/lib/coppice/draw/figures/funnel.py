"""The funnel plot with contours of significance: it shows which small studies may be missing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.pool import PoolResult
from coppice.core.errors import entry_named, nearest
from coppice.draw.canvas.canvas import Drawing, Point, clean, styled
from coppice.draw.canvas.legend import Aside, Key, dot, stroke, swatch
from coppice.draw.canvas.panel import DOT, Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style, blend
from coppice.draw.figures.pooled import NOT_EXPLORED, Pooled, has_effect, part_of
from coppice.draw.figures.precisions import PRECISIONS, Precision
from coppice.draw.forest.marks import DASHES

LEAST_STUDIES = 10  # below ten studies asymmetry can't be told from chance: Cochrane Handbook 13.3.5.4
# two-sided levels of the contours: Peters JL et al. doi:10.1016/j.jclinepi.2007.11.010
CONTOUR_LEVELS = (0.90, 0.95, 0.99)
CONTOUR_SHADES = (0.20, 0.12, 0.06, 0.0)  # share of the ink from the middle outwards: the darker, the less significant
EGGER_TESTS = ("egger", "egger_mixed", "thompson_sharp")  # those whose line runs against the standard error
EGGER_DASHES = (6.0, 2.0)
HEADROOM = 1.06  # the axis ends a little beyond the least precise study
STEPS = 60  # points of the side of a cone, which is straight on an axis of standard errors only
SIDE_PAD = 0.04  # fraction of the span: a dot has room beside it


def few_studies(k: int) -> str:
    """Say why a funnel plot of few studies can't be read; empty for ten or more."""
    if k >= LEAST_STUDIES:
        return ""
    return f"Fewer than {LEAST_STUDIES} studies: with {k}, asymmetry can’t be told from chance."


@styled
def draw_funnel(
    result: PoolResult,
    explore_result: ExploreResult | None = None,
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

    An explore result has Egger's line and what trim and fill adds: `fill` is the estimator whose studies are open dots.
    """
    pooled, tests = Pooled(result), part_of(explore_result, "small_study")
    null, centre = pooled.null, pooled.line["estimate"] if pooled.line else None
    effects = [effect for effect in result.get("effects", ()) if has_effect(effect) and effect.get("vi") is not None]
    points = [(effect["yi"], math.sqrt(effect["vi"])) for effect in effects]
    added, reason = filled(tests, fill)
    line = egger_line(tests) if egger else None
    keys = _keys(style, pooled.model, contours=contours and null is not None, limits=limits)
    keys += [Key(f"Added by trim and fill ({fill})", dot(style.background, style.accent))] if added else []
    keys += [Key("Egger’s regression", stroke(style.accent, EGGER_DASHES, 1.2))] if line else []
    notes = (few_studies(len(points)), reason, *pooled.missing())
    cones = Cones.over(entry_named(PRECISIONS, y, "axis"), [se for _, se in points])
    widest = NormalDist().inv_cdf(0.5 + CONTOUR_LEVELS[-1] / 2) * cones.largest if contours else 0.0
    around = NormalDist().inv_cdf(0.975) * cones.largest if limits else 0.0
    held = [x for x, _ in (*points, *added)]
    held += [*_sides(null, widest), *_sides(centre, around)]
    panel = draw_panel(
        style,
        pooled.padded_scale(held or (-1.0, 1.0), SIDE_PAD),
        cones.scale(se_name(pooled)),
        pooled.heading(title, "Funnel plot"),
        aside=Aside(keys, [note for note in notes if note]),
    )
    if null is not None:
        _draw_null(panel, cones, null, contours=contours)
    if centre is not None:
        _draw_centre(panel, cones, centre, limits=limits)
    if line:
        panel.canvas.line(cones.line(panel, *line), colour=style.accent, width=1.2, dashes=EGGER_DASHES, name="egger")
    for index, (yi, se) in enumerate(points):
        panel.point(index, cones.at(panel, yi, se), zorder=5)
    for yi, se in added:
        place = cones.at(panel, yi, se)
        panel.canvas.circle(*place, DOT, fill=style.background, edge=style.accent, zorder=4.8, name="point-filled")
    return panel.finished(f"Funnel plot, {pooled.name.lower()}", describe_funnel(pooled))


def filled(tests: Mapping[str, Any], estimator: str | None) -> tuple[list[tuple[float, float]], str]:
    """Return the effects and standard errors that trim and fill adds; where it adds no study, the reason is the second.

    Raises
    ------
    ValueError
        If the estimator is not one of those that were used.
    """
    if not estimator:
        return [], ""
    part = tests.get("trim_and_fill") or {"skipped": NOT_EXPLORED}
    if "skipped" not in part:
        used = [name for name, of_estimator in part.items() if isinstance(of_estimator, Mapping)]
        if estimator not in used:
            raise ValueError(f"trim and fill has no estimator '{estimator}': {nearest(estimator, used)}")
        part = part[estimator]
    if "skipped" in part:
        return [], f"No trim and fill: {clean(part['skipped'])}."
    none = f"Trim and fill ({estimator}) adds no study." if not part["filled"] else ""
    return [(item["yi"], math.sqrt(item["vi"])) for item in part["filled"]], none


def egger_line(tests: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the effect of an infinitely large study and the slope on the standard error, of the first test that is there."""
    for name in EGGER_TESTS:
        test = tests.get(name) or {}
        if test.get("limit") and test.get("estimate") is not None:
            return float(test["limit"]["estimate"]), float(test["estimate"])
    return None


def _sides(middle: float | None, reach: float) -> tuple[float, ...]:
    """Return both ends of a region around its middle; nothing without a middle."""
    return () if middle is None else (middle - reach, middle + reach)


@dataclass(frozen=True, slots=True)
class Cones:
    """Where effects so many standard errors from a centre lie, on a panel whose vertical axis shows a precision."""

    precision: Precision
    least: float  # standard error at the top
    largest: float  # and at the bottom

    @classmethod
    def over(cls, precision: Precision, ses: Sequence[float]) -> Cones:
        """Return the range that holds some standard errors."""
        largest = max(ses, default=1.0) * HEADROOM or 1.0
        return cls(precision, 0.0 if precision.starts_at_zero else min(ses, default=0.1) / HEADROOM, largest)

    def scale(self, se_name: str) -> Scale:
        """Return the vertical axis: the most precise study at the top."""
        name = self.precision.name.format(se=se_name if self.precision.name.startswith("{") else se_name.lower())
        return Scale(name, self.precision.of(self.largest), self.precision.of(self.least))

    def at(self, panel: Panel, x: float, se: float) -> Point:
        """Return the place of an effect and its standard error."""
        return panel.at(x, self.precision.of(se))

    def vertical(self, panel: Panel, x: float) -> list[Point]:
        """Return the line of one effect."""
        return [self.at(panel, x, self.least), self.at(panel, x, self.largest)]

    def line(self, panel: Panel, start: float, slope: float) -> list[Point]:
        """Return the line start + slope * se to the extent that it lies in the panel."""
        end = self.largest
        for limit in (panel.x.low, panel.x.high):
            if slope and (limit - start) / slope > 0:
                end = min(end, (limit - start) / slope)
        return [self.at(panel, start + slope * se, se) for se in self._between(end)]

    def region(self, panel: Panel, tip: float, reach: float) -> list[Point]:
        """Return the region within `reach` standard errors of a tip, cut at the panel's sides."""
        sides = []
        for slope, limit in ((-reach, panel.x.low), (reach, panel.x.high)):
            side = self.line(panel, tip, slope)
            corner = [self.at(panel, limit, self.largest)] if (tip + slope * self.largest - limit) * slope > 0 else []
            sides.append(side + corner)
        return [*sides[1], *reversed(sides[0])]

    def _between(self, end: float) -> list[float]:
        end = max(end, self.least)
        return [self.least + (end - self.least) * step / STEPS for step in range(STEPS + 1)]


def se_name(pooled: Pooled) -> str:
    """Name the standard error, which belongs to the logarithm of a ratio."""
    return f"Standard error of the log {pooled.name.lower()}" if pooled.is_ratio else "Standard error"


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


def describe_funnel(pooled: Pooled) -> str:
    """Describe a funnel plot in words, for readers who can't see it."""
    k = sum(map(has_effect, pooled.result.get("effects", ())))
    text = f"Funnel plot of {pooled.count}: {pooled.name.lower()} against standard error."
    return f"{text} {few_studies(k)}".strip()
