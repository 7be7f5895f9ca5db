"""Meta-regression of counts: moderators of the effect in a generalised linear mixed model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, fdtrc

from coppice.core.contracts.lines import RandomLine
from coppice.core.contracts.moderators import Coefficient, MeanEffect, Omnibus, Regression
from coppice.core.contracts.pool import SelectedEffect
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.model_warnings import sparse_warning
from coppice.pool.models.glmm.counts import table_of
from coppice.pool.models.glmm.fit import fit
from coppice.pool.models.glmm.heterogeneity import heterogeneity_tests
from coppice.pool.models.glmm.options import model_of
from coppice.pool.models.glmm.part import NO_MAXIMUM, fixed_tau, no_maximum, predicted, spread_of
from coppice.pool.models.glmm.profile import profile_tau
from coppice.pool.models.orthogonal import orthonormal
from coppice.pool.models.regression import INTERCEPT, Design, TooFew, collinear_warning, mean_effect
from coppice.pool.parts import finite
from coppice.pool.profiles import Settings

LINE: tuple[Literal["estimate", "se", "ci_low", "ci_high", "statistic", "p"], ...] = (
    "estimate", "se", "ci_low", "ci_high", "statistic", "p",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CountRegression:
    """A meta-regression of counts; `part` is its part of the result file."""

    design: Design
    settings: Settings
    coefficients: Array
    covariance: Array = field(repr=False)
    informative: int
    tau2: float
    part: Regression = field(repr=False)

    @property
    def df(self) -> float:
        """Degrees of freedom of the intervals, infinite for the normal distribution."""
        return self.informative - len(self.coefficients) if self.settings.inference == "t" else np.inf

    def contrast(self, row: ArrayLike) -> RandomLine:
        """Return a linear combination of the coefficients (p,) with its interval and test."""
        return combination(self.coefficients, self.covariance, row, self.settings, self.df)

    def predict(self, row: ArrayLike) -> MeanEffect:
        """Return the mean effect at given values of the moderators with its confidence and prediction interval."""
        line = self.contrast(row)
        interval, _ = predicted(line, self.tau2, self.informative - len(self.coefficients) + 1, self.settings)
        return mean_effect(line) if interval is None else mean_effect(line, interval["low"], interval["high"])

    def vif(self) -> dict[str, float]:
        """Return the variance inflation factor of each slope: the diagonal of the inverse of their correlations."""
        slopes = self.design.slopes
        inside = self.covariance[np.ix_(slopes, slopes)]
        factors = np.diag(inside) * np.diag(np.linalg.inv(inside))
        return dict(zip((self.design.names[slope] for slope in slopes), factors.tolist(), strict=True))


def combination(coefficients: Array, covariance: Array, row: ArrayLike, options: Settings, df: float) -> RandomLine:
    """Return a linear combination of coefficients with its interval and test."""
    weights = np.asarray(row, dtype=np.float64)
    estimate, se = float(weights @ coefficients), float(np.sqrt(max(float(weights @ covariance @ weights), 0.0)))
    half = float(two_sided_quantile(options.level, df)) * se
    return {
        "estimate": estimate,
        "se": se,
        "ci_low": finite(estimate - half),
        "ci_high": finite(estimate + half),
        "statistic": finite(estimate / se) if se > 0 else None,
        "p": finite(two_sided_p(estimate / se, df)) if se > 0 else None,
        "df": finite(df),
        "inference": options.inference,
    }


def regress_counts(
    effects: Sequence[SelectedEffect], design: Design, *, options: Settings, measure: str
) -> CountRegression:
    """Fit a meta-regression of the counts of studies; `design` has a row per study.

    TooFew is raised if no more studies say something about the effect than there are coefficients, or the likelihood
    has no maximum.
    """
    likelihood, p = str(options.likelihood), design.matrix.shape[1]
    table = table_of([effect["reported"] for effect in effects], likelihood, measure)
    code = model_of(likelihood, options.glmm, measure)
    told = table.tells(code)
    informative = int(told.sum())
    if informative <= p:
        raise TooFew(f"{informative} studies that say something about the effect are too few for {p} coefficients")
    basis, size = orthonormal(design.matrix), len(effects) ** 0.5
    x = (size * basis.matrix if p > 1 else basis.matrix)[None]  # of the size of the linear predictor, and apart
    model, used = table.model(code), np.ones((1, len(effects)), dtype=bool)
    fixed = fixed_tau(options, 1)
    equal = fit(model, used, design=x, tau=np.zeros(1))
    best = equal if fixed is not None and fixed[0] == 0 else fit(model, used, design=x, tau=fixed)
    if (why := no_maximum(table, code)) or not best.is_converged[0]:
        raise TooFew(why or NO_MAXIMUM)
    factor = size if p > 1 else 1.0
    coefficients = basis.coefficients(factor * best.coefficients[0])
    covariance = basis.covariance(factor**2 * best.covariance(is_tau_free=fixed is None)[0, :p, :p])
    _, wald = heterogeneity_tests(model, used, told, x, equal)
    nothing = (np.array([np.nan]),) * 2
    limits = nothing if fixed is not None else profile_tau(model, used, best, level=options.level, design=x)
    spread = spread_of(table, used, best, limits, wald, design.matrix, is_tau_free=fixed is None)
    df = informative - p if options.inference == "t" else np.inf
    units = zip(design.names, np.eye(p), strict=True)
    rows: list[Coefficient] = []
    for name, unit in units:
        line = combination(coefficients, covariance, unit, options, df)
        rows.append(cast(Coefficient, {"name": name, **{key: line[key] for key in LINE}}))
    test = omnibus_of(coefficients, covariance, design.slopes, df)
    alone = fit(model, used, tau=fixed)
    r2 = None
    if INTERCEPT in design.names and fixed is None and alone.tau[0] > 0:
        r2 = 100.0 * max(0.0, 1.0 - float(best.tau[0] ** 2 / alone.tau[0] ** 2))
    part: Regression = {
        "coefficients": rows,
        "inference": options.inference,
        "df": finite(df),
        "QE": spread["Q"],
        "QE_df": spread["df"],
        "QE_p": spread["p"],
        "QM": test["QM"],
        "QM_df": test["QM_df"],
        "QM_df2": test["QM_df2"],
        "QM_p": test["QM_p"],
        "tau2": spread["tau2"],
        "tau2_se": spread["tau2_se"],
        "tau2_low": spread["tau2_low"],
        "tau2_high": spread["tau2_high"],
        "I2": spread["I2"],
        "H2": spread["H2"],
        "R2": r2,
        "warnings": [*sparse_warning(informative, len(design.slopes)), *collinear_warning(design)],
    }
    return CountRegression(design, options, coefficients, covariance, informative, spread["tau2"], part)


def omnibus_of(coefficients: Array, covariance: Array, slopes: Sequence[int], df: float) -> Omnibus:
    """Return Wald's test of all slopes together: chi-squared, or F where the inference is on t."""
    if not slopes:
        return {"QM": None, "QM_df": 0, "QM_df2": None, "QM_p": None}
    chosen, count = list(slopes), len(slopes)
    q = float(coefficients[chosen] @ np.linalg.solve(covariance[np.ix_(chosen, chosen)], coefficients[chosen]))
    if np.isfinite(df):
        return {"QM": q / count, "QM_df": count, "QM_df2": df, "QM_p": float(fdtrc(count, df, q / count))}
    return {"QM": q, "QM_df": count, "QM_df2": None, "QM_p": float(chdtrc(count, q))}
