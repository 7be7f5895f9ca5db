"""Routes to a log hazard ratio from survival at one time, with its error or the numbers at risk."""

from __future__ import annotations

import math

from coppice.core.reported_fields import ARMS
from coppice.extract.route import Effect, Figure, NotEstimable, Options, Route, critical

WILLIAMSON = "Williamson PR et al. 2002; 10.1002/sim.1303"
PETO = "Peto R et al. 1977; 10.1038/bjc.1977.1; Parmar MKB et al. 1998"
RANK_SE, RANK_CI, RANK_AT_RISK = 40, 41, 42
ASSUMPTIONS = (
    "hazards are proportional up to that time: a ratio of cumulative hazards at one time stands for the hazard ratio",
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


def difference(figure: Figure, errors: dict[str, float]) -> Effect:
    """Return ln(-ln S_e) - ln(-ln S_c) with the sum of the squared standard errors on that scale."""
    yi = log_cumulative_hazard(figure["survival_e"], "e") - log_cumulative_hazard(figure["survival_c"], "c")
    return Effect(yi, errors["e"] ** 2 + errors["c"] ** 2)


def from_standard_errors(figure: Figure, options: Options) -> Effect:
    """Return the log ratio of cumulative hazards from the survival of each arm and its standard error.

    Notes
    -----
    SE of ln(-ln S) = SE(S) / (S |ln S|). Williamson 2002, 10.1002/sim.1303.
    """
    for arm in ARMS:
        log_cumulative_hazard(figure[f"survival_{arm}"], arm)
    return difference(figure, {arm: figure[f"se_{arm}"] * slope(figure[f"survival_{arm}"]) for arm in ARMS})


def error_from_interval(figure: Figure, arm: str) -> float:
    """Return the standard error of ln(-ln S) from an interval that is symmetrical on the scale `ci_scale`."""
    survival, (low, high), z = figure[f"survival_{arm}"], figure[f"ci_{arm}"], critical(figure.get("level"))
    log_cumulative_hazard(survival, arm)
    if figure["ci_scale"] == "plain":
        return float((high - low) / (2 * z) * slope(survival))
    if low <= 0 or high >= 1:
        raise NotEstimable(
            f"the interval of the {ARMS[arm]} arm touches 0 or 1, where the {figure['ci_scale']} scale ends"
        )
    if figure["ci_scale"] == "log":
        return (math.log(high) - math.log(low)) / (2 * z) / abs(math.log(survival))
    return (log_cumulative_hazard(low, arm) - log_cumulative_hazard(high, arm)) / (2 * z)


def from_intervals(figure: Figure, options: Options) -> Effect:
    """Return the log ratio of cumulative hazards from the survival of each arm and its confidence interval."""
    return difference(figure, {arm: error_from_interval(figure, arm) for arm in ARMS})


def error_from_at_risk(figure: Figure, arm: str) -> float:
    """Return the standard error of ln(-ln S) from the number still at risk at that time.

    Notes
    -----
    Peto's SE(S) = S sqrt((1 - S) / R), R at risk at that time (10.1038/bjc.1977.1). The number randomised must never
    stand in place of R: it leaves out the censoring and makes the survival look more precise than it is.
    """
    survival, at_risk = figure[f"survival_{arm}"], figure[f"at_risk_{arm}"]
    log_cumulative_hazard(survival, arm)
    if at_risk == 0:
        raise NotEstimable(f"no patient is at risk in the {ARMS[arm]} arm at that time")
    return float(survival * math.sqrt((1 - survival) / at_risk) * slope(survival))


def from_at_risk(figure: Figure, options: Options) -> Effect:
    """Return the log ratio of cumulative hazards from the survival of each arm and the numbers at risk."""
    return difference(figure, {arm: error_from_at_risk(figure, arm) for arm in ARMS})


ROUTES = [
    Route(
        name="survival_se",
        statistic="survival",
        needs=("survival_e", "survival_c", "se_e", "se_c"),
        gives={"HR": from_standard_errors},
        rank=RANK_SE,
        formula="yi = ln(-ln S_e) - ln(-ln S_c); vi = sum of (se / (S ln S))^2",
        assumptions=ASSUMPTIONS,
        source=WILLIAMSON,
    ),
    Route(
        name="survival_ci",
        statistic="survival",
        needs=("survival_e", "survival_c", "ci_e", "ci_c", "ci_scale"),
        gives={"HR": from_intervals},
        rank=RANK_CI,
        formula="yi = ln(-ln S_e) - ln(-ln S_c); vi from the intervals, on the scale on which they are symmetrical",
        assumptions=ASSUMPTIONS,
        source=WILLIAMSON,
    ),
    Route(
        name="survival_at_risk",
        statistic="survival",
        needs=("survival_e", "survival_c", "at_risk_e", "at_risk_c"),
        gives={"HR": from_at_risk},
        rank=RANK_AT_RISK,
        formula="yi = ln(-ln S_e) - ln(-ln S_c); vi = sum of (1 - S) / (R (ln S)^2), R at risk at that time",
        assumptions=(*ASSUMPTIONS, "the numbers are those at risk at that time, not those randomised"),
        source=PETO,
    ),
]
