"""What results/pool/<analysis>.json and results/explore/<analysis>.json hold of a diagnostic meta-analysis."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from coppice.core.contracts.pool import Excluded
from coppice.core.contracts.values import Count, EffectValues, Fraction, FromAFigure, NotNegative, Scalar, Skipped


class Share(TypedDict):
    """A proportion with its confidence interval."""

    estimate: Annotated[Fraction, "The proportion"]
    ci_low: Annotated[Fraction, "Lower limit of its confidence interval"]
    ci_high: Annotated[Fraction, "Upper limit"]


class Ratio(TypedDict):
    """A ratio with its confidence interval."""

    estimate: Annotated[NotNegative, "The ratio"]
    ci_low: Annotated[NotNegative, "Lower limit of its confidence interval"]
    ci_high: Annotated[NotNegative, "Upper limit"]


class DiagnosticEffect(FromAFigure, EffectValues):
    """The counts of one study, with the sensitivity and specificity that they give."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its row in the figures"]
    year: Annotated[float | None, "Year"]
    subgroup: Annotated[str | None, "Level of the subgroups, or null"]
    why: Annotated[str | None, "Why this figure entered"]
    tp: Annotated[Count, "True positives"]
    fp: Annotated[Count, "False positives"]
    fn: Annotated[Count, "False negatives"]
    tn: Annotated[Count, "True negatives"]
    sensitivity: Annotated[Share, "With the exact interval of Clopper and Pearson"]
    specificity: Annotated[Share, "With the exact interval of Clopper and Pearson"]
    corrected: Annotated[bool, "Whether 0.5 was added to each of its cells in the model"]
    threshold: NotRequired[Annotated[Scalar, "Threshold at which the test is positive"]]
    values: NotRequired[Annotated[dict[str, Scalar], "Values of the covariates"]]


class SummaryPoint(TypedDict):
    """Summary sensitivity and specificity, and what follows from them."""

    sensitivity: Annotated[Share, "Summary sensitivity"]
    specificity: Annotated[Share, "Summary specificity"]
    logits: Annotated[list[float], "Logits of both"]
    logits_cov: Annotated[list[list[float]], "Covariance of their estimates"]
    dor: Annotated[Ratio, "Diagnostic odds ratio"]
    lr_positive: Annotated[Ratio, "Positive likelihood ratio"]
    lr_negative: Annotated[Ratio, "Negative likelihood ratio"]


class Between(TypedDict):
    """How sensitivity and specificity vary between studies, on the scale of their logits."""

    sensitivity: Annotated[NotNegative, "Variance of the logit of sensitivity"]
    specificity: Annotated[NotNegative, "Variance of the logit of specificity"]
    covariance: Annotated[float, "Their covariance"]
    correlation: Annotated[float | None, "Their correlation; null where a variance is 0"]


class ModelFit(TypedDict):
    """How the model fits."""

    log_likelihood: Annotated[float, "Log-likelihood, restricted for REML"]
    parameters: Annotated[Count, "Parameters estimated"]
    aic: Annotated[float, "Akaike's criterion"]
    converged: Annotated[bool, "Whether the search reached the maximum"]
    at_bound: Annotated[bool, "Whether a variance is 0 or the correlation 1 or -1"]


class Hsroc(TypedDict):
    """The parameters of the hierarchical summary ROC model."""

    Lambda: Annotated[float, "Accuracy"]
    Theta: Annotated[float, "Threshold"]
    beta: Annotated[float, "Shape: 0 for a symmetric curve"]
    sigma2_alpha: Annotated[NotNegative, "Variance between studies of accuracy"]
    sigma2_theta: Annotated[NotNegative, "Variance between studies of threshold"]


class Curve(TypedDict):
    """A summary ROC curve and the area beneath it."""

    points: Annotated[list[list[float]], "Pairs of false positive rate and sensitivity, over the range of the studies"]
    auc: Annotated[Fraction, "Area beneath the whole curve"]
    auc_partial: Annotated[
        Fraction | None, "Mean sensitivity of the curve over the false positive rates of the studies"
    ]
    fpr_range: Annotated[list[Fraction], "Lowest and highest false positive rate of the studies"]


class Regions(TypedDict):
    """The edges of regions about the summary point, as pairs of false positive rate and sensitivity."""

    confidence: Annotated[list[list[float]], "Where the summary point lies"]
    prediction: Annotated[list[list[float]], "Where the point of a new study lies"]


class Consequences(TypedDict):
    """What the test does to 1,000 people at one prevalence."""

    prevalence: Annotated[Fraction, "Share of them with the target condition"]
    source: Annotated[str, "Where it comes from"]
    tp: Annotated[Ratio, "True positives"]
    fn: Annotated[Ratio, "False negatives"]
    fp: Annotated[Ratio, "False positives"]
    tn: Annotated[Ratio, "True negatives"]
    ppv: Annotated[Fraction, "Share of the positives that have the condition"]
    npv: Annotated[Fraction, "Share of the negatives that do not"]


class RatioTest(TypedDict):
    """A likelihood ratio test."""

    chi2: Annotated[NotNegative, "Twice the difference of the log-likelihoods"]
    df: Annotated[Count, "Degrees of freedom"]
    p: Annotated[Fraction, "p value"]


