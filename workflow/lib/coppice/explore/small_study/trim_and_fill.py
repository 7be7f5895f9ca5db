"""Trim and fill: how many studies would make the funnel plot symmetrical, and the estimate with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from coppice.explore.rounding import without_rounding
from coppice.explore.small_study.entry import CannotFit, Part, a_null, different_effects, different_precision, outside
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.regression import inference_of
from coppice.pool.kernel.inference import infer
from coppice.pool.kernel.kernel import Array, studies
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.models.orthogonal import orthonormal

MOST_ROUNDS = 100  # it settles in a handful, or goes in circles
DIGITS = 10  # equal distances to both sides of the centre are equal whatever the rounding, so that the result does not hang on it
TINY = float(np.finfo(np.float64).tiny)


def _r0(signed: Array) -> float:
    """Return the length of the rightmost run of ranks, less one."""
    k = len(signed)
    below = np.abs(signed[signed < 0])
    return float(k - (below.max() if below.size else 0.0) - 1.0)


def _l0(signed: Array) -> float:
    k = len(signed)
    return float((4.0 * signed[signed > 0].sum() - k * (k + 1.0)) / (2.0 * k - 1.0))


def _q0(signed: Array) -> float:
    k = len(signed)
    inner = 2.0 * k**2 - 4.0 * signed[signed > 0].sum() + 0.25
    if inner < 0:
        raise CannotFit("the equation of the estimator Q0 has no solution")
    return float(k - 0.5 - np.sqrt(inner))


ESTIMATORS: dict[str, Callable[[Array], float]] = {"L0": _l0, "R0": _r0, "Q0": _q0}


def ranks(values: Array) -> Array:
    """Return the ranks of the values, ties in the order they stand."""
    ranked = np.empty(len(values))
    ranked[np.argsort(values, kind="stable")] = np.arange(1.0, len(values) + 1.0)
    return ranked


def standard_error(estimator: str, k: int, missing: float) -> float | None:
    """Return the standard error of the number of missing studies before it is rounded (Duval & Tweedie 2000, JASA)."""
    m = missing
    if estimator == "R0":
        return float(np.sqrt(2.0 * max(m, 0.0) + 2.0))
    variance = k * (k + 1.0) * (2 * k + 1.0) + 10 * m**3 + 27 * m**2 + 17 * m
    variance = (variance - 18 * k * m**2 - 18 * k * m + 6 * k**2 * m) / 24.0
    below = 2 * k - 1.0 if estimator == "L0" else np.sqrt((k - 0.5) ** 2 - m * (2 * k - m - 1.0))
    return (
        float((4.0 if estimator == "L0" else 2.0) * np.sqrt(variance) / below) if variance >= 0 and below > 0 else None
    )


def _centre(yi: Array, vi: Array, estimator: str | float) -> float:
    data = studies(yi, vi)
    return float(data.at(estimate_tau2(data, estimator).tau2).coefficients[0, 0])


def missing_side(evidence: Evidence) -> str:
    """Return on which side small studies are missing: the opposite of where they lie, by the mixed-effects regression."""
    basis = orthonormal(np.column_stack([np.ones(evidence.k), evidence.sei]))
    data = studies(evidence.yi, evidence.vi, design=basis.matrix)
    slope = basis.coefficients(data.at(estimate_tau2(data, evidence.estimator).tau2).coefficients[0])[1]
    rise = without_rounding(slope * evidence.sei, evidence.yi, evidence.sei)
    return "right" if rise.min() < 0 else "left"


def trim(yi: Array, vi: Array, estimator: str, tau2: str | float) -> tuple[int, float, float]:
    """Return the number of studies missing on the left, rounded and not, and the centre without their counterparts.

    `yi`, `vi` (k,) are in rising order of yi; `tau2` is the estimator in the model of each round.
    """
    k, missing = len(yi), 0
    for _ in range(MOST_ROUNDS):
        centre = _centre(yi[: k - missing], vi[: k - missing], tau2)
        away = yi - centre
        away = np.round(away / max(np.abs(away).max(), TINY), DIGITS)
        unrounded = ESTIMATORS[estimator](np.sign(away) * ranks(np.abs(away)))
        again = max(0, round(unrounded))
        if again == missing:
            return missing, unrounded, centre
        if again >= k - 1:
            raise CannotFit("it would trim all studies")
        missing = again
    raise CannotFit("the number of missing studies does not settle")


def fill(evidence: Evidence, estimator: str, chosen_side: str | None = None) -> Part:
    """Trim, fill, and pool all by the main model; without a chosen side, the data decide where studies are missing."""
    side = chosen_side or missing_side(evidence)
    flip = -1.0 if side == "right" else 1.0
    order = np.argsort(flip * evidence.yi, kind="stable")
    yi, vi = flip * evidence.yi[order], evidence.vi[order]
    missing, unrounded, centre = trim(yi, vi, estimator, evidence.estimator)
    filled, variances = 2.0 * centre - yi[evidence.k - missing :], vi[evidence.k - missing :]
    data = studies(flip * np.concatenate([yi, filled]), np.concatenate([vi, variances]))
    tau2 = estimate_tau2(data, evidence.estimator).tau2
    estimates = infer(data, tau2, method=inference_of(evidence), level=evidence.level)
    pooled = {name: float(getattr(estimates, name)[0, 0]) for name in ("estimate", "se", "ci_low", "ci_high", "p")}
    added = [{"yi": float(flip * y), "vi": float(v)} for y, v in zip(filled, variances, strict=True)]
    chance = {"p_missing": 0.5 ** (missing + 1)} if estimator == "R0" else {}
    return {
        "missing": missing,
        "missing_se": standard_error(estimator, evidence.k, unrounded),
        "side": side,
        "tau2": float(tau2[0]),
        "filled": added,
        **pooled,
        **outside(pooled["estimate"], evidence.yi, "The estimate with the filled studies"),
        **chance,
    }


def trim_and_fill(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Fill by each estimator; `missing_se` is the standard error of `missing`, `p_missing` tests that none is."""
    parts: Part = {}
    for name in ESTIMATORS:
        try:
            parts[name] = fill(evidence, name, options.get("side"))
        except CannotFit as error:
            parts[name] = {"skipped": str(error)}
    return parts


FUNCTIONS = {"trim_and_fill": {"run": trim_and_fill, "needs": (a_null, different_precision, different_effects)}}
