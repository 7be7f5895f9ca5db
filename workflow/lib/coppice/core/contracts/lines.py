"""The lines of a pooled result: estimates with their intervals, prediction, heterogeneity."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from coppice.core.contracts.values import Count, Fraction, NotNegative, Percent


class Interval(TypedDict):
    """An estimate with its confidence interval."""

    estimate: Annotated[float | None, "The estimate, on the model's scale"]
    ci_low: Annotated[float | None, "Lower limit of its confidence interval"]
    ci_high: Annotated[float | None, "Upper limit"]


class Limits(TypedDict):
    """The limits of an interval."""

    low: Annotated[float | None, "Lower limit"]
    high: Annotated[float | None, "Upper limit"]


class Line(TypedDict):
    """An estimate with its confidence interval and test."""

    estimate: Annotated[float, "The estimate, on the model's scale"]
    ci_low: Annotated[float | None, "Lower limit of its confidence interval"]
    ci_high: Annotated[float | None, "Upper limit"]
    se: Annotated[float | None, "Its standard error"]
    statistic: Annotated[float | None, "z or t"]
    p: Annotated[Fraction | None, "Two-sided p value"]


class CommonLine(Line):
    """The common effect."""

    method: Annotated[str, "IV, MH or Peto"]
    k: NotRequired[Annotated[Count, "Number of studies whose counts entered, for MH and Peto"]]
    Q: NotRequired[Annotated[NotNegative, "Cochran's Q of the effects about it, for MH and Peto"]]
    Q_df: NotRequired[Annotated[NotNegative, "Its degrees of freedom"]]
    Q_p: NotRequired[Annotated[Fraction, "Its p value"]]


class RandomLine(Line):
    """The random-effects estimate by one method of inference."""

    df: Annotated[float | None, "Degrees of freedom; null for the normal distribution"]
    inference: Annotated[str, "How the interval was made"]


class Alternatives(TypedDict):
    """The random-effects line by each inference."""

    wald: Annotated[RandomLine | None, "The random-effects line by Wald"]
    HKSJ: Annotated[RandomLine | None, "The same by HKSJ"]


class Prediction(TypedDict):
    """The prediction interval."""

    low: Annotated[float, "Lower limit"]
    high: Annotated[float, "Upper limit"]
    se: Annotated[float, "Standard error behind it"]
    df: Annotated[float | None, "Degrees of freedom; null for the normal distribution"]
    method: Annotated[str, "Method"]


class Heterogeneity(TypedDict):
    """How much the effects differ beyond chance."""

    tau2: Annotated[NotNegative, "Between-study variance"]
    tau2_se: Annotated[float | None, "Its standard error"]
    tau2_low: Annotated[float | None, "Lower limit of its interval"]
    tau2_high: Annotated[float | None, "Upper limit; null where it is open, or the interval empty as `reasons` says"]
    I2: Annotated[Percent | None, "I2 from tau2, in percent"]
    I2_low: Annotated[float | None, "Lower limit, from that of tau2"]
    I2_high: Annotated[float | None, "Upper limit"]
    I2_q: Annotated[Percent | None, "I2 from Q, in percent"]
    I2_q_low: Annotated[float | None, "Lower limit"]
    I2_q_high: Annotated[float | None, "Upper limit"]
    H2: Annotated[NotNegative | None, "H2 from tau2"]
    H2_low: Annotated[float | None, "Lower limit, from that of tau2"]
    H2_high: Annotated[float | None, "Upper limit"]
    H2_q: Annotated[float | None, "H2 from Q"]
    Q: Annotated[NotNegative | None, "Cochran's Q"]
    df: Annotated[NotNegative, "Its degrees of freedom"]
    p: Annotated[Fraction | None, "Its p value"]
    tau2_between: NotRequired[Annotated[float, "Variance between studies, in a three-level model"]]
    tau2_within: NotRequired[Annotated[float, "Variance within studies, in a three-level model"]]
    I2_between: NotRequired[Annotated[float, "Share of the variance that is between studies, in percent"]]
    I2_within: NotRequired[Annotated[float, "Share of the variance that is within studies, in percent"]]


class PermutationDone(TypedDict):
    """How a permutation test was done."""

    permutations: Annotated[Count, "Arrangements that were compared, the observed one included"]
    exact: Annotated[bool, "Whether they are all there are"]
    seed: Annotated[Count | None, "Seed of those that were drawn at random"]
