"""The key `multiverse`: the choices that it varies, the analysis's own always being the first of each."""

from __future__ import annotations

from coppice.core.measures import MEASURES
from coppice.core.schema import Choice, Key, ListOf, MapOf, Object, OneOf, Scalar, Text
from coppice.explore.multiverse.options import MODELS
from coppice.extract.registry import ROUTES
from coppice.pool.options import INFERENCES
from coppice.review.catalogue import CRITERIA
from coppice.review.keys.bayes import BAYES
from coppice.review.keys.extract import EXTRACT
from coppice.review.keys.model import TAU2

RULE = Object(
    (
        Key("include", CRITERIA, "Characteristics that a study must have in addition to those of the analysis"),
        Key("exclude", ListOf(Text()), "Studies that are left out"),
    )
)
MULTIVERSE = Object(
    (
        Key("tau2", ListOf(TAU2), "Estimators of the between-study variance"),
        Key(
            "model",
            ListOf(Choice(lambda: MODELS)),
            "Models beside that of the analysis: random effects (random), common effects (IV, MH, Peto), generalised linear mixed models (UM.FS, UM.RS, CM.EL, CM.AL; GLMM for one group)",
        ),
        Key("inference", ListOf(Choice(lambda: INFERENCES)), "Ways to the interval"),
        Key("measure", ListOf(Choice(lambda: MEASURES)), "Effect measures"),
        Key(
            "route",
            ListOf(Choice(lambda: ROUTES)),
            "Routes that studies take where they can, in place of the chosen one",
        ),
        Key(
            "extract",
            MapOf(EXTRACT),
            "Named ways of making effects of figures, such as corrections for zero cells, each with the keys of `extract`",
        ),
        Key(
            "prior",
            MapOf(BAYES),
            "Named priors of Bayesian models of the same effects, each with the keys of `bayes`",
        ),
        Key("studies", MapOf(RULE), "Named rules for which studies of the analysis enter"),
        Key(
            "risk_of_bias",
            ListOf(OneOf((Scalar(),), meant=ListOf(Text()))),
            "Overall judgements that a study must have to enter, each one or a list",
        ),
    )
)
