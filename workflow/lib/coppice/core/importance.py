"""The key `important` of an analysis: from which size an effect matters, and from which it is large."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.measures import Measure
from coppice.core.schema import Finding

LITTLE, IMPORTANT, SMALL, LARGE = "little to no", "important", "small", "large"
MOST_DECIMALS = 6  # a number with more decimals is the counterpart of one that was written
RATIO_DECIMALS = 2
ROUNDING = 1e-9  # 1.25 and 1/0.8 differ in the last digit of their logarithms
# The largest value of measures that have one on an untransformed scale, where no logarithm refuses what is beyond.
LARGEST = dict.fromkeys(("RD", "MPRD", "PHI", "YUQ", "YUY", "RTET", "COR", "UCOR", "PCOR", "SPCOR"), 1.0) | {
    "AS": math.pi / 2
}


@dataclass(frozen=True, slots=True)
class Importance:
    """Thresholds of the size of an effect, the same in both directions."""

    small: float  # the smallest important difference, as a distance from no difference on the model's scale
    # where an effect begins to be large; None where no size beyond the smallest important one is told apart
    large: float | None = None

    def size(self, distance: float) -> str:
        """Return the size of an effect at a distance from no difference: `LITTLE`, `SMALL`, `LARGE`, or `IMPORTANT`."""
        if not self.reaches(distance):
            return LITTLE
        if self.large is None:
            return IMPORTANT
        return LARGE if distance >= self.large * (1 - ROUNDING) else SMALL

    def reaches(self, distance: float) -> bool:
        """Return whether an effect at this distance from no difference matters; one at the threshold does."""
        return distance >= self.small * (1 - ROUNDING)


def importance_of(value: Any, measure: Measure) -> Importance | None:
    """Return the thresholds that a configuration gives as printed; None where it gives none.

    A ratio of 0.8 is also one of 1.25, a difference of 5 also one of -5.
    """
    if value is None or measure.null is None:
        return None
    thresholds = value if isinstance(value, Mapping) else {"small": value}
    return Importance(**{name: _distance(float(threshold), measure) for name, threshold in thresholds.items()})


def band(distance: float, measure: Measure) -> tuple[float, float]:
    """Return the two printed values at a distance from no difference, the lower one first."""
    null = measure.null or 0.0
    return measure.back(null - distance), measure.back(null + distance)


def threshold_decimals(pair: Sequence[float], *, is_ratio: bool) -> int:
    """Return the decimals that print both thresholds as they are, or else the one that the configuration gives.

    The counterpart of a ratio, 1.111... of 0.9, often has no end.
    """
    needed = [next((d for d in range(MOST_DECIMALS) if math.isclose(round(value, d), value)), None) for value in pair]
    exact = [decimals for decimals in needed if decimals is not None]
    return max([RATIO_DECIMALS if is_ratio else 0, *exact])


def _distance(value: float, measure: Measure) -> float:
    return abs(measure.scale.forward(value) - (measure.null or 0.0))


def importance_findings(value: Any, measure: Measure) -> Iterator[Finding]:
    """Yield what is wrong with thresholds that are numbers, given the measure of their analysis."""
    if value is None:
        return
    place = ("important",)
    if measure.null is None:
        yield place, f"{measure.code} has no value of no difference to measure the size of an effect from; leave it out"
        return
    thresholds = value if isinstance(value, Mapping) else {"": value}
    null = measure.back(measure.null)
    wrong = False
    for name, threshold in thresholds.items():
        if problem := _problem(float(threshold), measure, null):
            wrong = True
            yield (*place, name) if name else place, problem
    if wrong or len(thresholds) < 2:
        return
    small, large = (float(thresholds[name]) for name in ("small", "large"))
    if (small > null) != (large > null):
        message = f"{small:g} and {large:g} lie on different sides of no difference ({null:g}); write both on one side"
        yield place, message
    elif _distance(large, measure) <= _distance(small, measure):
        message = f"large ({large:g}) must lie farther from no difference ({null:g}) than small ({small:g}); exchange them after looking them up"
        yield place, message


def _problem(value: float, measure: Measure, null: float) -> str | None:
    """Say why a threshold can't be a value of the measure, or no size of an effect; None where it can."""
    allowed = "a number above 0" if measure.scale.is_ratio else "a number other than 0"
    if (most := LARGEST.get(measure.code)) and abs(value) > most:
        return f"{measure.code} can't be {value:g}; write a number between -{most:.4g} and {most:.4g}"
    try:
        distance = _distance(value, measure)
    except ValueError:
        return f"{measure.code} can't be {value:g}; write {allowed}, as the effect is printed"
    return (
        f"{value:g} is the value of no difference; write the smallest difference that matters"
        if distance == 0
        else None
    )
