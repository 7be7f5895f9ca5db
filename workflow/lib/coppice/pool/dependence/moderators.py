"""Meta-regression of dependent effects: moderators of studies and of their effects in a three-level model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coppice.pool.dependence.model import (
    Effects,
    Handling,
    few_df_warning,
    fit_effects,
    heterogeneity_of,
    names_of,
    possible_rhos,
    prediction_about,
    robust_line,
    structure_warnings,
)
from coppice.pool.dependence.multilevel import MultilevelResults
from coppice.pool.models.fit import omnibus
from coppice.pool.models.regression import INTERCEPT, Design, TooFew, collinear_warning, inflation, sparse_warning
from coppice.pool.options import NO_PREDICTION
from coppice.pool.parts import Part, line
from coppice.pool.profiles import Settings

SHOWN_OVER_RHO = ("estimate", "se", "ci_low", "ci_high", "p")


@dataclass(frozen=True, slots=True)
class DependentRegression:
    """A meta-regression in a three-level model, cluster-robust.

    Attributes
    ----------
    design : Design
    settings : Settings
    fit : MultilevelResults
    part : dict
        The moderators' part of the result file.
    """

    design: Design
    settings: Settings
    fit: MultilevelResults = field(repr=False)
    part: Part = field(repr=False)

    def contrast(self, row: ArrayLike) -> Part:
        """Return a linear combination of the coefficients (p,) with its interval and test."""
        return robust_line(self.fit, np.asarray(row, dtype=np.float64).tolist())

    def predict(self, row: ArrayLike) -> Part:
        """Return the mean effect at given values of the moderators with its confidence and prediction interval."""
        found, total = self.contrast(row), float(self.fit.sigma2.sum())
        wanted = self.settings.prediction_method != NO_PREDICTION
        interval = (prediction_about(found, total, self.settings) if wanted else None) or {"low": None, "high": None}
        part = {key: found[key] for key in ("estimate", "se", "ci_low", "ci_high")}
        return part | {"pi_low": interval["low"], "pi_high": interval["high"]}

    def vif(self) -> dict[str, float]:
        """Return the variance inflation factor of each slope, in the model-based covariance."""
        return inflation(self.design, self.fit.model)


def regress_dependent(effects: Effects, design: Design, handling: Handling) -> DependentRegression:
    """Fit a meta-regression of effects that depend on one another within studies.

    Parameters
    ----------
    effects : sequence of mapping
        With `study`, `yi`, `vi`, `reported` and `statistic`.
    design : Design
        The moderators, a row an effect.
    handling : Handling

    Raises
    ------
    TooFew
        If there are no more studies than coefficients.
    """
    m, p = len(set(names_of(effects))), design.matrix.shape[1]
    if m <= p:
        raise TooFew(f"{m} studies are too few for {p} coefficients with cluster-robust inference")
    options, fit = handling.options, fit_effects(effects, handling, design=design.matrix)
    spread = heterogeneity_of(fit.sigma2, design.matrix, effects, handling)
    coefficients = _coefficients(fit, design)
    part = {
        "coefficients": coefficients,
        "inference": handling.how.robust,
        "df": None,
        "studies": m,
        "QE": spread["Q"], "QE_df": spread["df"], "QE_p": spread["p"],
        **robust_omnibus(fit, design.slopes),
        **{key: spread[key] for key in ("tau2", "tau2_between", "tau2_within", "tau2_se", "I2", "H2")},
        "R2": _explained(effects, design, handling, spread["tau2"]),
        "alternatives": {"wald": {
            "coefficients": [
                {"name": name} | line(fit.model, options.level, coefficient=i) for i, name in enumerate(design.names)
            ],
            **omnibus(fit.model, design.slopes),
        }},
        "over_rho": _over_rho(effects, design, handling),
        "warnings": [
            *sparse_warning(m, len(design.slopes), "studies"), *collinear_warning(design), *structure_warnings(effects, handling), *_unsupported(fit, design),
            *few_df_warning({row["name"]: row["df"] for row in coefficients}),
        ],
    }  # fmt: skip
    return DependentRegression(design, options, fit, part)


def _coefficients(fit: MultilevelResults, design: Design) -> list[Part]:
    found = [robust_line(fit, row) for row in np.eye(len(design.names)).tolist()]
    return [
        {"name": name} | {key: value for key, value in part.items() if key != "inference"}
        for name, part in zip(design.names, found, strict=True)
    ]


def robust_omnibus(fit: MultilevelResults, slopes: Sequence[int]) -> Part:
    """Return the cluster-robust test of all slopes together; null where it is not defined."""
    if not slopes or fit.robust is None:
        return {"QM": None, "QM_df": 0, "QM_df2": None, "QM_p": None}
    found = fit.robust.wald(np.eye(len(fit.params))[list(slopes)])
    return {"QM": found.f, "QM_df": found.df, "QM_df2": found.df2, "QM_p": found.p}


def _explained(effects: Effects, design: Design, handling: Handling, left: float) -> float | None:
    """Return how much of the variance between and within studies the moderators explain, in percent."""
    if INTERCEPT not in design.names:
        return None
    alone = float(fit_effects(effects, handling).sigma2.sum())
    return 100.0 * max(0.0, 1.0 - left / alone) if alone > 0 else None


def _over_rho(effects: Effects, design: Design, handling: Handling) -> list[Part]:
    rows = []
    for rho in possible_rhos(effects, handling):
        fit = fit_effects(effects, handling, rho=rho, design=design.matrix)
        shown: list[Mapping[str, Any]] = [
            {"name": row["name"]} | {key: row[key] for key in SHOWN_OVER_RHO} for row in _coefficients(fit, design)
        ]
        rows.append({"rho": rho, "coefficients": shown, **robust_omnibus(fit, design.slopes)})
    return rows


def _unsupported(fit: MultilevelResults, design: Design) -> list[str]:
    """Return the warning that names coefficients which a single study decides."""
    found = fit.robust
    units = zip(design.names, np.eye(len(design.names)), strict=True)
    alone = [name for name, row in units if found is not None and not found.supports(row)]
    if not alone:
        return []
    text = f"A single study decides {', '.join(alone)}: "
    return [text + "cluster-robust inference has no standard error for it, nor a test of all moderators together."]
