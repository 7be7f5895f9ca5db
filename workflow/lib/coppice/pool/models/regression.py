"""Meta-regression: moderators of the effect."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from coppice.core.contracts.lines import Line
from coppice.core.contracts.moderators import Coefficient, MeanEffect, Regression
from coppice.core.errors import CoppiceError
from coppice.pool.kernel.heterogeneity import heterogeneity, tau2_interval
from coppice.pool.kernel.inference import INFERENCES
from coppice.pool.kernel.kernel import Array, Studies, studies
from coppice.pool.kernel.prediction import predict
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.model_warnings import sparse_warning
from coppice.pool.models.fit import combined_se, fit_wls, omnibus, whitened_triangle
from coppice.pool.models.fitted import Fitted
from coppice.pool.models.orthogonal import orthonormal
from coppice.pool.options import NO_PREDICTION
from coppice.pool.parts import SMALLEST_K_OF_CAUTION, coefficient_row, empty_interval, finite
from coppice.pool.profiles import Settings, settings

INTERCEPT = "intercept"
# of the terms: coefficients magnify the rounding of the moderators by it
COLLINEAR_CONDITION, SINGULAR_CONDITION = 1e4, 1e10


class TooFew(CoppiceError):
    """There are too few studies for a meta-regression; the message says how many."""


@dataclass(frozen=True, slots=True)
class Design:
    """A design matrix (k, p) with the names of its columns, the intercept first where there is one.

    Attributes
    ----------
    matrix : (k, p)
    names : tuple of str
    spec : object
        What turns new values into rows; None where the matrix was given.
    """

    matrix: Array
    names: tuple[str, ...]
    spec: Any = field(default=None, repr=False)

    def rows(self, values: Mapping[str, Sequence[Any]]) -> Array:
        """Return the rows of new values (m, p); ValueError for a value that the formula can't take, as a new category."""
        from formulaic.errors import DataMismatchWarning, FormulaicError  # type: ignore[import-untyped]  # no types

        with warnings.catch_warnings():
            warnings.simplefilter("error", DataMismatchWarning)  # it would take an unknown category for the first
            try:
                return np.asarray(self.spec.get_model_matrix(_frame(values)), dtype=np.float64)
            except (FormulaicError, DataMismatchWarning, ValueError) as error:
                raise ValueError(f"the moderators can't be {_written(values)}: {error}") from error

    @property
    def has_categories(self) -> bool:
        """Whether a term is categorical, so that it has no values between those of the studies."""
        from formulaic.parser.types import Factor  # type: ignore[import-untyped]  # published without types

        return any(kind is Factor.Kind.CATEGORICAL for kind, _ in self.spec.encoder_state.values())

    @property
    def slopes(self) -> list[int]:
        """Positions of the columns that are not the intercept."""
        return [index for index, name in enumerate(self.names) if name != INTERCEPT]


def _written(values: Mapping[str, Sequence[Any]]) -> str:
    return ", ".join(f"{name} {' or '.join(map(str, column))}" for name, column in values.items())


def _frame(values: Mapping[str, Sequence[Any]]) -> Any:
    import pandas as pd

    return pd.DataFrame({name: list(column) for name, column in values.items()})


def design_of(formula: str, values: Mapping[str, Sequence[Any]]) -> Design:
    """Return the design of a formula: numeric and categorical terms, interactions, transformations.

    Parameters
    ----------
    formula : str
        The right-hand side, such as ``"age + setting"``; ``"0 + setting"`` leaves out the intercept.
    values : mapping of str to sequence
        A column of k values for each characteristic.

    Raises
    ------
    ValueError
        If a characteristic is missing or unknown, or the terms determine one another.
    """
    from formulaic import model_matrix  # type: ignore[import-untyped]  # published without types
    from formulaic.errors import FormulaicError

    try:
        with np.errstate(divide="ignore", invalid="ignore"):  # log(0) is refused below, with its term
            matrix = model_matrix(formula, _frame(values), na_action="raise")
    except (FormulaicError, ValueError, SyntaxError) as error:
        raise ValueError(f"the formula '{formula}' can't be used: {str(error).splitlines()[0]}") from error
    names = tuple(INTERCEPT if name == "Intercept" else str(name) for name in matrix.columns)
    columns = np.asarray(matrix, dtype=np.float64)
    if wrong := [name for name, column in zip(names, columns.T, strict=True) if not np.isfinite(column).all()]:
        raise ValueError(f"'{wrong[0]}' of the formula '{formula}' is not a finite number for every study")
    if np.linalg.matrix_rank(columns) < columns.shape[1] or orthonormal(columns).condition() > SINGULAR_CONDITION:
        raise ValueError(f"the terms of the formula '{formula}' determine one another: leave one out")
    return Design(columns, names, matrix.model_spec)


