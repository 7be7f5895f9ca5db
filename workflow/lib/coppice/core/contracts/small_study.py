"""The part `small_study` of results/explore/<analysis>.json: a part for each test or model by its code."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from coppice.core.contracts.lines import Interval, Line
from coppice.core.contracts.values import Count, Fraction, NotNegative, Percent, Skipped

FILL_ESTIMATORS = ("L0", "R0", "Q0")  # of trim and fill: the keys of :class:`TrimAndFill`


class Method(TypedDict):
    """A test or model."""

    name: Annotated[str, "Its name"]
    source: Annotated[str, "Who proposed it"]


class NotUsed(Method, Skipped):
    """A test or model that is switched off, may not be used with the effects, or gives no result."""


class Adjusted(Line):
    """An adjusted effect."""

    caution: NotRequired[Annotated[str, "Why it is unreliable"]]


class RegressionTest(Method, Line):
    """A line through the effects, with the test of its slope."""

    df: Annotated[float | None, "Degrees of freedom; null for the normal distribution"]
    predictor: Annotated[str, "What the effects are regressed on"]
    tau2: NotRequired[Annotated[NotNegative, "Between-study variance, where it is an additive component"]]
    limit: NotRequired[Annotated[Adjusted, "The effect of an infinitely large study"]]


class RankTest(Method):
    """A rank correlation."""

    tau: Annotated[float, "Kendall's tau-b"]
    p: Annotated[Fraction, "Two-sided p value"]
    exact: Annotated[bool, "Whether p is exact"]
    odds_ratio: NotRequired[Annotated[float, "Common odds ratio, of Schwarzer's test"]]


class FilledStudy(TypedDict):
    """A study that trim and fill adds."""

    yi: Annotated[float, "Its effect"]
    vi: Annotated[NotNegative, "Its sampling variance"]


class Filled(Interval):
    """Trim and fill by one estimator, with the estimate of all studies."""

    missing: Annotated[Count, "Number of missing studies"]
    missing_se: Annotated[float | None, "Its standard error, before it is rounded"]
    p_missing: NotRequired[Annotated[Fraction, "p value of the test that none is missing, of R0"]]
    side: Annotated[Literal["left", "right"], "The side on which they are missing"]
    filled: Annotated[list[FilledStudy], "The studies that are added"]
    tau2: Annotated[NotNegative, "Between-study variance with them"]
    se: Annotated[float, "Standard error of the estimate"]
    p: Annotated[Fraction, "Two-sided p value"]
    caution: NotRequired[Annotated[str, "Why it is unreliable"]]


class TrimAndFill(Method):
    """Trim and fill by each estimator."""

    L0: Annotated[Filled | Skipped, "By the estimator L0"]
    R0: Annotated[Filled | Skipped, "By the estimator R0"]
    Q0: Annotated[Filled | Skipped, "By the estimator Q0"]


class PetPeese(Method, Adjusted):
    """The one of PET and PEESE that the rule takes, and both."""

    chosen: Annotated[Literal["PET", "PEESE"], "Which of them"]
    PET: Annotated[Adjusted, "By the standard error"]
    PEESE: Annotated[Adjusted, "By the variance"]


class SelectionParameter(Interval):
    """A parameter of the weight function."""

    name: Annotated[str, "Its name"]
    se: Annotated[float | None, "Its standard error"]


class LikelihoodRatio(TypedDict):
    """The test of no selection."""

    statistic: Annotated[NotNegative, "Chi-squared"]
    df: Annotated[Count, "Degrees of freedom"]
    p: Annotated[Fraction, "p value"]


class Unadjusted(TypedDict):
    """The model without selection."""

    estimate: Annotated[float, "The estimate"]
    tau2: Annotated[NotNegative, "Between-study variance"]


class SelectionModel(Method, Interval):
    """A selection model; intervals are by profile likelihood, null where it is flat."""

    se: Annotated[float | None, "Its standard error"]
    wald_low: Annotated[float | None, "Lower limit of its Wald interval"]
    wald_high: Annotated[float | None, "Upper limit"]
    p: Annotated[Fraction | None, "Two-sided p value"]
    tau2: Annotated[NotNegative, "Between-study variance"]
    tau2_se: Annotated[float | None, "Its standard error"]
    tau2_low: Annotated[float | None, "Lower limit of its interval"]
    tau2_high: Annotated[float | None, "Upper limit"]
    weights: Annotated[list[SelectionParameter], "Parameters of the weight function"]
    test: Annotated[LikelihoodRatio, "Test of no selection"]
    unadjusted: Annotated[Unadjusted, "The model without selection"]
    log_likelihood: Annotated[float, "Maximum of the log-likelihood"]
    alternative: Annotated[Literal["greater", "less"], "Which effects are more likely to be published"]
    steps: NotRequired[Annotated[list[Fraction], "Cut points of the one-sided p value"]]
    caution: NotRequired[Annotated[str, "Why it is unreliable"]]


class ExcessSignificance(Method):
    """The test of excess significance."""

    observed: Annotated[Count, "Number of significant studies"]
    expected: Annotated[NotNegative, "The number expected from their power"]
    ratio: Annotated[float | None, "Observed over expected"]
    p: Annotated[Fraction, "Exact one-sided p value"]
    chi2: Annotated[float | None, "Pearson's chi-squared"]
    p_chi2: Annotated[Fraction | None, "Its one-sided p value"]
    alpha: Annotated[Fraction, "Level of significance of a study"]
    limit: Annotated[float | None, "The effect that would make the exact p 0.10"]


class FailSafe(Method):
    """Fail-safe numbers; null where no number of studies suffices."""

    rosenthal: Annotated[Count | None, "Of Rosenthal"]
    orwin: Annotated[Count | None, "Of Orwin"]
    orwin_target: Annotated[float, "The mean effect that Orwin's number leads to"]
    rosenberg: Annotated[Count | None, "Of Rosenberg"]
    general: Annotated[Count | None, "Of Rosenberg, for the random-effects model"]
    alpha: Annotated[Fraction, "Level of significance"]
    advice: Annotated[str, "Why not to use it"]


class DoiPoint(TypedDict):
    """A point of the Doi plot."""

    effect: Annotated[Count, "Position of the effect"]
    yi: Annotated[float, "The effect"]
    z: Annotated[float, "Normal quantile of its weighted rank"]


class DoiPlot(Method):
    """The Doi plot with its index."""

    lfk: Annotated[float, "LFK index"]
    asymmetry: Annotated[Literal["no", "minor", "major"], "How large its authors call it"]
    points: Annotated[list[DoiPoint], "Points, in rising order of the effect"]
    advice: Annotated[str, "Why not to use it as a test"]


class LimitMetaAnalysis(Method, Line):
    """The expected effect of a study of infinite size, with the heterogeneity kept."""

    intercept: Annotated[float, "Intercept of the generalised radial plot: the small-study effect"]
    slope: Annotated[float, "Its slope"]
    Q: Annotated[NotNegative, "Cochran's Q"]
    Q_small: Annotated[NotNegative, "The part of Q that the small-study effect explains, on 1 degree of freedom"]
    p_small: Annotated[Fraction, "Its p value"]
    Q_beyond: Annotated[NotNegative, "The rest of Q"]
    p_beyond: Annotated[Fraction, "Its p value"]
    G2: Annotated[
        Percent, "Share of the variance of the limits that the small-study effect does not explain, in percent"
    ]
    limits: Annotated[list[float], "The effect of each study, were it infinitely large"]
    caution: NotRequired[Annotated[str, "Why it is unreliable"]]


class CopasRow(Line):
    """The Copas selection model at one degree of selection."""

    published: Annotated[Fraction, "Chance that the least precise study is published"]
    tau2: Annotated[NotNegative, "Between-study variance"]
    rho: Annotated[float | None, "Correlation of the effect with publication; null without selection"]
    gamma0: Annotated[float | None, "Intercept of the chance of publication, on the probit scale"]
    gamma1: Annotated[float | None, "Its slope on the reciprocal of the standard error"]
    unpublished: Annotated[NotNegative, "Expected number of unpublished studies"]
    p_residual: Annotated[Fraction, "p value of the test of a remaining small-study effect"]
    log_likelihood: Annotated[float, "Maximum of the log-likelihood"]


class CopasEstimate(CopasRow):
    """The row of the least selection that leaves no sign of a small-study effect."""

    caution: NotRequired[Annotated[str, "Why it is unreliable"]]


class CopasModel(Method):
    """The Copas selection model for several degrees of selection."""

    alpha: Annotated[Fraction, "Level of the test of a remaining small-study effect"]
    largest: Annotated[Fraction, "Chance that the most precise study is published"]
    path: Annotated[list[CopasRow], "The model by the chance that the least precise study is published"]
    adjusted: Annotated[CopasEstimate | Skipped, "The adjusted estimate"]


class PUniform(Method, Line):
    """p-uniform*, by maximum likelihood; intervals are by profile likelihood, null where it is flat."""

    tau2: Annotated[NotNegative, "Between-study variance"]
    tau2_low: Annotated[float | None, "Lower limit of its interval"]
    tau2_high: Annotated[float | None, "Upper limit"]
    statistic_het: Annotated[NotNegative, "Likelihood ratio statistic of no heterogeneity"]
    p_het: Annotated[Fraction, "Its p value, half of the chi-squared one"]
    significant: Annotated[Count, "Number of studies that are significant on the welcome side"]
    alpha: Annotated[Fraction, "Two-sided level of significance of a study"]
    alternative: Annotated[Literal["greater", "less"], "Which effects are more likely to be published"]
    log_likelihood: Annotated[float, "Maximum of the log-likelihood"]
    caution: NotRequired[Annotated[str, "Why it is unreliable"]]


class CurveTest(TypedDict):
    """A test of a p-curve by Stouffer's combination."""

    z: Annotated[float, "z"]
    p: Annotated[Fraction, "One-sided p value"]


