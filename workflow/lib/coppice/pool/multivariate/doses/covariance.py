"""The covariance of log ratios that share a reference dose, rebuilt from the cases and totals of each dose."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from coppice.core.dose_options import CASE_CONTROL, GREENLAND_LONGNECKER, HAMLING
from coppice.pool.kernel.kernel import Array

LARGEST_LOG_ODDS = 60.0
STARTS = (1.0, 0.5, 2.0, 0.25, 4.0, 1.25, 0.8)  # multiples of the counts at the reference, where the search starts
SOLVED = 1e-10  # relative: how closely pseudo-counts have to keep what they preserve


class NoPseudoCounts(ValueError):
    """No counts agree with what is reported."""


def expected_cases(log_ratios: Array, cases: Array, totals: Array, *, design: str) -> Array:
    """Return the cases that agree with the ratios and with the totals of doses and of cases.

    Greenland & Longnecker (1992), doi:10.1093/oxfordjournals.aje.a116237. The one unknown is the odds, or the risk, at
    the reference; the number of cases rises with it, so the solution is unique. `totals` are cases and controls, or
    persons, or person-time; the reference is the first dose.
    """
    ratios = np.exp(log_ratios)
    if design != CASE_CONTROL:
        share = totals * ratios
        return np.asarray(cases.sum() * share / share.sum())

    from scipy.optimize import brentq  # slow to import, and few analyses need it

    def of(log_odds: float) -> Array:
        odds = np.exp(log_odds) * ratios
        return np.asarray(totals * odds / (1.0 + odds))

    def excess(log_odds: float) -> float:
        return float(of(log_odds).sum() - cases.sum())

    if not 0 < cases.sum() < totals.sum():
        raise NoPseudoCounts("there are no cases, or no controls")
    return of(float(brentq(excess, -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS, xtol=1e-14, rtol=1e-14)))


def greenland_longnecker(log_ratios: Array, errors: Array, cases: Array, totals: Array, *, design: str) -> Array:
    """Return the covariance (d, d) of the log ratios at d doses: the correlations of the crude ones with these cases.

    For cumulative incidence, the fit of the odds to persons and the variances 1/A - 1/N give the correlations of rates,
    1/A, which are computed; so do glst in Stata and dosresmeta in R. `log_ratios` and `errors` (d + 1,) begin with the
    reference, whose values are 0.
    """
    fitted = expected_cases(log_ratios, cases, totals, design=design)
    own = 1.0 / fitted + (1.0 / (totals - fitted) if design == CASE_CONTROL else 0.0)
    variances = own[1:] + own[0]
    covariance = own[0] * np.outer(errors[1:], errors[1:]) / np.sqrt(np.outer(variances, variances))
    np.fill_diagonal(covariance, errors[1:] ** 2)
    return np.asarray(covariance)


def pseudo_counts(log_ratios: Array, errors: Array, cases: Array, totals: Array, *, design: str) -> tuple[Array, Array]:
    """Return the cases and non-cases (or persons, or person-time) that give the reported ratios and standard errors.

    Hamling et al. (2008), doi:10.1002/sim.3013: of all such counts, those that keep the share of the non-cases at the
    reference dose and the ratio of non-cases to cases. NoPseudoCounts is raised where no such counts exist.
    """
    from scipy.optimize import root

    ratios, variances = np.exp(log_ratios[1:]), errors[1:] ** 2
    others = totals - cases if design == CASE_CONTROL else totals
    share, per_case = others[0] / others.sum(), others.sum() / cases.sum()

    def counts(at: Array) -> tuple[Array, Array]:
        a, b = np.exp(np.clip(at, -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS))
        if design == CASE_CONTROL:
            rest = variances - 1.0 / a - 1.0 / b
            exposed, free = (1.0 + ratios * a / b) / rest, (1.0 + b / (a * ratios)) / rest
        else:
            exposed = 1.0 / (variances - 1.0 / a)
            free = exposed * b / (a * ratios)
        return np.append(a, exposed), np.append(b, free)

    def differences(at: Array) -> Array:
        a, b = counts(at)
        return np.array([b[0] / b.sum() / share - 1.0, b.sum() / a.sum() / per_case - 1.0])

    with np.errstate(all="ignore"):
        for scale in STARTS:
            for tilt in STARTS[:3]:
                start = np.log([cases[0] * scale, others[0] * scale * tilt])
                at = root(differences, start, tol=1e-14).x
                a, b = counts(at)
                if (np.abs(differences(at)) < SOLVED).all() and (a > 0).all() and (b > 0).all():
                    return a, b
    raise NoPseudoCounts("no counts agree with the ratios and their intervals")


def hamling(log_ratios: Array, errors: Array, cases: Array, totals: Array, *, design: str) -> Array:
    """Return the covariance (d, d) of the log ratios: that of the crude ones of the pseudo-counts.

    All pairs share the variance of the reference, which is below each of the reported variances: it is always positive
    definite, where there are pseudo-counts.
    """
    a, b = pseudo_counts(log_ratios, errors, cases, totals, design=design)
    shared = 1.0 / a[0] + (1.0 / b[0] if design == CASE_CONTROL else 0.0)
    return shared_covariance(errors, float(shared))


def shared_covariance(errors: Array, shared: float) -> Array:
    """Return the covariance (d, d) of log ratios that have the variance of the reference in common."""
    return np.asarray(np.full((len(errors) - 1, len(errors) - 1), shared) + np.diag(errors[1:] ** 2 - shared))


Build = Callable[..., Array]
BUILT: Mapping[str, Build] = {GREENLAND_LONGNECKER: greenland_longnecker, HAMLING: hamling}


def covariance_of(
    log_ratios: ArrayLike,
    errors: ArrayLike,
    cases: ArrayLike | None,
    totals: ArrayLike | None,
    *,
    design: str,
    method: str,
) -> tuple[Array, str]:
    """Return the covariance of the log ratios of one study, with the method that gave it.

    Hamling's falls back to Greenland's and Longnecker's where no pseudo-counts exist; `independent` takes none.
    """
    yi, sei = np.asarray(log_ratios, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    if method not in BUILT:
        return np.diag(sei[1:] ** 2), method
    counted = (np.asarray(cases, dtype=np.float64), np.asarray(totals, dtype=np.float64))
    try:
        return BUILT[method](yi, sei, *counted, design=design), method
    except NoPseudoCounts:
        if method == GREENLAND_LONGNECKER:
            raise
        return greenland_longnecker(yi, sei, *counted, design=design), GREENLAND_LONGNECKER
