"""What results/pool/<analysis>.json holds."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from coppice.core.contracts.bayes import Bayes
from coppice.core.contracts.glmm import Glmm, GlmmLevel
from coppice.core.contracts.lines import (
    Alternatives,
    CommonLine,
    Heterogeneity,
    Interval,
    Limits,
    Line,
    PermutationDone,
    Prediction,
    RandomLine,
)
from coppice.core.contracts.moderators import LocationScale, Moderators
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

Side = Literal["above", "below"]


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
    glmm: NotRequired[Annotated[GlmmLevel, "Its generalised linear mixed model, where that is asked for"]]


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
        Annotated[Figure, "Its counts, where they enter a GLMM, or the common effect of Mantel-Haenszel or Peto"]
    ]
    subgroup: NotRequired[Annotated[str | None, "Level of the subgroups, where its counts enter a GLMM"]]


class Permutation(PermutationDone):
    """The test of the pooled effect by exchanging signs."""

    p: Annotated[Fraction, "p"]


class Beyond(TypedDict):
    """How probable an effect of a new study beyond a threshold is."""

    threshold: Annotated[float, "Threshold, as effects are printed"]
    side: Annotated[Side, "The side on which the effect in a new study would lie"]
    probability: Annotated[Fraction, "Probability that it does"]


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
    likelihood: NotRequired[Annotated[str | None, "Likelihood of a generalised linear mixed model"]]
    glmm: NotRequired[Annotated[str | None, "Which of its models of two arms"]]
    dependence: NotRequired[Annotated[str, "How several effects of a study are handled"]]
    rho: NotRequired[Annotated[float | None, "Correlation of the sampling errors of a study's effects"]]


class PooledAnalysis(OverallModel):
    """One pooled analysis, on the model's scale."""

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
    glmm: NotRequired[Annotated[Glmm, "The generalised linear mixed model, where the analysis has one"]]
    beyond: NotRequired[Annotated[list[Beyond] | None, "How probable effects of a new study beyond thresholds are"]]
    location_scale: NotRequired[
        Annotated[LocationScale | None, "Moderators of the heterogeneity, where they are asked for"]
    ]
    bayes: NotRequired[Annotated[Bayes | None, "The Bayesian model, where it is asked for"]]
    over_rho: NotRequired[
        Annotated[
            list[LineOverRho], "The estimate over a range of correlations, where effects of a study are dependent"
        ]
    ]


class PoolResult(PooledAnalysis):
    """The same as its file has it, with the estimates as they are printed."""

    display: Annotated[Display, "The estimates back-transformed"]
