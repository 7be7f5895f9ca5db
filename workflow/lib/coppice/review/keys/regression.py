"""The keys `regression`, `permutation` and `beyond` of an analysis, and what the configuration accepts of the checks."""

from __future__ import annotations

from coppice.core.limits import LARGEST_SEED
from coppice.core.schema import Entries, Fixed, Flag, Key, Listing, Number, OneOf, Text
from coppice.review.figure_keys import ACCEPT

ACCEPTED = Key(
    "accept",
    Entries(ACCEPT.shape),
    "Findings of checks that are right as they are: by study, then by the check's name, each with the reason",
)
AT = Entries(OneOf((Flag(), Number(), Text())))
REGRESSION = Fixed(
    (
        Key(
            "at",
            Listing(AT),
            "Values of all moderators at which the mean effect is predicted, e.g. [{ablat: 33, alloc: random}]",
        ),
        Key(
            "contrasts",
            Entries(Entries(Number())),
            "Linear combinations of coefficients to test, by name, e.g. {ten degrees: {ablat: 10}}",
        ),
    )
)
PERMUTATION = Fixed(
    (
        Key(
            "draws",
            Number(low=99, high=1_000_000, whole=True),
            "Random arrangements where there are too many for all; 9999 if not said",
        ),
        Key("seed", Number(low=0, high=LARGEST_SEED, whole=True), "Seed of the random arrangements"),
    )
)
BEYOND = Fixed(
    (
        Key("below", Listing(Number()), "Thresholds below which the effect in a new study might lie, as printed"),
        Key("above", Listing(Number()), "Thresholds above which it might lie, as printed"),
    )
)
FURTHER = (
    Key("regression", REGRESSION, "What is asked of the meta-regression: predictions and contrasts"),
    Key(
        "permutation",
        OneOf((Flag(), PERMUTATION)),
        "Test the pooled effect, and the coefficients of moderators, by permutation; off if not said",
    ),
    Key(
        "beyond",
        BEYOND,
        "Thresholds beyond which the probability of the effect in a new study is given",
    ),
)
