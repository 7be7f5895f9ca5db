"""What results/explore/<analysis>.json holds."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict

from coppice.core.contracts.bayes import BayesRow
from coppice.core.contracts.conclusions import CombinedP, Equivalence, EValues, Fragility
from coppice.core.contracts.lines import Interval
from coppice.core.contracts.small_study import SmallStudy
from coppice.core.contracts.values import Count, Fraction, NotNegative, NumbersAsText, Percent, Skipped

CLUSTER_METHODS = ("k_means", "dbscan", "mixture")  # of the cloud of GOSH: keys of :class:`Clusters`
OFF = "{skipped: reason} where it is switched off or may not be used"


class Refit(Interval):
    """The model of some of the effects."""

    k: Annotated[Count, "Number of effects"]
    inference: Annotated[str | None, "How the interval was made; null where there is no effect"]
    se: Annotated[float | None, "Its standard error"]
    statistic: Annotated[float | None, "z or t; null by profile likelihood"]
    p: Annotated[Fraction | None, "Two-sided p value"]
    tau2: Annotated[NotNegative | None, "Between-study variance"]
    I2: Annotated[Percent | None, "I2, in percent"]
    H2: Annotated[NotNegative | None, "H2"]
    Q: Annotated[NotNegative | None, "Cochran's Q"]


class ResampledRow(Refit):
    """The model without an effect, or with it and those before it."""

    study: Annotated[str, "Study whose effect was left out or added"]
    label: Annotated[str, "Label of the effect"]
    population: Annotated[str | None, "Its patients, as a path"]
    by: NotRequired[Annotated[str, "What the effects are ordered by, where that is not the year"]]


class InfluenceRow(ResampledRow):
    """The same with what the effect does to the model."""

    influential: Annotated[bool, "Whether one of the rules of thumb marks it"]
    rstudent: Annotated[float | None, "Residual from the model without it, over its standard error"]
    dffits: Annotated[float | None, "Change of its fitted value"]
    cook_d: Annotated[float | None, "Cook's distance"]
    cov_ratio: Annotated[float | None, "Variance of the estimate without it over that with it"]
    tau2_del: Annotated[float | None, "tau2 without it"]
    QE_del: Annotated[float | None, "Q without it"]
    hat: Annotated[float | None, "Share of the weights"]
    dfbetas: Annotated[float | None, "Change of the estimate, in standard errors"]
    baujat_x: Annotated[float | None, "Contribution to Q"]
    baujat_y: Annotated[float | None, "Squared change of the estimate over the variance without it"]


class HistoryRow(Refit):
    """The model after one search of a living review."""

    searched: Annotated[str, "Date of the search"]
    label: Annotated[str, "Date and number of effects"]
    added: Annotated[list[str], "Labels of the effects that are new"]


class Cloud(TypedDict):
    """How many subsets lie in each cell of estimate (rows) by I2 (columns)."""

    estimate: Annotated[list[float], "Edges of the rows"]
    I2: Annotated[list[float], "Edges of the columns"]
    counts: Annotated[list[list[Count]], "Number of subsets in each cell"]


class GoshStudy(TypedDict):
    """What one study does to the subsets."""

    study: Annotated[str, "Study"]
    label: Annotated[str, "Its label"]
    subsets: Annotated[Count, "Number of subsets with it"]
    estimate_with: Annotated[float, "Mean of the estimate over the subsets with it"]
    estimate_without: Annotated[float, "The same without it"]
    I2_with: Annotated[float, "Mean of I2 over the subsets with it"]
    I2_without: Annotated[float, "The same without it"]


class Cluster(TypedDict):
    """One cluster of subsets."""

    points: Annotated[Count, "Number of subsets"]
    estimate: Annotated[float, "Mean of the estimate"]
    I2: Annotated[float, "Mean of I2"]
    inclusion: Annotated[list[Fraction], "Share of its subsets that have each study"]


class Clustering(TypedDict):
    """The clusters by one method."""

    clusters: Annotated[list[Cluster], "The clusters, largest first"]
    noise: Annotated[Count, "Number of subsets in no cluster"]
    explained: Annotated[list[float], "Share of the variance of each study's inclusion that the clusters explain"]
    points_at: Annotated[list[str], "Studies that split the cloud"]


class Clusters(TypedDict):
    """The clusters of the cloud by each method."""

    points: Annotated[Count, "Number of subsets that were clustered"]
    seed: Annotated[int, "Seed of the methods"]
    k_means: Annotated[Clustering, "k-means"]
    dbscan: Annotated[Clustering, "DBSCAN"]
    mixture: Annotated[Clustering, "Gaussian mixture"]


class Gosh(TypedDict):
    """The model in every subset of the effects."""

    tau2: Annotated[str | float, "Estimator of tau2, or its fixed value"]
    subsets: Annotated[Count, "Number of subsets"]
    of: Annotated[Count, "Number of all subsets of two effects or more"]
    sampled: Annotated[bool, "Whether they are a sample"]
    seed: Annotated[int | None, "Seed of the sample"]
    estimate: Annotated[dict[str, float], "Quantiles of the estimate"]
    I2: Annotated[dict[str, float], "Quantiles of I2"]
    cloud: Annotated[Cloud, "The cloud in numbers"]
    studies: Annotated[list[GoshStudy], "What each study does to it"]
    clusters: Annotated[Clusters | Skipped, "Clusters of the cloud"]


class Specification(TypedDict):
    """One analysis of a multiverse."""

    choices: Annotated[dict[str, str], "The value of each choice"]
    k: Annotated[Count, "Number of effects"]
    inference: Annotated[str, "How the interval was made"]
    estimate: Annotated[float, "The estimate, on the model's scale"]
    se: Annotated[float, "Its standard error"]
    ci_low: Annotated[float, "Lower limit of its confidence interval"]
    ci_high: Annotated[float, "Upper limit"]
    p: Annotated[
        Fraction, "Two-sided p value; of a Bayesian model twice the smaller probability of a side of no effect"
    ]
    tau2: Annotated[NotNegative, "Between-study variance"]
    I2: Annotated[Percent, "I2, in percent"]


class ImpossibleChoices(TypedDict):
    """Choices that can't be combined."""

    choices: Annotated[dict[str, str], "The value of each; those that are not named may be anything"]
    reason: Annotated[str, "Why not"]
    combinations: Annotated[Count, "Number of combinations that they rule out"]