class CurveTests(TypedDict):
    """The tests of one hypothesis of a p-curve."""

    full: Annotated[CurveTest, "Of all significant studies"]
    half: Annotated[CurveTest | None, "Of those with p below 0.025; null without any"]
    binomial: Annotated[Fraction, "p value of the number of those below 0.025"]


class PCurve(Method):
    """p-curve."""

    significant: Annotated[Count, "Number of studies that are significant on the welcome side"]
    below_half: Annotated[Count, "Those with p below 0.025"]
    alternative: Annotated[Literal["greater", "less"], "Which effects are more likely to be published"]
    right_skew: Annotated[CurveTests, "Whether small p values are more frequent than without an effect"]
    flatness: Annotated[CurveTests, "Whether they are less frequent than with a power of one third"]
    verdict: Annotated[Literal["evidential value", "no adequate evidence", "undecided"], "By the rule of its authors"]
    advice: Annotated[str, "Why not to use it"]


class SmallStudy(TypedDict):
    """Tests and models of small-study effects."""

    egger: Annotated[RegressionTest | NotUsed, "Egger's test"]
    egger_mixed: Annotated[RegressionTest | NotUsed, "The same with heterogeneity"]
    egger_smd: Annotated[RegressionTest | NotUsed, "The same for standardised mean differences"]
    thompson_sharp: Annotated[RegressionTest | NotUsed, "The test of Thompson and Sharp"]
    harbord: Annotated[RegressionTest | NotUsed, "Harbord's test"]
    peters: Annotated[RegressionTest | NotUsed, "Peters' test"]
    macaskill: Annotated[RegressionTest | NotUsed, "Macaskill's test"]
    deeks: Annotated[RegressionTest | NotUsed, "Deeks' test"]
    arcsine: Annotated[RegressionTest | NotUsed, "The arcsine test"]
    arcsine_random: Annotated[RegressionTest | NotUsed, "The same with heterogeneity"]
    egger_n: Annotated[RegressionTest | NotUsed, "Egger's test with sample sizes"]
    egger_n_mixed: Annotated[RegressionTest | NotUsed, "The same with heterogeneity"]
    inverse_size: Annotated[RegressionTest | NotUsed, "The regression on the inverse sample size"]
    size: Annotated[RegressionTest | NotUsed, "The regression on the sample size"]
    begg: Annotated[RankTest | NotUsed, "Begg and Mazumdar's test"]
    schwarzer: Annotated[RankTest | NotUsed, "Schwarzer's test"]
    trim_and_fill: Annotated[TrimAndFill | NotUsed, "Trim and fill"]
    pet_peese: Annotated[PetPeese | NotUsed, "PET-PEESE"]
    selection_step: Annotated[SelectionModel | NotUsed, "The step function selection model"]
    selection_beta: Annotated[SelectionModel | NotUsed, "The beta selection model"]
    excess_significance: Annotated[ExcessSignificance | NotUsed, "The test of excess significance"]
    fail_safe_n: Annotated[FailSafe | NotUsed, "Fail-safe N"]
    doi_plot: Annotated[DoiPlot | NotUsed, "The Doi plot with the LFK index"]
    limit: NotRequired[Annotated[LimitMetaAnalysis | NotUsed, "Limit meta-analysis"]]
    copas: NotRequired[Annotated[CopasModel | NotUsed, "The Copas selection model"]]
    p_uniform: NotRequired[Annotated[PUniform | NotUsed, "p-uniform*"]]
    p_curve: NotRequired[Annotated[PCurve | NotUsed, "p-curve"]]
    cautions: Annotated[list[str], "Reasons against reading asymmetry as missing studies"]
