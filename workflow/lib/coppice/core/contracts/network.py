"""What results/pool/<analysis>.json holds of a network meta-analysis."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from coppice.core.contracts.pool import Excluded
from coppice.core.contracts.values import AtLeastOne, Count, EffectValues, Fraction, FromAFigure, NotNegative

Small = Literal["good", "bad"]


class NetworkEffect(FromAFigure, EffectValues):
    """The effect of one treatment against another in one study."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its row in the figures"]
    year: Annotated[float | None, "Year"]
    why: Annotated[str | None, "Why this figure entered"]
    treatments: Annotated[list[str], "The two treatments: the effect is that of the first against the second"]
    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]


class Treatment(TypedDict):
    """A treatment of a network."""

    treatment: Annotated[str, "Its key"]
    name: Annotated[str, "How it is printed"]
    studies: Annotated[AtLeastOne, "Studies with it"]
    patients: Annotated[Count | None, "Patients with it; null where a study does not state them"]


class NetworkLine(TypedDict):
    """The effect of one treatment against another."""

    estimate: Annotated[float, "The estimate, on the model's scale"]
    se: Annotated[NotNegative, "Its standard error"]
    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]
    statistic: Annotated[float, "z"]
    p: Annotated[Fraction, "Two-sided p value"]


class PredictedLine(NetworkLine):
    """The same with where the effect in a new study lies."""

    prediction_low: Annotated[float | None, "Lower limit of the prediction interval"]
    prediction_high: Annotated[float | None, "Upper limit"]


class Comparison(TypedDict):
    """Two treatments compared through the whole network."""

    treatments: Annotated[list[str], "The two: effects are those of the first against the second"]
    k: Annotated[Count, "Studies that compare them directly"]
    common: Annotated[NetworkLine, "Common-effect model"]
    random: Annotated[PredictedLine, "Random-effects model"]


class NetworkHeterogeneity(TypedDict):
    """How much the contrasts differ beyond chance."""

    tau2: Annotated[NotNegative, "Between-study variance of each contrast"]
    I2: Annotated[float | None, "I2 from Q, in percent"]
    Q: Annotated[NotNegative, "Cochran's Q about the network"]
    df: Annotated[Count, "Its degrees of freedom"]
    p: Annotated[Fraction | None, "Its p value"]


class NetworkSettings(TypedDict):
    """The options of the model."""

    profile: Annotated[str, "Profile"]
    tau2: Annotated[str | float, "Estimator of tau2, or a fixed value"]
    inference: Annotated[str, "How intervals are made"]
    prediction: Annotated[str, "How prediction intervals are made"]
    level: Annotated[float, "Level of intervals"]


class NetworkResult(TypedDict):
    """A pooled network."""

    kind: Annotated[Literal["network"], "The kind of analysis"]
    analysis: Annotated[str, "Its name"]
    outcome: Annotated[str, "Key of the outcome"]
    measure: Annotated[str, "Code of the effect measure"]
    scale: Annotated[str, "Scale on which effects are pooled"]
    level: Annotated[float, "Level of intervals"]
    settings: Annotated[NetworkSettings, "The options of the model"]
    reference: Annotated[str, "The treatment that the others are compared with"]
    small_values: Annotated[Small, "Whether small values of the measure are good"]
    k: Annotated[Count, "Number of studies"]
    treatments: Annotated[list[Treatment], "The treatments"]
    comparisons: Annotated[list[Comparison], "All pairs of treatments"]
    heterogeneity: Annotated[NetworkHeterogeneity | None, "Heterogeneity"]
    effects: Annotated[list[NetworkEffect], "The effects that were pooled, one a comparison of a study"]
    excluded: Annotated[list[Excluded], "Studies that could not be pooled"]
    reasons: Annotated[dict[str, str], "Why a part is null"]
    warnings: Annotated[list[str], "What a reader should know"]
    multi_arm: NotRequired[Annotated[list[str], "Studies with more than two arms"]]
