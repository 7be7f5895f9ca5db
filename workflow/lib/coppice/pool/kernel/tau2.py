"""The between-study variance: one registry of estimators, each for many meta-analyses at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from coppice.core.options import Option, bound, entry_of
from coppice.pool.kernel.kernel import Array, Studies, studies
from coppice.pool.kernel.likelihood import maximise, ml_se, reml_se
from coppice.pool.kernel.moments import (
    dersimonian_laird,
    generalised,
    hedges,
    hunter_schmidt,
    hunter_schmidt_k,
    hunter_schmidt_k_se,
    hunter_schmidt_se,
    inverse_variance,
    iterated_se,
    moment_weights,
    moments_se,
    paule_mandel,
    paule_mandel_median,
    paule_mandel_se,
    sidik_jonkman,
    sidik_jonkman_se,
    two_step,
    two_step_se,
)
from coppice.pool.options import TAU2_ESTIMATORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator(Option):
    """One estimator of tau2.

    `estimate`: studies -> (n,), before truncation at 0. `standard_error`: studies, tau2 (n,) -> (n,).
    """

    estimate: Callable[[Studies], Array]
    standard_error: Callable[[Studies, Array], Array]


def _fixed_weights_se(weights: Callable[[Studies], Array]) -> Callable[[Studies, Array], Array]:
    return lambda data, tau2: moments_se(data, weights(data), tau2)


FUNCTIONS: dict[str, tuple[Callable[[Studies], Array], Callable[[Studies, Array], Array]]] = {
    "REML": (partial(maximise, restricted=True), reml_se),
    "ML": (partial(maximise, restricted=False), ml_se),
    "DL": (dersimonian_laird, _fixed_weights_se(inverse_variance)),
    "DLIT": (paule_mandel, iterated_se),
    "DL2": (two_step, two_step_se),
    "GENQ": (generalised, _fixed_weights_se(moment_weights)),
    "PM": (paule_mandel, paule_mandel_se),
    "PMM": (paule_mandel_median, paule_mandel_se),
    "EB": (paule_mandel, paule_mandel_se),
    "HE": (hedges, _fixed_weights_se(lambda data: data.used)),
    "HS": (hunter_schmidt, hunter_schmidt_se),
    "HSk": (hunter_schmidt_k, hunter_schmidt_k_se),
    "SJ": (sidik_jonkman, sidik_jonkman_se),
}
ESTIMATORS: dict[str, Estimator] = bound(
    TAU2_ESTIMATORS,
    Estimator,
    {code: {"estimate": estimate, "standard_error": se} for code, (estimate, se) in FUNCTIONS.items()},
)


@dataclass(frozen=True, slots=True)
class Tau2:
    """Estimates of tau2.

    Attributes
    ----------
    tau2, se : (...)
        The estimate, at least 0, and its standard error; 0 and NaN where k is not above the number of coefficients.
    method : str
        The estimator's code, or "fixed".
    """

    tau2: Array
    se: Array
    method: str


def estimator(code: str) -> Estimator:
    """Return an estimator by its code; ValueError for an unknown one names the nearest."""
    return entry_of(ESTIMATORS, code, "tau2 estimator")


def estimate_tau2(data: Studies, method: str | float = "REML") -> Tau2:
    """Estimate tau2 in each meta-analysis.

    Parameters
    ----------
    data : Studies
    method : str or float
        An estimator's code, or a fixed value of tau2.

    Returns
    -------
    Tau2
        With arrays of shape (n,).
    """
    n = data.k.shape
    if not isinstance(method, str):
        if not 0 <= method < np.inf:
            raise ValueError(f"a fixed tau2 must be finite and at least 0, not {method}")
        return Tau2(np.full(n, float(method)), np.full(n, np.nan), "fixed")
    chosen = estimator(method)
    estimable = data.df > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        tau2 = np.where(estimable, np.maximum(chosen.estimate(data), 0.0), 0.0)
        se = np.where(estimable, chosen.standard_error(data, tau2), np.nan)
    return Tau2(tau2, se, chosen.code)


def tau2(
    yi: ArrayLike,
    vi: ArrayLike,
    *,
    method: str | float = "REML",
    used: ArrayLike | None = None,
    design: ArrayLike | None = None,
    moment_weights: ArrayLike | None = None,
) -> Tau2:
    """Estimate tau2 from effects and variances (..., k); the other arguments are those of :func:`studies`."""
    data = studies(yi, vi, used=used, design=design, moment_weights=moment_weights)
    estimate = estimate_tau2(data, method)
    return Tau2(data.shaped(estimate.tau2), data.shaped(estimate.se), estimate.method)
