"""Prediction intervals for the effect in a new study: one registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coppice.core.options import Option, bound, entry_of
from coppice.pool import options
from coppice.pool.kernel.bootstrap import bootstrap_prediction
from coppice.pool.kernel.inference import hksj_factor
from coppice.pool.kernel.kernel import Array, Projection, Studies
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.options import NO_PREDICTION, check_level


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction(Option):
    """One prediction interval: estimate -/+ quantile(df) x sqrt(tau2 + scale x Wald variance).

    `df` maps k - p (n,) to the degrees of freedom of the quantile (n,), inf for the normal; `scale`: (studies, fit) ->
    (n,). `simulate`: (studies, level) -> limits (n,), (n,), of an interval that has its own tau2.
    """

    df: Callable[[Array], Array]
    scale: Callable[[Studies, Projection], Array]
    simulate: Callable[[Studies, float], tuple[Array, Array]] | None = None


def _unit(data: Studies, fit: Projection) -> Array:
    return np.ones(data.k.shape)


PREDICTIONS: dict[str, Prediction] = bound(
    options.PREDICTIONS,
    Prediction,
    {
        "t_k-1": {"df": lambda df: df, "scale": _unit},
        "HTS": {"df": lambda df: df - 1.0, "scale": _unit},
        "HKSJ_k-1": {"df": lambda df: df, "scale": hksj_factor},
        "HKSJ_k-2": {"df": lambda df: df - 1.0, "scale": hksj_factor},
        "bootstrap": {"df": lambda df: df, "scale": hksj_factor, "simulate": bootstrap_prediction},
        "normal": {"df": lambda df: np.where(df > 0, np.inf, 0.0), "scale": _unit},
    },
)


def prediction(code: str) -> Prediction:
    """Return a method by its code; ValueError for an unknown one names the nearest."""
    return entry_of(PREDICTIONS, code, "prediction interval", [NO_PREDICTION])


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