class CovariateTests(TypedDict):
    """Tests of what covariates do, by maximum likelihood."""

    both: Annotated[RatioTest | None, "Of sensitivity or specificity"]
    sensitivity: Annotated[RatioTest | None, "Of sensitivity alone"]
    specificity: Annotated[RatioTest | None, "Of specificity alone"]


class DiagnosticLevel(TypedDict):
    """One level of the subgroups."""

    level: Annotated[str, "Its name"]
    k: Annotated[Count, "Studies"]
    point: Annotated[SummaryPoint, "Its summary point"]
    confidence: Annotated[list[list[float]], "Edge of its confidence region"]


class DiagnosticSubgroups(TypedDict):
    """Summary points by subgroup, with one covariance between studies for all."""

    by: Annotated[str, "Characteristic"]
    levels: Annotated[list[DiagnosticLevel], "The levels"]
    between: Annotated[Between, "Variation between studies within levels"]
    tests: Annotated[CovariateTests, "Whether they differ"]


class Coefficient(TypedDict):
    """The coefficient of one covariate."""

    name: Annotated[str, "Covariate"]
    estimate: Annotated[float, "Change of the logit"]
    se: Annotated[NotNegative, "Standard error"]
    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]
    p: Annotated[Fraction, "Two-sided p value (Wald)"]


class DiagnosticRegression(TypedDict):
    """Covariates of sensitivity and specificity."""

    formula: Annotated[str, "Right-hand side of the formula"]
    k: Annotated[Count, "Studies"]
    sensitivity: Annotated[list[Coefficient], "Coefficients of the logit of sensitivity"]
    specificity: Annotated[list[Coefficient], "Coefficients of the logit of specificity"]
    between: Annotated[Between, "Variation between studies that remains"]
    tests: Annotated[CovariateTests, "Whether they matter"]


class DiagnosticSettings(TypedDict):
    """The options of the model."""

    profile: Annotated[str, "Profile"]
    model: Annotated[str, "Likelihood: binomial or normal"]
    method: Annotated[str, "ML or REML"]
    zero_cells: Annotated[str, "What is added to empty cells"]
    inference: Annotated[str, "How intervals are made"]
    level: Annotated[float, "Level of intervals"]


class DiagnosticResult(TypedDict):
    """A pooled diagnostic meta-analysis."""

    kind: Annotated[Literal["diagnostic"], "The kind of analysis"]
    analysis: Annotated[str, "Its name"]
    outcome: Annotated[str, "Key of the outcome"]
    measure: Annotated[str, "Code of the measure"]
    scale: Annotated[str, "Scale of the model"]
    level: Annotated[float, "Level of intervals"]
    settings: Annotated[DiagnosticSettings, "The options of the model"]
    test: Annotated[str, "What the test is called"]
    condition: Annotated[str, "What the target condition is called"]
    k: Annotated[Count, "Number of studies"]
    with_condition: Annotated[Count, "People with the target condition"]
    without_condition: Annotated[Count, "People without it"]
    point: Annotated[SummaryPoint | None, "Summary point"]
    between: Annotated[Between | None, "Variation between studies"]
    fit: Annotated[ModelFit | None, "How the model fits"]
    hsroc: Annotated[Hsroc | None, "Parameters of the hierarchical summary ROC model"]
    curve: Annotated[Curve | None, "Summary ROC curve"]
    regions: Annotated[Regions | None, "Regions about the summary point"]
    consequences: Annotated[list[Consequences], "In 1,000 people, by prevalence"]
    subgroups: Annotated[DiagnosticSubgroups | None, "Summary points by subgroup"]
    regression: Annotated[DiagnosticRegression | None, "Covariates"]
    effects: Annotated[list[DiagnosticEffect], "The studies that were pooled"]
    excluded: Annotated[list[Excluded], "Studies that could not be pooled"]
    reasons: Annotated[dict[str, str], "Why a part is null"]
    warnings: Annotated[list[str], "What a reader should know"]


class DiagnosticRow(TypedDict):
    """The summary point of some of the studies, or by another model."""

    label: Annotated[str, "Study that was left out, or the model"]
    study: Annotated[str | None, "The study that was left out"]
    k: Annotated[Count, "Studies"]
    sensitivity: Annotated[Share | None, "Summary sensitivity; null where no model could be fitted"]
    specificity: Annotated[Share | None, "Summary specificity"]
    dor: Annotated[Ratio | None, "Diagnostic odds ratio"]
    reason: NotRequired[Annotated[str, "Why there is no model"]]


class DiagnosticExplored(TypedDict):
    """An explored diagnostic meta-analysis."""

    kind: Annotated[Literal["diagnostic"], "The kind of analysis"]
    analysis: Annotated[str, "Its name"]
    measure: Annotated[str, "Code of the measure"]
    level: Annotated[float, "Level of intervals"]
    leave_one_out: Annotated[list[DiagnosticRow] | Skipped, "Without each study in turn"]
    multiverse: Annotated[list[DiagnosticRow] | Skipped, "By each model, and each rule for empty cells"]
