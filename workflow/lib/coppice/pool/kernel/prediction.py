"""Prediction intervals for the effect in a new study: one registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coppice.core.errors import nearest
from coppice.pool.kernel.bootstrap import bootstrap_prediction
from coppice.pool.kernel.inference import check_level, hksj_factor
from coppice.pool.kernel.kernel import Array, Projection, Studies
from coppice.pool.kernel.quantiles import two_sided_quantile


@dataclass(frozen=True, slots=True)
class Prediction:
    """One prediction interval: estimate -/+ quantile(df) x sqrt(tau2 + scale x Wald variance).

    Attributes
    ----------
    code, name, source : str
        Value of `prediction:` in the configuration, name in running text, who proposed it.
    df : callable
        Residual degrees of freedom k - p (n,) -> degrees of freedom of the quantile (n,), inf for the normal.
    scale : callable
        (studies, fit) -> the scale of the Wald variance (n,).
    simulate : callable or None
        (studies, level) -> limits (n,), (n,), for an interval that is simulated and has its own tau2.
    """

    code: str
    name: str
    source: str
    df: Callable[[Array], Array]
    scale: Callable[[Studies, Projection], Array]
    simulate: Callable[[Studies, float], tuple[Array, Array]] | None = None


def _unit(data: Studies, fit: Projection) -> Array:
    return np.ones(data.k.shape)


def _residual(df: Array) -> Array:
    return df


def _one_less(df: Array) -> Array:
    return df - 1.0


def _normal(df: Array) -> Array:
    return np.where(df > 0, np.inf, 0.0)


PREDICTIONS: dict[str, Prediction] = {
    entry.code: entry
    for entry in (
        Prediction(
            "t_k-1", "t with k - 1 degrees of freedom", "Veroniki et al. 2019, doi:10.1002/jrsm.1319", _residual, _unit
        ),
        Prediction(
            "HTS",
            "t with k - 2 degrees of freedom",
            "Higgins, Thompson & Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x",
            _one_less,
            _unit,
        ),
        Prediction(
            "HKSJ_k-1",
            "t with k - 1 degrees of freedom and the Hartung-Knapp variance",
            "Partlett & Riley 2017, doi:10.1002/sim.7140",
            _residual,
            hksj_factor,
        ),
        Prediction(
            "HKSJ_k-2",
            "t with k - 2 degrees of freedom and the Hartung-Knapp variance",
            "Partlett & Riley 2017, doi:10.1002/sim.7140",
            _one_less,
            hksj_factor,
        ),
        Prediction(
            "bootstrap",
            "parametric bootstrap from the confidence distribution of tau2",
            "Nagashima, Noma & Furukawa 2019, doi:10.1177/0962280218773520",
            _residual,
            hksj_factor,
            bootstrap_prediction,
        ),
        Prediction("normal", "normal", "Skipka 2006; the interval of metafor without t", _normal, _unit),
    )
}
NO_PREDICTION = "none"


def prediction(code: str) -> Prediction:
    """Return a method by its code.

    Raises
    ------
    ValueError
        If there is none, naming the nearest.
    """
    if code not in PREDICTIONS:
        allowed = [*PREDICTIONS, NO_PREDICTION]
        raise ValueError(f"there is no prediction interval '{code}': {nearest(code, allowed)}")
    return PREDICTIONS[code]


@dataclass(frozen=True, slots=True)
class PredictionInterval:
    """Prediction intervals (n,), with the standard error and the degrees of freedom behind them; NaN where df <= 0."""

    low: Array
    high: Array
    se: Array
    df: Array


def predict(
    data: Studies, tau2: Array, *, method: str = "t_k-1", level: float = 0.95, at: Array | None = None
) -> PredictionInterval:
    """Predict the true effect in a new study, given tau2 (n,).

    Parameters
    ----------
    data : Studies
    tau2 : (n,)
    method : str
        A code of :data:`PREDICTIONS`.
    level : float
        Level of the interval.
    at : (p,), optional
        Values of the moderators in the new study, the intercept included; needed where the model has moderators.
    """
    check_level(level)
    chosen, fit = prediction(method), data.at(tau2)
    row = np.ones(1) if at is None else np.asarray(at, dtype=np.float64)
    centre = fit.coefficients @ row
    variance = np.einsum("p,npq,q->n", row, fit.covariance, row)
    df = np.maximum(chosen.df(data.df), 0.0)
    se = np.sqrt(variance * chosen.scale(data, fit) + tau2)
    if chosen.simulate is not None:
        low, high = chosen.simulate(data, level)
        return PredictionInterval(low, high, se, df)
    half = two_sided_quantile(level, df) * se
    return PredictionInterval(centre - half, centre + half, se, df)
