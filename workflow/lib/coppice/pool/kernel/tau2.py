"""The between-study variance: one registry of estimators, each for many meta-analyses at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coppice.core.errors import nearest
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


def _reml(data: Studies) -> Array:
    return maximise(data, restricted=True)


def _ml(data: Studies) -> Array:
    return maximise(data, restricted=False)


@dataclass(frozen=True, slots=True)
class Estimator:
    """One estimator of tau2.

    Attributes
    ----------
    code, name : str
        Value of `tau2:` in the configuration, and name in running text.
    source : str
        Who proposed it.
    estimate : callable
        Studies -> (n,), before truncation at 0.
    standard_error : callable
        Studies, tau2 (n,) -> (n,).
    likelihood : {"reml", "ml"} or None
        The likelihood that it maximises.
    """

    code: str
    name: str
    source: str
    estimate: Callable[[Studies], Array]
    standard_error: Callable[[Studies, Array], Array]
    likelihood: str | None = None


def _fixed_weights_se(weights: Callable[[Studies], Array]) -> Callable[[Studies, Array], Array]:
    return lambda data, tau2: moments_se(data, weights(data), tau2)


ESTIMATORS: dict[str, Estimator] = {
    entry.code: entry
    for entry in (
        Estimator(
            "REML",
            "restricted maximum likelihood",
            "Patterson & Thompson 1971, doi:10.1093/biomet/58.3.545",
            _reml,
            reml_se,
            "reml",
        ),
        Estimator(
            "ML",
            "maximum likelihood",
            "Hardy & Thompson 1996, doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A",
            _ml,
            ml_se,
            "ml",
        ),
        Estimator(
            "DL",
            "DerSimonian-Laird",
            "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2",
            dersimonian_laird,
            _fixed_weights_se(inverse_variance),
        ),
        Estimator(
            "DLIT",
            "iterated DerSimonian-Laird",
            "DerSimonian & Kacker 2007, doi:10.1016/j.cct.2006.04.004: its fixed point is the Paule-Mandel estimate",
            paule_mandel,
            iterated_se,
        ),
        Estimator(
            "DL2",
            "two-step DerSimonian-Laird",
            "DerSimonian & Kacker 2007, doi:10.1016/j.cct.2006.04.004",
            two_step,
            two_step_se,
        ),
        Estimator(
            "GENQ",
            "the generalised method of moments with given weights",
            "DerSimonian & Kacker 2007, doi:10.1016/j.cct.2006.04.004; Jackson et al. 2014, doi:10.1002/jrsm.1103",
            generalised,
            _fixed_weights_se(given_weights),
        ),
        Estimator("PM", "Paule-Mandel", "Paule & Mandel 1982, doi:10.6028/jres.087.022", paule_mandel, paule_mandel_se),
        Estimator(
            "PMM",
            "median-unbiased Paule-Mandel",
            "Viechtbauer 2021, doi:10.1007/978-3-319-56334-3",
            paule_mandel_median,
            paule_mandel_se,
        ),
        Estimator(
            "EB",
            "empirical Bayes",
            "Morris 1983, doi:10.1080/01621459.1983.10477920: equal to Paule-Mandel",
            paule_mandel,
            paule_mandel_se,
        ),
        Estimator(
            "HE",
            "Hedges",
            "Hedges 1983, doi:10.1037/0033-2909.93.2.388",
            hedges,
            _fixed_weights_se(lambda data: data.used),
        ),
        Estimator("HS", "Hunter-Schmidt", "Hunter & Schmidt 1990", hunter_schmidt, hunter_schmidt_se),
        Estimator(
            "HSk",
            "Hunter-Schmidt with small-sample correction",
            "Brannick et al. 2019, doi:10.1016/j.jvb.2019.03.006",
            hunter_schmidt_k,
            hunter_schmidt_k_se,
        ),
        Estimator(
            "SJ",
            "Sidik-Jonkman",
            "Sidik & Jonkman 2005, doi:10.1111/j.1467-9876.2005.00489.x",
            sidik_jonkman,
            sidik_jonkman_se,
        ),
    )
}


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
    if code not in ESTIMATORS:
        raise ValueError(f"there is no tau2 estimator '{code}': {nearest(code, ESTIMATORS)}")
    return ESTIMATORS[code]


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
