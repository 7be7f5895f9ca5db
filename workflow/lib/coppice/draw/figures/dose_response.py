"""The dose-response curve with its confidence band, and the ratios that studies report at their doses."""

from __future__ import annotations

from typing import Any, cast

from coppice.core.contracts.dose_response import DosePoint, DoseResponseResult
from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas.canvas import Drawing, styled
from coppice.draw.canvas.legend import Aside, Key, dot, stroke, swatch
from coppice.draw.canvas.panel import Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled

LARGEST, SMALLEST = 15.0, 4.0  # points: diameters of the circles, whose areas are as the precision
PAD = 0.05  # fraction of the span
TICK = 0.03  # fraction of the span: length of the marks of knots
REACH = 3.0  # in spans of the curve: a study's point further out is at the border


@styled
def draw_dose_response(result: DoseResponseResult, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the curve against the dose; a study's ratios begin at the curve's height at its reference dose.

    Orsini et al. 2012, doi:10.1093/aje/kwr265. A study whose reference is another dose than the curve's would otherwise
    lie above or below it as a whole.
    """
    pooled = Pooled(cast(PoolResult, result))  # of which it reads what all kinds have
    curve: list[Any] = list(result["curve"])
    points = [
        (point["dose"], point["yi"] + _height(curve, effect["reference"]), point, effect["label"])
        for effect in result["effects"]
        for point in effect["points"]
    ]
    x_low, x_high = _padded([row["dose"] for row in curve] or [x for x, *_ in points])
    y_low, y_high = _padded(
        [value for row in curve for value in (row["ci_low"], row["ci_high"])] + _near(curve, points)
    )
    unit = result.get("unit")
    keys = [Key("Study at a dose, area by precision", dot(style.study, style.ink))]
    keys += [Key("Pooled curve", stroke(style.summary, width=1.6))] if curve else []
    keys += [Key(f"{pooled.level} confidence band", swatch(style.region))] if curve else []
    keys += [Key("Knot", stroke(style.summary, width=1.0))] if result["settings"]["knots"] else []
    panel = draw_panel(
        style,
        Scale("Dose" + (f" ({unit})" if unit else ""), x_low, x_high),
        Scale(
            f"{pooled.name} against a dose of {result['reference']:g}" if curve else pooled.name,
            y_low,
            y_high,
            is_log=pooled.is_ratio,
        ),
        pooled.heading(title, "Dose-response curve"),
        aside=Aside(keys, list(result["reasons"].values())),
    )
    panel.path([(x_low, 0.0), (x_high, 0.0)], width=0.8, name="null")
    _draw_curve(panel, curve)
    for knot in result["settings"]["knots"]:
        if x_low <= knot <= x_high:
            panel.path([(knot, y_low), (knot, y_low + TICK * (y_high - y_low))], colour=style.summary, name="knot")
    sizes = _diameters([point for _, _, point, _ in points])
    for index, ((x, y, _, label), size) in enumerate(zip(points, sizes, strict=True)):
        place = panel.at(x, min(max(y, y_low), y_high))
        panel.point(index, place, label, diameter=size, alpha=0.75, zorder=5 - size / LARGEST)
    return panel.finished("Dose-response curve")


def _height(curve: list[Any], dose: float) -> float:
    """Return the curve at a dose, between the points that are there."""
    for one, other in zip(curve, curve[1:], strict=False):
        if one["dose"] <= dose <= other["dose"]:
            share = (dose - one["dose"]) / ((other["dose"] - one["dose"]) or 1.0)
            return float(one["estimate"] + share * (other["estimate"] - one["estimate"]))
    return 0.0


def _near(curve: list[Any], points: list[Any]) -> list[float]:
    """Return the ratios of studies that are near enough to the curve to be on the axis."""
    held = [row[name] for row in curve for name in ("ci_low", "ci_high")] or [0.0]
    low, high = min(held), max(held)
    span = (high - low) or 1.0
    return [y for _, y, *_ in points if low - REACH * span <= y <= high + REACH * span] or [0.0]


def _padded(values: list[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    span = (high - low) or 1.0
    return low - PAD * span, high + PAD * span


def _diameters(points: list[DosePoint]) -> list[float]:
    weights = [1.0 / point["se"] ** 2 if point["se"] else 0.0 for point in points]
    most = max(weights, default=1.0) or 1.0
    return [max(SMALLEST, LARGEST * (weight / most) ** 0.5) for weight in weights]


def _draw_curve(panel: Panel, curve: list[Any]) -> None:
    """Draw the curve on its band."""
    if not curve:
        return
    lower, upper = ([panel.at(row["dose"], row[name]) for row in curve] for name in ("ci_low", "ci_high"))
    panel.canvas.polygon([*lower, *reversed(upper)], fill=panel.style.region, zorder=0.5, name="band-confidence")
    line = [(row["dose"], row["estimate"]) for row in curve]
    panel.path(line, colour=panel.style.summary, width=1.6, zorder=2.5, name="pooled")
