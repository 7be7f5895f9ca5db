"""The keys of an analysis that ask more of its model: `regression`, `permutation`, `beyond` and `dependence`."""

from __future__ import annotations

from coppice.core.limits import LARGEST_SEED
from coppice.core.schema import Choice, Flag, Key, ListOf, MapOf, Number, Object, OneOf, Text
from coppice.pool.dependence.options import RHOS, Dependence
from coppice.pool.options import DEPENDENCE_METHODS, PERMUTATION_DRAWS, PERMUTATION_SEED, ROBUST_METHODS

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
PERMUTATION = Object(
    (
        Key(
            "draws",
            Number(low=99, high=1_000_000, whole=True),
            "Random arrangements where there are too many for all",
            default=PERMUTATION_DRAWS,
        ),
        Key(
            "seed",
            Number(low=0, high=LARGEST_SEED, whole=True),
            "Seed of the random arrangements",
            default=PERMUTATION_SEED,
        ),
    )
)
BEYOND = Object(
    (
        Key("below", ListOf(Number()), "Thresholds below which the effect in a new study might lie, as printed"),
        Key("above", ListOf(Number()), "Thresholds above which it might lie, as printed"),
    )
)

MODEL_REQUESTS = (
    Key("regression", REGRESSION, "What is asked of the meta-regression: predictions and contrasts"),
    Key(
        "permutation",
        OneOf((Flag(),), meant=PERMUTATION),
        "Test the pooled effect, and the coefficients of moderators, by permutation",
        default=False,
    ),
    Key("beyond", BEYOND, "Thresholds beyond which the probability of the effect in a new study is given"),
)

DEPENDENCE = Object(
    (
        Key(
            "method",
            Choice(lambda: DEPENDENCE_METHODS),
            (
                "One effect per study (aggregate), a three-level model with independent (multilevel) or correlated (che) sampling "
                "errors, or the correlated-effects model of robust variance estimation (ce)"
            ),
            required=True,
        ),
        Key(
            "rho",
            Number(low=0, high=1),
            "Correlation of the sampling errors of a study's effects, below 1; for aggregate, che and ce",
        ),
        Key(
            "rhos",
            ListOf(Number(low=0, high=1)),
            "Other correlations for which results are shown, as it is rarely known",
            default=list(RHOS),
        ),
        Key(
            "robust",
            Choice(lambda: ROBUST_METHODS),
            "Cluster-robust inference of the three-level models",
            default=Dependence("multilevel").robust,
        ),
    )
)
