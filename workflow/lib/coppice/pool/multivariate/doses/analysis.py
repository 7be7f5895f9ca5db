"""One dose-response analysis: from the extracts of its studies to the content of results/pool/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.contracts.dose_response import (
    ChiSquared,
    Coefficient,
    CurveHeterogeneity,
    CurvePoint,
    DoseEffect,
    DoseLine,
    DoseResponseResult,
    DoseResponseSettings,
    Predicted,
)
from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.pool import Excluded
from coppice.core.dose_options import HAMLING, LINEAR, QUADRATIC, SPLINE, TWO
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.multivariate.doses.effects import data_of, select
from coppice.pool.multivariate.doses.model import Fit, StudyDoses, Test, decorrelated, fit_curve, has_enough
from coppice.pool.multivariate.doses.shapes import Curve, default_knots
from coppice.pool.multivariate.header import header
from coppice.pool.options import NO_PREDICTION
from coppice.pool.profiles import settings as settings_of_model

NO_EFFECTS = "no study gives ratios by dose"
FEWEST = 3  # studies, for a prediction interval
GRID = 60  # steps of the curve that is drawn
PRINTED = 5  # doses that are printed by default
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


def pool_dose_response(spec: Mapping[str, Any], extracts: Iterable[ExtractContent]) -> DoseResponseResult:
    """Pool a dose-response curve, and return the content of the result file."""
    settings = settings_of(spec)
    effects, excluded = select(spec, extracts, settings["level"])
    own = spec["dose_response"]
    settings["knots"] = knots_of(settings, effects)
    effects, too_few = _with_enough(effects, settings)
    result: DoseResponseResult = {
        "kind": "dose_response",
        **header(spec, settings["level"]),
        "settings": settings,
        "unit": own["unit"],
        "reference": None,
        "k": len(effects),
        "coefficients": [],
        "predictions": [],
        "curve": [],
        "tests": None,
        "fit": None,
        "heterogeneity": None,
        "effects": effects,
        "excluded": excluded + too_few,
        "reasons": {},
        "warnings": [],
    }
    data = data_of(effects)
    curve = curve_of(settings)
    if reason := why_not(data, curve):
        return {**result, "reasons": {"curve": reason}}
    fit, common = fits(data, settings)
    lowest, most = bounds_of(effects)
    reference = lowest if own["reference"] is None else own["reference"]
    result["reference"] = reference
    result["coefficients"] = list(coefficients(fit, common, settings))
    result["predictions"] = predictions(
        fit, common, own["doses"] or rounded(lowest, most, reference), reference, settings
    )
    result["curve"] = drawn(fit, np.linspace(lowest, most, GRID + 1), reference, settings["level"])
    result["tests"] = {"association": tested(fit.wald()), "nonlinearity": nonlinearity(fit)}
    deviance, share = decorrelated(data, common)
    result["fit"] = {"deviance": tested(deviance), "R2": share}
    result["heterogeneity"] = heterogeneity(data, fit, common)
    result["warnings"] = list(warnings_of(effects, fit, settings, (lowest, most), own))
    return result


def settings_of(spec: Mapping[str, Any]) -> DoseResponseSettings:
    """Return the options of the model, from those of an analysis."""
    model, own = settings_of_model(spec["model"]), spec["dose_response"]
    return {
        "profile": model.profile,
        "tau2": "ML" if model.tau2 == "ML" else "REML",
        "shape": own["shape"],
        "knots": own["knots"],
        "stages": own["stages"],
        "covariance": own["covariance"],
        "prediction": model.prediction_method,
        "level": model.level,
    }


def all_doses(effects: Iterable[DoseEffect]) -> list[float]:
    """Return the doses of all studies, their references among them."""
    return [
        dose for effect in effects for dose in (effect["reference"], *(point["dose"] for point in effect["points"]))
    ]


def bounds_of(effects: Iterable[DoseEffect]) -> tuple[float, float]:
    """Return the lowest and the highest dose."""
    doses = all_doses(effects)
    return min(doses), max(doses)


def knots_of(settings: DoseResponseSettings, effects: Sequence[DoseEffect]) -> list[float]:
    """Return the knots of a spline, by default at percentiles of the doses; none of another shape."""
    if settings["shape"] != SPLINE or not effects:
        return []
    return settings["knots"] or list(default_knots(all_doses(effects)))


def curve_of(settings: DoseResponseSettings) -> Curve:
    """Return the shape of the curve."""
    return Curve(settings["shape"], tuple(settings["knots"]))


def _with_enough(effects: list[DoseEffect], settings: DoseResponseSettings) -> tuple[list[DoseEffect], list[Excluded]]:
    """Leave out the studies that have too few doses for a curve of their own, where the model needs one."""
    if settings["stages"] != TWO or not effects:
        return effects, []
    enough = {item.study for item in data_of(effects) if has_enough(item, curve_of(settings))}
    reason = "too few doses for a curve of its own, which two stages need (`stages: one` takes it)"
    return [effect for effect in effects if effect["study"] in enough], [
        {"study": effect["study"], "label": effect["label"], "reason": reason}
        for effect in effects
        if effect["study"] not in enough
    ]


def why_not(data: Sequence[StudyDoses], curve: Curve) -> str:
    """Return why no curve can be fitted; nothing where one can."""
    if not data:
        return NO_EFFECTS
    if any(later <= earlier for earlier, later in zip(curve.knots, curve.knots[1:], strict=False)):
        return "percentiles of the doses coincide, so that a spline has no knots; name them: `knots: [...]`"
    x = np.concatenate([curve.differences(item.doses, item.reference) for item in data])
    most = np.abs(x).max(axis=0)
    if (most == 0).any() or np.linalg.matrix_rank(x / most) < curve.size:
        return f"the doses of the studies do not determine {curve.size} coefficients; take a simpler shape"
    return ""


def fits(data: Sequence[StudyDoses], settings: DoseResponseSettings, curve: Curve | None = None) -> tuple[Fit, Fit]:
    """Return the random-effects and the common-effect model."""
    shape = curve or curve_of(settings)
    stages, method = settings["stages"], settings["tau2"]
    return (
        fit_curve(data, shape, stages=stages, method=method),
        fit_curve(data, shape, stages=stages, method=method, common=True),
    )


def line(estimate: float, se: float, level: float) -> DoseLine:
    """Return an estimate with its Wald interval."""
    half = float(two_sided_quantile(level, np.inf)) * se
    return {"estimate": estimate, "se": se, "ci_low": estimate - half, "ci_high": estimate + half}


def tested(test: Test) -> ChiSquared:
    """Return a test as it is written."""
    return {"statistic": test.statistic, "df": test.df, "p": test.p}


def nonlinearity(fit: Fit) -> ChiSquared | None:
    """Return the test that the curve is a log-linear trend."""
    return tested(fit.wald(1)) if fit.curve.size > 1 else None


def terms_of(curve: Curve) -> list[str]:
    """Return the names of the coefficients."""
    names = {LINEAR: [], QUADRATIC: ["dose squared"], SPLINE: [f"spline term {n}" for n in range(1, curve.size)]}
    return ["dose", *names[curve.shape]]


def coefficients(fit: Fit, common: Fit, settings: DoseResponseSettings) -> Iterator[Coefficient]:
    """Yield the coefficients of both models."""
    between = np.zeros_like(fit.cov) if fit.between is None else fit.between
    for place, term in enumerate(terms_of(fit.curve)):
        lines = [
            line(float(each.params[place]), float(np.sqrt(each.cov[place, place])), settings["level"])
            for each in (fit, common)
        ]
        yield {
            "term": term,
            "random": lines[0],
            "common": lines[1],
            "tau": float(np.sqrt(max(between[place, place], 0.0))),
        }


def rounded(low: float, high: float, reference: float) -> list[float]:
    """Return about five round doses in a range, without the reference."""
    raw = (high - low) / PRINTED
    power = 10.0 ** np.floor(np.log10(raw)) if raw > 0 else 1.0
    step = next(power * unit for unit in ROUND if power * unit >= raw * (1 - 1e-12))
    doses = [
        float(round(number * step, 12)) for number in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)
    ]
    return [dose for dose in doses if dose != reference] or [high]


def predictions(
    fit: Fit, common: Fit, doses: Sequence[float], reference: float, settings: DoseResponseSettings
) -> list[Predicted]:
    """Return the ratios at doses against the reference dose, with the prediction interval of a new study's."""
    level, k = settings["level"], len(fit.studies)
    (at, error), (at_common, error_common) = fit.at(doses, reference), common.at(doses, reference)
    spread = fit.spread(doses, reference)
    is_given = settings["prediction"] != NO_PREDICTION and k >= FEWEST
    df = np.inf if settings["prediction"] == "normal" else float(max(k - fit.curve.size, 1))
    quantile = float(two_sided_quantile(level, df))
    made: list[Predicted] = []
    for place, dose in enumerate(doses):
        half = quantile * float(np.hypot(error[place], spread[place]))
        made.append({
            "dose": float(dose),
            "random": line(float(at[place]), float(error[place]), level),
            "common": line(float(at_common[place]), float(error_common[place]), level),
            "prediction_low": float(at[place]) - half if is_given else None,
            "prediction_high": float(at[place]) + half if is_given else None,
        })  # fmt: skip
    return made


