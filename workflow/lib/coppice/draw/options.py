"""The options of figures: what a configuration may give to each, checked before anything is drawn or even imported."""

from __future__ import annotations

from coppice.core.contracts.explore import CLUSTER_METHODS
from coppice.core.contracts.small_study import FILL_ESTIMATORS
from coppice.core.schema import Choice, Flag, Key, ListOf, MapOf, Nullable, Number, Object, OneOf, Pair, Text
from coppice.draw.figures.precisions import PRECISIONS
from coppice.draw.forest.presets import COLUMN_KEYS, PRESETS
from coppice.draw.forest.sorting import SORTS

MOST_DECIMALS = 12  # results have as many significant digits
DECIMALS = Number(low=0, high=MOST_DECIMALS, whole=True)


def labels(*, default: bool = True) -> Key:
    """Return the key that switches the labels of points."""
    return Key("labels", Flag(), "Whether the points are labelled, where there is room", default=default)


LABELS = labels()

FOREST = (
    Key("preset", Choice(lambda: PRESETS), "Layout of a journal or of a tool", default="default"),
    Key(
        "columns",
        Nullable(ListOf(Text())),
        f"Columns from left to right: {', '.join(COLUMN_KEYS)}, a characteristic of the studies, and `plot` once. Default: those of the preset",
    ),
    Key("sort", Choice(lambda: SORTS), "Order of the studies", default="given"),
    Key("limits", Nullable(Pair()), "Limits of the axis, as printed. Default: those that the effects need"),
    Key(
        "decimals",
        Nullable(OneOf((MapOf(DECIMALS),), meant=DECIMALS)),
        "Decimals of effects, or of columns by their keys. Default: two for ratios, else two digits of the median half-width",
    ),
    Key("headings", Nullable(MapOf(Text())), "Headings of columns by their keys; | breaks a line"),
    Key("common", Flag(), "Whether the common-effect summary is shown", default=True),
    Key("prediction", Flag(), "Whether the prediction interval is shown", default=True),
    Key("density", Flag(), "Whether the prediction interval is drawn as a density in place of a bar", default=False),
    Key("excluded", Flag(), "Whether a study that is not pooled has a row", default=True),
    Key("notes", Flag(), "Whether the footnotes are shown", default=True),
)
FUNNEL = (
    Key("contours", Flag(), "Whether regions of significance are shaded", default=True),
    Key("limits", Flag(), "Whether the pseudo-limits around the estimate are drawn", default=True),
    Key("egger", Flag(), "Whether the line of Egger's test is drawn", default=True),
    Key("fill", Nullable(Choice(lambda: FILL_ESTIMATORS)), "Estimator of trim and fill whose added studies are drawn"),
    Key("y", Choice(lambda: PRECISIONS), "What the vertical axis shows", default="se"),
)

OPTIONS: dict[str, tuple[Key, ...]] = {
    "forest": FOREST,
    "funnel": FUNNEL,
    "baujat": (LABELS,),
    "bubble": (labels(default=False), Key("moderator", Text(), "Which of the moderators. Default: the first")),
    "gosh": (LABELS, Key("clusters", Choice(lambda: CLUSTER_METHODS), "Method of the clusters", default="mixture")),
    "labbe": (LABELS,),
    "radial": (LABELS,),
    "risk_of_bias_summary": (
        Key("analysis", Nullable(Text()), "The analysis in which the studies count by their weight"),
    ),
}


def options_of(figure: str) -> Object:
    """Return the shape of the options of a figure."""
    return Object(OPTIONS.get(figure, ()))
