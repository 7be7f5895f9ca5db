"""E-values: how strong unmeasured confounding would have to be to explain the pooled effect away."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from coppice.core.contracts.conclusions import EValues
from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.values import Skipped
from coppice.explore.options import E_VALUE_MEASURES, EXPLORATIONS

PER_STANDARD_DEVIATION = 0.91  # of a log risk ratio: VanderWeele & Ding 2017, table 2
MEDIAN = 0.5  # the risk at which a hazard ratio of a common outcome is converted


@dataclass(frozen=True, slots=True)
class Conversion:
    """How an effect on the model's scale becomes a risk ratio: what it is called, and the function."""

    name: str
    risk_ratio: Callable[[float], float]


def of_hazard_ratio(value: float) -> float:
    """Return (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR)) of a log hazard ratio."""
    root = math.exp(value / 2.0)
    return -math.expm1(root * math.log(MEDIAN)) / -math.expm1(math.log(MEDIAN) / root)


AS_IT_IS = Conversion("the ratio itself", math.exp)
RATIO = Conversion("a risk ratio", math.exp)
COMMON = {
    "odds": Conversion("the square root of the odds ratio, for a common outcome", lambda value: math.exp(value / 2.0)),
    "hazard": Conversion("the conversion of the hazard ratio for a common outcome", of_hazard_ratio),
}
DIFFERENCE = Conversion(
    "exp(0.91 d), d being the standardised mean difference", lambda value: math.exp(PER_STANDARD_DEVIATION * value)
)


def conversion_of(measure: str, *, rare: bool) -> Conversion:
    """Return how an effect becomes a risk ratio; `rare`: fewer than about 15% have the outcome at the end."""
    kind = E_VALUE_MEASURES[measure]
    if kind == "risk":
        return RATIO
    if kind == "difference":
        return DIFFERENCE
    return AS_IT_IS if rare or kind == "rate" else COMMON[kind]


def e_value(risk_ratio: float) -> float:
    """Return RR + sqrt(RR (RR - 1)), of 1/RR for a risk ratio below 1."""
    ratio = max(risk_ratio, 1.0 / risk_ratio)
    return ratio + math.sqrt(ratio * (ratio - 1.0))


def e_values(pooled: PoolResult, options: Mapping[str, Any]) -> EValues | Skipped:
    """Give the E-values of VanderWeele & Ding 2017, doi:10.7326/M16-2607, of the pooled estimate.

    Limits of an SMD are converted as the estimate is, by 0.91: with a 95% interval of Wald this is the paper's 1.78
    standard errors.
    """
    random, measure = pooled["random"], pooled["measure"]
    if random is None or random["ci_low"] is None or random["ci_high"] is None:
        return {"skipped": pooled["reasons"].get("random") or "there is no overall estimate with an interval"}
    if measure not in E_VALUE_MEASURES:
        return {"skipped": f"{measure} has no conversion to a risk ratio"}
    if options.get("all_randomised"):
        return {"skipped": "every study is randomised, so that confounding is not what could explain the effect"}
    conversion = conversion_of(measure, rare=bool(options.get("rare", False)))
    try:
        estimate, low, high = map(conversion.risk_ratio, (random["estimate"], random["ci_low"], random["ci_high"]))
        of_estimate, of_limits = e_value(estimate), (e_value(low), e_value(high))
    except (OverflowError, ZeroDivisionError):
        return {"skipped": "the effect or its interval is too large for a risk ratio"}
    option = EXPLORATIONS["e_values"]
    return {
        "name": option.name,
        "source": option.source,
        "estimate": of_estimate,
        "limit": 1.0 if low <= 1.0 <= high else min(of_limits),
        "risk_ratio": estimate,
        "conversion": conversion.name,
    }
