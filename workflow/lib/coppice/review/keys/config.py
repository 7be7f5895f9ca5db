"""The configuration: its keys, and what each allows."""

from __future__ import annotations

from collections.abc import Iterable

from coppice.core.limits import LARGEST_VARIANCE
from coppice.core.measures import MEASURES
from coppice.core.reported_fields import CONFIDENCE, UNITS
from coppice.core.schema import (
    NAME,
    Anything,
    Choice,
    Entries,
    Fixed,
    Flag,
    Key,
    Listing,
    Number,
    OneOf,
    Optional_,
    Text,
)
from coppice.draw.registry import EVERY_FIGURE
from coppice.review.keys.explore import explore_keys, multiverse_keys
from coppice.review.keys.regression import ACCEPTED, FURTHER
from coppice.review.keys.report import BASELINES, CERTAINTY, OF_RESULTS, REPORT, REVIEW
from coppice.review.keys.small_study import SMALL_STUDY
from coppice.review.record import ID


def tau2_methods() -> Iterable[str]:
    """Return the names of the between-study variance estimators."""
    from coppice.pool.kernel.tau2 import ESTIMATORS

    return ESTIMATORS


def inferences() -> Iterable[str]:
    """Return the names of the ways to an interval for the pooled effect."""
    from coppice.pool.kernel.inference import INFERENCES

    return INFERENCES


def predictions() -> Iterable[str]:
    """Return the names of the prediction intervals."""
    from coppice.pool.kernel.prediction import NO_PREDICTION, PREDICTIONS

    return [*PREDICTIONS, NO_PREDICTION]


def profiles() -> Iterable[str]:
    """Return the names of the profiles."""
    from coppice.pool.profiles import PROFILES

    return PROFILES


def common_methods() -> Iterable[str]:
    """Return the names of the ways to a common effect."""
    from coppice.pool.stratified import COMMON_METHODS

    return COMMON_METHODS


def corrected_tables() -> Iterable[str]:
    """Return the names of the tables to which Mantel-Haenszel and Peto may add something."""
    from coppice.pool.stratified import TO

    return TO


def double_zeros_of_common() -> Iterable[str]:
    """Return what Mantel-Haenszel and Peto may do about tables without events in either arm."""
    from coppice.pool.stratified import DOUBLE_ZEROS

    return DOUBLE_ZEROS


def tau2_intervals() -> Iterable[str]:
    """Return the names of the intervals for the between-study variance."""
    from coppice.pool.kernel.heterogeneity import TAU2_INTERVALS

    return TAU2_INTERVALS


def route_names() -> Iterable[str]:
    """Return the names of the routes."""
    from coppice.extract.registry import ROUTES

    return ROUTES


def corrections() -> Iterable[str]:
    """Return the names of the corrections for zero cells."""
    from coppice.extract.routes.zero_cells import CORRECTIONS

    return CORRECTIONS


def smd_variances() -> Iterable[str]:
    """Return the names of the variances of a standardised mean difference."""
    from coppice.extract.routes.means import SMD_VARIANCES

    return SMD_VARIANCES


NOT_NEGATIVE = Number(low=0, high=LARGEST_VARIANCE)

