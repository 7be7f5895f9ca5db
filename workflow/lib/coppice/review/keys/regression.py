"""The key `regression` of an analysis: what is asked of its meta-regression."""

from __future__ import annotations

from coppice.core.schema import Flag, Key, ListOf, MapOf, Number, Object, OneOf, Text

AT = MapOf(OneOf((Flag(), Number()), meant=Text()))
REGRESSION = Object(
    (
        Key(
            "at",
            ListOf(AT),
            "Values of all moderators at which the mean effect is predicted, e.g. [{ablat: 33, alloc: random}]",
        ),
        Key(
            "contrasts",
            MapOf(MapOf(Number())),
            "Linear combinations of coefficients to test, by name, e.g. {ten degrees: {ablat: 10}}",
        ),
    )
)