@dataclass(frozen=True, slots=True)
class RegressionResults(Fitted):
    """A meta-regression.

    Attributes
    ----------
    design : Design
    settings : Settings
    inference : str
        The inference that was used.
    tau2, r2 : float
        Residual between-study variance, and the percentage of tau2 that the moderators explain.
    part : dict
        The moderators' part of the result file.
    model : statsmodels results
    data : Studies
    """

    design: Design
    settings: Settings
    inference: str
    tau2: float
    r2: float | None
    part: Regression
    model: Any = field(repr=False)
    data: Studies = field(repr=False)

    def summary(self) -> str:
        """Return the model in plain text."""
        part = self.part
        k = int(self.data.k[0])
        lines = [f"Meta-regression (k = {k}; tau2: {self.settings.tau2}; inference: {self.inference})"]
        for row in part["coefficients"]:
            numbers = (f"{key} {value:.6g}" for key, value in row.items() if isinstance(value, float))
            lines.append(f"{row['name']:<14} {'  '.join(numbers)}")
        overall = ("tau2", "I2", "R2", "QE", "QE_df", "QE_p", "QM", "QM_df", "QM_df2", "QM_p")
        values = {key: value for key, value in part.items() if isinstance(value, int | float)}
        lines.append("  ".join(f"{key} {values[key]:.6g}" for key in overall if key in values))
        return "\n".join([*lines, *part["warnings"]])

    def contrast(self, row: ArrayLike) -> Line:
        """Return a linear combination of the coefficients (p,) with its interval and test."""
        weights = np.asarray(row, dtype=np.float64)
        estimate, se = float(weights @ self.params), combined_se(self.model, weights)
        df = float(self.model.df_resid) if self.model.use_t else np.inf
        half = float(two_sided_quantile(self.settings.level, df)) * se
        return {
            "estimate": estimate,
            "se": se,
            "ci_low": estimate - half,
            "ci_high": estimate + half,
            "statistic": finite(estimate / se) if se > 0 else None,
            "p": float(two_sided_p(estimate / se, df)) if se > 0 else None,
        }

    def predict(self, row: ArrayLike) -> MeanEffect:
        """Return the mean effect at given values of the moderators with its confidence and prediction interval."""
        at, tau2 = np.asarray(row, dtype=np.float64), np.array([self.tau2])
        line, method = self.contrast(at), self.settings.prediction_method
        if method == NO_PREDICTION:
            return mean_effect(line)
        at = orthonormal(self.design.matrix).rows(at)
        interval = predict(self.data, tau2, method=method, level=self.settings.level, at=at)
        return mean_effect(line, finite(interval.low[0]), finite(interval.high[0]))

    def vif(self) -> dict[str, float]:
        """Return the variance inflation factor of each slope: the diagonal of the inverse of their correlations."""
        return inflation(self.design, self.model)


def mean_effect(line: Line, pi_low: float | None = None, pi_high: float | None = None) -> MeanEffect:
    """Return a line with the limits of its prediction interval."""
    return {
        "estimate": line["estimate"],
        "se": line["se"],
        "ci_low": line["ci_low"],
        "ci_high": line["ci_high"],
        "pi_low": pi_low,
        "pi_high": pi_high,
    }


