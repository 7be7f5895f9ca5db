"""Routes to a log hazard ratio from survival at one time, with its error or the numbers at risk."""

from __future__ import annotations

import math
from collections.abc import Callable

from coppice.core.reported_fields import ARMS
from coppice.extract.route import Effect, Figure, Formula, NotEstimable, Options, Route, critical

WILLIAMSON = "Williamson PR et al. 2002; 10.1002/sim.1303"
PETO = "Peto R et al. 1977; 10.1038/bjc.1977.1; Parmar MKB et al. 1998"
RANK_SE, RANK_CI, RANK_AT_RISK = 40, 41, 42
ASSUMPTIONS = (
    "hazards are proportional up to that time: the ratio of cumulative hazards at one time is then the hazard ratio",
    "the two arms' survival estimates are independent",
)


def log_cumulative_hazard(survival: float, arm: str) -> float:
    """Return ln(-ln S), the complementary log-log of the survival."""
    if not 0 < survival < 1:
        raise NotEstimable(f"a survival of {survival:g} in the {ARMS[arm]} arm has no log cumulative hazard")
    return math.log(-math.log(survival))


def slope(survival: float) -> float:
    """Return |d ln(-ln S) / dS| = 1 / (S |ln S|), for the delta method."""
    return 1 / (survival * abs(math.log(survival)))


def with_errors(error: Callable[[Figure, str], float]) -> Formula:
    """Return the formula ln(-ln S_e) - ln(-ln S_c), with each arm's standard error on that scale."""

    def formula(figure: Figure, options: Options) -> Effect:
        yi = log_cumulative_hazard(figure["survival_e"], "e") - log_cumulative_hazard(figure["survival_c"], "c")
        return Effect(yi, error(figure, "e") ** 2 + error(figure, "c") ** 2)

    return formula


def printed_error(figure: Figure, arm: str) -> float:
    """Return SE(S) / (S |ln S|), the standard error of ln(-ln S). Williamson 2002, 10.1002/sim.1303."""
    return float(figure[f"se_{arm}"] * slope(figure[f"survival_{arm}"]))


def error_from_interval(figure: Figure, arm: str) -> float:
    """Return the standard error of ln(-ln S) from an interval that is symmetrical on the scale `ci_scale`."""
    survival, (low, high), z = figure[f"survival_{arm}"], figure[f"ci_{arm}"], critical(figure.get("level"))
    if figure["ci_scale"] == "plain":
        return float((high - low) / (2 * z) * slope(survival))
    if low <= 0 or high >= 1:
        raise NotEstimable(
            f"the interval of the {ARMS[arm]} arm reaches 0 or 1, where the {figure['ci_scale']} scale ends"
        )
    if figure["ci_scale"] == "log":
        return (math.log(high) - math.log(low)) / (2 * z) / abs(math.log(survival))
    return (log_cumulative_hazard(low, arm) - log_cumulative_hazard(high, arm)) / (2 * z)


def error_from_at_risk(figure: Figure, arm: str) -> float:
    """Return the standard error of ln(-ln S) from the number still at risk at that time.

    Peto's SE(S) = S sqrt((1 - S) / R), R at risk at that time (10.1038/bjc.1977.1). The number randomised must never
    replace R: it leaves out the censoring and makes the survival look more precise than it is.
    """
    survival, at_risk = figure[f"survival_{arm}"], figure[f"at_risk_{arm}"]
    if at_risk == 0:
        raise NotEstimable(f"no patient is at risk in the {ARMS[arm]} arm at that time")
    return float(survival * math.sqrt((1 - survival) / at_risk) * slope(survival))


ROUTES = [
    Route(
        name="survival_se",
        statistic="survival",
        needs=("survival_e", "survival_c", "se_e", "se_c"),
        gives={"HR": with_errors(printed_error)},
        rank=RANK_SE,
        formula="yi = ln(-ln S_e) - ln(-ln S_c); vi = sum of (se / (S ln S))^2",
        assumptions=ASSUMPTIONS,
        source=WILLIAMSON,
    ),
    Route(
        name="survival_ci",
        statistic="survival",
        needs=("survival_e", "survival_c", "ci_e", "ci_c", "ci_scale"),
        gives={"HR": with_errors(error_from_interval)},
        rank=RANK_CI,
        formula="yi = ln(-ln S_e) - ln(-ln S_c); vi from the intervals, on the scale on which they are symmetrical",
        assumptions=ASSUMPTIONS,
        source=WILLIAMSON,
    ),
    Route(
        name="survival_at_risk",
        statistic="survival",
        needs=("survival_e", "survival_c", "at_risk_e", "at_risk_c"),
        gives={"HR": with_errors(error_from_at_risk)},
        rank=RANK_AT_RISK,
        formula="yi = ln(-ln S_e) - ln(-ln S_c); vi = sum of (1 - S) / (R (ln S)^2), R at risk at that time",
        assumptions=(*ASSUMPTIONS, "the numbers are those at risk at that time, not those randomised"),
        source=PETO,
    ),
]
