"""The keys of a reported figure: those of its statistic, and those that every figure has."""

from __future__ import annotations

from coppice.core.limits import NAME_LENGTH, QUOTE_LENGTH
from coppice.core.reported_fields import QUALITIES
from coppice.core.reported_statistics import STATISTICS
from coppice.core.schema import NAME, Choice, Key, ListOf, MapOf, Nullable, Object, Scalar, Text
from coppice.extract.checks.registry import CHECKS

TEXT_FILE = Text(
    r"(?![/~])(?!.*(^|/)\.{1,2}(/|$))[^\\:]+",
    "of a path to a file of the review, such as sources/jama2021.txt, without '..'",
    NAME_LENGTH,
)
SOURCE = Object(
    (
        Key("report", Text(), "Key of the report in `reports`", required=True),
        Key("at", Nullable(Text()), "Place within the report: abstract, table, page"),
        Key("read_in", Nullable(Text()), "Where it was really read: a key of config/sources.yaml"),
        Key("quality", Nullable(Choice(lambda: QUALITIES)), "What kind of place that is"),
        Key("text", TEXT_FILE, "File of the text that holds the figure, such as `sources/jama2021.txt`"),
        Key(
            "quote",
            Text(longest=QUOTE_LENGTH),
            "The words of that text that hold the figure; ` [...] ` stands for words left out",
        ),
    )
)


ACCEPT = Key(
    "accept",
    MapOf(Text(), Choice(lambda: CHECKS)),
    "Findings of checks that are right as they are, by the check's name, each with the reason",
)

COMMON_KEYS = (
    Key("statistic", Choice(lambda: STATISTICS), "The form of the figure", required=True),
    Key("source", SOURCE, "Where the figure is printed and where it was read"),
    Key(
        "arms",
        ListOf(NAME, length=2),
        "The two arms that it compares, by their keys in `arms`: the first is read as experimental, the second as control",
    ),
    Key("population", NAME, "Its patients, as a path. Default: those of the outcome"),
    Key("label", NAME, "Its row in the figures. Default: the study's label"),
    Key("use", Text(), "Marks the figure that enters, with the reason; without a mark the route of best rank does"),
    Key(
        "characteristics",
        MapOf(Scalar()),
        "What analyses of several effects of a study group and adjust this one by, in place of the values of the study",
    ),
    Key("note", Nullable(Text()), "Anything a reader should know of it"),
    ACCEPT,
)


def figure_shape(name: str) -> Object:
    """Return the shape of a reported figure of the statistic `name`: its own fields and those that all have."""
    own = {key.name for key in STATISTICS[name].keys}
    return Object((*(key for key in COMMON_KEYS if key.name not in own), *STATISTICS[name].keys))


FIGURE_SHAPES: dict[str, Object] = {name: figure_shape(name) for name in STATISTICS}
