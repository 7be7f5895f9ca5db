"""How the effects of one result are printed, the same in figure, table and sentence: their decimals and back-transformed values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from statistics import median
from typing import Any

from coppice.core.measures import Measure
from coppice.core.number_style import ZERO, decimals_apart

Result = Mapping[str, Any]
LINE = ("estimate", "ci_low", "ci_high")
PARTS = ("random", "common", "prediction")
USUAL_DECIMALS = 2
MOST_DECIMALS = 4  # of effects by the width of their intervals
PROPORTION = "proportion"


def landmarks(measure: Measure | None) -> tuple[float, ...]:
    """Return the values that no other value of a measure prints as: 0, no difference, and 1 for a proportion."""
    if measure is None:
        return ZERO
    if measure.null is None:
        return (0.0, 1.0) if measure.name.startswith(PROPORTION) else ZERO
    return tuple(dict.fromkeys((0.0, measure.back(measure.null))))


def back(measure: Measure | None, value: float | None, size: float | None = None) -> float | None:
    """Return a value as printed, at a sample size if the measure needs one; None where it is missing or beyond a float."""
    if value is None:
        return None
    try:
        printed = measure.back(value, size) if measure else float(value)
    except OverflowError:
        return None
    return printed if math.isfinite(printed) else None


def decimals_of(result: Result, measure: Measure | None) -> int:
    """Return the decimals of a result's effects.

    They are 2 for ratios, else two significant digits of the median half-width printed; more where the pooled values
    and their limits would print alike.
    """
    decimals = _usual(result, measure)
    marks = landmarks(measure)
    needed = (decimals_apart(values, decimals, marks) for values in _pooled(result, measure))
    return max((places for places in needed if places is not None), default=decimals)


def _usual(result: Result, measure: Measure | None) -> int:
    if measure and measure.scale.is_ratio:
        return USUAL_DECIMALS
    limits = [
        (back(measure, effect.get("ci_low")), back(measure, effect.get("ci_high")))
        for effect in result.get("effects") or ()
    ]
    halves = [(high - low) / 2 for low, high in limits if low is not None and high is not None]
    width = median(halves) if halves else 0.0
    return min(max(1 - math.floor(math.log10(width)), 0), MOST_DECIMALS) if width > 0 else USUAL_DECIMALS


def _pooled(result: Result, measure: Measure | None) -> Iterator[list[float | None]]:
    """Yield the pooled values that stand together, as they are printed."""
    size = (result.get("display") or {}).get("size")
    lines = [result.get("random"), result.get("common"), *(result.get("alternatives") or {}).values()]
    for line in lines:
        yield _printed(line, LINE, measure, size)
    yield _printed(result.get("prediction"), ("low", "high"), measure, size)


def _printed(
    part: Mapping[str, Any] | None, keys: Iterable[str], measure: Measure | None, size: float | None
) -> list[float | None]:
    return [back(measure, (part or {}).get(key), size) for key in keys]


def with_display(result: Result) -> dict[str, Any]:
    """Return a result in which each part that has a line in `display` holds it as `shown`: the values to be printed."""
    display = result.get("display") or {}
    parts = dict(result) | {name: _with(result[name], display.get(name)) for name in PARTS if result.get(name)}
    if display.get("effects"):
        parts["effects"] = [_with(*pair) for pair in zip(result["effects"], display["effects"], strict=True)]
    levels = (result.get("subgroups") or {}).get("levels") or []
    if display.get("subgroups") and levels:
        pairs = zip(levels, display["subgroups"], strict=True)
        parts["subgroups"] = {**result["subgroups"], "levels": [
            dict(level) | {name: _with(level[name], values.get(name)) for name in PARTS if level.get(name)}
            for level, values in pairs
        ]}  # fmt: skip
    return parts


def _with(part: Mapping[str, Any], shown: Mapping[str, Any] | None) -> dict[str, Any]:
    return {**part, "shown": shown} if shown else dict(part)
