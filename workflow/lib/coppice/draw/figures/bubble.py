"""The bubble plot of a meta-regression: effects against a moderator, with the line and its bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.core.contracts.moderators import Moderators
from coppice.core.contracts.pool import Effect, PoolResult
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import finite
from coppice.draw.canvas.canvas import Drawing, Point, clean, styled
from coppice.draw.canvas.labels import draw_labels
from coppice.draw.canvas.legend import Aside, Key, dot, stroke, swatch
from coppice.draw.canvas.panel import Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled, diameters, has_effect, label_of
from coppice.draw.forest.marks import DASHES

LARGEST, SMALLEST = 17.0, 4.5  # points: diameters of the bubbles, whose areas are as the weights
LEAST_SPAN = 1e-300  # a part of a smaller span is below the range of a float
PAD = 0.06  # fraction of the span
MOST_LABELS = 20
BANDS = ("ci_low", "ci_high", "pi_low", "pi_high")

Place = Mapping[str, Any]  # a place on the line: `value`, `estimate`, and limits where the result has them


@styled
def draw_bubble(
    result: PoolResult, *, style: Style = DEFAULT, title: str | None = None, moderator: str = "", labels: bool = False
) -> Drawing:
    """Draw effects against one numeric moderator.

    The `moderator` is by default the second coefficient. The line and its bands are the predictions of the result;
    without them it is drawn for a single moderator only, from its coefficients. Bubbles have `labels` where there is room.
    """
    pooled, model = Pooled(result), result.get("moderators")
    names = [item["name"] for item in model["coefficients"]] if model else []
    by = moderator or (names[1] if len(names) > 1 else "")
    points = [(value, effect) for effect in result.get("effects", ()) if (value := _value(effect, by)) is not None]
    xs, effects = [x for x, _ in points], [effect for _, effect in points]
    line = _line(model, by, xs) if model else []
    bands = [row.get(name) for row in line for name in ("estimate", *BANDS)]
    null = pooled.null
    x_low, x_high = _limits([*xs, *(row["value"] for row in line)])
    y_low, y_high = _limits(finite([*(effect["yi"] for effect in effects), *bands, null]))
    count = words.count_of({"k": len(effects), "effects": effects})
    panel = draw_panel(
        style,
        Scale(clean(by).replace("_", " ").capitalize() or "Moderator", x_low, x_high),
        pooled.scale(y_low, y_high),
        pooled.heading(title, "Meta-regression", count),
        aside=Aside(
            _keys(style, line, pooled.level, "Effect" if " of " in count else "Study"),
            [] if effects else ["No study has a numeric value of the moderator."],
        ),
    )
    lines = [panel.path([(x_low, null), (x_high, null)], width=0.8, name="null")] if null is not None else []
    lines += _draw_line(panel, line)
    sizes = diameters(effects, SMALLEST, LARGEST)
    dots = [
        panel.point(
            index, panel.at(x, effect["yi"]), label_of(effect), diameter=size, alpha=0.8, zorder=5 - size / LARGEST
        )
        for index, ((x, effect), size) in enumerate(zip(points, sizes, strict=True))
    ]
    if labels and len(dots) <= MOST_LABELS:
        draw_labels(panel, dots, lines=lines)
    return panel.finished("Bubble plot")


def _keys(style: Style, line: Sequence[Place], level: str, unit: str) -> list[Key]:
    keys = [Key(f"{unit}, area by weight", dot(style.study, style.ink))]
    keys += [Key("Meta-regression", stroke(style.summary, width=1.4))] if line else []
    keys += [Key(f"{level} confidence band", swatch(style.region))] if _has(line, "ci_low") else []
    keys += [Key(f"{level} prediction band", stroke(style.prediction, DASHES))] if _has(line, "pi_low") else []
    return keys


def _value(effect: Effect, by: str) -> float | None:
    value = effect.get("year") if by == "year" else (effect.get("values") or {}).get(by)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None and has_effect(effect) else None


def _line(model: Moderators, by: str, xs: Sequence[float]) -> Sequence[Place]:
    """Return the predictions, or the two ends of the line of a single moderator's coefficients."""
    coefficients = model["coefficients"]
    if predictions := model.get("predictions"):
        return sorted(predictions, key=lambda row: row["value"])
    if len(coefficients) != 2 or coefficients[1]["name"] != by or not xs:
        return []
    intercept, slope = (item["estimate"] for item in coefficients)
    return [{"value": x, "estimate": intercept + slope * x} for x in (min(xs), max(xs))]


def _has(line: Sequence[Place], name: str) -> bool:
    return bool(line) and all(row.get(name) is not None for row in line)


def _limits(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    span = next((span for span in (high - low, abs(high)) if span > LEAST_SPAN), 1.0)
    return low - PAD * span, high + PAD * span


def _draw_line(panel: Panel, line: Sequence[Place]) -> list[list[Point]]:
    """Draw the line and its bands, and return the lines that no label should cross."""
    style, drawn = panel.style, []
    if _has(line, "ci_low") and _has(line, "ci_high"):
        lower, upper = ([panel.at(row["value"], row[name]) for row in line] for name in ("ci_low", "ci_high"))
        panel.canvas.polygon([*lower, *reversed(upper)], fill=style.region, zorder=0.5)
    for name in ("pi_low", "pi_high"):
        if _has(line, name):
            limits = [(row["value"], row[name]) for row in line]
            drawn.append(panel.path(limits, colour=style.prediction, dashes=DASHES, width=1.0))
    if line:
        means = [(row["value"], row["estimate"]) for row in line]
        drawn.append(panel.path(means, colour=style.summary, width=1.4, zorder=2.5, name="pooled"))
    return drawn
