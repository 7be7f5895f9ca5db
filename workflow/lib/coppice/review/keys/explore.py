"""The keys `explore` and `multiverse` of the configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from coppice.core.limits import LARGEST_SEED
from coppice.core.measures import MEASURES
from coppice.core.schema import Anything, Choice, Entries, Fixed, Flag, Key, Listing, Number, OneOf, Shape, Text

SWITCH = Flag()
CUMULATIVE = Fixed(
    (
        Key(
            "by",
            Text(),
            "What the studies are added by: year (the order of all results), precision (the most precise first), or a characteristic",
        ),
    )
)


def gosh_keys(tau2: Shape) -> Fixed:
    """Return the options of GOSH."""
    return Fixed(
        (
            Key("tau2", tau2, "Estimator in every subset; that of the model if not said"),
            Key(
                "subsets",
                Number(low=1000, high=10_000_000, whole=True),
                "Size of the sample where there are more than 20 studies; 1000000 if not said",
            ),
            Key("seed", Number(low=0, high=LARGEST_SEED, whole=True), "Seed of the sample and of the clusters"),
            Key(
                "clusters",
                Flag(),
                "false: the clusters of the cloud, and the studies that split it, are not looked for",
            ),
        )
    )


def explore_keys(tau2: Shape, small_study: Shape | None = None) -> Fixed:
    """Return the shape of `explore`: what is done besides pooling, each on, off, or on with options."""
    return Fixed(
        (
            Key("leave_one_out", SWITCH, "The model without each study; on if not said"),
            Key("cumulative", OneOf((SWITCH, CUMULATIVE)), "The model as studies are added; on if not said"),
            Key("influence", SWITCH, "Influence diagnostics and the Baujat plot's coordinates; on if not said"),
            Key(
                "gosh",
                OneOf((SWITCH, gosh_keys(tau2))),
                "The model in every subset of the studies, and the studies that split the cloud; off if not said",
            ),
            Key(
                "small_study",
                OneOf((SWITCH, small_study)) if small_study else SWITCH,
                "Small-study effects; on if not said",
            ),
        )
    )


def multiverse_keys(
    *,
    tau2: Shape,
    inferences: Callable[[], Iterable[str]],
    routes: Callable[[], Iterable[str]],
    extract: Shape,
    criteria: Shape,
) -> Fixed:
    """Return the shape of `multiverse`: the choices that it varies, the analysis's own always being the first of each."""
    rule = Fixed(
        (
            Key("include", criteria, "Characteristics that a study must have besides those of the analysis"),
            Key("exclude", Listing(Text()), "Studies that are left out"),
        )
    )
    return Fixed(
        (
            Key("tau2", Listing(tau2), "Estimators of the between-study variance"),
            Key("inference", Listing(Choice(inferences)), "Ways to the interval"),
            Key("measure", Listing(Choice(lambda: MEASURES)), "Effect measures"),
            Key(
                "route", Listing(Choice(routes)), "Routes that studies take where they can, in place of the chosen one"
            ),
            Key(
                "extract",
                Entries(extract),
                "Named ways of making effects of figures, such as corrections for zero cells, each with the keys of `extract`",
            ),
            Key("studies", Entries(rule), "Named rules for which studies of the analysis enter"),
            Key(
                "risk_of_bias",
                Listing(OneOf((Anything(), Listing(Text())))),
                "Overall judgements that a study must have to enter, each one or a list",
            ),
        )
    )
