"""Routes to a log hazard ratio that take the hazards for constant: events and person-time, and medians."""

from __future__ import annotations

import math

from coppice.core.reported_fields import ARMS
from coppice.extract.route import Effect, Figure, NotEstimable, Options, Route, critical

HANDBOOK = "Higgins JPT, Li T, Deeks JJ. Cochrane Handbook 2019, 6.7.1; 10.1002/9781119536604.ch6"
MEDIANS = "Williamson PR et al. 2002; 10.1002/sim.1303"
PERSON_TIME_RANK, RATES_RANK, MEDIANS_CI_RANK, MEDIANS_EVENTS_RANK = 50, 51, 60, 61
CONSTANT = "times are exponential in both arms: the hazards are constant, and so proportional"


def variance_of_events(figure: Figure) -> float:
    """Return 1 / O_e + 1 / O_c, the variance of a log ratio of exponential rates."""
    empty = [name for arm, name in ARMS.items() if figure[f"events_{arm}"] == 0]
    if empty:
        raise NotEstimable(f"no event in the {' and the '.join(empty)} arm, so no log hazard ratio")
    return float(sum(1 / figure[f"events_{arm}"] for arm in ARMS))


def from_person_time(figure: Figure, options: Options) -> Effect:
    """Return ln[(O_e / T_e) / (O_c / T_c)] with variance 1 / O_e + 1 / O_c."""
    variance = variance_of_events(figure)
    rates = {arm: figure[f"events_{arm}"] / figure[f"time_{arm}"] for arm in ARMS}
    return Effect(math.log(rates["e"]) - math.log(rates["c"]), variance)


def from_rates(figure: Figure, options: Options) -> Effect:
    """Return the log ratio of printed rates with variance 1 / O_e + 1 / O_c."""
    variance = variance_of_events(figure)
    for arm, name in ARMS.items():
        if figure[f"rate_{arm}"] == 0:
            raise NotEstimable(f"the rate of 0 in the {name} arm, which has events, is rounded and has no logarithm")
    return Effect(math.log(figure["rate_e"]) - math.log(figure["rate_c"]), variance)


def log_ratio_of_medians(figure: Figure) -> float:
    """Return ln(median_c / median_e): the hazard of an exponential is ln 2 / median."""
    return math.log(figure["median_c"]) - math.log(figure["median_e"])


def from_medians_with_intervals(figure: Figure, options: Options) -> Effect:
    """Return the log ratio of medians with the errors that their intervals have on the log scale."""
    z = critical(figure.get("level"))
    errors = ((math.log(high) - math.log(low)) / (2 * z) for low, high in (figure[f"ci_{arm}"] for arm in ARMS))
    return Effect(log_ratio_of_medians(figure), sum(error**2 for error in errors))


def from_medians_with_events(figure: Figure, options: Options) -> Effect:
    """Return the log ratio of medians with variance 1 / O_e + 1 / O_c."""
    return Effect(log_ratio_of_medians(figure), variance_of_events(figure))


EVENTS = ("events_e", "events_c")
ROUTES = [
    Route(
        name="person_time_hazard_ratio",
        statistic="person_time",
        needs=(*EVENTS, "time_e", "time_c"),
        gives={"HR": from_person_time},
        rank=PERSON_TIME_RANK,
        formula="yi = ln[(O_e / T_e) / (O_c / T_c)]; vi = 1 / O_e + 1 / O_c",
        assumptions=(CONSTANT, "each patient has the event once at most, and time after it is not counted"),
        source=HANDBOOK,
    ),
    Route(
        name="rates_hazard_ratio",
        statistic="person_time",
        needs=(*EVENTS, "rate_e", "rate_c"),
        gives={"HR": from_rates},
        rank=RATES_RANK,
        formula="yi = ln(rate_e / rate_c); vi = 1 / O_e + 1 / O_c",
        assumptions=(CONSTANT, "each patient has the event once at most, and time after it is not counted"),
        source=HANDBOOK,
    ),
    Route(
        name="median_survival_ci",
        statistic="median_survival",
        needs=("median_e", "median_c", "ci_e", "ci_c"),
        gives={"HR": from_medians_with_intervals},
        rank=MEDIANS_CI_RANK,
        formula="yi = ln(median_c / median_e); vi = sum of ((ln upper - ln lower) / (2 z))^2",
        assumptions=(CONSTANT, "each median's interval is symmetrical on the logarithmic scale"),
        source=MEDIANS,
    ),
    Route(
        name="median_survival_events",
        statistic="median_survival",
        needs=("median_e", "median_c", *EVENTS),
        gives={"HR": from_medians_with_events},
        rank=MEDIANS_EVENTS_RANK,
        formula="yi = ln(median_c / median_e); vi = 1 / O_e + 1 / O_c",
        assumptions=(
            CONSTANT,
            "vi is that of exponential rates, and too small for a median read off a Kaplan-Meier curve",
        ),
        source=MEDIANS,
    ),
]
