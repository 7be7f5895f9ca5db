"""The models that statsmodels fits, given tau2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc, fdtrc
from statsmodels.regression.linear_model import WLS, RegressionResults

from coppice.core.contracts.moderators import Omnibus
from coppice.pool.kernel.inference import inference
from coppice.pool.kernel.kernel import Array, studies
from coppice.pool.models.orthogonal import orthonormal

FIXED_SCALE = "fixed scale"


def fit_wls(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    tau2: float = 0.0,
    method: str = "wald",
    level: float = 0.95,
    design: ArrayLike | None = None,
) -> Any:
    """Fit the random-effects model with statsmodels, given tau2.

    Weighted least squares with the weights 1 / (vi + tau2). With the scale fixed at 1 its covariance is the Wald one,
    with the estimated scale it is Hartung and Knapp's; the other rules are scales in between.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances.
    tau2 : float
        Between-study variance; 0 gives the common-effect model.
    method : str
        A code of the registry of inferences.
    level : float
        Level, for the rules that compare intervals.
    design : (k, p), optional
        Moderators with their intercept; the intercept alone by default.

    Returns
    -------
    statsmodels.regression.linear_model.RegressionResults
    """
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    x = np.ones((len(y), 1)) if design is None else np.asarray(design, dtype=np.float64)
    basis = orthonormal(x)
    data = studies(y, v, design=None if design is None else basis.matrix)
    at = np.array([tau2])
    scale, df = inference(method).rule(data, at, data.at(at), level)
    weights, use_t = 1.0 / (v + tau2), bool(np.isfinite(df[0]))
    models = (WLS(y, x, weights=weights), WLS(y, basis.matrix, weights=weights))
    return fit_on_basis(models, x, scale=float(scale[0]), df=float(df[0]) if use_t else None)


def fit_on_basis(models: tuple[Any, Any], x: Array, *, scale: float, df: float | None) -> Any:
    """Fit a linear model of statsmodels with a fixed scale on the basis of its design, and return it in its own terms.

    `models` are that of the design `x` (k, p), and that of its :func:`~coppice.pool.models.orthogonal.orthonormal`
    basis. `scale` is the multiple of (X'WX)^-1 that is the covariance; `df` is None for the normal distribution.
    """
    model, on_basis = models
    how: dict[str, Any] = {"cov_type": FIXED_SCALE, "cov_kwds": {"scale": scale}, "use_t": df is not None}
    if df is not None:
        model.df_resid = on_basis.df_resid = df
    results = on_basis.fit(**how)
    if x.shape[1] < 2:
        return results
    basis = orthonormal(x)
    return RegressionResults(
        model,
        basis.coefficients(np.asarray(results.params)),
        normalized_cov_params=basis.covariance(np.asarray(results.normalized_cov_params)),
        **how,
    )


def omnibus(model: Any, slopes: Sequence[int]) -> Omnibus:
    """Return the test of all slopes together: chi-squared, or F where the inference is on t.

    Knapp & Hartung (2003), doi:10.1002/sim.1482.
    """
    count = len(slopes)
    if count == 0:
        return {"QM": None, "QM_df": 0, "QM_df2": None, "QM_p": None}
    triangle, rotated = whitened_triangle(model)
    scale = float(model.cov_params()[0, 0] / model.normalized_cov_params[0, 0])
    first = len(triangle) - count  # the slopes are the last columns, and are 0 where the last of `rotated` are
    q = float((rotated[first:] ** 2).sum() / scale)
    if model.use_t:
        df2 = float(model.df_resid)
        return {"QM": q / count, "QM_df": count, "QM_df2": df2, "QM_p": float(fdtrc(count, df2, q / count))}
    return {"QM": q, "QM_df": count, "QM_df2": None, "QM_p": float(chdtrc(count, q))}


def whitened_triangle(model: Any) -> tuple[Array, Array]:
    """Return R of the weighted design W^1/2 X = Q R (p, p), and Q' W^1/2 y (p,), of a fit of statsmodels."""
    basis = orthonormal(np.asarray(model.model.exog, dtype=np.float64))
    whitened = np.asarray(model.model.whiten(basis.matrix), dtype=np.float64)
    second = orthonormal(whitened)
    rotated = second.matrix.T @ np.asarray(model.model.wendog, dtype=np.float64)
    return second.triangle @ basis.triangle, rotated


def combined_se(model: Any, row: Array) -> float:
    """Return the standard error of a linear combination (p,) of the coefficients of a fit of statsmodels."""
    scale = float(model.cov_params()[0, 0] / model.normalized_cov_params[0, 0])
    return float(np.sqrt(scale * (np.linalg.solve(whitened_triangle(model)[0].T, row) ** 2).sum()))
