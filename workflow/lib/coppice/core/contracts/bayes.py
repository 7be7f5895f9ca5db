"""What a pooled result holds of a Bayesian model, where one is requested."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from coppice.core.contracts.lines import Limits
from coppice.core.contracts.values import AtLeastOne, Fraction, NotNegative

Quantity = Literal["important", "large", "beyond"]


class TauPriorResult(TypedDict):
    """The prior of tau."""

    code: Annotated[str, "Family of the distribution"]
    name: Annotated[str, "The prior in words, with its parameters"]
    parameters: Annotated[list[float], "Its parameters"]
    source: Annotated[str, "Who proposed it"]
    proper: Annotated[bool, "Whether it is a distribution"]
    median: Annotated[NotNegative | None, "Its median; null for an improper prior"]
    interval: Annotated[Limits | None, "Its central interval"]


class MuPriorResult(TypedDict):
    """The normal prior of mu, on the model's scale."""

    mean: Annotated[float, "Mean"]
    sd: Annotated[NotNegative, "Standard deviation"]


class PosteriorSummary(TypedDict):
    """A posterior distribution, on the model's scale."""

    median: Annotated[float, "Median"]
    mean: Annotated[float | None, "Mean; null where the posterior has none"]
    sd: Annotated[NotNegative | None, "Standard deviation; null where the posterior has none"]
    mode: Annotated[float | None, "Mode; null where the density has no upper limit"]
    shortest: Annotated[Limits, "Shortest interval of the level"]
    central: Annotated[Limits, "Central interval of the level"]


class StudyPosterior(PosteriorSummary):
    """The posterior of the effect in one study."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its row in the figures"]
    weight: Annotated[Fraction, "Posterior mean of its share in the precision of mu"]
    shrinkage: Annotated[Fraction, "Posterior mean of the weight of mu in its effect: 0 leaves it, 1 replaces it"]


class ProbabilityBeyond(TypedDict):
    """The probability of an effect beyond a threshold."""

    threshold: Annotated[float, "Threshold, as effects are printed"]
    side: Annotated[Literal["below", "above"], "Side on which the effect would lie"]
    of: Annotated[Quantity, "Whether it is a threshold of `important` or of `beyond`"]
    mu: Annotated[Fraction, "Probability that the mean effect does"]
    new: Annotated[Fraction, "Probability that the effect in a new study does"]


class BayesFactors(TypedDict):
    """Bayes factors of the simpler hypothesis; above 1 they speak for it."""

    tau_zero: Annotated[float | None, "Of tau = 0 against its prior; null for an improper prior of tau"]
    mu_null: Annotated[float | None, "Of no effect against its prior; null unless both priors are proper"]


class Density(TypedDict):
    """A prior and a posterior density as points of a curve."""

    x: Annotated[list[float], "Values, on the model's scale"]
    posterior: Annotated[list[float], "Posterior density"]
    prior: Annotated[list[float] | None, "Prior density; null for an improper prior"]


class Densities(TypedDict):
    """The densities that the figure shows."""

    mu: Annotated[Density, "Of the mean effect"]
    tau: Annotated[Density, "Of the between-study standard deviation"]
    new: Annotated[Density, "Of the effect in a new study"]


class BayesRow(TypedDict):
    """The Bayesian model without one of the effects."""

    study: Annotated[str, "Study that is left out"]
    label: Annotated[str, "Its row in the figures"]
    estimate: Annotated[float, "Posterior median of the mean effect"]
    ci_low: Annotated[float, "Lower limit of its central credible interval"]
    ci_high: Annotated[float, "Upper limit"]
    tau: Annotated[NotNegative, "Posterior median of tau"]


class Bayes(TypedDict):
    """The Bayesian random-effects model: normal effects in normal studies, by quadrature over tau."""

    k: Annotated[AtLeastOne, "Number of effects"]
    level: Annotated[Fraction, "Level of all intervals"]
    tau_prior: Annotated[TauPriorResult, "Prior of the between-study standard deviation"]
    mu_prior: Annotated[MuPriorResult | None, "Prior of the mean effect; null where it is flat"]
    mu: Annotated[PosteriorSummary, "The mean effect"]
    tau: Annotated[PosteriorSummary, "The between-study standard deviation"]
    new: Annotated[PosteriorSummary, "The effect in a new study"]
    above_null: Annotated[Fraction | None, "Probability of a mean effect above no difference"]
    new_above_null: Annotated[Fraction | None, "The same for the effect in a new study"]
    beyond: Annotated[list[ProbabilityBeyond], "Probabilities beyond the thresholds of `important` and `beyond`"]
    studies: Annotated[list[StudyPosterior], "The effect in each study, shrunken towards the mean, in their order"]
    prior_weight: Annotated[Fraction, "Posterior mean of the share of mu's prior in the precision of mu"]
    tau_overlap: Annotated[
        Fraction | None, "Overlap of prior and posterior of tau: 1 where the data say nothing about it"
    ]
    log_marginal_likelihood: Annotated[float | None, "ln of it; a flat prior of mu has the density 1"]
    bayes_factors: Annotated[BayesFactors, "Bayes factors"]
    densities: Annotated[Densities, "Curves of the figure"]
    reasons: Annotated[dict[str, str], "Why a part is null"]
