"""What results/pool/<analysis>.json and results/explore/<analysis>.json hold of a dose-response meta-analysis."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from coppice.core.contracts.pool import Excluded
from coppice.core.contracts.values import AtLeastOne, Count, EffectValues, Fraction, FromAFigure, NotNegative, Skipped


class DosePoint(TypedDict):
    """The ratio at one dose of a study against its reference dose."""

    dose: Annotated[float, "The dose"]
    yi: Annotated[float, "The ratio, on the model's scale"]
    se: Annotated[NotNegative, "Its standard error"]
    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]
    cases: Annotated[float | None, "Cases at it"]
    total: Annotated[float | None, "Persons or person-time at it"]


class DoseEffect(FromAFigure, EffectValues):
    """The doses of one study; its effect is that of the highest against the reference."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its row in the figures"]
    year: Annotated[float | None, "Year"]
    why: Annotated[str | None, "Why this figure entered"]
    ci_low: Annotated[float, "Lower limit of the confidence interval of its effect"]
    ci_high: Annotated[float, "Upper limit"]
    design: Annotated[str, "What its numbers count"]
    reference: Annotated[float, "Its reference dose"]
    points: Annotated[list[DosePoint], "Its other doses"]
    covariance: Annotated[list[list[float]], "Covariance of the ratios at them"]
    method: Annotated[str, "How the covariance was built"]


class DoseLine(TypedDict):
    """A ratio that the curve gives, or a coefficient of it."""

    estimate: Annotated[float, "The estimate, on the model's scale"]
    se: Annotated[NotNegative, "Its standard error"]
    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]


class Coefficient(TypedDict):
    """A coefficient of the curve."""

    term: Annotated[str, "What it is of"]
    random: Annotated[DoseLine, "Random-effects model"]
    common: Annotated[DoseLine, "Common-effect model"]
    tau: Annotated[NotNegative, "Its standard deviation between studies"]


class Predicted(TypedDict):
    """The ratio at a dose against the reference dose."""

    dose: Annotated[float, "The dose"]
    random: Annotated[DoseLine, "Random-effects model"]
    common: Annotated[DoseLine, "Common-effect model"]
    prediction_low: Annotated[float | None, "Lower limit of the prediction interval"]
    prediction_high: Annotated[float | None, "Upper limit"]


class CurvePoint(DoseLine):
    """A point of the curve that is drawn."""

    dose: Annotated[float, "The dose"]


class ChiSquared(TypedDict):
    """A chi-squared test."""

    statistic: Annotated[NotNegative, "The statistic"]
    df: Annotated[Count, "Its degrees of freedom"]
    p: Annotated[Fraction | None, "Its p value"]


class CurveTests(TypedDict):
    """Tests of the curve of the random-effects model."""

    association: Annotated[ChiSquared, "Wald test that the curve is flat"]
    nonlinearity: Annotated[ChiSquared | None, "Wald test that it is a log-linear trend; null where it is one"]


class GoodnessOfFit(TypedDict):
    """How well the common-effect curve describes the ratios."""

    deviance: Annotated[ChiSquared, "Deviance of the decorrelated residuals, tested"]
    R2: Annotated[Fraction, "Share of the decorrelated variation that the curve explains"]


class CurveHeterogeneity(TypedDict):
    """How much the curves of studies differ beyond chance."""

    Q: Annotated[ChiSquared | None, "Cochran's Q of the curves of studies; null where fewer than two studies have one"]
    I2: Annotated[float, "I2 of Jackson, White & Riley (2012), in percent"]
    covariance: Annotated[list[list[float]], "Covariance of the coefficients between studies"]
    log_likelihood: Annotated[float, "Log-likelihood, restricted under REML"]


class DoseResponseSettings(TypedDict):
    """The options of the model."""

    profile: Annotated[str, "Profile"]
    tau2: Annotated[Literal["REML", "ML"], "How the covariance between studies is estimated"]
    shape: Annotated[str, "Shape of the curve"]
    knots: Annotated[list[float], "Knots of a spline"]
    stages: Annotated[str, "One or two stages"]
    covariance: Annotated[str, "How the covariance within studies is built"]
    prediction: Annotated[str, "How prediction intervals are made"]
    level: Annotated[float, "Level of intervals"]


class DoseResponseResult(TypedDict):
    """A pooled dose-response meta-analysis."""

    kind: Annotated[Literal["dose_response"], "The kind of analysis"]
    analysis: Annotated[str, "Its name"]
    outcome: Annotated[str, "Key of the outcome"]
    measure: Annotated[str, "Code of the effect measure"]
    scale: Annotated[str, "Scale on which ratios are pooled"]
    level: Annotated[float, "Level of intervals"]
    settings: Annotated[DoseResponseSettings, "The options of the model"]
    unit: Annotated[str | None, "Unit of the dose"]
    reference: Annotated[float | None, "Dose that the curve is against"]
    k: Annotated[Count, "Number of studies"]
    coefficients: Annotated[list[Coefficient], "Coefficients of the curve"]
    predictions: Annotated[list[Predicted], "Ratios at the printed doses"]
    curve: Annotated[list[CurvePoint], "The curve of the random-effects model"]
    tests: Annotated[CurveTests | None, "Tests of the curve"]
    fit: Annotated[GoodnessOfFit | None, "Goodness of fit"]
    heterogeneity: Annotated[CurveHeterogeneity | None, "Heterogeneity"]
    effects: Annotated[list[DoseEffect], "The studies that were pooled, with their doses"]
    excluded: Annotated[list[Excluded], "Studies that could not be pooled"]
    reasons: Annotated[dict[str, str], "Why a part is missing"]
    warnings: Annotated[list[str], "What a reader should know"]


class DoseAndLine(DoseLine):
    """The ratio at a dose in another model."""

    dose: Annotated[float, "The dose"]


class WithoutStudy(TypedDict):
    """The curve without one study."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its row in the figures"]
    predictions: Annotated[list[DoseAndLine], "Ratios at the printed doses"]
    nonlinearity: Annotated[ChiSquared | None, "Test of non-linearity"]


class OtherShape(TypedDict):
    """The result with another shape, by maximum likelihood."""

    shape: Annotated[str, "The shape"]
    knots: Annotated[list[float], "Knots of a spline"]
    k: Annotated[AtLeastOne, "Studies in the model"]
    AIC: Annotated[float, "Akaike's information criterion of the maximum likelihood"]
    predictions: Annotated[list[DoseAndLine], "Ratios at the printed doses"]
    nonlinearity: Annotated[ChiSquared | None, "Test of non-linearity"]


class DoseResponseExplored(TypedDict):
    """An explored dose-response meta-analysis."""

    kind: Annotated[Literal["dose_response"], "The kind of analysis"]
    analysis: Annotated[str, "Its name"]
    measure: Annotated[str, "Code of the effect measure"]
    level: Annotated[float, "Level of intervals"]
    leave_one_out: Annotated[list[WithoutStudy] | Skipped, "The curve without each study"]
    shapes: Annotated[list[OtherShape] | Skipped, "The result for each shape of the curve"]
    multiverse: Annotated[Skipped, "Why it has none"]
    history: Annotated[Skipped, "Why it has none"]
