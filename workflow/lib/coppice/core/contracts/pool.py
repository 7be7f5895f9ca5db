"""What results/pool/<analysis>.json holds."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from coppice.core.contracts.values import (
    AtLeastOne,
    Count,
    EffectValues,
    Figure,
    Fraction,
    FromAFigure,
    NotNegative,
    Percent,
    Scalar,
)


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


class Risk(TypedDict):
    """The risk in one arm."""

    risk: Annotated[Fraction, "Risk"]
    low: Annotated[Fraction, "Lower limit of its exact interval"]
    high: Annotated[Fraction, "Upper limit"]


class Risks(TypedDict):
    """The risk in each arm."""

    experimental: Annotated[Risk, "Experimental arm"]
    control: Annotated[Risk, "Control arm"]


class SelectedEffect(FromAFigure, EffectValues):
    """An effect that enters an analysis."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its row in the figures"]
    year: Annotated[float | None, "Year"]
    subgroup: Annotated[str | None, "Level of the subgroups, or null"]
    why: Annotated[str | None, "Why this figure entered"]
    values: NotRequired[Annotated[dict[str, Scalar], "Values of the moderators"]]


class Effect(SelectedEffect):
    """The same with what the models make of it."""

    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]
    weight_common: Annotated[Percent | None, "Weight in the common-effect model, in percent"]
    weight_random: Annotated[float | None, "Weight in the random-effects model, in percent"]
    risks: NotRequired[Annotated[Risks, "Risk in each arm"]]


class Model(TypedDict):
    """A pooled model: null where the data do not give a part, and `reasons` says why."""

    common: Annotated[CommonLine | None, "Common-effect model"]
    random: Annotated[RandomLine | None, "Random-effects model"]
    prediction: Annotated[Prediction | None, "Prediction interval"]
    heterogeneity: Annotated[Heterogeneity | None, "Heterogeneity"]
    reasons: Annotated[dict[str, str], "Why a part is null"]
    warnings: Annotated[list[str], "What a reader should know"]


class OverallModel(Model):
    """The model of all effects of an analysis."""

    alternatives: Annotated[Alternatives, "The random-effects line by each inference"]


class Level(Model):
    """The model of one level of the subgroups."""

    level: Annotated[str, "The level"]
    k: Annotated[AtLeastOne, "Number of effects"]
    alternatives: Annotated[Alternatives | None, "The random-effects line by each inference"]


class DifferenceTest(TypedDict):
    """A test of differences between subgroups."""

    method: Annotated[str, "Method"]
    Q: Annotated[float, "Q, or F where `statistic` says so"]
    df: Annotated[float, "Degrees of freedom"]
    df2: Annotated[float | None, "Those of the denominator of F; null for chi-squared"]
    p: Annotated[Fraction | None, "p value"]
    tau2: NotRequired[Annotated[NotNegative, "The tau2 of all levels"]]
    statistic: NotRequired[Annotated[str, "Q or F"]]


class Subgroups(TypedDict):
    """The levels of a characteristic, and whether they differ."""

    by: Annotated[str, "Characteristic"]
    levels: Annotated[list[Level], "Its levels, in the order of the effects"]
    test: Annotated[DifferenceTest | None, "Test of differences between the random-effects subtotals"]
    test_common: Annotated[DifferenceTest | None, "The same between the common-effect subtotals"]
    test_common_tau2: Annotated[DifferenceTest | None, "Test with one tau2 for all levels"]


