"""Regression tests of funnel plot asymmetry: the effect against a measure of the study's size, by one function.

A weighted regression with a multiplicative dispersion is HKSJ inference without tau2; one with an additive component is
meta-regression. So all of them are the kernel with one moderator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from coppice.explore.rounding import is_rounding
from coppice.explore.small_study.entry import (
    ODDS_RATIOS,
    OF_COUNTS,
    RATIOS_OF_COUNTS,
    STANDARDISED_MEANS,
    CannotFit,
    Need,
    Part,
    a_null,
    different_precision,
    measure_in,
    not_linked,
    numbers,
    outside,
    sizes,
    tables,
)
from coppice.explore.small_study.evidence import Evidence
from coppice.pool.kernel.inference import Estimates, infer
from coppice.pool.kernel.kernel import Array, studies
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.models.orthogonal import Basis, orthonormal

EXACT = "the effects lie on the fitted line, so no residual variance remains"
OF_REGRESSIONS = frozenset({"wald", "t", "HKSJ", "HKSJ-adhoc"})  # inferences that are defined with a moderator


@dataclass(frozen=True, slots=True)
class Line:
    """What a test regresses: effects on a predictor xi (k,), with the variances vi that the weights are the inverse of.

    `limit`: the intercept is the effect, on the measure's scale, of an infinitely large study. `tau2`: estimator of an
    additive component of the variance, or its value. `inference`: a code of the registry; HKSJ without tau2 is a
    multiplicative dispersion.
    """

    yi: Array
    vi: Array
    xi: Array
    predictor: str
    limit: bool = True
    tau2: str | float = 0.0
    inference: str = "HKSJ"


def _last(estimates: Estimates, basis: Basis) -> Part:
    """Return the last coefficient of a design, from an inference on its basis: its multiple by a positive number."""
    size = float(basis.triangle[-1, -1])
    scaled = {name: float(getattr(estimates, name)[0, -1]) / size for name in ("estimate", "se", "ci_low", "ci_high")}
    return scaled | {name: float(getattr(estimates, name)[0, -1]) for name in ("statistic", "p")}


def is_fitted_exactly(line: Line, estimates: Estimates, basis: Basis) -> bool:
    """Return whether a dispersion is estimated from residuals that are rounding errors alone."""
    terms = basis.coefficients(estimates.estimate[0]) * np.column_stack([np.ones_like(line.xi), line.xi])
    residuals = line.yi - terms.sum(axis=1)
    is_estimated = float(estimates.scale[0]) != 1.0
    return is_estimated and is_rounding(residuals, line.yi, terms, np.sqrt(line.vi))


def regress(line: Line, *, level: float = 0.95) -> Part:
    """Fit the line and test its slope.

    The part has the slope, the `predictor`, `tau2` where there is an additive component, and as `limit` the effect of
    an infinitely large study, with a `caution` where it is beyond every effect.
    """
    if np.ptp(line.xi) <= 1e-12 * np.abs(line.xi).max():
        raise CannotFit("all studies have the same size, so none is small")
    design = np.column_stack([np.ones_like(line.xi), line.xi])
    bases = orthonormal(design[:, ::-1]), orthonormal(design)  # of each, the last coefficient is reported
    data = [studies(line.yi, line.vi, design=basis.matrix) for basis in bases]
    tau2 = estimate_tau2(data[1], line.tau2).tau2
    inferences = [infer(each, tau2, method=line.inference, level=level) for each in data]
    if is_fitted_exactly(line, inferences[1], bases[1]):
        raise CannotFit(EXACT)
    parts = [_last(estimates, basis) for estimates, basis in zip(inferences, bases, strict=True)]
    df = float(inferences[1].df[0])
    slope = parts[1] | {"df": df if np.isfinite(df) else None, "predictor": line.predictor}
    additive = {"tau2": float(tau2[0])} if line.tau2 != 0.0 else {}
    limit = parts[0] | outside(parts[0]["estimate"], line.yi, "The effect of an infinitely large study")
    return slope | additive | ({"limit": limit} if line.limit else {})


def inference_of(evidence: Evidence) -> str:
    """Return the inference of the main model where it is defined with a moderator, HKSJ otherwise."""
    return evidence.inference if evidence.inference in OF_REGRESSIONS else "HKSJ"


def egger(evidence: Evidence) -> Line:
    """Build Egger's line: the effect against its standard error."""
    return Line(evidence.yi, evidence.vi, evidence.sei, "standard error")


def egger_mixed(evidence: Evidence) -> Line:
    """Build the same with the tau2 and the inference of the main model."""
    model = {"tau2": evidence.estimator, "inference": inference_of(evidence)}
    return Line(evidence.yi, evidence.vi, evidence.sei, "standard error", **model)  # type: ignore[arg-type]  # as named


def egger_smd(evidence: Evidence) -> Line:
    """Build Egger's line with the part of the standard error that does not depend on the effect: sqrt(1/n1 + 1/n2)."""
    assert evidence.sizes is not None
    variance = (1.0 / evidence.sizes).sum(axis=1)
    return Line(evidence.yi, variance, np.sqrt(variance), "square root of 1/n1 + 1/n2")


def thompson_sharp(evidence: Evidence) -> Line:
    """Build Egger's line with tau2 by the method of moments (method 3a of the paper)."""
    return Line(evidence.yi, evidence.vi, evidence.sei, "standard error", tau2="DL", inference="t")