MODEL = Fixed(
    (
        Key(
            "tau2",
            OneOf((NOT_NEGATIVE, Choice(tau2_methods))),
            "Estimator of the between-study variance, or a fixed value",
        ),
        Key("inference", Choice(inferences), "How the interval of the pooled effect is made"),
        Key("level", CONFIDENCE, "Level of all intervals"),
        Key("prediction", Choice(predictions), "Prediction interval"),
        Key(
            "tau2_interval",
            Choice(tau2_intervals),
            "Interval of the between-study variance: Q-profile (QP), profile likelihood by REML (PL) or by ML (PL-ML), or the distribution of Q with weights 1/SE (J), 1/SE^2 (BJ) or those of GENQ",
        ),
        Key("tau2_weights", Text(), "Characteristic that holds the weights of the estimator GENQ"),
        Key(
            "subgroup_tau2",
            Choice(lambda: ("separate", "common")),
            "Whether each subgroup has a between-study variance of its own or all share one",
        ),
        Key(
            "common",
            Choice(common_methods),
            "Common effect: by inverse variance (IV), or from counts by Mantel-Haenszel (MH) or Peto",
        ),
        Key(
            "common_add",
            Number(low=0, high=10),
            "What is added to each cell before Mantel-Haenszel, nothing by default; Peto is never corrected",
        ),
        Key(
            "common_to",
            Choice(corrected_tables),
            "The tables that common_add is added to: those with a zero cell (only in odds and risk ratios: zeros-in-ratios; only in tables of patients, not of rates: zeros-of-patients), all if one has a zero cell, or all",
        ),
        Key(
            "common_double_zeros",
            Choice(double_zeros_of_common),
            "Whether tables without events in either arm, or with only events, enter Mantel-Haenszel and Peto; drop-undefined keeps risk ratios of 1",
        ),
    )
)

EXTRACT = Fixed(
    (
        Key("zero_cells", Choice(corrections), "What to do about a zero cell of a two-by-two table"),
        Key("zero_value", Number(low=0, exclusive=True), "The constant that is added to the cells, 0.5 if not said"),
        Key(
            "zero_to",
            Choice(lambda: ("zeros", "needed", "all")),
            "Which tables it is added to: those with a zero cell, those of them that give no effect without it, or all",
        ),
        Key(
            "zero_in",
            Choice(lambda: ("cells", "events", "variance")),
            "Where it is added: to each cell; for risk ratios to the events alone, (a + c)/(n + c); for differences in the variance alone",
        ),
        Key(
            "double_zeros",
            Choice(lambda: ("correct", "exclude", "exclude-undefined")),
            "Whether a table with events in neither arm, or with only events, is corrected as any other or gives no relative effect; exclude-undefined keeps risk ratios of 1",
        ),
        Key(
            "smd_variance",
            Choice(smd_variances),
            "Variance of a standardised mean difference: large-sample (LS), unbiased (UB), or large-sample before the correction (LS2)",
        ),
        Key("small_sample", Flag(), "false: no correction for small samples (Hedges' J and the like)"),
        Key(
            "correlation",
            Number(low=-1, high=1, exclusive=True),
            "Correlation of paired measurements, imputed where a study does not report it",
        ),
        Key(
            "icc",
            Number(low=0, high=1),
            "Intracluster correlation, imputed where a study gives the size of its clusters only",
        ),
        Key(
            "horizon",
            Number(low=0, exclusive=True),
            "Time, in time_unit, to which survival times are restricted before their means are compared",
        ),
        Key("time_unit", Choice(lambda: UNITS), "Unit to which differences of times are converted; months if not said"),
    )
)

DEPENDENCE = Fixed(
    (
        Key(
            "method",
            Choice(lambda: ("aggregate", "multilevel", "che", "ce")),
            (
                "One effect a study (aggregate), a three-level model with independent (multilevel) or correlated (che) sampling "
                "errors, or the correlated-effects model of robust variance estimation (ce)"
            ),
            required=True,
        ),
        Key(
            "rho",
            Number(low=0, high=1),
            "Correlation of the sampling errors of a study's effects, below 1; for aggregate, che and ce",
        ),
        Key(
            "rhos",
            Listing(Number(low=0, high=1)),
            "Other correlations for which results are shown, as it is seldom known; 0, 0.2, 0.4, 0.6 and 0.8 if not said",
        ),
        Key("robust", Choice(lambda: ("CR1", "CR2")), "Cluster-robust inference of the three-level models"),
    )
)

CRITERIA = Entries(OneOf((Listing(Anything()), Anything())))

