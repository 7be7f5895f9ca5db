"""One diagnostic analysis explored: the content of results/explore/<analysis>.json."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from coppice.core.contracts.diagnostic import DiagnosticExplored, DiagnosticResult, DiagnosticRow
from coppice.core.contracts.extract import ExtractContent
from coppice.core.contracts.values import Skipped
from coppice.explore.options import off, options_of
from coppice.pool.multivariate.diagnostic.bivariate import Bivariate, NotFitted
from coppice.pool.multivariate.diagnostic.counts import Accuracy, accuracy
from coppice.pool.multivariate.diagnostic.model import Model, model_of
from coppice.pool.multivariate.diagnostic.options import (
    BINOMIAL,
    LEAST_STUDIES,
    METHODS,
    MODELS,
    NORMAL,
    NOTHING,
    ZERO_RULES,
)
from coppice.pool.multivariate.diagnostic.point import summary_point

MOST_STUDIES = 60  # with an exact model for each, of which the work grows with the square of their number
LEAVE_ONE_OUT = "leave_one_out"


def explore_diagnostic(
    spec: Mapping[str, Any], pooled: DiagnosticResult, extracts: Iterable[ExtractContent] = ()
) -> DiagnosticExplored:
    """Explore a pooled diagnostic analysis, and return the content of its result file."""
    return {
        "kind": "diagnostic",
        "analysis": spec["analysis"],
        "measure": pooled["measure"],
        "level": pooled["level"],
        "leave_one_out": _leave_one_out(spec, pooled),
        "multiverse": _models(spec, pooled),
    }


def _leave_one_out(spec: Mapping[str, Any], pooled: DiagnosticResult) -> list[DiagnosticRow] | Skipped:
    """Return the summary point without each study in turn."""
    if options_of(spec, LEAVE_ONE_OUT) is None:
        return off(LEAVE_ONE_OUT)
    data, model = accuracy(pooled["effects"]), model_of(pooled["settings"])
    if pooled["point"] is None:
        return {"skipped": pooled["reasons"]["point"]}
    if data.k <= LEAST_STUDIES:
        return {"skipped": f"needs more than {LEAST_STUDIES} studies, and there are {data.k}"}
    if data.k > MOST_STUDIES:
        return {"skipped": f"not run for {data.k} studies (limit {MOST_STUDIES}): omitting one would hardly change it"}
    whole = model.mean(data)
    rows = []
    for index, effect in enumerate(pooled["effects"]):
        part = data.among(np.arange(data.k) != index)
        start = None if whole.at_bound else whole
        rows.append(_row(effect["label"], model, part, pooled["level"], study=effect["study"], start=start))
    return rows


def _models(spec: Mapping[str, Any], pooled: DiagnosticResult) -> list[DiagnosticRow] | Skipped:
    """Return the summary point by the exact model and, by each rule for empty cells, by the normal one."""
    if not spec.get("models", True):
        return {"skipped": "switched off"}
    data = accuracy(pooled["effects"])
    if data.k < LEAST_STUDIES:
        return {"skipped": pooled["reasons"].get("point", f"needs {LEAST_STUDIES} studies")}
    return [_row(label, model, data, pooled["level"]) for label, model in _each_model(data)]


def _each_model(data: Accuracy) -> Iterator[tuple[str, Model]]:
    """Yield each model with its name; without an empty cell the rules that depend on one are the same."""
    yield MODELS[BINOMIAL].name, Model(BINOMIAL)
    has_zero = bool(data.has_zero.any())
    rules = [rule for rule in ZERO_RULES.values() if (rule.code != NOTHING if has_zero else rule.code == NOTHING)]
    for rule in rules:
        for method in METHODS:
            yield f"{MODELS[NORMAL].name}, {method}, {rule.name}", Model(NORMAL, method, rule.code)


def _row(
    label: str, model: Model, data: Accuracy, level: float, *, study: str | None = None, start: Bivariate | None = None
) -> DiagnosticRow:
    """Return the summary point of a model, or the reason why it can't be fitted."""
    try:
        fitted = model.mean(data, start=start)
    except NotFitted as error:
        empty: DiagnosticRow = {
            "label": label, "study": study, "k": data.k, "sensitivity": None, "specificity": None, "dor": None,
            "reason": str(error),
        }  # fmt: skip
        return empty
    point = summary_point(*fitted.at(np.ones(1)), level)
    return {
        "label": label,
        "study": study,
        "k": data.k,
        "sensitivity": point["sensitivity"],
        "specificity": point["specificity"],
        "dor": point["dor"],
    }
