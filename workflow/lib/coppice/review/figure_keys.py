"""The keys of a reported figure: those of its statistic, and those that every figure has."""

from __future__ import annotations

from coppice.core.reported_fields import QUALITIES
from coppice.core.reported_statistics import STATISTICS
from coppice.core.schema import NAME, Anything, Choice, Entries, Fixed, Key, Optional_, Text
from coppice.extract.checks.registry import CHECKS

SOURCE = Fixed(
    (
        Key("report", Text(), "Key of the report in `reports`", required=True),
        Key("at", Optional_(Text()), "Place within the report: abstract, table, page"),
        Key("read_in", Optional_(Text()), "Where it was really read: a key of config/sources.yaml"),
        Key("quality", Optional_(Choice(lambda: QUALITIES)), "What kind of place that is"),
    )
)


ACCEPT = Key(
    "accept",
    Entries(Text(), Choice(lambda: CHECKS)),
    "Findings of checks that are right as they are, by the check's name, each with the reason",
)

COMMON_KEYS = (
    Key("statistic", Choice(lambda: STATISTICS), "The form of the figure", required=True),
    Key("source", SOURCE, "Where the figure stands and where it was read"),
    Key("population", NAME, "Its patients, as a path. Default: those of the outcome"),
    Key("label", NAME, "Its row in the figures. Default: the study's label"),
    Key("use", Text(), "Marks the figure that enters, with the reason; without a mark the route of best rank does"),
    Key(
        "characteristics",
        Entries(Anything()),
        "What analyses of several effects of a study group and adjust this one by, over what the study says",
    ),
    Key("note", Optional_(Text()), "Anything a reader should know of it"),
    ACCEPT,
)


def figure_shape(name: str) -> Fixed:
    """Return the shape of a reported figure of the statistic `name`: its own fields and those that all have."""
    own = {key.name for key in STATISTICS[name].keys}
    return Fixed((*(key for key in COMMON_KEYS if key.name not in own), *STATISTICS[name].keys))


FIGURE_SHAPES: dict[str, Fixed] = {name: figure_shape(name) for name in STATISTICS}
