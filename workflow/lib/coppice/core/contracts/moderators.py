"""The meta-regression in results/pool/<analysis>.json."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from coppice.core.contracts.lines import Interval, Line, PermutationDone
from coppice.core.contracts.values import Count, Fraction, NotNegative, Scalar


class ModeratorsPermutation(PermutationDone):
    """The test of all moderators together by exchanging studies."""

    QM_p: Annotated[Fraction | None, "p value of all moderators together"]


class Coefficient(Line):
    """A coefficient of a meta-regression."""

    name: Annotated[str, "Name of the term"]
    df: NotRequired[Annotated[float | None, "Degrees of freedom, for dependent effects"]]
    p_permutation: NotRequired[Annotated[Fraction, "p value by permutation"]]


class Omnibus(TypedDict):
    """The test of all moderators together."""

    QM: Annotated[float | None, "Its statistic: chi-squared, or F where the inference is on t"]
    QM_df: Annotated[float, "Degrees of freedom"]
    QM_df2: Annotated[float | None, "Those of the denominator of F; null for chi-squared"]
    QM_p: Annotated[Fraction | None, "Its p value"]


class MeanEffect(Interval):
    """The mean effect at given values of the moderators."""

    se: Annotated[float | None, "Its standard error"]
    pi_low: Annotated[float | None, "Lower limit of its prediction interval"]
    pi_high: Annotated[float | None, "Upper limit"]


class PredictedMean(MeanEffect):
    """The mean effect at one place on the range of a single moderator."""

    value: Annotated[float, "Value of the moderator"]


class MeanAt(MeanEffect):
    """The mean effect at values that the analysis names."""

    values: Annotated[dict[str, Scalar], "Values of the moderators"]


class Contrast(Line):
    """A linear combination of the coefficients."""

    name: Annotated[str, "Its name"]
    weights: Annotated[dict[str, float], "Weights of the coefficients, by name"]
    df: NotRequired[Annotated[float | None, "Degrees of freedom, for dependent effects"]]
    inference: NotRequired[Annotated[str, "How the interval was made, for dependent effects"]]


class ModelBasedRegression(Omnibus):
    """A meta-regression of dependent effects without cluster-robust inference."""

    coefficients: Annotated[list[Coefficient], "The coefficients"]


class RegressionAlternatives(TypedDict):
    """A meta-regression of dependent effects by other inference."""

    wald: Annotated[ModelBasedRegression, "Model-based"]


class CoefficientOverRho(Interval):
    """A coefficient at one correlation of a study's effects."""

    name: Annotated[str, "Name of the term"]
    se: Annotated[float | None, "Its standard error"]
    p: Annotated[Fraction | None, "Two-sided p value"]


class RegressionOverRho(Omnibus):
    """A meta-regression at one correlation of a study's effects."""

    rho: Annotated[float, "Correlation of the sampling errors of a study's effects"]
    coefficients: Annotated[list[CoefficientOverRho], "The coefficients"]


class Regression(Omnibus):
    """A fitted meta-regression."""

    coefficients: Annotated[list[Coefficient], "The coefficients, the intercept first where there is one"]
    inference: Annotated[str, "How the intervals were made"]
    df: Annotated[
        float | None, "Degrees of freedom; null for the normal distribution, or where each coefficient has its own"
    ]
    QE: Annotated[float | None, "Q of the residuals"]
    QE_df: Annotated[float, "Its degrees of freedom"]
    QE_p: Annotated[Fraction | None, "Its p value"]
    tau2: Annotated[NotNegative, "Residual between-study variance"]
    tau2_se: Annotated[float | None, "Its standard error"]
    I2: Annotated[float | None, "Residual I2, in percent"]
    H2: Annotated[float | None, "Residual H2"]
    R2: Annotated[float | None, "Share of tau2 that the moderators explain, in percent"]
    warnings: Annotated[list[str], "What a reader should know"]
    tau2_low: NotRequired[Annotated[float | None, "Lower limit of the interval of tau2"]]
    tau2_high: NotRequired[Annotated[float | None, "Upper limit"]]
    tau2_between: NotRequired[Annotated[float, "Variance between studies, for dependent effects"]]
    tau2_within: NotRequired[Annotated[float, "Variance within studies, for dependent effects"]]
    studies: NotRequired[Annotated[Count, "Number of studies, for dependent effects"]]
    alternatives: NotRequired[Annotated[RegressionAlternatives, "Other inference, for dependent effects"]]
    over_rho: NotRequired[
        Annotated[list[RegressionOverRho], "The model over a range of correlations, for dependent effects"]
    ]


class Moderators(Regression):
    """The meta-regression of an analysis."""

    formula: Annotated[str, "The right-hand side of the model"]
    k: Annotated[Count, "Number of effects that have every moderator"]
    vif: Annotated[dict[str, float], "Variance inflation factor of each of several slopes"]
    predictions: Annotated[list[PredictedMean] | None, "The mean effect over the range of a single numeric moderator"]
    at: Annotated[list[MeanAt], "The mean effect at the values of the moderators that the analysis names"]
    contrasts: Annotated[list[Contrast], "Linear combinations of the coefficients"]
    permutation: NotRequired[Annotated[ModeratorsPermutation, "Test by exchanging studies, where it is asked for"]]


class LikelihoodRatioTest(TypedDict):
    """A likelihood ratio test."""

    statistic: Annotated[NotNegative, "Chi-squared"]
    df: Annotated[Count, "Degrees of freedom"]
    p: Annotated[Fraction, "p value"]


class LocationScale(TypedDict):
    """A location-scale model: moderators of the effect, and of the logarithm of the between-study variance."""

    formula: Annotated[str, "The right-hand side of ln(tau2)"]
    location_formula: Annotated[str | None, "The right-hand side of the effect; null for the intercept alone"]
    k: Annotated[Count, "Number of effects that have every moderator"]
    likelihood: Annotated[str, "REML or ML"]
    location: Annotated[list[Coefficient], "Coefficients of the effect"]
    scale: Annotated[list[Coefficient], "Coefficients of ln(tau2)"]
    QS: Annotated[float | None, "Wald-type test of the slopes of ln(tau2), chi-squared; null without a slope"]
    QS_df: Annotated[Count, "Its degrees of freedom"]
    QS_p: Annotated[Fraction | None, "Its p value"]
    test: Annotated[
        LikelihoodRatioTest | None, "Likelihood ratio test against one tau2 for all; null without an intercept"
    ]
    tau2_low: Annotated[NotNegative, "Smallest between-study variance that the model gives a study"]
    tau2_high: Annotated[NotNegative, "Largest"]
    log_likelihood: Annotated[float, "Maximum of the log-likelihood"]
    warnings: Annotated[list[str], "What a reader should know"]
