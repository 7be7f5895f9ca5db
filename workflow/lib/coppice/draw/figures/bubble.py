"""The bubble plot of a meta-regression: effects against a moderator, with the line and its bands."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from coppice.core.measures import MEASURES
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import finite
from coppice.draw.canvas.canvas import Drawing, Point, clean
from coppice.draw.canvas.labels import Dot, draw_labels
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, dot, stroke, swatch
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.forest.marks import DASHES

Result = Mapping[str, Any]

LARGEST, SMALLEST = 17.0, 4.5  # points: diameters of the bubbles, whose areas are as the weights
LEAST_SPAN = 1e-300  # of an axis: a part of less is no number any more
PAD = 0.06
MOST_LABELS = 20


def draw_bubble(
    result: Result, *, style: Style = DEFAULT, title: str | None = None, moderator: str = "", labels: bool = False
) -> Drawing:
    """Draw effects against one numeric moderator.

    Parameters
    ----------
    result : mapping
        A pool result with ``moderators``. The line and its bands are ``moderators["predictions"]``, a list with
        ``value``, ``estimate``, ``ci_low``, ``ci_high``, ``pi_low`` and ``pi_high``; without it only a line of one
        moderator's coefficients is drawn.
    style, title
        As in `draw_forest`.
    moderator : str
        Which of the studies' values; by default the second coefficient's name.
    labels : bool
        Whether bubbles are labelled, where there is room.
    """
    model = result.get("moderators") or {}
    names = [str(item["name"]) for item in model.get("coefficients", ())]
    by = moderator or (names[1] if len(names) > 1 else "")
    effects = [effect for effect in result.get("effects", ()) if _value(effect, by) is not None]
    xs, ys = [_value(effect, by) or 0.0 for effect in effects], [effect["yi"] for effect in effects]
    line = _line(model, by, names, xs)
    bands = [row.get(name) for row in line for name in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")]
    measure = MEASURES.get(result.get("measure", ""))
    null = measure.null if measure else None
    x_low, x_high = _limits([*xs, *(row["value"] for row in line)])
    y_low, y_high = _limits(finite([*ys, *bands, null]))
    counted = words.count_of({"k": len(effects), "effects": effects})
    what = "Effect" if " of " in counted else "Study"
    keys = [Key(f"{what}, area by weight", dot(style.study, style.ink))]
    keys += [Key("Meta-regression", stroke(style.summary, width=1.4))] if line else []
    level = words.percent_level(result)
    keys += [Key(f"{level} confidence band", swatch(style.region))] if _has(line, "ci_low") else []
    keys += [Key(f"{level} prediction band", stroke(style.prediction, DASHES))] if _has(line, "pi_low") else []
    with style.applied():
        panel = Panel(
            style,
            Scale(clean(by).replace("_", " ").capitalize() or "Moderator", x_low, x_high),
            Scale(words.measure_name(result), y_low, y_high, is_log=bool(measure and measure.scale.is_ratio)),
            title=clean(title or ""),
            subtitle=f"Meta-regression, {counted}",
            aside=Aside(keys, [] if effects else ["No study has a numeric value of the moderator."]),
        )
        lines = [[panel.at(x_low, null), panel.at(x_high, null)]] if null is not None else []
        for points in lines:
            panel.canvas.line(points, width=0.8, name="null")
        lines += _draw_line(panel, line)
        dots = _draw_bubbles(panel, effects, xs)
        if labels and len(dots) <= MOST_LABELS:
            draw_labels(panel, dots, lines=lines)
        return panel.canvas.finished(title or "Bubble plot", f"Meta-regression of {counted}.")


def _value(effect: Mapping[str, Any], by: str) -> float | None:
    value = effect.get("year") if by == "year" else (effect.get("values") or {}).get(by)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and effect.get("yi") is not None and value is not None else None


def _line(model: Mapping[str, Any], by: str, names: Sequence[str], xs: Sequence[float]) -> list[dict[str, Any]]:
    """Return the predictions, or the two ends of the line of a single moderator's coefficients."""
    given = model.get("predictions")
    if given:
        return sorted(given, key=lambda row: float(row["value"]))
    if len(names) != 2 or names[1] != by or not xs:
        return []
    intercept, slope = (item["estimate"] for item in model["coefficients"])
    return [{"value": x, "estimate": intercept + slope * x} for x in (min(xs), max(xs))]


def _has(line: Sequence[Mapping[str, Any]], name: str) -> bool:
    return bool(line) and all(row.get(name) is not None for row in line)


def _limits(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    span = next((span for span in (high - low, abs(high)) if span > LEAST_SPAN), 1.0)
    return low - PAD * span, high + PAD * span


def _draw_line(panel: Panel, line: Sequence[Mapping[str, Any]]) -> list[list[Point]]:
    """Draw the line and its bands, and return the lines that no label should cross."""
    style, drawn = panel.style, []
    if _has(line, "ci_low") and _has(line, "ci_high"):
        lower = [panel.at(row["value"], row["ci_low"]) for row in line]
        upper = [panel.at(row["value"], row["ci_high"]) for row in line]
        panel.canvas.polygon([*lower, *reversed(upper)], fill=style.region, zorder=0.5, name="band-confidence")
    for name in ("pi_low", "pi_high"):
        if _has(line, name):
            drawn.append([panel.at(row["value"], row[name]) for row in line])
            panel.canvas.line(drawn[-1], colour=style.prediction, dashes=DASHES, width=1.0, name="band-prediction")
    if line:
        drawn.append([panel.at(row["value"], row["estimate"]) for row in line])
        panel.canvas.line(drawn[-1], colour=style.summary, width=1.4, zorder=2.5, name="pooled")
    return drawn


def _draw_bubbles(panel: Panel, effects: Sequence[Mapping[str, Any]], xs: Sequence[float]) -> list[Dot]:
    style = panel.style
    # an imprecise effect that correlates with a precise one can have a weight below 0
    weights = [max(effect.get("weight_random") or effect.get("weight_common") or 0.0, 0.0) for effect in effects]
    largest = max(weights, default=0.0) or 1.0
    dots = []
    for index, (effect, x, weight) in enumerate(zip(effects, xs, weights, strict=True)):
        place = panel.at(x, effect["yi"])
        size = max(SMALLEST, LARGEST * math.sqrt(weight / largest))
        panel.canvas.circle(
            *place,
            size,
            fill=style.study,
            edge=style.ink,
            width=0.7,
            alpha=0.8,
            zorder=5 - size / LARGEST,
            name=f"point-{index}",
        )
        dots.append(Dot(*place, size / 2, effect.get("label") or effect["study"]))
    return dots
