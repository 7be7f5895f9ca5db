"""The key `beyond` of an analysis: thresholds for the effect in a new study."""

from __future__ import annotations

from coppice.core.schema import Fixed, Key, Listing, Number

BEYOND = Fixed(
    (
        Key("below", Listing(Number()), "Thresholds below which the effect in a new study might lie, as printed"),
        Key("above", Listing(Number()), "Thresholds above which it might lie, as printed"),
    )
)
