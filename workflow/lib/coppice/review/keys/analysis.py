"""The keys of an analysis."""

from __future__ import annotations

from coppice.core.measures import MEASURES
from coppice.core.schema import NAME, Choice, Flag, Key, ListOf, MapOf, Nullable, Object, OneOf, Text
from coppice.extract.registry import ROUTES
from coppice.review.catalogue import CRITERIA
from coppice.review.comparison import COMBINE, SEVERAL_ARMS
from coppice.review.diagnostic import DIAGNOSTIC
from coppice.review.dose_response import DOSE_RESPONSE_KEY
from coppice.review.figure_keys import ACCEPT
from coppice.review.keys.bayes import BAYES
from coppice.review.keys.explore import EXPLORE
from coppice.review.keys.extract import EXTRACT
from coppice.review.keys.model import MODEL
from coppice.review.keys.multiverse import MULTIVERSE
from coppice.review.keys.requests import DEPENDENCE, MODEL_REQUESTS
from coppice.review.keys.results import BASELINES, CERTAINTY, OF_RESULTS
from coppice.review.keys.stored import STORED
from coppice.review.multivariate import MULTIVARIATE_KEYS
from coppice.review.network import NETWORK

SUBGROUPS = Object(
    (
        Key("by", Text(), "Characteristic by which the studies are grouped", required=True),
        Key(
            "levels",
            MapOf(NAME),
            "What its levels are called, by their values, in the order of figures and tables; levels without a name follow as they are",
        ),
    )
)
ANALYSIS = Object(
    (
        Key("title", Text(), "Title of the analysis. Default: its name"),
        Key(
            "outcome",
            NAME,
            "Key of the outcome in the records, or its name in a table. Default: the name of the analysis",
        ),
        Key("measure", Choice(lambda: MEASURES), "Effect measure", required=True),
        Key(
            "compare",
            ListOf(NAME, length=2),
            "The two treatments that it compares, [experimental, control], as records or `treatments` call them; also classes, or arms by name or key. Studies without both are excluded",
        ),
        Key(
            "several_arms",
            Choice(lambda: SEVERAL_ARMS),
            "Several arms of a study on one side: combined into one, as Cochrane advises, or (separate) each experimental arm by itself against the control arms, for which `dependence` is needed",
            default=COMBINE,
        ),
        Key(
            "network",
            NETWORK,
            "Network meta-analysis: all treatments of the studies at once, e.g. {reference: placebo, small_values: good}",
        ),
        *MULTIVARIATE_KEYS,
        Key(
            "diagnostic",
            DIAGNOSTIC,
            "Options of a diagnostic meta-analysis (`measure: DTA`): model, empty cells, prevalences, and what test and target condition are called",
        ),
        DOSE_RESPONSE_KEY,
        Key("include", CRITERIA, "Characteristics that a study must have, e.g. {design: [randomised]}"),
        Key("exclude", MapOf(Text()), "Studies that do not enter, each with the reason"),
        Key("route", Choice(lambda: ROUTES), "Take this route only"),
        Key("extract", EXTRACT, "Overrides, for this analysis, of how figures become effects"),
        Key(
            "subgroups",
            OneOf((SUBGROUPS,), meant=Nullable(Text())),
            "Characteristic by which the studies are grouped; with names of its levels, in their order: {by: setting, levels: {first relapse: First relapse}}",
        ),
        Key(
            "overall",
            Flag(),
            "Whether there is an overall estimate in addition to those of the subgroups",
            default=True,
        ),
        Key(
            "favours",
            ListOf(Text(), length=2),
            "What lies below the null, then above: experimental and control stand for the arms' names; anything else is printed as it is",
        ),
        Key("moderators", Text(), "Meta-regression: the right-hand side of its formula, e.g. ablat + C(alloc)"),
        Key(
            "scale_moderators",
            Text(),
            "Location-scale model: the right-hand side of the formula of ln(tau2), e.g. year + C(setting)",
        ),
        *MODEL_REQUESTS,
        Key(
            "dependence",
            DEPENDENCE,
            "How several effects of one study, each marked `use`, enter; without it only one does",
        ),
        Key("model", MODEL, "Overrides of the model for this analysis"),
        Key(
            "bayes",
            OneOf((Flag(),), meant=BAYES),
            "A Bayesian model beside the frequentist one, by its priors; false: it has none. Default: the review's",
        ),
        Key(
            "baselines",
            BASELINES,
            "Risks without the treatment, for absolute effects: of a control arm or a registry, each with its source",
        ),
        Key(
            "certainty",
            Nullable(CERTAINTY),
            "Certainty of the evidence as people judged it; null prints as 'not assessed'",
        ),
        *OF_RESULTS,
        Key("explore", EXPLORE, "Overrides, for this analysis, of what is explored"),
        Key(
            "multiverse",
            OneOf((Flag(),), meant=MULTIVERSE),
            "What its multiverse varies; false: it has none. Default: the review's",
        ),
        Key(
            "event",
            Nullable(Text()),
            "What happens to a patient, as it reads in a sentence: death. Default: an event, or for counts a title that can be one",
        ),
        Key("stored", STORED, "The result that another program stored, which is compared with that of this run"),
        Key("note", Nullable(Text()), "Printed beside the analysis in the report"),
        Key(
            "accept",
            ACCEPT.shape,
            "Findings of checks of the note against the result that are right as they are, by the check's name, each with the reason",
        ),
    )
)
