"""The key `explore`: what is explored in addition to pooling, each exploration on, off, or on with options."""

from __future__ import annotations

from coppice.core.limits import LARGEST_SEED
from coppice.core.schema import Flag, Key, Number, Object, OneOf, Shape, Text
from coppice.explore.options import EQUIVALENCE_ALPHA, EXPLORATIONS
from coppice.explore.resampling.options import AS_PUBLISHED, MOST_SUBSETS, SEED
from coppice.review.keys.model import TAU2
from coppice.review.keys.small_study import SMALL_STUDY

CUMULATIVE = Object(
    (
        Key(
            "by",
            Text(),
            "What the studies are added by: year (the order of all results), precision (the most precise first), or a characteristic",
            default=AS_PUBLISHED,
        ),
    )
)
GOSH = Object(
    (
        Key("tau2", TAU2, "Estimator in every subset. Default: that of the model"),
        Key(
            "subsets",
            Number(low=1000, high=10_000_000, whole=True),
            "Size of the sample where there are more than 20 studies",
            default=MOST_SUBSETS,
        ),
        Key(
            "seed", Number(low=0, high=LARGEST_SEED, whole=True), "Seed of the sample and of the clusters", default=SEED
        ),
        Key(
            "clusters",
            Flag(),
            "Whether the clusters of the cloud, and the studies that split it, are looked for",
            default=True,
        ),
    )
)
E_VALUES = Object(
    (
        Key(
            "rare",
            Flag(),
            "Whether fewer than about 15% have the outcome at the end of follow-up, so that odds and hazard ratios are close to risk ratios",
            default=False,
        ),
    )
)
EQUIVALENCE = Object(
    (Key("alpha", Number(low=0, high=0.5, exclusive=True), "Level of each test", default=EQUIVALENCE_ALPHA),)
)
OPTIONS: dict[str, Shape] = {
    "cumulative": CUMULATIVE,
    "gosh": GOSH,
    "small_study": SMALL_STUDY,
    "e_values": E_VALUES,
    "equivalence": EQUIVALENCE,
}


def exploration(code: str) -> Key:
    """Return the key of an exploration: a switch, or its options."""
    item = EXPLORATIONS[code]
    shape = OneOf((Flag(),), meant=OPTIONS[code]) if code in OPTIONS else Flag()
    return Key(code, shape, item.name[0].upper() + item.name[1:], default=item.default)


EXPLORE = Object([exploration(code) for code in EXPLORATIONS])
