"""The statistics that studies report: one registry of their fields, read by the checks, the schema and the routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coppice.core.limits import COORDINATES, NUMBERS_AT_RISK
from coppice.core.reported_by_arm import by_arm
from coppice.core.reported_doses import STATISTICS_BY_DOSE
from coppice.core.reported_fields import (
    ANY,
    ARMS,
    AT_LEAST_ONE,
    CHANGE,
    CI_LIMIT,
    CI_SCALES,
    CLUSTER_KEYS,
    CORRELATION,
    CORRELATION_KEY,
    COUNT,
    COUNT_OF_ARM,
    EFFICACY,
    EVENTS_AND_PATIENTS,
    FRACTION,
    LEVEL,
    NOT_NEGATIVE,
    ONE_GROUP_SPREAD,
    P_KEYS,
    PAIRED,
    PERCENT,
    POSITIVE,
    SHARING,
    SIZE,
    SIZE_OF_ARM,
    UNIT,
    Figure,
    Statistic,
    both,
    correlation_and_t,
    curves_of_one_length,
    estimate_within_interval,
    estimated,
    events_within_n,
    logrank_direction,
    of_means,
    statistic,
    survival_within_interval,
    times_rising,
)
from coppice.core.schema import Choice, Key, ListOf, Nullable, Pair, Scalar, Text


def efficacy_within_interval(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find an efficacy outside its own interval, or at its only limit."""
    for field, message in estimate_within_interval({**figure, "estimate": figure.get("efficacy")}):
        yield "efficacy" if field == "estimate" else field, message


