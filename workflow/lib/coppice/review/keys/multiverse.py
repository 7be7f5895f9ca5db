"""The key `multiverse`: the choices that it varies, the analysis's own always being the first of each."""

from __future__ import annotations

from coppice.core.measures import MEASURES
from coppice.core.schema import Anything, Choice, Entries, Fixed, Key, Listing, OneOf, Text
from coppice.extract.registry import ROUTES
from coppice.pool.options import INFERENCES
from coppice.review.keys.extract import EXTRACT
from coppice.review.keys.include import CRITERIA
from coppice.review.keys.tau2 import TAU2

RULE = Fixed(
    (
        Key("include", CRITERIA, "Characteristics that a study must have besides those of the analysis"),
        Key("exclude", Listing(Text()), "Studies that are left out"),
    )
)
MULTIVERSE = Fixed(
    (
        Key("tau2", Listing(TAU2), "Estimators of the between-study variance"),
        Key("inference", Listing(Choice(lambda: INFERENCES)), "Ways to the interval"),
        Key("measure", Listing(Choice(lambda: MEASURES)), "Effect measures"),
        Key(
            "route",
            Listing(Choice(lambda: ROUTES)),
            "Routes that studies take where they can, in place of the chosen one",
        ),
        Key(
            "extract",
            Entries(EXTRACT),
            "Named ways of making effects of figures, such as corrections for zero cells, each with the keys of `extract`",
        ),
        Key("studies", Entries(RULE), "Named rules for which studies of the analysis enter"),
        Key(
            "risk_of_bias",
            Listing(OneOf((Anything(), Listing(Text())))),
            "Overall judgements that a study must have to enter, each one or a list",
        ),
    )
)
