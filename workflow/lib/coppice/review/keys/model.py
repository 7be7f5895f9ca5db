"""The key `model`: the options of the pooled model. The defaults are those of the default profile."""

from __future__ import annotations

from coppice.core.common_methods import COMMON_METHODS
from coppice.core.limits import LARGEST_VARIANCE
from coppice.core.reported_fields import CONFIDENCE
from coppice.core.schema import Choice, Key, Number, Object, OneOf, Text, with_defaults
from coppice.pool.models.glmm.options import GLMM_MODELS, LIKELIHOODS
from coppice.pool.options import (
    CORRECTED_TABLES,
    DOUBLE_ZEROS,
    INFERENCES,
    NO_PREDICTION,
    PREDICTIONS,
    SUBGROUP_TAU2,
    TAU2_ESTIMATORS,
    TAU2_INTERVALS,
)
from coppice.pool.profiles import settings

option = with_defaults(settings())
TAU2 = OneOf((Number(low=0, high=LARGEST_VARIANCE),), meant=Choice(lambda: TAU2_ESTIMATORS))

MODEL = Object(
    (
        option("tau2", TAU2, "Estimator of the between-study variance, or a fixed value"),
        option("inference", Choice(lambda: INFERENCES), "How the interval of the pooled effect is made"),
        option("level", CONFIDENCE, "Level of all intervals"),
        option("prediction", Choice(lambda: [*PREDICTIONS, NO_PREDICTION]), "Prediction interval"),
        option(
            "tau2_interval",
            Choice(lambda: TAU2_INTERVALS),
            f"Interval of the between-study variance: {'; '.join(f'{item.name} ({item.code})' for item in TAU2_INTERVALS.values())}",
        ),
        Key("tau2_weights", Text(), "Characteristic that holds the weights of the estimator GENQ"),
        option(
            "subgroup_tau2",
            Choice(lambda: SUBGROUP_TAU2),
            "Whether each subgroup has a between-study variance of its own or all share one",
        ),
        Key(
            "likelihood",
            Choice(lambda: LIKELIHOODS),
            "A generalised linear mixed model of the counts in place of effects and variances: binomial for PLO and OR, poisson for IRLN and IRR",
        ),
        Key(
            "glmm",
            Choice(lambda: GLMM_MODELS),
            "Its model of two arms: fixed (UM.FS) or random (UM.RS) study effects, or conditional on the events of both arms, exactly (CM.EL) or approximately (CM.AL). Default: UM.FS",
        ),
        option(
            "common",
            Choice(lambda: COMMON_METHODS),
            "Common effect: by inverse variance (IV), or from counts by Mantel-Haenszel (MH) or Peto",
        ),
        option(
            "common_add",
            Number(low=0, high=10),
            "Constant added to each cell before Mantel-Haenszel; Peto is never corrected",
        ),
        option(
            "common_to",
            Choice(lambda: CORRECTED_TABLES),
            "The tables that common_add is added to: those with a zero cell (only in odds and risk ratios: zeros-in-ratios; only in tables of patients, not of rates: zeros-of-patients), all if one has a zero cell, or all",
        ),
        option(
            "common_double_zeros",
            Choice(lambda: DOUBLE_ZEROS),
            "Whether tables without events in either arm, or with only events, enter Mantel-Haenszel and Peto; drop-undefined keeps risk ratios of 1",
        ),
    )
)
