"""Effects against one control arm: which they are, and the covariance of their sampling errors that follows from it.

Gleser & Olkin (2009), Stochastically dependent effect sizes, in The Handbook of Research Synthesis and Meta-Analysis,
2nd ed., chapter 19: the covariance of two differences from the same arm is the variance which that arm contributes. A
standardised difference shares the arm's part of the standard deviation too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from coppice.core.errors import CoppiceError
from coppice.extract.combined_arms import resolved
from coppice.extract.routes.means import sd_bias, variation
from coppice.extract.routes.two_by_two import LOGISTIC_SD, PROBIT_PER_SD, probit_variance
from coppice.extract.summaries.spread import reported_arm
from coppice.pool.dependence.clusters import positions

Figures = Mapping[str, Any]
Effects = Sequence[Mapping[str, Any]]
CONTROL_FIELDS = ("events_c", "n_c", "time_c", "mean_c", "sd_c", "se_c", "ci_c", "combine_c")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two effects against one control arm: the figures of their arms, and the effects.

    `n` are the patients of all arms that are compared with this control arm, itself included.
    """

    one: Figures
    other: Figures
    yi: tuple[float, float]
    n: float


Covariance = Callable[[Pair], float]


def _odds_ratio(divisor: float = 1.0) -> Covariance:
    def covariance(pair: Pair) -> float:
        events, n = pair.one["events_c"], pair.one["n_c"]
        return float((1.0 / events + 1.0 / (n - events)) / divisor**2)

    return covariance


def _risk_ratio(pair: Pair) -> float:
    return float(1.0 / pair.one["events_c"] - 1.0 / pair.one["n_c"])


def _risk_difference(pair: Pair) -> float:
    events, n = pair.one["events_c"], pair.one["n_c"]
    return float(events * (n - events) / n**3)


def _probit(pair: Pair) -> float:
    return float(probit_variance(pair.one["events_c"] / pair.one["n_c"], pair.one["n_c"]))


def _arm(figures: Figures, arm: str = "_c") -> Any:
    summary = reported_arm(figures, arm)
    if summary is None:
        raise KeyError(f"sd{arm}")
    return summary


def _standardised(pair: Pair) -> float:
    """Return 1/n_c + d_1 d_2 n_c / (2 N_1 N_2), or 1/n_c + d_1 d_2 / (2 N).

    The second, of Gleser & Olkin, is for one SD pooled over all N patients, as where all arms are reported with the same
    SD. The first follows in the same way where each difference is in the pooled SD of its own two arms, of N_i patients.
    """
    n, arms = float(pair.one["n_c"]), [_arm(figures, arm) for figures in (pair.one, pair.other) for arm in ("_e", "_c")]
    one_sd = len({arm.sd for arm in arms}) == 1
    share = 1.0 / pair.n if one_sd else n / ((n + arms[0].n) * (n + arms[2].n))
    return 1.0 / n + math.prod(pair.yi) * share / 2.0


def _with_unequal_variances(pair: Pair) -> float:
    """Return the control arm's terms of Bonett's variance (2008), doi:10.1037/1082-989X.13.2.99."""
    control = _arm(pair.one)
    one, other = ((_arm(figures, "_e").sd ** 2 + control.sd**2) / 2.0 for figures in (pair.one, pair.other))
    of_sd = math.prod(pair.yi) * control.sd**4 / (8.0 * one * other)
    return float((of_sd + control.sd**2 / math.sqrt(one * other)) / (control.n - 1.0))


def _glass(pair: Pair) -> float:
    return float((1.0 + math.prod(pair.yi) / 2.0) / _arm(pair.one).n)


def _glass_with_unequal_variances(pair: Pair) -> float:
    return float((1.0 + math.prod(pair.yi) / 2.0) / (_arm(pair.one).n - 1.0))


def _mean_difference(pair: Pair) -> float:
    control = _arm(pair.one)
    return float(control.sd**2 / control.n)


COVARIANCES: Mapping[str, Covariance] = {
    "OR": _odds_ratio(),
    "OR2D": _odds_ratio(LOGISTIC_SD),
    "OR2DL": _odds_ratio(LOGISTIC_SD),
    "OR2DN": _odds_ratio(PROBIT_PER_SD),
    "RR": _risk_ratio,
    "RD": _risk_difference,
    "AS": lambda pair: 1.0 / (4.0 * pair.one["n_c"]),
    "PBIT": _probit,
    "IRR": lambda pair: 1.0 / pair.one["events_c"],
    "IRD": lambda pair: pair.one["events_c"] / pair.one["time_c"] ** 2,
    "IRSD": lambda pair: 1.0 / (4.0 * pair.one["time_c"]),
    "MD": _mean_difference,
    "SMD": _standardised,
    "SMDH": _with_unequal_variances,
    "SMD1": _glass,
    "SMD1H": _glass_with_unequal_variances,
    "ROM": lambda pair: float(variation(_arm(pair.one))),
    "CVR": lambda pair: float(sd_bias(_arm(pair.one).n) + variation(_arm(pair.one))),
    "VR": lambda pair: float(sd_bias(_arm(pair.one).n)),
}


