"""The key `regression` of an analysis: what is asked of its meta-regression."""

from __future__ import annotations

from coppice.core.schema import Entries, Fixed, Flag, Key, Listing, Number, OneOf, Text

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
