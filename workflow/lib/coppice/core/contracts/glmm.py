"""What a generalised linear mixed model adds to a pooled result."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from coppice.core.contracts.lines import Line, RandomLine
from coppice.core.contracts.values import Count, Fraction, NotNegative


class CountTest(TypedDict):
    """A test of heterogeneity from counts."""

    statistic: Annotated[NotNegative | None, "Chi-squared; null without degrees of freedom"]
    df: Annotated[NotNegative, "Its degrees of freedom"]
    k: Annotated[Count, "Number of studies in it"]
    p: Annotated[Fraction | None, "p value"]


class CorrectedModel(TypedDict):
    """The usual model of the profile on effects with a continuity correction, for comparison."""

    line: Annotated[RandomLine, "Its random-effects line"]
    tau2: Annotated[NotNegative | None, "Its between-study variance"]
    estimator: Annotated[str | float, "Estimator of that variance"]
    k: Annotated[Count, "Number of effects in it"]
    corrected: Annotated[Count, "Number of effects with a continuity correction"]


class GlmmLevel(TypedDict):
    """The numbers of a generalised linear mixed model beside its pooled lines."""

    k: Annotated[Count, "Number of studies whose counts are in it"]
    informative: Annotated[
        Count,
        "Number of them that say something about the effect in this model: not those without events in either arm",
    ]
    zeros: Annotated[Count, "Number with an empty cell"]
    double_zeros: Annotated[Count, "Number without an event in any arm"]
    log_likelihood: Annotated[float | None, "Maximum of the log-likelihood, constants included"]
    sigma2: NotRequired[Annotated[NotNegative, "Variance of the levels of the studies, in UM.RS"]]
    likelihood_ratio: Annotated[CountTest | None, "Test of heterogeneity against a model with an effect of each study"]
    wald: Annotated[CountTest | None, "Cochran's Q of the studies' own effects; those that are infinite are not in it"]
    equal_effects: Annotated[Line | None, "The model without heterogeneity, by Wald"]
    inferences: Annotated[dict[str, RandomLine], "The estimate by each inference: wald, t, PL"]


class Glmm(GlmmLevel):
    """The generalised linear mixed model of an analysis."""

    likelihood: Annotated[str, "binomial or poisson"]
    model: Annotated[str | None, "Model of two arms; null of one group"]
    counts_only: Annotated[list[str], "Studies whose counts are in it and that give no effect"]
    corrected: Annotated[CorrectedModel | None, "What the usual model gives with a continuity correction"]
