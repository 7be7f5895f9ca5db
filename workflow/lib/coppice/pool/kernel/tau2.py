"""The between-study variance: one registry of estimators, each for many meta-analyses at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coppice.core.errors import entry_named
from coppice.core.options import Option, bound
from coppice.pool.kernel.kernel import Array, Studies, studies
from coppice.pool.kernel.likelihood import maximise, ml_se, reml_se
from coppice.pool.kernel.moments import (
    dersimonian_laird,
    generalised,
    given_weights,
    hedges,
    hunter_schmidt,
    hunter_schmidt_k,
    hunter_schmidt_k_se,
    hunter_schmidt_se,
    inverse_variance,
    iterated_se,
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


def _reml(data: Studies) -> Array:
    return maximise(data, restricted=True)


def _ml(data: Studies) -> Array:
    return maximise(data, restricted=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator(Option):
    """One estimator of tau2.

    Attributes
    ----------
    estimate : callable
        Studies -> (n,), before truncation at 0.
    standard_error : callable
        Studies, tau2 (n,) -> (n,).
    likelihood : {"reml", "ml"} or None
        The likelihood that it maximises.
    """

    estimate: Callable[[Studies], Array]
    standard_error: Callable[[Studies, Array], Array]
    likelihood: str | None = None


def _fixed_weights_se(weights: Callable[[Studies], Array]) -> Callable[[Studies, Array], Array]:
    return lambda data, tau2: moments_se(data, weights(data), tau2)


def _functions(
    estimate: Callable[[Studies], Array],
    standard_error: Callable[[Studies, Array], Array],
    likelihood: str | None = None,
) -> dict[str, Any]:
    return {"estimate": estimate, "standard_error": standard_error, "likelihood": likelihood}


ESTIMATORS: dict[str, Estimator] = bound(
    TAU2_ESTIMATORS,
    Estimator,
    {
        "REML": _functions(_reml, reml_se, "reml"),
        "ML": _functions(_ml, ml_se, "ml"),
        "DL": _functions(dersimonian_laird, _fixed_weights_se(inverse_variance)),
        "DLIT": _functions(paule_mandel, iterated_se),
        "DL2": _functions(two_step, two_step_se),
        "GENQ": _functions(generalised, _fixed_weights_se(given_weights)),
        "PM": _functions(paule_mandel, paule_mandel_se),
        "PMM": _functions(paule_mandel_median, paule_mandel_se),
        "EB": _functions(paule_mandel, paule_mandel_se),
        "HE": _functions(hedges, _fixed_weights_se(lambda data: data.used)),
        "HS": _functions(hunter_schmidt, hunter_schmidt_se),
        "HSk": _functions(hunter_schmidt_k, hunter_schmidt_k_se),
        "SJ": _functions(sidik_jonkman, sidik_jonkman_se),
    },
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
    """Return an estimator by its code.

    Raises
    ------
    ValueError
        If there is none, naming the nearest.
    """
    return entry_named(ESTIMATORS, code, "tau2 estimator")


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
    given: ArrayLike | None = None,
) -> Tau2:
    """Estimate tau2 from effects and variances (..., k); the other arguments are those of :func:`studies`."""
    data = studies(yi, vi, used=used, design=design, given=given)
    found = estimate_tau2(data, method)
    return Tau2(data.shaped(found.tau2), data.shaped(found.se), found.method)
