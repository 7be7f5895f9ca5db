"""The probability that the effect in a new study lies beyond a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.errors import nearest
from coppice.core.measures import Measure
from coppice.pool.kernel.quantiles import lower_tail
from coppice.pool.thresholds import on_scale

Part = dict[str, Any]
SIDES = ("below", "above")
SIMULATED = "bootstrap"
WHY_NONE = (
    "the probability beyond a threshold comes from a prediction interval that is not simulated, and there is none"
)


def probability_beyond(
    random: Mapping[str, Any] | None, prediction: Mapping[str, Any] | None, threshold: float, side: str = "above"
) -> float | None:
    """Return the probability that the effect in a new study is above or below a threshold, on the model's scale.

    From the predictive distribution behind the prediction interval, the estimate -/+ t on its degrees of freedom times
    its standard error; None where there is none, or it is simulated.
    """
    if side not in SIDES:
        raise ValueError(f"there is no side '{side}': {nearest(side, SIDES)}")
    if not random or not prediction or prediction["method"] == SIMULATED:
        return None
    df = np.inf if prediction["df"] is None else prediction["df"]
    distance = (random["estimate"] - threshold) * (1.0 if side == "above" else -1.0)
    if prediction["se"] == 0.0:
        return float(distance > 0)
    return float(lower_tail(distance / prediction["se"], df))


def beyond_part(
    random: Mapping[str, Any] | None,
    prediction: Mapping[str, Any] | None,
    asked: Mapping[str, Sequence[float]],
    measure: Measure,
    size: float | None = None,
) -> list[Part] | None:
    """Return the probabilities asked for, or None where there is no predictive distribution.

    Parameters
    ----------
    random, prediction : mapping or None
        Parts of the result.
    asked : mapping
        Under "below" and "above" the thresholds, as effects are printed.
    measure : Measure
    size : float, optional
        The harmonic mean of the sizes, for measures whose back-transformation needs it.

    Raises
    ------
    ValueError
        If the measure does not take such a value.
    """
    places = [(side, float(value)) for side in SIDES for value in asked.get(side, ())]
    found: list[Part] = []
    for side, value in places:
        probability = probability_beyond(random, prediction, on_scale(measure, value, size), side)
        if probability is None:
            return None
        found.append({"threshold": value, "side": side, "probability": probability})
    return found
