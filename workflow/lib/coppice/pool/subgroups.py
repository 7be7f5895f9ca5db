"""Subgroups: a model in each level, and the tests of differences between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.special import chdtrc, fdtrc

from coppice.core.contracts.pool import DifferenceTest, Level, SelectedEffect, Subgroups
from coppice.pool.effects import CountsOnly, labels_of, levels_of, moment_weights
from coppice.pool.kernel.inference import INFERENCES
from coppice.pool.kernel.kernel import Array, studies
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.models.fit import fit_wls, omnibus
from coppice.pool.profiles import Settings
from coppice.pool.results import PoolResults, pool_settings
from coppice.pool.stratified import counts_of

ROUNDING = 1e-13  # relative to the effects: residuals below it are 0 but for rounding
FEW_STUDIES = (
    5  # below it a level's own tau2 is so poor that the common-tau2 test belongs beside: Borenstein 2009, ch. 19
)


def subgroup_models(
    effects: Sequence[SelectedEffect], measure: str, options: Settings, more: Sequence[CountsOnly] = ()
) -> dict[str, PoolResults]:
    """Pool each level by itself, with its own tau2 or that of all, in the order in which levels first appear.

    `more` are studies that give counts and no effect: they enter the common effect of their level.
    """
    if options.subgroup_tau2 == "common":
        options = replace(options, tau2=common_tau2(effects, options), inference=_without_estimator(options))
    models = {}
    for level in dict.fromkeys(levels_of(effects)):
        inside = [effect for effect in effects if effect["subgroup"] == level]
        beside = [item for item in more if item["subgroup"] == level]
        counted = counts_of([item["reported"] for item in (*inside, *beside)], measure)
        yi, vi = np.array([effect["yi"] for effect in inside]), np.array([effect["vi"] for effect in inside])
        models[level] = pool_settings(
            yi, vi, options, counted, measure, moment_weights=moment_weights(inside, options), names=labels_of(inside)
        )
    return models


def _without_estimator(options: Settings) -> str:
    """Return the inference, or Wald where it belongs to an estimator of tau2 and a given tau2 has none."""
    return options.inference if INFERENCES[options.inference].tau2 is None else "wald"


def common_tau2(effects: Sequence[SelectedEffect], options: Settings) -> float:
    """Return the between-study variance within levels, the same in all; 0 if no level has two studies."""
    yi, vi = np.array([effect["yi"] for effect in effects]), np.array([effect["vi"] for effect in effects])
    data = studies(yi, vi, design=level_means(levels_of(effects)), moment_weights=moment_weights(effects, options))
    return float(estimate_tau2(data, options.tau2).tau2[0])


def level_means(levels: Sequence[str]) -> Array:
    """Return the design with one column per level, and no intercept."""
    return np.array([[float(level == name) for name in dict.fromkeys(levels)] for level in levels])


def level_part(level: str, model: PoolResults) -> Level:
    """Return the part of one level; a level of one study has no subtotal."""
    alone = model.k < 2
    reasons = dict.fromkeys(("random", "common"), "a subtotal needs more than one study") if alone else {}
    return {
        "level": level,
        "k": model.k,
        "common": None if alone else model.common,
        "random": None if alone else model.random,
        "alternatives": None if alone else model.alternatives,
        "prediction": model.prediction,
        "heterogeneity": model.heterogeneity,
        "reasons": model.reasons | reasons,
        "warnings": [] if alone else list(model.warnings),
    }


def _q_between(estimates: Array, variances: Array) -> tuple[float, int]:
    data = studies(estimates, variances)
    return float(data.at(np.zeros(1)).q()[0]), len(estimates) - 1


def wald_test(models: Sequence[PoolResults], *, line: str) -> DifferenceTest | None:
    """Test for differences between the levels by Q of their "random" or "common" subtotals; None below two levels.

    Cochrane Handbook 6.5, section 10.11.3.1. The subtotals weigh by their Wald variances whatever the inference,
    because the test refers to chi-squared; a level of one study enters with its own effect.
    """
    lines = [model.alternatives["wald"] if line == "random" else model.common for model in models]
    subtotals = [(part["estimate"], part["se"]) for part in lines if part is not None and part["se"] is not None]
    if len(subtotals) < 2:
        return None
    q, df = _q_between(np.array([estimate for estimate, _ in subtotals]), np.array([se**2 for _, se in subtotals]))
    return {"method": "wald", "Q": q, "df": df, "df2": None, "p": float(chdtrc(df, q))}


def common_tau2_test(
    yi: Array, vi: Array, levels: Sequence[str], options: Settings, moment_weights: Array | None = None
) -> DifferenceTest | None:
    """Test for differences in a model with one tau2 for all levels; None where it has no residual degrees of freedom.

    The omnibus test of a meta-regression on the levels: chi-squared, or F where the inference estimates the scale
    (Knapp & Hartung 2003, doi:10.1002/sim.1482).
    """
    names = list(dict.fromkeys(levels))
    if len(names) < 2 or len(names) >= len(yi):
        return None
    design = np.array([[1.0, *(float(level == name) for name in names[1:])] for level in levels])
    tau2 = float(estimate_tau2(studies(yi, vi, design=design, moment_weights=moment_weights), options.tau2).tau2[0])
    method = INFERENCES[options.inference]  # those that are for a pooled effect alone leave the test to Wald's
    estimated = method.estimated_scale and not method.is_of_the_mean and not (options.cautious and tau2 == 0.0)
    fit = fit_wls(
        yi, vi, tau2=tau2, method=options.inference if estimated else "wald", level=options.level, design=design
    )
    df, df2 = len(names) - 1, len(yi) - len(names)
    statistic = omnibus(fit, range(1, len(names)))["QM"]
    assert statistic is not None  # there are slopes
    weighted = np.asarray(fit.model.wendog)
    scale = fit.cov_params()[0, 0] / fit.normalized_cov_params[0, 0]
    if scale <= (ROUNDING * np.abs(weighted).max()) ** 2:  # the levels explain the effects wholly
        return None
    q = float(statistic * (df if fit.use_t else 1))
    p = fdtrc(df, df2, q / df) if estimated else chdtrc(df, q)
    return {
        "method": "common tau2",
        "tau2": tau2,
        "Q": q / df if estimated else q,
        "df": df,
        "df2": df2 if estimated else None,
        "p": float(p),
        "statistic": "F" if estimated else "Q",
    }


def subgroup_analysis(
    effects: Sequence[SelectedEffect], by: str, measure: str, options: Settings, more: Sequence[CountsOnly] = ()
) -> tuple[Subgroups, list[PoolResults]]:
    """Return the subgroups' part of the result file, by a characteristic, and the models behind it.

    `more` are studies that give counts and no effect.
    """
    yi, vi = np.array([effect["yi"] for effect in effects]), np.array([effect["vi"] for effect in effects])
    levels = levels_of(effects)
    models = subgroup_models(effects, measure, options, more)
    few = min(model.k for model in models.values()) < FEW_STUDIES
    part: Subgroups = {
        "by": by,
        "levels": [level_part(level, model) for level, model in models.items()],
        "test": wald_test(list(models.values()), line="random"),
        "test_common": wald_test(list(models.values()), line="common"),
        "test_common_tau2": common_tau2_test(yi, vi, levels, options, moment_weights(effects, options))
        if few
        else None,
    }
    return part, list(models.values())
