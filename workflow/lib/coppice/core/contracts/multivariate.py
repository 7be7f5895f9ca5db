"""What results/pool/<analysis>.json and results/explore/<analysis>.json hold of a multivariate meta-analysis."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from coppice.core.contracts.pool import Excluded
from coppice.core.contracts.values import Count, EffectValues, Fraction, FromAFigure, NotNegative, Skipped


class OutcomeEffect(FromAFigure, EffectValues):
    """The effect on one outcome in one study."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its row in the figures"]
    year: Annotated[float | None, "Year"]
    outcome: Annotated[str, "Key of the outcome"]
    why: Annotated[str | None, "Why this figure entered"]
    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]
    values: Annotated[dict[str, str], "Values of the characteristics that share a random effect"]


class OutcomeLine(TypedDict):
    """A pooled effect."""

    estimate: Annotated[float, "The estimate, on the model's scale"]
    se: Annotated[NotNegative | None, "Its standard error; null where one study alone decides a robust one"]
    ci_low: Annotated[float | None, "Lower limit of its confidence interval"]
    ci_high: Annotated[float | None, "Upper limit"]
    statistic: Annotated[float | None, "z, or t of robust inference"]
    p: Annotated[Fraction | None, "Two-sided p value"]
    df: Annotated[float | None, "Degrees of freedom of t; null for z"]


class PooledOutcome(TypedDict):
    """One outcome of a multivariate meta-analysis."""

    outcome: Annotated[str, "Its key"]
    name: Annotated[str, "How it is printed"]
    k: Annotated[Count, "Studies with it"]
    random: Annotated[OutcomeLine, "Pooled by the multivariate random-effects model"]
    common: Annotated[OutcomeLine, "Pooled without variance between studies"]
    alone: Annotated[OutcomeLine, "Pooled from its own effects alone, by the same method"]
    borrowed: Annotated[float, "Borrowing of strength: by how many percent the other outcomes reduce the variance"]
    prediction_low: Annotated[float | None, "Lower limit of the prediction interval"]
    prediction_high: Annotated[float | None, "Upper limit"]
    tau2: Annotated[NotNegative, "Variance between studies"]
    tau2_low: Annotated[NotNegative | None, "Lower limit of its profile interval"]
    tau2_high: Annotated[NotNegative | None, "Upper limit"]
    I2: Annotated[float, "I2 of Jackson, White & Riley (2012), in percent"]


class Correlation(TypedDict):
    """The correlation of the true effects on two outcomes."""

    outcomes: Annotated[list[str], "The two"]
    k: Annotated[Count, "Studies with both"]
    estimate: Annotated[float | None, "The estimate; null where a variance is 0"]
    low: Annotated[float | None, "Lower limit of its profile interval"]
    high: Annotated[float | None, "Upper limit"]
    statistic: Annotated[NotNegative | None, "Likelihood-ratio statistic of no correlation, on 1 degree of freedom"]
    p: Annotated[Fraction | None, "Its p value"]
    at_bound: Annotated[bool, "Whether it is estimated as 1 or -1"]


class SharedEffect(TypedDict):
    """A random effect that studies share."""

    name: Annotated[str, "The characteristic"]
    groups: Annotated[Count, "Number of its values"]
    tau2: Annotated[NotNegative, "Its variance"]
    tau2_low: Annotated[NotNegative | None, "Lower limit of its profile interval"]
    tau2_high: Annotated[NotNegative | None, "Upper limit"]


class JointHeterogeneity(TypedDict):
    """How much the effects on all outcomes differ beyond chance."""

    Q: Annotated[NotNegative | None, "Cochran's Q about the means of the outcomes"]
    df: Annotated[Count, "Its degrees of freedom"]
    p: Annotated[Fraction | None, "Its p value"]
    I2: Annotated[float, "I2 of Jackson, White & Riley (2012) of all outcomes, in percent"]
    log_likelihood: Annotated[float, "Log-likelihood, restricted under REML"]


class OutcomeOverRho(TypedDict):
    """One outcome pooled with another correlation of the sampling errors."""

    outcome: Annotated[str, "Its key"]
    random: Annotated[OutcomeLine, "Pooled effect"]
    tau2: Annotated[NotNegative, "Variance between studies"]


class OverRho(TypedDict):
    """The result with another correlation of the sampling errors."""

    rho: Annotated[float, "The correlation"]
    outcomes: Annotated[list[OutcomeOverRho], "The outcomes"]


class MultivariateSettings(TypedDict):
    """The options of the model."""

    profile: Annotated[str, "Profile"]
    tau2: Annotated[Literal["REML", "ML"], "How variances and correlations are estimated"]
    rho: Annotated[float, "Correlation of the sampling errors of two outcomes of a study"]
    structure: Annotated[str, "Structure of the true effects of a study"]
    random: Annotated[list[str], "Characteristics whose values share a random effect"]
    robust: Annotated[str, "Cluster-robust inference, or none"]
    prediction: Annotated[str, "How prediction intervals are made"]
    level: Annotated[float, "Level of intervals"]


class MultivariateResult(TypedDict):
    """A pooled multivariate meta-analysis."""

    kind: Annotated[Literal["multivariate"], "The kind of analysis"]
    analysis: Annotated[str, "Its name"]
    outcome: Annotated[str, "Key of the first outcome"]
    measure: Annotated[str, "Code of the effect measure"]
    scale: Annotated[str, "Scale on which effects are pooled"]
    level: Annotated[float, "Level of intervals"]
    settings: Annotated[MultivariateSettings, "The options of the model"]
    k: Annotated[Count, "Number of studies"]
    outcomes: Annotated[list[PooledOutcome], "The outcomes"]
    correlations: Annotated[list[Correlation], "Correlations of the true effects"]
    shared: Annotated[list[SharedEffect], "Random effects that studies share"]
    heterogeneity: Annotated[JointHeterogeneity | None, "Heterogeneity of all outcomes"]
    over_rho: Annotated[list[OverRho], "The result for other correlations of the sampling errors"]
    effects: Annotated[list[OutcomeEffect], "The effects that were pooled"]
    excluded: Annotated[list[Excluded], "Studies that could not be pooled"]
    reasons: Annotated[dict[str, str], "Why a part is missing"]
    warnings: Annotated[list[str], "What a reader should know"]


class WithoutStudy(TypedDict):
    """The result without one study."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its row in the figures"]
    outcomes: Annotated[list[OutcomeOverRho], "The outcomes without it"]


class MultivariateExplored(TypedDict):
    """An explored multivariate meta-analysis."""

    kind: Annotated[Literal["multivariate"], "The kind of analysis"]
    analysis: Annotated[str, "Its name"]
    measure: Annotated[str, "Code of the effect measure"]
    level: Annotated[float, "Level of intervals"]
    leave_one_out: Annotated[list[WithoutStudy] | Skipped, "The outcomes without each study"]
