"""The options of figures: what a configuration may give to each, checked before anything is drawn or even imported."""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

from coppice.core.contracts.explore import CLUSTER_METHODS
from coppice.core.contracts.small_study import FILL_ESTIMATORS
from coppice.core.schema import NO_DEFAULT, Choice, Flag, Key, ListOf, Nullable, Object, Text
from coppice.draw.figures.precisions import PRECISIONS
from coppice.draw.figures.robustness_lines import ROWS
from coppice.draw.forest.options import ForestOptions


def keys_of(options: type) -> tuple[Key, ...]:
    """Return the keys that the annotated fields of a dataclass declare; one whose default is None has a computed one."""
    declared = get_type_hints(options, include_extras=True)
    keys = []
    for item in fields(options):
        shape, description = declared[item.name].__metadata__
        keys.append(Key(item.name, shape, description, default=NO_DEFAULT if item.default is None else item.default))
    return tuple(keys)


def labels(*, default: bool = True) -> Key:
    """Return the key that switches the labels of points."""
    return Key("labels", Flag(), "Whether the points are labelled, where there is room", default=default)


LABELS = labels()

FUNNEL = (
    Key("contours", Flag(), "Whether regions of significance are shaded", default=True),
    Key("limits", Flag(), "Whether the pseudo-limits around the estimate are drawn", default=True),
    Key("egger", Flag(), "Whether the line of Egger's test is drawn", default=True),
    Key("fill", Nullable(Choice(lambda: FILL_ESTIMATORS)), "Estimator of trim and fill whose added studies are drawn"),
    Key("y", Choice(lambda: PRECISIONS), "What the vertical axis shows", default="se"),
)

OPTIONS: dict[str, tuple[Key, ...]] = {
    "forest": keys_of(ForestOptions),
    "funnel": FUNNEL,
    "baujat": (LABELS,),
    "bubble": (labels(default=False), Key("moderator", Text(), "Which of the moderators. Default: the first")),
    "gosh": (LABELS, Key("clusters", Choice(lambda: CLUSTER_METHODS), "Method of the clusters", default="mixture")),
    "coupled_forest": (
        Key("thresholds", Flag(), "Whether there is a column of thresholds, where studies state them", default=True),
    ),
    "sroc": (
        labels(default=False),
        Key(
            "subgroups",
            Flag(),
            "Whether an analysis with subgroups shows their summary points in place of that of all studies",
            default=True,
        ),
    ),
    "labbe": (LABELS,),
    "radial": (LABELS,),
    "robustness": (
        Key(
            "rows",
            ListOf(Choice(lambda: ROWS)),
            "What stands beside the main estimate, where the results hold it. Default: all",
        ),
    ),
    "risk_of_bias_summary": (
        Key("analysis", Nullable(Text()), "The analysis in which the studies count by their weight"),
    ),
}


def options_of(figure: str) -> Object:
    """Return the shape of the options of a figure."""
    return Object(OPTIONS.get(figure, ()))
