"""Meta-regression of dependent effects: moderators of studies and of their effects in a three-level model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from coppice.core.contracts.lines import RandomLine
from coppice.core.contracts.moderators import (
    Coefficient,
    CoefficientOverRho,
    MeanEffect,
    Omnibus,
    Regression,
    RegressionOverRho,
)
from coppice.pool.dependence.model import (
    DependentModel,
    Effects,
    few_df_warning,
    fit_effects,
    heterogeneity_of,
    names_of,
    numbers_of,
    possible_rhos,
    prediction_about,
    robust_line,
    structure_warnings,
)
from coppice.pool.dependence.multilevel import MultilevelResults
from coppice.pool.model_warnings import sparse_warning
from coppice.pool.models.fit import omnibus
from coppice.pool.models.regression import (
    INTERCEPT,
    Design,
    TooFew,
    coefficient_rows,
    collinear_warning,
    inflation,
    mean_effect,
)
from coppice.pool.profiles import Settings


@dataclass(frozen=True, slots=True)
class DependentRegression:
    """A meta-regression in a three-level model, cluster-robust; `part` is its part of the result file."""

    design: Design
    settings: Settings
    fit: MultilevelResults = field(repr=False)
    part: Regression = field(repr=False)

    def contrast(self, row: ArrayLike) -> RandomLine:
        """Return a linear combination of the coefficients (p,) with its interval and test."""
        return robust_line(self.fit, np.asarray(row, dtype=np.float64).tolist())

    def predict(self, row: ArrayLike) -> MeanEffect:
        """Return the mean effect at given values of the moderators with its confidence and prediction interval."""
        line = self.contrast(row)
        interval = prediction_about(line, float(self.fit.sigma2.sum()), self.settings)
        return mean_effect(line) if interval is None else mean_effect(line, interval["low"], interval["high"])

    def vif(self) -> dict[str, float]:
        """Return the variance inflation factor of each slope, in the model-based covariance."""
        return inflation(self.design, self.fit.model)


def regress_dependent(effects: Effects, design: Design, model: DependentModel) -> DependentRegression:
    """Fit a meta-regression of effects that depend on one another within studies; `design` has a row per effect.

    TooFew is raised if there are no more studies than coefficients.
    """
    m, p = len(set(names_of(effects))), design.matrix.shape[1]
    if m <= p:
        raise TooFew(f"{m} studies are too few for {p} coefficients with cluster-robust inference")
    options, fit = model.settings, fit_effects(effects, model, design=design.matrix)
    spread = heterogeneity_of(fit.sigma2, design.matrix, effects, model)
    coefficients = _coefficients(fit, design)
    test = robust_omnibus(fit, design.slopes)
    part: Regression = {
        "coefficients": coefficients,
        "inference": model.dependence.robust,
        "df": None,
        "studies": m,
        "QE": spread["Q"], "QE_df": spread["df"], "QE_p": spread["p"],
        "QM": test["QM"], "QM_df": test["QM_df"], "QM_df2": test["QM_df2"], "QM_p": test["QM_p"],
        "tau2": spread["tau2"], "tau2_between": spread["tau2_between"], "tau2_within": spread["tau2_within"],
        "tau2_se": spread["tau2_se"], "I2": spread["I2"], "H2": spread["H2"],
        "R2": _explained(effects, design, model, spread["tau2"]),
        "alternatives": {"wald": {
            "coefficients": coefficient_rows(fit.model, options.level, design),
            **omnibus(fit.model, design.slopes),
        }},
        "over_rho": _over_rho(effects, design, model),
        "warnings": [
            *sparse_warning(m, len(design.slopes), "studies"), *collinear_warning(design), *structure_warnings(effects, model), *_unsupported(fit, design),
            *few_df_warning({row["name"]: row.get("df") for row in coefficients}),
        ],
    }  # fmt: skip
    return DependentRegression(design, options, fit, part)


def _coefficients(fit: MultilevelResults, design: Design) -> list[Coefficient]:
    units = zip(design.names, np.eye(len(design.names)).tolist(), strict=True)
    return [cast(Coefficient, {"name": name, **numbers_of(robust_line(fit, unit))}) for name, unit in units]


def robust_omnibus(fit: MultilevelResults, slopes: Sequence[int]) -> Omnibus:
    """Return the cluster-robust test of all slopes together; null where it is not defined."""
    if not slopes or fit.robust is None:
        return {"QM": None, "QM_df": 0, "QM_df2": None, "QM_p": None}
    test = fit.robust.wald(np.eye(len(fit.params))[list(slopes)])
    return {"QM": test.f, "QM_df": test.df, "QM_df2": test.df2, "QM_p": test.p}


def _explained(effects: Effects, design: Design, model: DependentModel, left: float) -> float | None:
    """Return how much of the variance between and within studies the moderators explain, in percent."""
    if INTERCEPT not in design.names:
        return None
    alone = float(fit_effects(effects, model).sigma2.sum())
    return 100.0 * max(0.0, 1.0 - left / alone) if alone > 0 else None


def _over_rho(effects: Effects, design: Design, model: DependentModel) -> list[RegressionOverRho]:
    rows: list[RegressionOverRho] = []
    for rho in possible_rhos(effects, model):
        fit = fit_effects(effects, model, rho=rho, design=design.matrix)
        coefficients = [
            cast(CoefficientOverRho, {name: value for name, value in row.items() if name not in ("statistic", "df")})
            for row in _coefficients(fit, design)
        ]
        rows.append({"rho": rho, "coefficients": coefficients, **robust_omnibus(fit, design.slopes)})
    return rows


def _unsupported(fit: MultilevelResults, design: Design) -> list[str]:
    """Return the warning that names coefficients which a single study decides."""
    robust = fit.robust
    units = zip(design.names, np.eye(len(design.names)), strict=True)
    alone = [name for name, row in units if robust is not None and not robust.supports(row)]
    if not alone:
        return []
    text = f"A single study determines {', '.join(alone)}: "
    return [text + "cluster-robust inference gives no standard error for it and no test of all moderators together."]