def control_arm(effect: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the reported figures of an effect's control arm; None if they are not counts, means or rates.

    Comparisons do not share an arm that was split among them.
    """
    reported = effect.get("reported") or {}
    if (reported.get("split_c") or 1) > 1:
        return None
    figures = {name: reported[name] for name in CONTROL_FIELDS if reported.get(name) is not None}
    return figures if len(figures) >= 2 or "combine_c" in figures else None


def sharing(effects: Effects) -> list[tuple[int, int]]:
    """Return the pairs of effects of one study that were compared with the same control arm.

    Its figures are the same, or the record names it as the control arm of other experimental arms.
    """
    arms = [control_arm(effect) for effect in effects]
    return [
        (i, j)
        for inside in positions([effect["study"] for effect in effects])
        for i, j in combinations(inside, 2)
        if (arms[i] is not None and arms[i] == arms[j]) or name_one_control(effects[i], effects[j])
    ]


def name_one_control(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two effects are of different experimental arms and share a control arm, by the arms' keys."""
    if "arms" not in one or "arms" not in other:
        return False
    of_control, of_experimental = (
        set(one["arms"][side]) & set(other["arms"][side]) for side in ("control", "experimental")
    )
    return bool(of_control) and not of_experimental


def shared_covariances(effects: Effects, measure: str) -> dict[tuple[int, int], float | None]:
    """Return the covariance of each pair of effects against one control arm; None where it is unknown."""
    pairs = sharing(effects)
    return {pair: _covariance(effects, pair, pairs, measure) for pair in pairs}


def _covariance(
    effects: Effects, pair: tuple[int, int], pairs: Sequence[tuple[int, int]], measure: str
) -> float | None:
    of_measure = COVARIANCES.get(measure)
    together = {index for sharing_pair in pairs if set(sharing_pair) & set(pair) for index in sharing_pair}
    arms = [control_arm(effects[i]) for i in pair]
    if (
        of_measure is None
        or arms[0] is None
        or arms[0] != arms[1]
        or any((effects[i]["reported"] or {}).get("cluster_size") for i in pair)
    ):
        return None
    try:
        figures = {i: resolved({"statistic": effects[i]["statistic"], **effects[i]["reported"]})[0] for i in together}
        n = figures[pair[0]].get("n_c", 0.0) + sum(item.get("n_e", 0.0) for item in figures.values())
        one, other = (figures[i] for i in pair)
        covariance = of_measure(Pair(one, other, (effects[pair[0]]["yi"], effects[pair[1]]["yi"]), n))
    except (CoppiceError, ArithmeticError, KeyError, TypeError, ValueError):
        return None  # the arm has no events, or not the figures that the measure needs
    most = math.sqrt(math.prod(effects[i]["vi"] for i in pair))
    return covariance if math.isfinite(covariance) and 0 <= covariance < most else None


def covariance_notes(effects: Effects, measure: str) -> list[str]:
    """Return the sentences that name the studies whose effects share a control arm, and the covariance used."""
    endings = {
        True: "share a control arm, which determines their covariance",
        False: f"share a control arm; their covariance is unknown for the measure {measure}, so rho is used",
    }
    return [
        f"Effects of one study {ending}: {', '.join(names)}."
        for is_known, ending in endings.items()
        if (names := _studies_sharing(effects, measure, is_known=is_known))
    ]


def _studies_sharing(effects: Effects, measure: str, *, is_known: bool) -> list[str]:
    """Return the studies with effects against one control arm whose covariance is known, or those where it is not."""
    pairs = shared_covariances(effects, measure).items()
    return list(dict.fromkeys(str(effects[i]["study"]) for (i, _), value in pairs if (value is not None) == is_known))


def refuse_unknown(effects: Effects, measure: str) -> None:
    """Raise ValueError if effects share a control arm without a known covariance: they are not independent."""
    if names := _studies_sharing(effects, measure, is_known=False):
        raise ValueError(
            f"multilevel assumes independent sampling errors, but effects of {', '.join(names)} have the same control arm, "
            f"whose covariance is not known for {measure} there; use che or aggregate, with a rho"
        )