def inflation(design: Design, model: Any) -> dict[str, float]:
    """Return the variance inflation factor of each slope: its variance by that which it has as the only slope."""
    slopes = design.slopes
    triangle = whitened_triangle(model)[0][np.ix_(slopes, slopes)]
    inverse = np.linalg.inv(triangle)
    factors = (inverse**2).sum(axis=1) * (triangle**2).sum(axis=0)
    return {design.names[slope]: float(value) for slope, value in zip(slopes, factors, strict=True)}


def regress(yi: ArrayLike, vi: ArrayLike, design: Design, **model: Any) -> RegressionResults:
    """Fit a meta-regression.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances.
    design : Design
        The moderators.
    **model
        As in :func:`coppice.pool.pool`.

    Raises
    ------
    ValueError
        If there are no more studies than coefficients, or an option is unknown.
    """
    return regress_settings(np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64), design, settings(model))


def regress_settings(
    yi: Array, vi: Array, design: Design, options: Settings, moment_weights: Array | None = None
) -> RegressionResults:
    """Fit a meta-regression with options that have been checked already."""
    k, p = design.matrix.shape
    if k <= p:
        raise ValueError(f"{k} effects are too few for {p} coefficients")
    basis = orthonormal(design.matrix)
    data = studies(yi, vi, design=basis.matrix, moment_weights=moment_weights)
    estimate = estimate_tau2(data, options.tau2)
    tau2, used = float(estimate.tau2[0]), options.inference
    if INFERENCES[used].is_of_the_mean:
        raise ValueError(f"the inference {used} is for models without moderators")
    if options.cautious and INFERENCES[used].estimated_scale and (tau2 == 0.0 or k < SMALLEST_K_OF_CAUTION):
        used = "wald"
    model = fit_wls(yi, vi, tau2=tau2, method=used, level=options.level, design=design.matrix)
    alone = float(estimate_tau2(studies(yi, vi, moment_weights=moment_weights), options.tau2).tau2[0])
    r2 = 100.0 * max(0.0, 1.0 - tau2 / alone) if alone > 0 and INTERCEPT in design.names else None
    spread = heterogeneity(data, estimate.tau2, level=options.level)
    low, high = tau2_interval(data, method=options.tau2_interval, level=options.level)
    empty = empty_interval(finite(low[0]), k - p, options)
    test = omnibus(model, design.slopes)
    part: Regression = {
        "coefficients": coefficient_rows(model, options.level, design),
        "inference": used,
        "df": float(model.df_resid) if model.use_t else None,
        "QE": float(spread.q[0]),
        "QE_df": k - p,
        "QE_p": float(spread.p[0]),
        "QM": test["QM"],
        "QM_df": test["QM_df"],
        "QM_df2": test["QM_df2"],
        "QM_p": test["QM_p"],
        "tau2": tau2,
        "tau2_se": finite(estimate.se[0]),
        "tau2_low": finite(low[0]),
        "tau2_high": finite(high[0]),
        "I2": finite(spread.i2[0]),
        "H2": finite(spread.h2[0]),
        "R2": r2,
        "warnings": [
            *sparse_warning(k, len(design.slopes)),
            *collinear_warning(design),
            *([f"There is no confidence interval of the residual tau2: {empty}."] if empty else []),
        ],
    }
    return RegressionResults(design, options, used, tau2, r2, part, model, data)


def coefficient_rows(model: Any, level: float, design: Design) -> list[Coefficient]:
    """Return the coefficients of a statsmodels result, each with its interval and test."""
    return [
        cast(Coefficient, {**coefficient_row(model, level, index), "name": name})
        for index, name in enumerate(design.names)
    ]


def collinear_warning(design: Design) -> list[str]:
    """Return the warning that moderators determine one another but for a small part."""
    condition = orthonormal(design.matrix).condition()
    if len(design.slopes) < 2 or condition < COLLINEAR_CONDITION:
        return []
    text = f"The moderators are nearly collinear (condition number {condition:.0e}): "
    return [text + "their coefficients rest on tiny differences between them; leave one out."]
