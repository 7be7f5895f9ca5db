"""The key `beyond` of an analysis: thresholds for the effect in a new study."""

from __future__ import annotations

from coppice.core.schema import Key, ListOf, Number, Object

BEYOND = Object(
    (
        Key("below", ListOf(Number()), "Thresholds below which the effect in a new study might lie, as printed"),
        Key("above", ListOf(Number()), "Thresholds above which it might lie, as printed"),
    )
)
