"""The models that statsmodels fits, given tau2."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.regression.linear_model import WLS

from coppice.pool.inference import inference
from coppice.pool.kernel import studies

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
    data = studies(y, v, design=design)
    at = np.array([tau2])
    scale, df = inference(method).rule(data, at, data.at(at), level)
    model = WLS(y, x, weights=1.0 / (v + tau2))
    if np.isfinite(df[0]):
        model.df_resid = float(df[0])
    return model.fit(cov_type=FIXED_SCALE, cov_kwds={"scale": float(scale[0])}, use_t=bool(np.isfinite(df[0])))
