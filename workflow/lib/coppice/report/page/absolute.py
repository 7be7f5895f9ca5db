"""What a relative effect means in absolute numbers, at a given baseline risk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from coppice.report.report_data import AnalysisView

PER = 1000  # absolute effects are given per 1,000 patients, as GRADE does


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline risk: the risk without the intervention.

    Attributes
    ----------
    name : str
        Whose risk it is: a population, or which of the observed risks.
    risk : float
        Between 0 and 1.
    time : str or None
        By when, for times to an event.
    source : str
        Where the risk comes from.
    """

    name: str
    risk: float
    time: str | None
    source: str


def _risk_ratio(risk: float, ratio: float) -> float:
    return risk * ratio


def _odds_ratio(risk: float, ratio: float) -> float:
    return risk * ratio / (1 - risk + risk * ratio)


def _hazard_ratio(risk: float, ratio: float) -> float:
    return float(1 - (1 - risk) ** ratio)


def _risk_difference(risk: float, difference: float) -> float:
    return risk + difference


# Guyatt GH et al. GRADE guidelines 12, J Clin Epidemiol 2013;66:158-172, doi:10.1016/j.jclinepi.2012.01.012; hazard
# ratios, with the risk by a stated time: Skoetz N et al. J Clin Epidemiol 2020;118:124-131, doi:10.1016/j.jclinepi.2019.10.015
WITH_TREATMENT: dict[str, Callable[[float, float], float]] = {
    "RR": _risk_ratio,
    "OR": _odds_ratio,
    "HR": _hazard_ratio,
    "RD": _risk_difference,
}


def risk_with_treatment(measure: str, risk: float, effect: float) -> float:
    """Return the risk with the treatment.

    Parameters
    ----------
    measure : str
        Code of the measure.
    risk : float
        The baseline risk.
    effect : float
        The effect, back-transformed: a ratio or a difference.

    Returns
    -------
    float
        Within 0 and 1; a ratio above 1 / risk gives 1.

    Raises
    ------
    KeyError
        If the measure has no absolute counterpart.
    """
    return min(1.0, max(0.0, WITH_TREATMENT[measure](risk, effect)))


def baselines(analysis: AnalysisView, effects: Sequence[Mapping[str, Any]] | None = None) -> list[Baseline]:
    """Return the baseline risks: those of the configuration, or those of the control arms that were pooled.

    Parameters
    ----------
    analysis : AnalysisView
        The analysis.
    effects : sequence of mapping, optional
        The effects of one subgroup; by default all.
    """
    pooled = analysis.effects if effects is None else effects
    given = [
        Baseline(
            str(item.get("name") or "assumed risk"),
            float(item["risk"]),
            item.get("time"),
            str(item.get("source") or "the configuration"),
        )
        for item in analysis.baselines
    ]
    return given or _observed([effect["risks"]["control"] for effect in pooled if effect.get("risks")])


def _observed(arms: Sequence[Mapping[str, Any]]) -> list[Baseline]:
    risks = sorted(float(arm["risk"]) for arm in arms)
    if not risks:
        return []
    if risks[0] == risks[-1]:
        return [Baseline("observed risk", risks[0], None, "the control arms")]
    named = {"lowest": risks[0], "median": median(risks), "highest": risks[-1]}
    return [Baseline(f"{name} observed risk", risk, None, "the control arms") for name, risk in named.items()]
