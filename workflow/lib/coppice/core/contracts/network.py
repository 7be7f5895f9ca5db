"""What results/pool/<analysis>.json holds of a network meta-analysis."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired, TypedDict

from coppice.core.contracts.pool import Excluded
from coppice.core.contracts.values import AtLeastOne, Count, EffectValues, Fraction, FromAFigure, NotNegative, Skipped

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
    weight_common: NotRequired[
        Annotated[float, "Weight in the common-effect model: 1/variance, in multi-arm studies adjusted for correlation"]
    ]
    weight_random: NotRequired[Annotated[float, "Weight in the random-effects model"]]


class Treatment(TypedDict):
    """A treatment of a network."""

    treatment: Annotated[str, "Its key"]
    name: Annotated[str, "How it is printed"]
    studies: Annotated[AtLeastOne, "Studies with it"]
    patients: Annotated[Count | None, "Patients with it; null where a study does not state them"]
    p_score: Annotated[
        Fraction,
        "How sure it is to be better than another treatment, on average (random effects, common ones by Mantel-Haenszel)",
    ]
    p_score_common: Annotated[Fraction, "The same with common effects"]
    ranks: Annotated[list[Fraction], "Probability of each rank, the best first, from draws of the random effects"]
    sucra: Annotated[Fraction, "Surface under the cumulative ranking, from these"]


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
    random: Annotated[PredictedLine | None, "Random-effects model; null by Mantel-Haenszel"]
    share: Annotated[
        NotNegative, "Share of direct evidence in the random-effects model, or else the common-effect model"
    ]
    direct: Annotated[NetworkLine | None, "Direct evidence alone, in this model"]
    indirect: Annotated[NetworkLine | None, "Indirect evidence alone; null where all is direct"]
    difference: Annotated[NetworkLine | None, "Direct less indirect evidence"]
    mean_path: Annotated[NotNegative, "Mean number of comparisons in the paths of evidence (common effects)"]
    parallel: Annotated[NotNegative, "Smallest number of independent paths of evidence (common effects)"]


class TestOfQ(TypedDict):
    """A part of Q with its test."""

    Q: Annotated[NotNegative, "Q"]
    df: Annotated[Count, "Its degrees of freedom"]
    p: Annotated[Fraction | None, "Its p value; null without degrees of freedom"]


class NetworkHeterogeneity(TestOfQ):
    """How much the contrasts differ beyond chance."""

    tau2: Annotated[NotNegative, "Between-study variance of each contrast"]
    I2: Annotated[float | None, "I2 from Q, in percent"]
    I2_low: Annotated[float | None, "Lower limit"]
    I2_high: Annotated[float | None, "Upper limit"]


class OfDesign(TypedDict):
    """The studies that compare the same treatments."""

    treatments: Annotated[list[str], "The treatments"]
    studies: Annotated[list[str], "The studies"]
    within: Annotated[TestOfQ | None, "Q of these studies by themselves; null by Mantel-Haenszel"]
    detached: Annotated[
        TestOfQ | None, "Q between designs when these studies have effects of their own; null where it is the same"
    ]


class InteractionTest(TestOfQ):
    """The design-by-treatment interaction with random effects."""

    tau2: Annotated[NotNegative, "Variance between studies of the same design"]


class Inconsistency(TypedDict):
    """Q of a network within and between its designs."""

    within: Annotated[
        TestOfQ | None, "Within designs: heterogeneity; null by Mantel-Haenszel, which pools a design at once"
    ]
    between: Annotated[TestOfQ, "Between designs: inconsistency, with common effects"]
    interaction: Annotated[InteractionTest | None, "Between designs, with random effects; null by Mantel-Haenszel"]
    designs: Annotated[list[OfDesign], "Each design"]


class Contributions(TypedDict):
    """What each direct comparison contributes to the comparisons with the reference."""

    method: Annotated[str, "How shares are made"]
    edges: Annotated[list[list[str]], "The direct comparisons"]
    numbers: Annotated[list[Count], "Studies of each"]
    treatments: Annotated[list[str], "The treatments that are compared with the reference"]
    shares: Annotated[list[list[Fraction]], "For each of these the shares of the direct comparisons, which sum to 1"]


class ComponentLine(TypedDict):
    """The effect of a component, or of a treatment against the reference as the sum of its components."""

    name: Annotated[str, "The component, or the key of the treatment"]
    studies: Annotated[Count, "Studies with it"]
    common: Annotated[NetworkLine | None, "Common-effect model; null where it is not identified"]
    random: Annotated[NetworkLine | None, "Random-effects model"]
    reason: Annotated[str | None, "Why it has no estimate"]


class ComponentsHeterogeneity(TestOfQ):
    """How much the contrasts differ beyond chance about additive effects."""

    tau2: Annotated[NotNegative, "Between-study variance of each contrast"]


class Components(TypedDict):
    """Additive effects of the components of treatments."""

    separator: Annotated[str, "What stands between the components of a treatment's name"]
    inactive: Annotated[str | None, "The component without an effect"]
    is_connected: Annotated[bool, "Whether the studies connect all treatments without the components"]
    heterogeneity: Annotated[ComponentsHeterogeneity, "Heterogeneity and lack of additivity together"]
    difference: Annotated[
        TestOfQ | None,
        "Q of the additive model less that of the network: the test of additivity; null where it can't be tested",
    ]
    components: Annotated[list[ComponentLine], "Each component"]
    treatments: Annotated[list[ComponentLine], "Each treatment against the reference"]


class NetworkSettings(TypedDict):
    """The options of the model."""

    profile: Annotated[str, "Profile"]
    method: NotRequired[Annotated[str, "MH where counts are pooled by Mantel-Haenszel"]]
    tau2: Annotated[
        str | float | None, "Estimator of tau2, or a fixed value; null by Mantel-Haenszel, where effects are common"
    ]
    inference: Annotated[str, "How intervals are made"]
    prediction: Annotated[str, "How prediction intervals are made"]
    level: Annotated[float, "Level of intervals"]
    draws: Annotated[Count, "Draws from which probabilities of ranks are made"]
    seed: Annotated[Count, "Their seed"]


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
    multi_arm: Annotated[list[str], "Studies with more than two treatments"]
    treatments: Annotated[list[Treatment], "The treatments"]
    comparisons: Annotated[list[Comparison], "All pairs of treatments"]
    heterogeneity: Annotated[NetworkHeterogeneity | None, "Heterogeneity"]
    inconsistency: Annotated[
        Inconsistency | None, "Whether direct and indirect evidence agree; null without closed loops"
    ]
    contributions: Annotated[Contributions | None, "Where the evidence comes from"]
    components: NotRequired[Annotated[Components, "Additive effects of components, where they are asked for"]]
    effects: Annotated[list[NetworkEffect], "The effects that were pooled, one per comparison of a study"]
    excluded: Annotated[list[Excluded], "Studies that could not be pooled"]
    reasons: Annotated[dict[str, str], "Why a part is null"]
    warnings: Annotated[list[str], "What a reader should know"]


class AgainstReference(TypedDict):
    """The effect of a treatment against the reference."""

    treatment: Annotated[str, "The treatment"]
    estimate: Annotated[float, "The estimate, on the model's scale"]
    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]


class RefittedNetwork(TypedDict):
    """A network without something."""

    left_out: Annotated[list[str], "The study, the treatment, or the two treatments of the comparison"]
    label: Annotated[str, "How it is printed"]
    k: Annotated[Count, "Studies that are left"]
    tau2: Annotated[
        NotNegative | None,
        "Between-study variance; null where nothing is left that makes a network, and by Mantel-Haenszel",
    ]
    reason: Annotated[str | None, "Why the rest makes no network; null where it does"]
    lines: Annotated[list[AgainstReference], "The treatments that are left against the reference"]


class NetworkExplored(TypedDict):
    """What results/explore/<analysis>.json holds of a network."""

    kind: Annotated[Literal["network"], "The kind of analysis"]
    analysis: Annotated[str, "Its name"]
    measure: Annotated[str, "Code of the effect measure"]
    level: Annotated[float, "Level of intervals"]
    leave_one_out: Annotated[list[RefittedNetwork] | Skipped, "The network without each study"]
    leave_treatment_out: Annotated[list[RefittedNetwork] | Skipped, "Without each treatment but the reference"]
    leave_comparison_out: Annotated[list[RefittedNetwork] | Skipped, "Without the two-arm studies of each comparison"]
    history: Annotated[Skipped, "Why there is no history"]
    multiverse: Annotated[list[RefittedNetwork] | Skipped, "The network by other models"]
