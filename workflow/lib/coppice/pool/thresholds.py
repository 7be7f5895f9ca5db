"""Thresholds: values as they are printed, on the scale of the model."""

from __future__ import annotations

import math

from coppice.core.measures import Measure

MOST_STEPS = 200  # halvings of an interval: twice what takes any pair of doubles to neighbours


def on_scale(measure: Measure, value: float, size: float | None = None) -> float:
    """Return a printed value on the model's scale, the inverse of :meth:`Measure.back`; ValueError if it can't be one."""
    try:
        start = measure.scale.forward(value)
    except (ValueError, ZeroDivisionError) as error:  # a logit of 1
        raise ValueError(f"{measure.code} can't be {value:g}") from error
    if size is None or measure.scale.back_at is None:
        return start
    reach = 1.0 + 1.0 / math.sqrt(size)  # the double scales differ from their limits for large sizes by less
    low, high = start - reach, start + reach
    for _ in range(MOST_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if measure.back(middle, size) < value else (low, middle)
    return 0.5 * (low + high)
