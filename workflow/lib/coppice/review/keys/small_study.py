"""The key `small_study` of `explore`: each test and model of small-study effects on, off, or on with options."""

from __future__ import annotations

from coppice.core.schema import Choice, Flag, Key, ListOf, Number, Object, OneOf
from coppice.explore.small_study.options import (
    ALTERNATIVES,
    COPAS_ALPHA,
    COPAS_LARGEST,
    ENTRIES,
    EXCESS_ALPHA,
    FAIL_SAFE_ALPHA,
    P_UNIFORM_ALPHA,
    SIDES,
    STEPS,
)

SHARE = Number(low=0, high=1, exclusive=True)
ALTERNATIVE = Key(
    "alternative",
    Choice(lambda: ALTERNATIVES),
    "The side of the null on which results are welcome. Default: that of the pooled estimate",
)
OPTIONS: dict[str, tuple[Key, ...]] = {
    "selection_step": (
        ALTERNATIVE,
        Key("steps", ListOf(SHARE), "Cut points of the one-sided p value between 0 and 1", default=list(STEPS)),
    ),
    "selection_beta": (ALTERNATIVE,),
    "excess_significance": (Key("alpha", SHARE, "Two-sided level of significance of a study", default=EXCESS_ALPHA),),
    "fail_safe_n": (
        Key("alpha", SHARE, "Level that the pooled result is to lose", default=FAIL_SAFE_ALPHA),
        Key(
            "target",
            Number(low=0, exclusive=True),
            "Distance from the null, on the model's scale, to which Orwin's number brings the mean. Default: half the mean",
        ),
    ),
    "p_uniform": (
        ALTERNATIVE,
        Key("alpha", SHARE, "Two-sided level of significance of a study", default=P_UNIFORM_ALPHA),
    ),
    "p_curve": (ALTERNATIVE,),
    "trim_and_fill": (
        Key(
            "side",
            Choice(lambda: SIDES),
            "The side of the funnel plot on which studies are missing. Default: opposite to the small studies",
        ),
    ),
    "copas": (
        Key(
            "alpha",
            SHARE,
            "Level of the test of a remaining small-study effect that the chosen degree of selection has to pass",
            default=COPAS_ALPHA,
        ),
        Key("largest", SHARE, "Chance that the most precise study is published", default=COPAS_LARGEST),
    ),
}


def entry_key(code: str) -> Key:
    """Return the key of a test or model: a switch, or its options."""
    entry = ENTRIES[code]
    shape = OneOf((Flag(),), meant=Object(OPTIONS[code])) if code in OPTIONS else Flag()
    name = entry.name[0].upper() + entry.name[1:]
    return Key(code, shape, f"{name}, {entry.about}" if entry.about else name, default=entry.default)


SMALL_STUDY = Object([entry_key(code) for code in ENTRIES])