class MovedBy(TypedDict):
    """Which choice moves the estimate."""

    of: Annotated[str, "What is decomposed"]
    shares: Annotated[dict[str, float], "Share of the variance that each choice explains alone"]
    together: Annotated[float, "Share that all explain without interactions"]


class MeasureSummary(TypedDict):
    """The specifications of one measure."""

    specifications: Annotated[Count, "Number of specifications"]
    same_direction: Annotated[Count | None, "Number on the main analysis's side of no effect"]
    moved_by: Annotated[MovedBy | None, "Which choice moves the estimate most"]


class SpreadOfEstimates(TypedDict):
    """How far the estimates of one measure reach."""

    low: Annotated[float | None, "Lowest estimate"]
    median: Annotated[float | None, "Median estimate"]
    high: Annotated[float | None, "Highest estimate"]
    ci_low: Annotated[float | None, "Lowest limit of an interval"]
    ci_high: Annotated[float | None, "Highest limit"]


class RangeOfEstimates(SpreadOfEstimates):
    """The same on the model's scale and back-transformed."""

    display: Annotated[SpreadOfEstimates, "The same, back-transformed"]


class MultiverseSummary(MeasureSummary):
    """What the specifications say together."""

    significant: Annotated[Count | None, "Number whose interval excludes no effect"]
    significant_same_direction: Annotated[Count | None, "Those of them on the main analysis's side"]
    range: Annotated[dict[str, RangeOfEstimates], "Range of the estimates, by measure"]
    position: Annotated[Fraction, "Share of the specifications of its measure below the main analysis"]
    by_measure: Annotated[dict[str, MeasureSummary], "Summary of each measure"]