TAU2 = OneOf((NOT_NEGATIVE, Choice(tau2_methods)))
EXPLORE = explore_keys(TAU2, SMALL_STUDY)
MULTIVERSE = multiverse_keys(tau2=TAU2, inferences=inferences, routes=route_names, extract=EXTRACT, criteria=CRITERIA)

ANALYSIS = Fixed(
    (
        Key("title", Text(), "Title of the analysis; its name if not said"),
        Key(
            "outcome",
            NAME,
            "Key of the outcome in the records, or its name in a table; the analysis's own name if not said",
        ),
        Key("measure", Choice(lambda: MEASURES), "Effect measure", required=True),
        Key("include", CRITERIA, "Characteristics that a study must have, e.g. {design: [randomised]}"),
        Key("exclude", Entries(Text()), "Studies that do not enter, each with the reason"),
        Key("route", Choice(route_names), "Take this route only"),
        Key("extract", EXTRACT, "Overrides, for this analysis, of how figures become effects"),
        Key("subgroups", Optional_(Text()), "Characteristic by which the studies are grouped"),
        Key("overall", Flag(), "false: subgroups only, with no overall estimate"),
        Key(
            "favours",
            Listing(Text(), length=2),
            "What lies below the null, then above: experimental and control stand for the arms' names; anything else is printed as it is",
        ),
        Key("moderators", Text(), "Meta-regression: the right-hand side of its formula, e.g. ablat + C(alloc)"),
        *FURTHER,
        Key(
            "dependence",
            DEPENDENCE,
            "How several effects of one study, each marked `use`, enter; without it only one does",
        ),
        Key("model", MODEL, "Overrides of the model for this analysis"),
        Key(
            "baselines",
            BASELINES,
            "Risks without the treatment, for absolute effects: of a control arm or a registry, each with its source",
        ),
        Key(
            "certainty",
            Optional_(CERTAINTY),
            "Certainty of the evidence as people judged it; null prints as 'not assessed'",
        ),
        *OF_RESULTS,
        Key("explore", EXPLORE, "Overrides, for this analysis, of what is explored"),
        Key(
            "multiverse",
            OneOf((Flag(), MULTIVERSE)),
            "What its multiverse varies, in place of the review's; false: it has none",
        ),
        Key(
            "event",
            Optional_(Text()),
            "What happens to a patient, as it stands in a sentence: death. Default: an event, or for counts a title that can be one",
        ),
        Key("note", Optional_(Text()), "Printed beside the analysis in the report"),
    )
)

SCALAR = OneOf((Flag(), Number(), Text()))
FIGURES = Fixed([Key(item.name, OneOf((Flag(), item.shape)), item.title) for item in EVERY_FIGURE.values()])

CONFIG = Fixed(
    (
        Key("review", REVIEW, "The question and who asks it", required=True),
        Key("studies", Text(), "Folder of study records, or a table of studies", required=True),
        Key(
            "columns",
            Entries(Text()),
            "What the columns of a table are called there: from Coppice's names to those of the table, e.g. {events_e: tpos}",
        ),
        ACCEPTED,
        Key("profile", Choice(profiles), "Named defaults of the model"),
        Key("model", MODEL, "The model of all analyses"),
        Key("extract", EXTRACT, "How figures become effects, for all analyses"),
        Key("explore", EXPLORE, "What is done besides pooling, for all analyses"),
        Key(
            "multiverse",
            MULTIVERSE,
            "The choices that are varied together, for all analyses: every combination is an analysis",
        ),
        Key("analyses", Entries(ANALYSIS, ID), "The analyses, by name", required=True),
        Key(
            "figures",
            FIGURES,
            "The figures by name, each with its options; false: it is not drawn",
        ),
        Key("style", Entries(SCALAR), "Overrides of fonts, colours and sizes"),
        Key(
            "history",
            Optional_(Text()),
            "Table of the searches of a living review: when, and which studies each added; null where it is none",
        ),
        Key("report", REPORT, "Forms of the report, and how it prints numbers"),
    )
)

DEFAULT_STUDIES = "config/studies"