class Excluded(TypedDict):
    """A study that is not pooled."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its label"]
    reason: Annotated[str, "Why it is not pooled"]
    reported: NotRequired[
        Annotated[Figure, "Its counts, where they enter the common effect of Mantel-Haenszel or Peto"]
    ]


class Arrangements(TypedDict):
    """How a permutation test was done."""

    permutations: Annotated[Count, "Arrangements that were compared, the observed one included"]
    exact: Annotated[bool, "Whether they are all there are"]
    seed: Annotated[Count | None, "Seed of those that were drawn at random"]


class Permutation(Arrangements):
    """The test of the pooled effect by exchanging signs."""

    p: Annotated[Fraction, "p"]


class ModeratorsPermutation(Arrangements):
    """The test of all moderators together by exchanging studies."""

    QM_p: Annotated[Fraction | None, "p value of all moderators together"]


class Beyond(TypedDict):
    """How probable an effect of a new study beyond a threshold is."""

    threshold: Annotated[float, "Threshold, as effects are printed"]
    side: Annotated[Literal["above", "below"], "The side on which the effect in a new study would lie"]
    probability: Annotated[Fraction, "Probability that it does"]


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


class LineOverRho(Line):
    """The random-effects line at one correlation of a study's effects."""

    rho: Annotated[float, "Correlation of the sampling errors of a study's effects"]
    df: Annotated[float | None, "Degrees of freedom; null for the normal distribution"]


class DisplayedLevel(TypedDict):
    """The subtotals of one level, back-transformed."""

    common: Annotated[Interval | None, "Common effect"]
    random: Annotated[Interval | None, "Random effects"]
    prediction: Annotated[Limits | None, "Prediction interval"]


class Display(DisplayedLevel):
    """The estimates, back-transformed."""

    effects: Annotated[list[Interval], "Effects, in their order"]
    subgroups: Annotated[list[DisplayedLevel], "Subtotals, in the order of the levels"]
    size: Annotated[NotNegative | None, "Harmonic mean of the sample sizes, where the back-transformation needs it"]


class ModelSettings(TypedDict):
    """Every option of the model, by name."""

    profile: Annotated[str, "Profile that the defaults come from"]
    tau2: Annotated[str | float, "Estimator of the between-study variance, or its fixed value"]
    inference: Annotated[str, "Inference of the random-effects model"]
    prediction: Annotated[str, "Prediction interval"]
    tau2_interval: Annotated[str, "Interval of tau2"]
    common: Annotated[str, "Common-effect method"]
    level: Annotated[Fraction, "Level of all intervals"]
    common_add: NotRequired[Annotated[float, "What is added to cells before Mantel-Haenszel"]]
    common_to: NotRequired[Annotated[str, "The tables that are corrected"]]
    common_double_zeros: NotRequired[Annotated[str, "What is done about tables without events in either arm"]]
    tau2_weights: NotRequired[Annotated[str | None, "Characteristic that holds the weights of the estimator GENQ"]]
    subgroup_tau2: NotRequired[Annotated[str, "Whether levels have a tau2 of their own"]]
    dependence: NotRequired[Annotated[str, "How several effects of a study are handled"]]
    rho: NotRequired[Annotated[float | None, "Correlation of the sampling errors of a study's effects"]]


class PoolResult(OverallModel):
    """One pooled analysis."""

    analysis: Annotated[str, "Analysis"]
    outcome: Annotated[str, "Outcome"]
    measure: Annotated[str, "Measure"]
    scale: Annotated[str, "Scale of the model"]
    k: Annotated[Count, "Number of effects"]
    level: Annotated[Fraction, "Level of all intervals"]
    settings: Annotated[ModelSettings, "Every option of the model, by name"]
    effects: Annotated[list[Effect], "The effects, in canonical order"]
    excluded: Annotated[list[Excluded], "Studies that are not pooled"]
    subgroups: Annotated[Subgroups | None, "Subgroups"]
    moderators: Annotated[
        Moderators | None,
        "Meta-regression: tau2 is what remains between studies, with its interval tau2_low to tau2_high by the model's "
        "tau2_interval; both limits are null where that is empty, as a warning says, and they are not there for "
        "dependent effects",
    ]
    permutation: NotRequired[
        Annotated[Permutation | None, "Test of the pooled effect by exchanging signs, where it is asked for"]
    ]
    beyond: NotRequired[Annotated[list[Beyond] | None, "How probable effects of a new study beyond thresholds are"]]
    over_rho: NotRequired[
        Annotated[
            list[LineOverRho],
            "The estimate over a range of correlations, where effects of a study are dependent",
        ]
    ]
    display: Annotated[Display, "The estimates back-transformed"]
