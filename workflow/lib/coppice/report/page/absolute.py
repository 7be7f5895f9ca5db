"""What a relative effect means in absolute numbers, at a given baseline risk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from coppice.core.contracts.pool import Effect
from coppice.report.report_data import AnalysisView

PER = 1000  # absolute effects are given per 1,000 patients, as GRADE does


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline risk: in which population (or which of the observed risks), by what time, and its source.

    `is_extreme` marks the lowest and the highest of the observed risks, which the summary of findings leaves out.
    """

    name: str
    risk: float
    time: str | None  # for times to an event
    source: str
    is_extreme: bool = False


# Guyatt GH et al. GRADE guidelines 12, J Clin Epidemiol 2013;66:158-172, doi:10.1016/j.jclinepi.2012.01.012; hazard
# ratios, with the risk by a stated time: Skoetz N et al. J Clin Epidemiol 2020;118:124-131, doi:10.1016/j.jclinepi.2019.10.015
WITH_TREATMENT: dict[str, Callable[[float, float], float]] = {  # from the baseline risk and the effect
    "RR": lambda risk, ratio: risk * ratio,
    "OR": lambda risk, ratio: risk * ratio / (1 - risk + risk * ratio),
    "HR": lambda risk, ratio: float(1 - (1 - risk) ** ratio),
    "RD": lambda risk, difference: risk + difference,
}


def risk_with_treatment(measure: str, risk: float, effect: float) -> float:
    """Return the risk with the treatment for a measure, given by its code; the result is truncated to 0 and 1."""
    return min(1.0, max(0.0, WITH_TREATMENT[measure](risk, effect)))


def baselines(analysis: AnalysisView, effects: Sequence[Effect] | None = None) -> list[Baseline]:
    """Return the baseline risks: those of the configuration, or else those observed in the control arms of `effects` (default: all)."""
    configured = [
        Baseline(
            str(item.get("name") or "assumed risk"),
            float(item["risk"]),
            item.get("time"),
            str(item.get("source") or "the configuration"),
        )
        for item in analysis.baselines
    ]
    pooled = analysis.effects if effects is None else effects
    return configured or _observed(
        sorted(effect["risks"]["control"]["risk"] for effect in pooled if effect.get("risks"))
    )


def _observed(risks: Sequence[float]) -> list[Baseline]:
    if not risks:
        return []
    if risks[0] == risks[-1]:
        return [Baseline("observed risk", risks[0], None, "the control arms")]
    named = {"lowest": risks[0], "median": median(risks), "highest": risks[-1]}
    return [
        Baseline(f"{name} observed risk", risk, None, "the control arms", is_extreme=name != "median")
        for name, risk in named.items()
    ]
