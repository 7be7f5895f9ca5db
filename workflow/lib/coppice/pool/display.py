"""The estimates of a result as they are printed: back-transformed from the model's scale."""

from __future__ import annotations

import math

from coppice.core.contracts.lines import Interval, Limits, Line, Prediction
from coppice.core.contracts.pool import Display, DisplayedLevel, Effect, Level, PooledAnalysis
from coppice.core.measures import MEASURES, Measure, harmonic_size


def display(result: PooledAnalysis) -> Display:
    """Return the estimates of a result back-transformed to the scale on which they are printed.

    Measures whose back-transformation depends on the sample size take each study's own, and for what is pooled the
    harmonic mean of the studies' sizes (Miller 1978, doi:10.1080/00031305.1978.10479283), which `size` holds.
    """
    measure, effects = MEASURES[result["measure"]], result["effects"]
    size = harmonic_size(effects)
    levels = [] if result["subgroups"] is None else result["subgroups"]["levels"]
    return {
        "common": _line(result["common"], measure, size),
        "random": _line(result["random"], measure, size),
        "prediction": _prediction(result["prediction"], measure, size),
        "size": size,
        "effects": [_interval(effect["yi"], effect, measure, effect.get("size")) for effect in effects],
        "subgroups": [_level(level, effects, measure) for level in levels],
    }


def _level(level: Level, effects: list[Effect], measure: Measure) -> DisplayedLevel:
    size = harmonic_size([effect for effect in effects if effect["subgroup"] == level["level"]])
    return {
        "common": _line(level["common"], measure, size),
        "random": _line(level["random"], measure, size),
        "prediction": _prediction(level["prediction"], measure, size),
    }


def _line(line: Line | None, measure: Measure, size: float | None) -> Interval | None:
    return None if line is None else _interval(line["estimate"], line, measure, size)


def _interval(estimate: float, limits: Line | Effect, measure: Measure, size: float | None) -> Interval:
    return {
        "estimate": _printed(estimate, measure, size),
        "ci_low": _printed(limits["ci_low"], measure, size),
        "ci_high": _printed(limits["ci_high"], measure, size),
    }


def _prediction(interval: Prediction | None, measure: Measure, size: float | None) -> Limits | None:
    if interval is None:
        return None
    return {"low": _printed(interval["low"], measure, size), "high": _printed(interval["high"], measure, size)}


def _printed(value: float | None, measure: Measure, size: float | None) -> float | None:
    if value is None:
        return None
    printed = measure.back(value, size)
    return printed if math.isfinite(printed) else None  # a limit of e^710 can't be printed