def cells(evidence: Evidence) -> tuple[Array, Array, Array, Array, Array]:
    """Return events and patients of both arms, and all events."""
    assert evidence.tables is not None
    a, n1, c, n2 = evidence.tables.T
    return a, n1, c, n2, a + c


def harbord(evidence: Evidence) -> Line:
    """Build the line of the efficient score Z over its variance V: Z/V against 1/sqrt(V), weights V."""
    a, n1, _, n2, events = cells(evidence)
    n = n1 + n2
    none = n - events
    if evidence.measure == "RR":
        z, v = (a * n - n1 * events) / none, n1 * n2 * events / (n * none)
    else:
        z, v = a - n1 * events / n, n1 * n2 * events * none / (n**2 * (n - 1.0))
    return Line(z / v, 1.0 / v, 1.0 / np.sqrt(v), "1 / sqrt(V) of the efficient score")


def pooled_variance(evidence: Evidence) -> Array:
    """Return 1/events + 1/others of both arms together: a variance that does not depend on the effect (k,)."""
    _, n1, _, n2, events = cells(evidence)
    return np.asarray(1.0 / events + 1.0 / (n1 + n2 - events))


def peters(evidence: Evidence) -> Line:
    """Build the line of the effect against 1/n, weights by the pooled variance."""
    return Line(evidence.yi, pooled_variance(evidence), 1.0 / evidence.total, "1 / n")


def macaskill(evidence: Evidence) -> Line:
    """Build the line of the effect against n, weights by the pooled variance."""
    return Line(evidence.yi, pooled_variance(evidence), evidence.total, "n", limit=False)


def deeks(evidence: Evidence) -> Line:
    """Build the line of the effect against 1/sqrt(ESS), weights ESS, the effective sample size 4 n1 n2 / (n1 + n2)."""
    _, n1, _, n2, _ = cells(evidence)
    ess = 4.0 * n1 * n2 / (n1 + n2)
    return Line(evidence.yi, 1.0 / ess, 1.0 / np.sqrt(ess), "1 / sqrt(effective sample size)")


def arcsine(evidence: Evidence) -> Line:
    """Build Egger's line for the difference of arcsine-transformed risks, whose variance depends on the sizes only."""
    a, n1, c, n2, _ = cells(evidence)
    yi = np.arcsin(np.sqrt(a / n1)) - np.arcsin(np.sqrt(c / n2))
    vi = 0.25 / n1 + 0.25 / n2
    return Line(yi, vi, np.sqrt(vi), "standard error of the arcsine difference", limit=False)


def arcsine_random(evidence: Evidence) -> Line:
    """Build the same with tau2 by the method of moments."""
    line = arcsine(evidence)
    return replace(line, tau2="DL", inference="t")


def egger_n(evidence: Evidence) -> Line:
    """Build the line of the effect against 1/sqrt(n): proportional to a standard error, and free of the effect."""
    assert evidence.numbers is not None
    return Line(evidence.yi, evidence.vi, 1.0 / np.sqrt(evidence.numbers), "1 / sqrt(n)")


def egger_n_mixed(evidence: Evidence) -> Line:
    """Build the same with the tau2 and the inference of the main model."""
    return replace(egger_n(evidence), tau2=evidence.estimator, inference=inference_of(evidence))


def inverse_size(evidence: Evidence) -> Line:
    """Build the line of the effect against 1/n, weights by the variances of the effects."""
    assert evidence.numbers is not None
    return Line(evidence.yi, evidence.vi, 1.0 / evidence.numbers, "1 / n")


def size(evidence: Evidence) -> Line:
    """Build the line of the effect against n, weights by the variances of the effects (method FIV of the paper)."""
    assert evidence.numbers is not None
    return Line(evidence.yi, evidence.vi, evidence.numbers, "n", limit=False)


def functions(build: Callable[[Evidence], Line], *needs: Need) -> dict[str, Any]:
    """Return what the entry of a regression test runs and needs; `build` gives its line."""

    def run(evidence: Evidence, options: Mapping[str, Any]) -> Part:
        return regress(build(evidence), level=evidence.level)

    return {"run": run, "needs": (a_null, *needs)}


OF_ODDS_RATIOS = measure_in(ODDS_RATIOS, "odds ratios")
OF_RATIOS = measure_in(RATIOS_OF_COUNTS, "odds ratios and risk ratios")
OF_TABLES = measure_in(OF_COUNTS, "comparisons of two risks")
OF_STANDARDISED_MEANS = measure_in(STANDARDISED_MEANS, "standardised mean differences")

FUNCTIONS = {
    "egger": functions(egger, not_linked, different_precision),
    "egger_mixed": functions(egger_mixed, not_linked, different_precision),
    "egger_smd": functions(egger_smd, OF_STANDARDISED_MEANS, sizes),
    "thompson_sharp": functions(thompson_sharp, not_linked, different_precision),
    "harbord": functions(harbord, OF_RATIOS, tables),
    "peters": functions(peters, OF_RATIOS, tables),
    "macaskill": functions(macaskill, OF_RATIOS, tables),
    "deeks": functions(deeks, OF_ODDS_RATIOS, tables),
    "arcsine": functions(arcsine, OF_TABLES, tables),
    "arcsine_random": functions(arcsine_random, OF_TABLES, tables),
    "egger_n": functions(egger_n, numbers),
    "egger_n_mixed": functions(egger_n_mixed, numbers),
    "inverse_size": functions(inverse_size, numbers),
    "size": functions(size, numbers),
}
