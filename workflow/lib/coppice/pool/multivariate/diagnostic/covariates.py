"""Subgroups and covariates of sensitivity and specificity, with one covariance between studies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import ndtr

from coppice.core.contracts.diagnostic import (
    Coefficient,
    DiagnosticEffect,
    DiagnosticLevel,
    DiagnosticRegression,
    DiagnosticSubgroups,
)
from coppice.core.subgroup_levels import place_of
from coppice.pool.formula import variables
from coppice.pool.kernel.kernel import Array
from coppice.pool.models.regression import INTERCEPT, design_of
from coppice.pool.multivariate.diagnostic.bivariate import Bivariate, Designs, NotFitted
from coppice.pool.multivariate.diagnostic.counts import Accuracy
from coppice.pool.multivariate.diagnostic.model import Model, between_part, covariate_tests
from coppice.pool.multivariate.diagnostic.point import half_width, region, summary_point

LEAST_RESIDUAL = 2  # studies more than coefficients of one side, for the variation that remains


def levels_in(effects: Sequence[DiagnosticEffect], names: Mapping[str, str] | None) -> list[str]:
    """Return the levels of the effects: those with names in their order, then as they appear."""
    levels = dict.fromkeys(str(effect["subgroup"]) for effect in effects)
    return sorted(levels, key=lambda level: place_of(level, names))


def subgroups_part(
    effects: Sequence[DiagnosticEffect],
    data: Accuracy,
    model: Model,
    by: str,
    *,
    names: Mapping[str, str] | None,
    level: float,
) -> tuple[DiagnosticSubgroups, list[str]]:
    """Return the summary point of each level and tests of their difference, with warnings; NotFitted gives the reason where they are not available."""
    levels = levels_in(effects, names)
    if len(levels) < 2:
        raise NotFitted("all studies are of one level")
    member = np.array([[effect["subgroup"] == name for name in levels] for effect in effects], dtype=np.float64)
    _check_size(data.k, len(levels))
    fitted = model.fit(data, Designs.of(member))
    rows: list[DiagnosticLevel] = []
    for place, name in enumerate(levels):
        logits, cov = fitted.at(np.eye(len(levels))[place])
        rows.append(
            {
                "level": name,
                "k": int(member[:, place].sum()),
                "point": summary_point(logits, cov, level),
                "confidence": region(logits, cov, level),
            }
        )
    tests = covariate_tests(model, data, member, np.ones((data.k, 1)))
    return {"by": by, "levels": rows, "between": between_part(fitted), "tests": tests}, at_bound(fitted, "subgroups")


def at_bound(fitted: Bivariate, what: str) -> list[str]:
    """Return the warning that a model with covariates ends at a bound, if it does."""
    if not fitted.at_bound:
        return []
    which = "a variance between studies is estimated as 0, or the correlation of sensitivity and specificity as 1 or -1"
    return [f"In the model of {what} {which}: its intervals and tests are unreliable."]


def _check_size(k: int, coefficients: int) -> None:
    if k < coefficients + LEAST_RESIDUAL:
        raise NotFitted(
            f"{k} studies are too few for {coefficients} coefficients of each of sensitivity and specificity"
        )


def regression_part(
    effects: Sequence[DiagnosticEffect], data: Accuracy, model: Model, formula: str, level: float
) -> tuple[DiagnosticRegression, list[str]]:
    """Return the coefficients of covariates, with warnings; NotFitted gives the reason where they are not available.

    ValueError is raised if the formula is wrong.
    """
    rows = [{"year": effect["year"], **effect.get("values", {})} for effect in effects]
    names = sorted(variables(formula))
    inside = [index for index, row in enumerate(rows) if all(row.get(name) is not None for name in names)]
    left_out = [effects[index]["label"] for index in range(len(rows)) if index not in set(inside)]
    if not inside:
        raise NotFitted(f"no study reports {', '.join(names)}")
    design = design_of(formula, {name: [rows[index][name] for index in inside] for name in names})
    if INTERCEPT not in design.names:
        raise ValueError(f"the formula '{formula}' has no intercept, which a model of test accuracy needs")
    _check_size(len(inside), len(design.names))
    part = data.among(inside)
    fitted = model.fit(part, Designs.of(design.matrix))
    tests = covariate_tests(model, part, design.matrix, design.matrix[:, :1])
    spread = np.sqrt(np.diag(fitted.cov_params))
    p = len(design.names)
    warnings = [f"The covariates leave out {', '.join(left_out)}, which do not report them all."] if left_out else []
    warnings += at_bound(fitted, "covariates")
    return {
        "formula": formula,
        "k": part.k,
        "sensitivity": _coefficients(design.names, fitted.params[:p], spread[:p], level),
        "specificity": _coefficients(design.names, fitted.params[p:], spread[p:], level),
        "between": between_part(fitted),
        "tests": tests,
    }, warnings


def _coefficients(names: Sequence[str], values: Array, spread: Array, level: float) -> list[Coefficient]:
    half = half_width(level)
    return [
        {
            "name": name,
            "estimate": float(value),
            "se": float(se),
            "ci_low": float(value - half * se),
            "ci_high": float(value + half * se),
            "p": float(2.0 * ndtr(-abs(value / se))) if se > 0 else 0.0,
        }
        for name, value, se in zip(names, values, spread, strict=True)
    ]