class Multiverse(TypedDict):
    """The model under other choices."""

    choices: Annotated[dict[str, list[str]], "The values of each choice, that of the main analysis first"]
    combinations: Annotated[Count, "Number of combinations"]
    specifications: Annotated[list[Specification], "The analyses, the main one first"]
    impossible: Annotated[list[ImpossibleChoices], "Choices that can't be combined"]
    summary: Annotated[MultiverseSummary | None, "What the specifications say together"]


class WhatIfChoice(TypedDict):
    """One model that a reader may switch to."""

    tau2: Annotated[str | float | None, "Estimator of tau2, or its fixed value; null for the common effect"]
    inference: Annotated[str, "How its interval is made"]
    label: Annotated[str, "Its name"]
    columns: Annotated[list[Count], "The place of each of the `fields` among the `columns`"]


class WhatIf(TypedDict):
    """The model of every subset of the studies, by other estimators and intervals too."""

    studies: Annotated[list[str], "The studies, in the order of their effects"]
    effects: Annotated[list[Count], "Number of effects of each"]
    fields: Annotated[list[str], "What there is of each model, back-transformed"]
    choices: Annotated[list[WhatIfChoice], "The models, that of the analysis first"]
    columns: Annotated[
        list[NumbersAsText],
        "Numbers with a comma between them, nothing for one that can't be estimated: number b is that of the subset "
        "whose studies are the bits of b, the first study being the lowest, from b = 1 on",
    ]
    limits: Annotated[list[str], "What is left out, in sentences"]


class ExploreResult(TypedDict):
    """One analysis explored; a part that is switched off or may not be used is `{skipped: reason}`."""

    analysis: Annotated[str, "Analysis"]
    measure: Annotated[str, "Measure"]
    level: Annotated[Fraction, "Level of all intervals"]
    leave_one_out: Annotated[
        list[ResampledRow] | Skipped,
        "The model without each effect; each row names its `inference`, the one that an analysis of the effects left has, "
        f"and holds the estimate with its `statistic` (z or t; null by profile likelihood) and p, tau2, I2, H2 and Q; {OFF}",
    ]
    cumulative: Annotated[
        list[ResampledRow] | Skipped, f"The model as the effects came; rows as in leave_one_out; {OFF}"
    ]
    influence: Annotated[
        list[InfluenceRow] | Skipped,
        f"What each effect does to the model: the rows of leave_one_out with diagnostics; {OFF}",
    ]
    gosh: Annotated[Gosh | Skipped, f"The model in every subset of the effects; {OFF}"]
    history: Annotated[
        list[HistoryRow] | Skipped,
        f"The model at each search of a living review, each row with its `inference`; {OFF}",
    ]
    bayes_leave_one_out: NotRequired[
        Annotated[list[BayesRow] | Skipped, "The Bayesian model without each effect, where one is requested"]
    ]
    multiverse: Annotated[Multiverse | Skipped, f"The model under other choices; {OFF}"]
    small_study: Annotated[
        SmallStudy | Skipped,
        "Tests and models of small-study effects; a `caution` stands at an adjusted effect beyond every study; " + OFF,
    ]
    what_if: Annotated[
        WhatIf | Skipped, f"The model of every subset of the studies, by other estimators and intervals too; {OFF}"
    ]
    e_values: NotRequired[
        Annotated[EValues | Skipped, "E-values against unmeasured confounding, where they are requested"]
    ]
    fragility: NotRequired[Annotated[Fragility | Skipped, "The fragility index, where it is requested"]]
    equivalence: NotRequired[Annotated[Equivalence | Skipped, "The tests of equivalence, where they are requested"]]
    combined_p: NotRequired[Annotated[CombinedP | Skipped, "Combined p values, where they are requested"]]
