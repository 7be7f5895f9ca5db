"""The configuration: its keys, and what each allows."""

from __future__ import annotations

from coppice.core import results_layout
from coppice.core.limits import NAME_LENGTH
from coppice.core.number_style import STYLES
from coppice.core.schema import NAME, Choice, Flag, Key, ListOf, MapOf, Nullable, Number, Object, OneOf, Text
from coppice.draw.registry import EVERY_FIGURE
from coppice.pool.profiles import DEFAULT_PROFILE, PROFILES
from coppice.report.formats import FORMATS
from coppice.review.figure_keys import ACCEPT
from coppice.review.keys.analysis import ANALYSIS
from coppice.review.keys.bayes import BAYES
from coppice.review.keys.explore import EXPLORE
from coppice.review.keys.extract import EXTRACT
from coppice.review.keys.model import MODEL
from coppice.review.keys.multiverse import MULTIVERSE
from coppice.review.keys.review import REVIEW
from coppice.review.keys.table import OF_TABLES
from coppice.review.record import ID

SCALAR = OneOf((Flag(), Number()), meant=Text())
FIGURES = Object(
    [
        Key(
            "formats",
            ListOf(Choice(lambda: results_layout.FORMATS)),
            "Formats of all figures besides SVG, which the page shows: PDF for a journal, PNG for a text processor",
            default=list(results_layout.DEFAULT_FORMATS),
        ),
        *(
            Key(item.name, OneOf((Flag(),), meant=item.shape), item.title, default=item.is_standard)
            for item in EVERY_FIGURE.values()
        ),
    ]
)

REPORT = Object(
    (
        Key(
            "formats",
            ListOf(Choice(lambda: FORMATS)),
            "Formats of the report in addition to the page and the notebook",
            default=[],
        ),
        Key(
            "style",
            Choice(lambda: STYLES),
            "Whose rules the numbers follow: decimal signs, ranges and p values. Default: Coppice's own",
        ),
    )
)

TREATMENT = Object(
    (
        Key("name", NAME, "How it is printed. Default: its key"),
        Key("class", NAME, "Class of treatments to which it belongs, which an analysis may compare as a whole"),
        Key("lumps", MapOf(Text()), "Treatments of the records that count as this one, each with the reason"),
    )
)

CONFIG = Object(
    (
        Key("review", REVIEW, "The question and who asks it", required=True),
        Key(
            "texts",
            Text(longest=NAME_LENGTH),
            "Folder of texts: what records do not quote of it is read for figures. Default: sources, where there is one",
        ),
        Key("studies", Text(), "Folder of study records, or a table of studies", required=True),
        *OF_TABLES,
        Key(
            "accept",
            MapOf(ACCEPT.shape),
            "Findings of checks that are right as they are: by study, then by the check's name, each with the reason",
        ),
        Key("profile", Choice(lambda: PROFILES), "Named defaults of the model", default=DEFAULT_PROFILE),
        Key("model", MODEL, "The model of all analyses"),
        Key("bayes", BAYES, "A Bayesian model of all analyses beside the frequentist one"),
        Key("extract", EXTRACT, "How figures become effects, for all analyses"),
        Key("explore", EXPLORE, "What is explored in addition to pooling, for all analyses"),
        Key(
            "multiverse",
            MULTIVERSE,
            "The choices that are varied together, for all analyses: every combination is an analysis",
        ),
        Key(
            "treatments",
            MapOf(TREATMENT),
            "Treatments by the names that analyses use: how each is printed, its class, and what counts as it",
        ),
        Key("analyses", MapOf(ANALYSIS, ID), "The analyses, by name", required=True),
        Key("figures", FIGURES, "The figures by name, each with its options; false: it is not drawn"),
        Key("style", MapOf(SCALAR), "Overrides of fonts, colours and sizes"),
        Key(
            "history",
            Nullable(Text()),
            "Table of the searches of a living review: when, and which studies each added; null where it is none",
        ),
        Key("report", REPORT, "Forms of the report, and how it prints numbers"),
    )
)

DEFAULT_STUDIES = "config/studies"
