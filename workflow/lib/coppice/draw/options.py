"""The options of figures: what a configuration may give to each, checked before anything is drawn or even imported."""

from __future__ import annotations

from coppice.core.schema import Choice, Entries, Fixed, Flag, Key, Listing, Number, OneOf, Optional_, Pair, Text
from coppice.draw.figures.precisions import PRECISIONS
from coppice.draw.forest.presets import COLUMN_KEYS, PRESETS
from coppice.draw.forest.sorting import SORTS

MOST_DECIMALS = 12  # results have as many significant digits
DECIMALS = Number(low=0, high=MOST_DECIMALS, whole=True)


# named here, so that figures do not depend on the code that computes; a test holds them equal to its registries
FILL_ESTIMATORS = ("L0", "R0", "Q0")
CLUSTER_METHODS = ("k_means", "dbscan", "mixture")

LABELS = Key("labels", Flag(), "Whether the points are labelled, as far as there is room")

FOREST = (
    Key("preset", Choice(lambda: PRESETS), "Layout of a journal or of a tool"),
    Key(
        "columns",
        Optional_(Listing(Text())),
        f"Columns from left to right: {', '.join(COLUMN_KEYS)}, a characteristic of the studies, and `plot` once",
    ),
    Key("sort", Choice(lambda: SORTS), "Order of the studies"),
    Key("limits", Optional_(Pair()), "Limits of the axis, as printed"),
    Key(
        "decimals",
        Optional_(OneOf((Entries(DECIMALS), DECIMALS))),
        "Decimals of effects, or of columns by their keys",
    ),
    Key("headings", Optional_(Entries(Text())), "Headings of columns by their keys; | breaks a line"),
    Key("common", Flag(), "Whether the common-effect summary is shown"),
    Key("prediction", Flag(), "Whether the prediction interval is shown"),
    Key("density", Flag(), "Whether the prediction interval is drawn as a density in place of a bar"),
    Key("excluded", Flag(), "Whether a study that is not pooled has a row"),
    Key("notes", Flag(), "Whether the footnotes are shown"),
)
FUNNEL = (
    Key("contours", Flag(), "Whether regions of significance are shaded"),
    Key("limits", Flag(), "Whether the pseudo-limits around the estimate are drawn"),
    Key("egger", Flag(), "Whether the line of Egger's test is drawn"),
    Key("fill", Optional_(Choice(lambda: FILL_ESTIMATORS)), "Estimator of trim and fill whose added studies are drawn"),
    Key("y", Choice(lambda: PRECISIONS), "What the vertical axis shows"),
)

OPTIONS: dict[str, tuple[Key, ...]] = {
    "forest": FOREST,
    "funnel": FUNNEL,
    "baujat": (LABELS,),
    "bubble": (LABELS, Key("moderator", Text(), "Which of the moderators; by default the first")),
    "gosh": (LABELS, Key("clusters", Choice(lambda: CLUSTER_METHODS), "Method of the clusters")),
    "labbe": (LABELS,),
    "radial": (LABELS,),
    "risk_of_bias_summary": (
        Key("analysis", Optional_(Text()), "The analysis in which the studies count by their weight"),
    ),
}


def options_of(figure: str) -> Fixed:
    """Return the shape of the options of a figure."""
    return Fixed(OPTIONS.get(figure, ()))
