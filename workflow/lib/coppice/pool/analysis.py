"""One analysis: from its extracts to the content of results/pool/<analysis>.json."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from coppice.core.errors import BadInput, Problem
from coppice.core.measures import MEASURES, Measure, harmonic_size
from coppice.pool.comparable import check_comparable
from coppice.pool.dependence.model import (
    SMALLEST_NUMBER_OF_STUDIES,
    Handling,
    combine,
    multilevel_parts,
    over_rho,
    weights_of,
)
from coppice.pool.dependence.options import CORRELATED, Dependence, dependence_of
from coppice.pool.dependence.shared_control import covariance_notes, refuse_unknown
from coppice.pool.dependence.subgroups import dependent_subgroups
from coppice.pool.effects import Effect, counted_only, given_weights, labels_of, select
from coppice.pool.further import further_parts, permutation_options
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.profiles import Settings, settings
from coppice.pool.results import PoolResults, pool_settings
from coppice.pool.risks import risks
from coppice.pool.sample_sizes import size_warnings
from coppice.pool.stratified import counts_of
from coppice.pool.subgroups import subgroup_analysis

Part = dict[str, Any]
LINES = ("common", "random")
SHOWN_LINE = ("estimate", "ci_low", "ci_high")
NO_OVERALL = "the subgroups stand apart, without an average over them"


def pool_analysis(spec: Mapping[str, Any], extracts: Iterable[Mapping[str, Any]]) -> Part:
    """Pool the effects of one analysis.

    Parameters
    ----------
    spec : mapping
        What `pool` reads of the analysis: outcome, measure, model, subgroups, moderators, regression, permutation,
        beyond, overall, route, studies, excluded.
    extracts : iterable of mapping
        The extracts of its outcome, in any order.

    Returns
    -------
    dict
        The content of the result file, on the model's scale, with `display` back-transformed. Weights are percent of
        the overall model, or of the level where the analysis has no overall model.

    Raises
    ------
    BadInput
        If an option is unknown, or two effects share patients.
    """
    try:
        options = settings(spec.get("model"))
    except ValueError as error:
        raise _bad(spec, "model", error) from error
    how, measure = _dependence(spec), spec["measure"]
    extracts = list(extracts)
    effects, excluded = select(spec, extracts)
    more = counted_only(spec, extracts, excluded, options)
    separate = effects
    effects, model_of_dependence, notes = _handled(spec, effects, how)
    yi, vi = np.array([effect["yi"] for effect in effects]), np.array([effect["vi"] for effect in effects])
    counted = counts_of([effect.get("reported") for effect in (*effects, *more)], measure)
    try:
        check_comparable(effects)
        model = pool_settings(
            yi, vi, options, counted, measure, given=given_weights(effects, options), names=labels_of(effects)
        )
    except ValueError as error:
        raise _bad(spec, "model", error) from error
    subgroups: Part | None = None
    models: list[PoolResults] = []
    if spec.get("subgroups") and effects and model_of_dependence is None:
        subgroups, models = subgroup_analysis(effects, spec["subgroups"], measure, options, more)
    moderators, why = _moderators(spec, effects, options, model_of_dependence)
    overall = bool(spec.get("overall", True))
    weights = _weights([model] if overall or not models else models, effects, by_level=not overall and bool(models))
    result = {
        "analysis": spec["analysis"],
        "outcome": spec["outcome"],
        "measure": measure,
        "scale": MEASURES[measure].scale.name,
        "k": len(effects),
        "level": options.level,
        "settings": options.as_dict(),
        "effects": _effects(effects, weights, options),
        "subgroups": subgroups,
        "moderators": moderators,
        "excluded": excluded,
        **_overall(model, shown=overall),
    }
    try:
        if model_of_dependence is not None:
            result |= _three_level(spec, result, model_of_dependence, options)
        if how is not None:
            result["settings"] = result["settings"] | how.as_dict()
            if overall and result["random"] is not None and len(separate) > 1:
                result["over_rho"] = over_rho(separate, Handling(how, options, measure))
    except ValueError as error:
        raise _bad(spec, "dependence", error) from error
    result["warnings"] = [*result["warnings"], *notes, *size_warnings(result)]
    if why:
        result["reasons"] = result["reasons"] | {"moderators": why}
    try:
        result |= further_parts(spec, result, effects, options, harmonic_size(effects))
    except ValueError as error:
        raise _bad(spec, "permutation or beyond", error) from error
    return result | {"display": display(result)}


def _bad(spec: Mapping[str, Any], where: str, error: ValueError) -> BadInput:
    return BadInput([Problem(f"analysis {spec['analysis']}", 0, where, str(error))])


def _dependence(spec: Mapping[str, Any]) -> Dependence | None:
    """Return how the analysis handles several effects of a study; None where it does not say."""
    try:
        return dependence_of(spec.get("dependence"))
    except ValueError as error:
        raise _bad(spec, "dependence", error) from error


def _handled(
    spec: Mapping[str, Any], effects: list[Effect], how: Dependence | None
) -> tuple[list[Effect], Dependence | None, list[str]]:
    """Return the effects that are pooled, how a three-level model takes them if there is one, and warnings."""
    if how is None:
        return effects, None, []
    measure, notes = spec["measure"], covariance_notes(effects, spec["measure"])
    try:
        if how.is_three_level and len({effect["study"] for effect in effects}) >= SMALLEST_NUMBER_OF_STUDIES:
            if how.rho is None:
                refuse_unknown(effects, measure)
            return effects, how, notes
        names = {study["study"]: study["label"] for study in spec["studies"]}
        one = combine(effects, how.rho or 0.0, measure, names)
    except ValueError as error:
        raise _bad(spec, "dependence", error) from error
    if how.is_three_level and len(effects) > len(one):
        notes.append("There is one study: its effects are combined into one, as no three-level model can be fitted.")
    return one, None, notes


def _three_level(spec: Mapping[str, Any], result: Part, how: Dependence, options: Settings) -> Part:
    """Return the parts of the result that a three-level model changes: the overall model, subgroups, weights."""
    effects: list[Effect] = result["effects"]
    handling = Handling(how, options, spec["measure"])
    used = {"inference": how.robust, "tau2": handling.likelihood}
    parts: Part = {"settings": result["settings"] | used, "warnings": list(result["warnings"])}
    weights = np.full(len(effects), 100.0 / len(effects))
    if spec.get("overall", True):
        parts |= multilevel_parts(effects, handling)
        weights = weights_of(parts.pop("covariance"))
    if options.tau2 not in (handling.likelihood, "REML"):
        parts["warnings"].append(
            f"The variances of the model are by {handling.likelihood}, not by tau2: {options.tau2}."
            if how.method == CORRELATED
            else f"The variances of the three-level model are by REML, not by tau2: {options.tau2}."
        )
    if spec.get("subgroups"):
        parts["subgroups"], inside, warnings = dependent_subgroups(effects, spec["subgroups"], handling)
        parts["warnings"] += warnings
        weights = weights if spec.get("overall", True) else inside
    parts["effects"] = [
        effect | {"weight_random": float(weight), "weight_common": None}
        for effect, weight in zip(effects, weights, strict=True)
    ]
    return parts


def _moderators(
    spec: Mapping[str, Any], effects: Sequence[Effect], options: Settings, how: Dependence | None
) -> tuple[Part | None, str | None]:
    formula = spec.get("moderators")
    if not formula:
        return None, None
    # pandas and formulas are slow to import, and most analyses have no moderators
    from coppice.pool.dependence.moderators import regress_dependent
    from coppice.pool.models.moderators import moderators_part

    regress = None if how is None else partial(regress_dependent, handling=Handling(how, options, spec["measure"]))
    try:
        return moderators_part(
            effects,
            formula,
            options,
            asked=spec.get("regression") or {},
            permutation=permutation_options(spec.get("permutation")),
            regress=regress,
        )
    except np.linalg.LinAlgError:  # the columns are independent, and yet not to sixteen digits
        return None, "the moderators can't be told apart in numbers; put one in another unit, or leave one out"
    except ValueError as error:
        raise _bad(spec, "moderators", error) from error


def _overall(model: PoolResults, *, shown: bool) -> Part:
    """Return the parts of the overall model, or null with the reason where the analysis does not want it."""
    if not shown:
        names = ("random", "common", "prediction", "heterogeneity")
        return dict.fromkeys(names) | {
            "alternatives": {"wald": None, "HKSJ": None},
            "warnings": [],
            "reasons": dict.fromkeys(names, NO_OVERALL),
        }
    return {
        "common": model.common,
        "random": model.random,
        "alternatives": model.alternatives,
        "prediction": model.prediction,
        "heterogeneity": model.heterogeneity,
        "warnings": list(model.warnings),
        "reasons": model.reasons,
    }


def _weights(models: Sequence[PoolResults], effects: Sequence[Effect], *, by_level: bool) -> dict[str, Array]:
    """Return the weights of the effects, in percent of the model that each belongs to."""
    if not by_level:
        return {"common": models[0].weights_common, "random": models[0].weights_random}
    levels = [effect["subgroup"] for effect in effects]
    found = {line: np.empty(len(effects)) for line in LINES}
    for level, model in zip(dict.fromkeys(levels), models, strict=True):
        inside = np.array([name == level for name in levels])
        found["common"][inside], found["random"][inside] = model.weights_common, model.weights_random
    return found


def _effects(effects: Sequence[Effect], weights: Mapping[str, Array], options: Settings) -> list[Part]:
    quantile = float(two_sided_quantile(options.level, np.inf))
    shown = []
    for index, effect in enumerate(effects):
        half = quantile * effect["vi"] ** 0.5
        row = effect | {
            "ci_low": effect["yi"] - half,
            "ci_high": effect["yi"] + half,
            **{f"weight_{line}": float(weights[line][index]) for line in LINES},
        }
        arms = risks(effect.get("reported"), level=options.level)
        shown.append(row | ({"risks": arms} if arms else {}))
    return shown


def display(result: Mapping[str, Any]) -> Part:
    """Return the estimates of a result back-transformed to the scale on which they are printed.

    Measures whose back-transformation depends on the sample size take each study's own, and for what is pooled the
    harmonic mean of the studies' sizes (Miller 1978, doi:10.1080/00031305.1978.10479283), which `size` holds.
    """
    measure, effects = MEASURES[result["measure"]], result["effects"]
    size = harmonic_size(effects)
    levels = (result["subgroups"] or {"levels": []})["levels"]
    return {
        **{name: _back(result[name], SHOWN_LINE, measure, size) for name in LINES},
        "size": size,
        "prediction": _back(result["prediction"], ("low", "high"), measure, size),
        "effects": [
            _back({**effect, "estimate": effect["yi"]}, SHOWN_LINE, measure, effect.get("size")) for effect in effects
        ],
        "subgroups": [
            _back_level(level, measure, harmonic_size([item for item in effects if item["subgroup"] == level["level"]]))
            for level in levels
        ],
    }


def _back_level(level: Mapping[str, Any], measure: Measure, size: float | None) -> Part:
    lines = {name: _back(level[name], SHOWN_LINE, measure, size) for name in LINES}
    return lines | {"prediction": _back(level["prediction"], ("low", "high"), measure, size)}


def _back(part: Mapping[str, Any] | None, keys: Sequence[str], measure: Measure, size: float | None) -> Part | None:
    if part is None:
        return None
    return {key: None if part[key] is None else _finite_back(measure, part[key], size) for key in keys}


def _finite_back(measure: Measure, value: float, size: float | None) -> float | None:
    printed = measure.back(value, size)
    return printed if math.isfinite(printed) else None  # a limit of e^710 can't be printed, and is none
