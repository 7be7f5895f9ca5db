"""One diagnostic analysis: from the extracts of its studies to the content of results/pool/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.contracts.diagnostic import DiagnosticEffect, DiagnosticResult, DiagnosticSettings
from coppice.core.contracts.extract import ExtractContent
from coppice.core.errors import BadInput, Problem
from coppice.pool.multivariate.diagnostic.bivariate import Bivariate, NotFitted
from coppice.pool.multivariate.diagnostic.counts import Accuracy, accuracy, corrected
from coppice.pool.multivariate.diagnostic.covariates import regression_part, subgroups_part
from coppice.pool.multivariate.diagnostic.effects import select, thresholds_in
from coppice.pool.multivariate.diagnostic.model import Model, between_part, fit_part, model_of
from coppice.pool.multivariate.diagnostic.options import BINOMIAL, NOTHING, ZEROS
from coppice.pool.multivariate.diagnostic.point import consequences, curve, hsroc, regions, summary_point
from coppice.pool.multivariate.header import header

DEFAULT_LEVEL = 0.95
FEW_STUDIES = 5  # fewer than the model has parameters
MOST_THRESHOLDS = 5  # named in a warning
NO_STUDIES = "no study gives counts"


def pool_diagnostic(spec: Mapping[str, Any], extracts: Iterable[ExtractContent]) -> DiagnosticResult:
    """Pool the counts of one diagnostic analysis, and return the content of its result file.

    `spec` is what `pool` reads of the analysis; `extracts` are those of its outcome, in any order.
    """
    settings = settings_of(spec["diagnostic"], spec["model"])
    level = settings["level"]
    effects, excluded = select(spec, extracts, level)
    data = accuracy(effects)
    result: DiagnosticResult = {
        "kind": "diagnostic",
        **header(spec, level),
        "settings": settings,
        "test": spec["diagnostic"]["test"],
        "condition": spec["diagnostic"]["condition"],
        "k": data.k,
        "with_condition": int(data.totals[:, 0].sum()),
        "without_condition": int(data.totals[:, 1].sum()),
        "point": None,
        "between": None,
        "fit": None,
        "hsroc": None,
        "curve": None,
        "regions": None,
        "consequences": [],
        "subgroups": None,
        "regression": None,
        "effects": effects,
        "excluded": excluded,
        "reasons": {},
        "warnings": [],
    }
    model = model_of(settings)
    if settings["model"] != BINOMIAL:
        for effect, is_corrected in zip(effects, corrected(data, settings["zero_cells"])[1], strict=True):
            effect["corrected"] = bool(is_corrected)
    try:
        if not effects:
            raise NotFitted(NO_STUDIES)
        fitted = model.mean(data)
    except NotFitted as error:
        result["reasons"]["point"] = str(error)
        return result
    _add_model(result, fitted, data, spec["diagnostic"].get("prevalences") or ())
    _add_covariates(result, spec, model, data)
    result["warnings"] = [*result["warnings"], *warnings_of(result, fitted, data)]
    return result


def settings_of(diagnostic: Mapping[str, Any], model: Mapping[str, Any]) -> DiagnosticSettings:
    """Return the options of a diagnostic model, from those of an analysis."""
    is_exact = diagnostic["model"] == BINOMIAL
    return {
        "profile": str(model.get("profile")),
        "model": diagnostic["model"],
        "method": "ML" if is_exact else str(model.get("tau2", "REML")),
        "zero_cells": NOTHING if is_exact else diagnostic.get("zero_cells", ZEROS),
        "inference": "wald",
        "level": float(model.get("level", DEFAULT_LEVEL)),
    }


def _add_model(result: DiagnosticResult, fitted: Bivariate, data: Accuracy, prevalences: Sequence[float]) -> None:
    """Add what a fitted model gives."""
    level = result["level"]
    logits, cov = fitted.at(np.ones(1))
    point = summary_point(logits, cov, level)
    confidence, prediction = regions(fitted, level)
    result["point"] = point
    result["between"] = between_part(fitted)
    result["fit"] = fit_part(fitted)
    result["regions"] = {"confidence": confidence, "prediction": prediction}
    result["consequences"] = consequences(point, _prevalences(data, prevalences))
    result["hsroc"] = parameters = hsroc(logits, fitted.between)
    if parameters is None:
        result["reasons"]["hsroc"] = result["reasons"]["curve"] = (
            "a variance between studies is estimated as 0, so that the ROC curve has no slope"
        )
    else:
        result["curve"] = curve(parameters, data.wrong[:, 1] / data.totals[:, 1])


def _prevalences(data: Accuracy, named: Sequence[float]) -> list[tuple[float, str]]:
    """Return the prevalences of the configuration, or the median of the studies, each with its source."""
    if named:
        return [(float(value), "named in the configuration") for value in named]
    own = data.totals[:, 0] / data.totals.sum(axis=1)
    return [(float(np.median(own)), "the median of the studies")]


def _add_covariates(result: DiagnosticResult, spec: Mapping[str, Any], model: Model, data: Accuracy) -> None:
    """Add subgroups and covariates, or the reasons why they are not available."""
    if spec.get("subgroups"):
        try:
            result["subgroups"], notes = subgroups_part(
                result["effects"], data, model, spec["subgroups"], names=spec.get("levels"), level=result["level"]
            )
            result["warnings"] += notes
        except NotFitted as error:
            result["reasons"]["subgroups"] = str(error)
    if spec.get("moderators"):
        try:
            result["regression"], notes = regression_part(
                result["effects"], data, model, spec["moderators"], result["level"]
            )
            result["warnings"] += notes
        except NotFitted as error:
            result["reasons"]["regression"] = str(error)
        except ValueError as error:
            raise BadInput([Problem(f"analysis {spec['analysis']}", 0, "moderators", str(error))]) from error


def warnings_of(result: DiagnosticResult, fitted: Bivariate, data: Accuracy) -> Iterator[str]:
    """Yield what a reader should know of the data and the model."""
    effects: Sequence[DiagnosticEffect] = result["effects"]
    thresholds = thresholds_in(effects)
    if len(thresholds) > 1:
        named = ", ".join(thresholds[:MOST_THRESHOLDS]) + (", ..." if len(thresholds) > MOST_THRESHOLDS else "")
        yield (
            f"The studies used {len(thresholds)} thresholds ({named}): the summary point is of no threshold in particular, "
            "and the summary ROC curve describes the results better."
        )
    without = sum("threshold" not in effect for effect in effects)
    if thresholds and without:
        yield f"{without} of {len(effects)} studies do not state their threshold."
    if data.k < FEW_STUDIES:
        yield f"{data.k} studies are fewer than the {fitted.parameters} parameters of the model: its estimates are unstable."
    if fitted.at_bound:
        yield (
            "A variance between studies is estimated as 0, or the correlation of sensitivity and specificity as 1 or -1: "
            "the region of prediction and the ROC curve are unreliable."
        )
    if not fitted.converged:
        yield "The search for the maximum of the likelihood did not converge."
    if (fitted.correlation or 0.0) > 0 and result["curve"] is not None:
        yield (
            "Sensitivity and specificity are positively correlated between studies, which a common threshold effect does "
            "not produce: the summary ROC curve may mislead."
        )
    if number := sum(effect["corrected"] for effect in effects):
        yield f"0.5 was added to each cell of {number} of {len(effects)} studies; the binomial model needs no such addition."