def diagnostic_totals(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find a diagnostic study without people with, or without, the target condition."""
    for one, other, people, what in (("tp", "fn", "with", "sensitivity"), ("tn", "fp", "without", "specificity")):
        if figure.get(one) == figure.get(other) == 0:
            nobody = f"{one} and {other} are both 0: the study has nobody {people} the target condition"
            yield one, f"{nobody}, and so no {what}; leave its counts out"


STATISTICS: dict[str, Statistic] = {
    item.name: item
    for item in (
        statistic(
            "effect",
            "An effect already on the model's scale",
            Key("yi", ANY, "The effect, on the model's scale (a log ratio for ratios)"),
            Key("vi", POSITIVE, "Its sampling variance"),
            Key("sei", POSITIVE, "Its standard error, in place of vi"),
            Key("measure", Text(), "The measure it is on. Default: that of the analysis"),
        ),
        estimated("hazard_ratio", "A hazard ratio", *EVENTS_AND_PATIENTS, ratio=True),
        estimated("risk_ratio", "A risk ratio", ratio=True),
        estimated("odds_ratio", "An odds ratio", ratio=True),
        estimated("rate_ratio", "A ratio of incidence rates", ratio=True),
        statistic(
            "vaccine_efficacy",
            "The efficacy or effectiveness of a vaccine: 1 minus a ratio of risks, rates, hazards or odds",
            Key("efficacy", EFFICACY, "The efficacy in percent; below 0 where the vaccinated had more events"),
            Key("ci", Pair(EFFICACY), "Its confidence interval, in percent"),
            Key("ci_limit", EFFICACY, CI_LIMIT),
            LEVEL,
            rules=(efficacy_within_interval,),
        ),
        estimated("risk_difference", "A difference of risks", ratio=False),
        estimated("mean_difference", "A difference of means", ratio=False),
        statistic(
            "logrank",
            "A log-rank test",
            Key("o_minus_e", ANY, "Observed minus expected events, experimental arm"),
            Key("v", POSITIVE, "Variance of observed minus expected"),
            Key("chi2", NOT_NEGATIVE, "Chi-squared statistic on 1 df"),
            *P_KEYS,
            *EVENTS_AND_PATIENTS,
            *both("expected", POSITIVE, "Events expected by the log-rank test"),
            Key("direction", Choice(lambda: tuple(ARMS.values())), "The arm with fewer events than expected"),
            rules=(events_within_n, logrank_direction),
        ),
        statistic(
            "survival",
            "Survival without the event at one time",
            Key("time", POSITIVE, "The time"),
            UNIT,
            *both("survival", Nullable(FRACTION), "Survival as a fraction"),
            *both("se", POSITIVE, "Standard error of the survival, as a fraction"),
            *both("ci", Pair(FRACTION), "Confidence interval of the survival"),
            LEVEL,
            Key("ci_scale", Choice(lambda: CI_SCALES), "Scale on which the intervals are symmetrical"),
            *both("at_risk", COUNT, "Number at risk at that time"),
            *both("n", AT_LEAST_ONE, "Number of patients"),
            *P_KEYS,
            rules=(survival_within_interval,),
        ),
        statistic(
            "km_curve",
            "Coordinates of Kaplan-Meier curves",
            Key("times", ListOf(NOT_NEGATIVE, most=COORDINATES), "Times of the coordinates"),
            UNIT,
            *both("survival", ListOf(FRACTION, most=COORDINATES), "Survival at these times, as fractions"),
            Key("at_risk_times", ListOf(NOT_NEGATIVE, most=NUMBERS_AT_RISK), "Times of the numbers at risk"),
            *both("at_risk", ListOf(COUNT, most=NUMBERS_AT_RISK), "Numbers at risk at these times"),
            *both("n", AT_LEAST_ONE, "Number of patients, where numbers at risk are not given"),
            *both("events", COUNT, "Events until the last of the times"),
            Key("follow_up", Pair(NOT_NEGATIVE), "Shortest and longest follow-up, where numbers at risk are not given"),
            Key("horizon", POSITIVE, "Time to which a restricted mean is taken, where the analysis does not give it"),
            rules=(curves_of_one_length, times_rising, events_within_n),
        ),
        statistic(
            "rmst_difference",
            "A difference of restricted mean survival times",
            Key("estimate", ANY, "The difference, experimental minus control"),
            Key("ci", Pair(), "Its confidence interval"),
            Key("ci_limit", ANY, CI_LIMIT),
            LEVEL,
            Key("se", POSITIVE, "Its standard error"),
            UNIT,
            Key(
                "horizon",
                Nullable(POSITIVE),
                "The time to which the means are restricted; null where it is not reported",
            ),
            *P_KEYS,
            rules=(estimate_within_interval,),
        ),
        statistic(
            "median_survival",
            "Median times to the event",
            *both("median", Nullable(POSITIVE), "Median; null where not reached"),
            UNIT,
            *both("ci", Pair(POSITIVE), "Confidence interval of the median"),
            LEVEL,
            *both("events", COUNT, "Events"),
            *both("n", AT_LEAST_ONE, "Number of patients"),
            *P_KEYS,
        ),
        statistic(
            "counts",
            "Patients with the event in each arm",
            *both("events", Nullable(COUNT_OF_ARM), "Patients with the event"),
            *both("n", Nullable(SIZE_OF_ARM), "Patients at risk of it"),
            *both("percent", Nullable(PERCENT), "Percentage as printed, where the count is not"),
            *P_KEYS,
            *CLUSTER_KEYS,
            *SHARING,
            rules=(events_within_n,),
        ),
        statistic(
            "person_time",
            "Events and person-time in each arm",
            *both("events", COUNT_OF_ARM, "Events"),
            *both("time", POSITIVE, "Person-time"),
            *both("rate", NOT_NEGATIVE, "Rate as printed, where events and person-time are not"),
            UNIT,
            *P_KEYS,
            *CLUSTER_KEYS,
            *SHARING,
        ),
        statistic(
            "matched_pairs",
            "Pairs of outcomes of the same, or of matched, patients",
            Key("pairs_both", COUNT, "Pairs with the event under both conditions"),
            Key("pairs_e", COUNT, "Pairs with the event under the experimental condition only"),
            Key("pairs_c", COUNT, "Pairs with the event under the control condition only"),
            Key("pairs_neither", COUNT, "Pairs without the event"),
        ),
        estimated("standardised_mean_difference", "A standardised mean difference", ratio=False),
        estimated("ratio_of_means", "A ratio of means", ratio=True),
        of_means("means", "A mean in each arm", *SHARING),
        of_means("mean_change", "A mean change in each arm", CORRELATION_KEY, *CHANGE, *SHARING),
        of_means("paired_means", "Two means of the same patients", CORRELATION_KEY, *PAIRED),
        statistic(
            "proportion",
            "A proportion in one group",
            Key("events", COUNT, "Patients with the event"),
            Key("n", AT_LEAST_ONE, "Number of patients"),
            Key("percent", PERCENT, "Percentage as printed, where the count is not"),
            *CLUSTER_KEYS,
            rules=(events_within_n,),
        ),
        statistic(
            "diagnostic_counts",
            "A diagnostic test against its reference standard",
            Key("tp", COUNT, "True positives: with the target condition, and positive"),
            Key("fp", COUNT, "False positives: without it, and positive"),
            Key("fn", COUNT, "False negatives: with it, and negative"),
            Key("tn", COUNT, "True negatives: without it, and negative"),
            Key(
                "threshold", Nullable(Scalar()), "Threshold at which the test is positive; null where it is not stated"
            ),
            rules=(diagnostic_totals,),
        ),
        statistic(
            "mean",
            "A mean in one group",
            Key("mean", ANY, "Mean"),
            Key("sd", POSITIVE, "Standard deviation"),
            Key("n", SIZE, "Number of patients"),
            *ONE_GROUP_SPREAD,
            *CLUSTER_KEYS,
        ),
        statistic(
            "rate",
            "A rate in one group",
            Key("events", COUNT, "Events"),
            Key("time", POSITIVE, "Person-time"),
            *CLUSTER_KEYS,
        ),
        statistic(
            "correlation",
            "A correlation",
            Key("r", CORRELATION, "Correlation coefficient"),
            Key("n", AT_LEAST_ONE, "Number of patients"),
            Key("t", ANY, "t statistic of the correlation"),
            rules=(correlation_and_t,),
        ),
        statistic(
            "partial_correlation",
            "A partial or semi-partial correlation, or the regression that gives it",
            Key("t", ANY, "t statistic of the coefficient"),
            Key("r", CORRELATION, "Partial correlation, in place of t"),
            Key("n", AT_LEAST_ONE, "Number of patients"),
            Key("predictors", AT_LEAST_ONE, "Number of predictors in the regression, the one of interest included"),
            Key("r2", FRACTION, "R-squared of the regression, for a semi-partial correlation"),
            rules=(correlation_and_t,),
        ),
    )
}
STATISTICS |= by_arm(STATISTICS) | STATISTICS_BY_DOSE
# those whose figures are of two arms, each of which the figure has to name where a study has more
OF_TWO_ARMS = frozenset(
    name for name, item in STATISTICS.items() for key in item.keys if key.name == "estimate" or key.name.endswith("_e")
)


def reported_values(figure: Figure) -> dict[str, Any]:
    """Return the statistic's own fields of a figure: what was reported, without where it was read."""
    own = {key.name for key in STATISTICS[figure["statistic"]].keys}
    return {name: value for name, value in figure.items() if name in own}
