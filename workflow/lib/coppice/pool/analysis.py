"""One analysis: from its extracts to the content of results/pool/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, cast

import numpy as np

from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.moderators import Moderators
from coppice.core.contracts.pool import Effect, PooledAnalysis, PoolResult, SelectedEffect, Subgroups
from coppice.core.measures import MEASURES
from coppice.core.subgroup_levels import place_of
from coppice.pool.comparable import check_comparable
from coppice.pool.dependence.model import (
    SMALLEST_NUMBER_OF_STUDIES,
    DependentModel,
    combine,
    multilevel_parts,
    over_rho,
    weights_of,
)
from coppice.pool.dependence.options import BY_MOMENTS, dependence_of
from coppice.pool.dependence.shared_control import covariance_notes, refuse_unknown
from coppice.pool.dependence.subgroups import dependent_subgroups
from coppice.pool.display import display
from coppice.pool.effects import counted_only, labels_of, levels_of, moment_weights, select
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.models.glmm.analysis import with_glmm
from coppice.pool.models.glmm.studies import CountedStudy, counted_studies, of_common_effect
from coppice.pool.profiles import Settings, settings, usual
from coppice.pool.requests import add_requests, reporting
from coppice.pool.results import PARTS, PoolResults, pool_settings
from coppice.pool.risks import risks
from coppice.pool.sample_sizes import size_warnings
from coppice.pool.sign_test import permutation_options
from coppice.pool.stratified import counts_of
from coppice.pool.subgroups import subgroup_analysis

Weights = tuple[Array, Array]  # of the common-effect and of the random-effects model, in percent (k,)
NO_OVERALL = "the analysis has subgroups without an overall model"


def pool_analysis(spec: Mapping[str, Any], extracts: Iterable[ExtractContent]) -> PoolResult:
    """Pool the effects of one analysis, and return the content of its result file.

    `spec` is what `pool` reads of the analysis; `extracts` are those of its outcome, in any order. Estimates are on the
    model's scale, with `display` back-transformed. Weights are percent of the overall model, or of the level where the
    analysis has no overall model. BadInput is raised for an unknown option, or if two effects share patients.
    """
    measure = spec["measure"]
    with reporting(spec, "model"):
        options = settings(spec.get("model"))
    with reporting(spec, "dependence"):
        dependence = dependence_of(spec.get("dependence"))
    extracts = list(extracts)
    separate, excluded = select(spec, extracts)
    with reporting(spec, "model"):
        separate, counted = counted_studies(spec, extracts, separate, excluded, options)
    counts_only = (
        counted_only(spec, extracts, excluded, options)
        if options.likelihood is None
        else of_common_effect(counted, options, measure)
    )
    effects, dependent = separate, None
    notes: list[str] = []
    of_effects = options if options.likelihood is None else usual(options)
    if dependence is not None:
        with reporting(spec, "dependence"):
            effects, dependent, notes = _dependent_effects(spec, separate, DependentModel(dependence, options, measure))
    with reporting(spec, "model"):
        check_comparable(effects)
        model = pool_settings(
            np.array([effect["yi"] for effect in effects]),
            np.array([effect["vi"] for effect in effects]),
            of_effects,
            counts_of([item["reported"] for item in (*effects, *counts_only)], measure),
            measure,
            moment_weights=moment_weights(effects, of_effects),
            names=labels_of(effects),
        )
    subgroups: Subgroups | None = None
    models = [model]
    has_overall = bool(spec.get("overall", True))
    if spec.get("subgroups") and effects and dependent is None:
        subgroups, level_models = subgroup_analysis(effects, spec["subgroups"], measure, of_effects, counts_only)
        models = models if has_overall else level_models
    moderators, why_no_moderators = _moderators(spec, effects, options, dependent, counted)
    if not has_overall:
        model = PoolResults.without_effects(options, common=None, reasons=dict.fromkeys(PARTS, NO_OVERALL))
    result: PooledAnalysis = {
        "common": model.common,
        "random": model.random,
        "alternatives": model.alternatives,
        "prediction": model.prediction,
        "heterogeneity": model.heterogeneity,
        "warnings": list(model.warnings),
        "reasons": model.reasons,
        "analysis": spec["analysis"],
        "outcome": spec["outcome"],
        "measure": measure,
        "scale": MEASURES[measure].scale.name,
        "k": len(effects),
        "level": options.level,
        "settings": options.as_dict(),
        "effects": _effects(effects, _weights(models, effects), options),
        "subgroups": subgroups,
        "moderators": moderators,
        "excluded": excluded,
    }
    result = with_glmm(spec, result, counted, options)
    with reporting(spec, "dependence"):
        if dependent is not None:
            result = _with_dependent_model(spec, result, dependent)
        if dependence is not None:
            result["settings"]["dependence"], result["settings"]["rho"] = dependence.method, dependence.rho
            if has_overall and result["random"] is not None and len(separate) > 1:
                result["over_rho"] = over_rho(separate, DependentModel(dependence, options, measure))
    if result["subgroups"] is not None and (names := spec.get("levels")):
        result["subgroups"]["levels"].sort(key=lambda part: place_of(part["level"], names))
    result["warnings"] = [*result["warnings"], *notes, *size_warnings(result)]
    if why_no_moderators:
        result["reasons"] = result["reasons"] | {"moderators": why_no_moderators}
    add_requests(spec, result, effects, options)
    return {**result, "display": display(result)}


def _dependent_effects(
    spec: Mapping[str, Any], effects: list[SelectedEffect], model: DependentModel
) -> tuple[list[SelectedEffect], DependentModel | None, list[str]]:
    """Return the effects that are pooled, the model that takes them one by one or None, and warnings."""
    notes = covariance_notes(effects, model.measure)
    one_by_one = model.dependence.is_three_level
    if one_by_one and len({effect["study"] for effect in effects}) >= SMALLEST_NUMBER_OF_STUDIES:
        if model.dependence.rho is None:
            refuse_unknown(effects, model.measure)
        return effects, model, notes
    labels = {study["study"]: study["label"] for study in spec["studies"]}
    combined = combine(effects, model.rho, model.measure, labels)
    if one_by_one and len(effects) > len(combined):
        notes.append(
            "There is only one study, so a three-level model can't be fitted: its effects are combined into one."
        )
    return combined, None, notes


def _with_dependent_model(spec: Mapping[str, Any], result: PooledAnalysis, model: DependentModel) -> PooledAnalysis:
    """Return the result with the model of dependent effects: the overall model, subgroups, weights."""
    effects, has_overall = result["effects"], bool(spec.get("overall", True))
    weights = np.full(len(effects), 100.0 / len(effects))
    result["settings"].update({"inference": model.dependence.robust, "tau2": model.likelihood})
    if has_overall:
        parts, covariance = multilevel_parts(effects, model)
        result = cast(PooledAnalysis, {**result, **parts})
        weights = weights_of(covariance)
    tau2 = model.settings.tau2
    if tau2 not in (model.likelihood, "REML"):
        result["warnings"].append(
            f"The variances of the model are estimated by {model.likelihood}, not by tau2: {tau2}."
            if model.dependence.method in BY_MOMENTS
            else f"The variances of the three-level model are estimated by REML, not by tau2: {tau2}."
        )
    if spec.get("subgroups"):
        result["subgroups"], weights_in_level, warnings = dependent_subgroups(effects, spec["subgroups"], model)
        result["warnings"] += warnings
        weights = weights if has_overall else weights_in_level
    for effect, weight in zip(effects, weights, strict=True):
        effect["weight_random"], effect["weight_common"] = float(weight), None
    return result


def _moderators(
    spec: Mapping[str, Any],
    effects: Sequence[SelectedEffect],
    options: Settings,
    dependent: DependentModel | None,
    counted: Sequence[CountedStudy],
) -> tuple[Moderators | None, str | None]:
    """Return the meta-regression, or None with the reason if the analysis has a formula.

    `counted` are the studies of a generalised linear mixed model, which regresses their counts.
    """
    formula = spec.get("moderators")
    if not formula:
        return None, None
    # pandas and formulas are slow to import, and most analyses have no moderators
    from coppice.pool.dependence.moderators import regress_dependent
    from coppice.pool.models.glmm.moderators import regress_counts
    from coppice.pool.models.moderators import Regress, moderators_part

    regress: Regress | None = None if dependent is None else partial(regress_dependent, model=dependent)
    if options.likelihood is not None:
        regress = partial(regress_counts, options=options, measure=spec["measure"])
    with reporting(spec, "moderators"):
        try:
            return moderators_part(
                [study.as_effect() for study in counted] if counted else effects,
                formula,
                options,
                request=spec.get("regression") or {},
                permutation=permutation_options(spec.get("permutation")),
                regress=regress,
            )
        except np.linalg.LinAlgError:  # the columns are independent, and yet not to sixteen digits
            return None, "the moderators are numerically collinear; rescale or drop one"


def _weights(models: Sequence[PoolResults], effects: Sequence[SelectedEffect]) -> Weights:
    """Return the weights of the effects in the overall model, or, of one model per level, each in its own."""
    if len(models) == 1:
        return models[0].weights_common, models[0].weights_random
    levels = np.array(levels_of(effects))
    common, random = np.empty(len(effects)), np.empty(len(effects))
    for level, model in zip(dict.fromkeys(levels.tolist()), models, strict=True):
        common[levels == level], random[levels == level] = model.weights_common, model.weights_random
    return common, random


def _effects(effects: Sequence[SelectedEffect], weights: Weights, options: Settings) -> list[Effect]:
    """Return the effects with their intervals, weights and risks."""
    quantile = float(two_sided_quantile(options.level, np.inf))
    rows: list[Effect] = []
    for effect, common, random in zip(effects, *weights, strict=True):
        half = quantile * effect["vi"] ** 0.5
        row = cast(
            Effect,
            {
                **effect,
                "ci_low": effect["yi"] - half,
                "ci_high": effect["yi"] + half,
                "weight_common": float(common),
                "weight_random": float(random),
            },
        )
        if (arms := risks(effect["reported"], level=options.level)) is not None:
            row["risks"] = arms
        rows.append(row)
    return rows
