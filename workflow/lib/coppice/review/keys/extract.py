"""The key `extract`: how figures become effects. The defaults are those of the default profile."""

from __future__ import annotations

from coppice.core.reported_fields import UNITS
from coppice.core.schema import Choice, Flag, Key, Number, Object, with_defaults
from coppice.extract.options import DOUBLE_ZEROS, SMD_VARIANCES, ZERO_CELLS, ZERO_IN, ZERO_TO
from coppice.extract.route import Options

option = with_defaults(Options())

EXTRACT = Object(
    (
        option("zero_cells", Choice(lambda: ZERO_CELLS), "What to do about a zero cell of a two-by-two table"),
        option("zero_value", Number(low=0, exclusive=True), "Constant added to the cells"),
        option(
            "zero_to",
            Choice(lambda: ZERO_TO),
            "Which tables it is added to: those with a zero cell, those of them that give no effect without it, or all",
        ),
        option(
            "zero_in",
            Choice(lambda: ZERO_IN),
            "Where it is added: to each cell; for risk ratios to the events alone, (a + c)/(n + c); for differences in the variance alone",
        ),
        option(
            "double_zeros",
            Choice(lambda: DOUBLE_ZEROS),
            "Whether a table with events in neither arm, or with only events, is corrected as any other or gives no relative effect; exclude-undefined keeps risk ratios of 1",
        ),
        option(
            "smd_variance",
            Choice(lambda: SMD_VARIANCES),
            "Variance of a standardised mean difference: large-sample (LS), unbiased (UB), or large-sample before the correction (LS2), or that of RevMan 5 with its approximate correction (RevMan)",
        ),
        option("small_sample", Flag(), "Whether effects are corrected for small samples (Hedges' J and the like)"),
        Key(
            "correlation",
            Number(low=-1, high=1, exclusive=True),
            "Correlation of paired measurements, imputed where a study does not report it",
        ),
        Key(
            "icc",
            Number(low=0, high=1),
            "Intracluster correlation, imputed where a study gives the size of its clusters only",
        ),
        Key(
            "horizon",
            Number(low=0, exclusive=True),
            "Time, in time_unit, to which survival times are restricted before their means are compared",
        ),
        option("time_unit", Choice(lambda: UNITS), "Unit to which differences of times are converted"),
    )
)
