"""The key `stored` of an analysis: the result that another program stored, to be compared after the run."""

from __future__ import annotations

from coppice.core.schema import Choice, Key, MapOf, Number, Object, Pair, Text
from coppice.core.stored_result import MODELS

VALUES = (
    Key("estimate", Number(), "The estimate as it was printed: ratios as ratios"),
    Key("ci", Pair(), "Its confidence interval"),
    Key("k", Number(low=0, whole=True), "Number of studies that were pooled"),
    Key("Q", Number(low=0), "Q, or chi-squared, of heterogeneity"),
    Key("df", Number(low=0, whole=True), "Its degrees of freedom"),
    Key("I2", Number(low=0, high=100), "I2 from Q, in percent"),
    Key("tau2", Number(low=0), "Between-study variance"),
    Key("p", Number(low=0, high=1), "p value of the estimate"),
)

STORED = Object(
    (
        Key("by", Text(), "The program, such as RevMan 5", required=True),
        Key("at", Text(), "Where the result is in its file, such as Analysis 1.3"),
        Key(
            "model",
            Choice(lambda: MODELS),
            "Which model of this run it is compared with",
            default=MODELS[1],
        ),
        Key("level", Number(low=0, high=1, exclusive=True), "Level of its interval. Default: that of this run"),
        *VALUES,
        Key("Q_between", Number(low=0), "Q of the test of differences between subgroups"),
        Key("subgroups", MapOf(Object(VALUES)), "The subtotals, by the level of the subgroups"),
    )
)
