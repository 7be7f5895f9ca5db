"""The probability that the effect in a new study lies beyond a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from coppice.core.contracts.lines import Prediction, RandomLine
from coppice.core.contracts.pool import Beyond, Side
from coppice.core.errors import nearest
from coppice.core.measures import Measure
from coppice.pool.kernel.quantiles import lower_tail
from coppice.pool.thresholds import on_scale

SIDES: tuple[Side, ...] = ("below", "above")
SIMULATED = "bootstrap"
WHY_NONE = "a probability beyond a threshold needs a prediction interval that is not simulated"


def probability_beyond(
    random: RandomLine | None, prediction: Prediction | None, threshold: float, side: str = "above"
) -> float | None:
    """Return the probability that the effect in a new study is above or below a threshold, on the model's scale.

    From the predictive distribution behind the prediction interval, the estimate -/+ t on its degrees of freedom times
    its standard error; None without such an interval, or if it is simulated.
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
    random: RandomLine | None,
    prediction: Prediction | None,
    thresholds: Mapping[str, Sequence[float]],
    measure: Measure,
    size: float | None = None,
) -> list[Beyond] | None:
    """Return the probability beyond each threshold, or None without a predictive distribution.

    `thresholds` has those under "below" and "above", as effects are printed; `size` is the harmonic mean of the sizes,
    for measures whose back-transformation needs it. ValueError is raised for a value that the measure can't have.
    """
    rows: list[Beyond] = []
    for side, value in [(name, float(value)) for name in SIDES for value in thresholds.get(name, ())]:
        probability = probability_beyond(random, prediction, on_scale(measure, value, size), side)
        if probability is None:
            return None
        rows.append({"threshold": value, "side": side, "probability": probability})
    return rows
