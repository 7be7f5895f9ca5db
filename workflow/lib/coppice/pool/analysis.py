"""One analysis: from its extracts to the content of results/pool/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from coppice.errors import BadInput, Problem, nearest
from coppice.measures import MEASURES, Measure
from coppice.pool.dependent import combine, multilevel_parts, sharing_note
from coppice.pool.effects import Effect, counted_only, given_weights, select
from coppice.pool.handling import AGGREGATE, Dependence
from coppice.pool.kernel import Array
from coppice.pool.parts import SMALLEST_K_OF_CAUTION
from coppice.pool.profiles import Settings, settings
from coppice.pool.quantiles import two_sided_quantile
from coppice.pool.results import PoolResults, pool_settings
from coppice.pool.risks import risks
from coppice.pool.stratified import counts_of
from coppice.pool.subgroups import subgroup_analysis

Part = dict[str, Any]
LINES = ("common", "random")
SHOWN_LINE = ("estimate", "ci_low", "ci_high")
NO_OVERALL = "its subgroups stand apart, without an average over them"


def pool_analysis(spec: Mapping[str, Any], extracts: Iterable[Mapping[str, Any]]) -> Part:
    """Pool the effects of one analysis.

    Parameters
    ----------
    spec : mapping
        What `pool` reads of the analysis: outcome, measure, model, subgroups, overall, route, studies, excluded.
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
    notes = sharing_note(effects, measure) if how is not None else []
    if how is not None and how.method == AGGREGATE and how.rho is not None:
        effects = combine(effects, how.rho, measure)
    yi, vi = np.array([effect["yi"] for effect in effects]), np.array([effect["vi"] for effect in effects])
    counted = counts_of([effect.get("reported") for effect in (*effects, *more)], measure)
    try:
        model = pool_settings(yi, vi, options, counted, measure, given=given_weights(effects, options))
    except ValueError as error:
        raise _bad(spec, "model", error) from error
    subgroups: Part | None = None
    models: list[PoolResults] = []
    if spec.get("subgroups") and effects:
        subgroups, models = subgroup_analysis(effects, spec["subgroups"], measure, options, more)
    moderators, why = _moderators(spec, effects, options)
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
    if how is not None and how.method != AGGREGATE and overall:
        result |= _three_level(result, how, options, measure)
    result["warnings"] = [*result["warnings"], *notes]
    if why:
        result["reasons"] = result["reasons"] | {"moderators": why}
    return result | {"display": display(result)}


def _bad(spec: Mapping[str, Any], where: str, error: ValueError) -> BadInput:
    return BadInput([Problem(f"analysis {spec['analysis']}", 0, where, str(error))])


def _dependence(spec: Mapping[str, Any]) -> Dependence | None:
    """Return how the analysis handles several effects of a study; None where it does not say."""
    if not spec.get("dependence"):
        return None
    given = dict(spec["dependence"])
    try:
        unknown = next((key for key in given if key not in ("method", "rho", "robust")), None)
        if unknown is not None:
            raise ValueError(f"there is no option '{unknown}': {nearest(unknown, ('method', 'rho', 'robust'))}")
        how = Dependence(given.get("method", ""), given.get("rho"), given.get("robust", "CR2"))
        if how.method != AGGREGATE and spec.get("moderators"):
            raise ValueError(f"{how.method} has no moderators yet; aggregate the effects of a study")
        if how.method != AGGREGATE and spec.get("subgroups"):
            raise ValueError(
                f"{how.method} has no subgroups; aggregate the effects of a study, or take them as they are"
            )
    except ValueError as error:
        raise _bad(spec, "dependence", error) from error
    return how


def _three_level(result: Part, how: Dependence, options: Settings, measure: str) -> Part:
    """Return the parts of the result that a three-level model changes, or none where there are too few studies."""
    effects = result["effects"]
    if len({effect["study"] for effect in effects}) < SMALLEST_K_OF_CAUTION:
        few = (
            f"the three-level model needs {SMALLEST_K_OF_CAUTION} studies; without it the effects count as independent"
        )
        return {"warnings": [*result["warnings"], f"{few[0].upper()}{few[1:]}."]}
    parts = multilevel_parts(effects, how, options, measure)
    weights = parts.pop("weights")
    shown = [
        effect | {"weight_random": float(weight), "weight_common": None}
        for effect, weight in zip(effects, weights, strict=True)
    ]
    settings_shown = result["settings"] | {"dependence": how.method, "rho": how.rho, "inference": how.robust}
    reasons = {"common": "a common effect of dependent effects is not estimated"}
    return parts | {"effects": shown, "settings": settings_shown, "reasons": reasons, "warnings": []}


def _moderators(
    spec: Mapping[str, Any], effects: Sequence[Effect], options: Settings
) -> tuple[Part | None, str | None]:
    formula = spec.get("moderators")
    if not formula:
        return None, None
    # pandas and formulas are slow to import, and most analyses have no moderators
    from coppice.pool.moderators import moderators_part

    try:
        return moderators_part(effects, formula, options)
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


def harmonic_size(effects: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the harmonic mean of the effects' sample sizes, if each has one."""
    sizes = [effect["size"] for effect in effects if effect.get("size")]
    return len(sizes) / sum(1 / size for size in sizes) if sizes and len(sizes) == len(effects) else None


def _back_level(level: Mapping[str, Any], measure: Measure, size: float | None) -> Part:
    lines = {name: _back(level[name], SHOWN_LINE, measure, size) for name in LINES}
    return lines | {"prediction": _back(level["prediction"], ("low", "high"), measure, size)}


def _back(part: Mapping[str, Any] | None, keys: Sequence[str], measure: Measure, size: float | None) -> Part | None:
    if part is None:
        return None
    return {key: None if part[key] is None else _finite_back(measure, part[key], size) for key in keys}


def _finite_back(measure: Measure, value: float, size: float | None) -> float | None:
    try:
        return measure.back(value, size)
    except OverflowError:  # a limit of e^710 can't be printed, and is none
        return None