def drawn(fit: Fit, doses: Any, reference: float, level: float) -> list[CurvePoint]:
    """Return the curve at doses."""
    at, error = fit.at(doses, reference)
    return [
        {"dose": float(dose), **line(float(one), float(se), level)}
        for dose, one, se in zip(doses, at, error, strict=True)
    ]


def heterogeneity(data: Sequence[StudyDoses], fit: Fit, common: Fit) -> CurveHeterogeneity:
    """Return the heterogeneity of the curves: Q of two stages, and I2 from the volumes of the confidence regions."""
    own = [item for item in data if has_enough(item, fit.curve)]
    q: ChiSquared | None = None
    if len(own) > 1:
        engine = fit_curve(own, fit.curve, stages=TWO, common=True).engine
        q = {"statistic": float(engine.q or 0.0), "df": int(engine.q_df), "p": engine.q_p}
    ratio = np.linalg.slogdet(common.cov)[1] - np.linalg.slogdet(fit.cov)[1]
    between = np.zeros_like(fit.cov) if fit.between is None else fit.between
    return {
        "Q": q,
        "I2": 100.0 * max(0.0, 1.0 - float(np.exp(ratio / fit.curve.size))),
        "covariance": [[float(value) for value in row] for row in between],
        "log_likelihood": fit.log_likelihood,
    }


def warnings_of(
    effects: Sequence[DoseEffect],
    fit: Fit,
    settings: DoseResponseSettings,
    bounds: tuple[float, float],
    own: Mapping[str, Any],
) -> Iterator[str]:
    """Yield what a reader should know of the model."""
    yield from fit.engine.warnings
    fallen = [
        effect["label"]
        for effect in effects
        if settings["covariance"] == HAMLING and effect["method"] not in (HAMLING, "counts", "independent")
    ]
    if fallen:
        yield f"No counts agree with the ratios of {', '.join(fallen)} as Hamling's method asks, so the method of Greenland and Longnecker took its place."
    low, high = bounds
    beyond = [dose for dose in (*own["doses"], own["reference"]) if dose is not None and not low <= dose <= high]
    if beyond:
        yield f"No study reports doses beyond {low:g} to {high:g}, so the ratios at {', '.join(f'{dose:g}' for dose in beyond)} are extrapolated."
    if len({effect["design"] for effect in effects}) > 1:
        yield "Odds ratios, risk ratios and rate ratios are pooled as if they were the same, which holds for rare events."
