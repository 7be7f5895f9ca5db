"""A dose-response curve through the log ratios of several studies, in one or two stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from coppice.core.dose_options import ONE
from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.doses.shapes import Curve
from coppice.pool.multivariate.engine import MultivariateResults, Term, fit_multivariate


@dataclass(frozen=True, slots=True)
class StudyDoses:
    """The log ratios (d,) of one study at d doses against its reference dose, with their covariance (d, d)."""

    study: str
    doses: Array
    reference: float
    yi: Array
    covariance: Array


@dataclass(frozen=True, slots=True)
class Test:
    """A chi-squared test."""

    statistic: float
    df: int
    p: float | None


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients of a curve.

    Attributes
    ----------
    params, cov : (p,), (p, p)
        Coefficients with their covariance.
    between : (p, p) or None
        Covariance of the coefficients between studies; None for the common-effect model.
    studies : tuple of str
        The studies in the model.
    engine : MultivariateResults
        The fit, with its coefficients in another basis.
    log_likelihood : float
        Of the log ratios in one stage, of the coefficients in two.
    """

    curve: Curve
    params: Array
    cov: Array
    between: Array | None
    studies: tuple[str, ...]
    log_likelihood: float
    engine: MultivariateResults = field(repr=False)

    def at(self, doses: ArrayLike, reference: float) -> tuple[Array, Array]:
        """Return the log ratio at each dose against a reference dose, with its standard error."""
        terms = self.curve.differences(doses, reference)
        return terms @ self.params, np.sqrt(np.maximum(np.einsum("...i,ij,...j", terms, self.cov, terms), 0.0))

    def spread(self, doses: ArrayLike, reference: float) -> Array:
        """Return the standard deviation between studies of the log ratio at each dose."""
        terms = self.curve.differences(doses, reference)
        between = np.zeros_like(self.cov) if self.between is None else self.between
        return np.asarray(np.sqrt(np.maximum(np.einsum("...i,ij,...j", terms, between, terms), 0.0)))

    def wald(self, first: int = 0) -> Test:
        """Return the Wald test that the coefficients from the `first` on are 0: all of them, or those beyond the linear one."""
        part, cov = self.params[first:], self.cov[first:, first:]
        statistic = float(part @ np.linalg.solve(cov, part))
        return Test(statistic, len(part), float(chdtrc(len(part), statistic)))


def design_of(study: StudyDoses, curve: Curve) -> Array:
    """Return the rows (d, p) of a study in the model."""
    return curve.differences(study.doses, study.reference)


def has_enough(study: StudyDoses, curve: Curve) -> bool:
    """Return whether the doses of a study determine a curve of their own."""
    return bool(np.linalg.matrix_rank(design_of(study, curve) / units([study], curve)) == curve.size)


def units(studies: Sequence[StudyDoses], curve: Curve) -> Array:
    """Return the largest absolute value of each term, by which the search is scaled."""
    most = np.max([np.abs(design_of(study, curve)).max(axis=0) for study in studies], axis=0)
    return np.where(most > 0, most, 1.0)


def own_curve(study: StudyDoses, curve: Curve) -> tuple[Array, Array]:
    """Return the coefficients of one study by generalised least squares, with their covariance."""
    scale = units([study], curve)
    x = design_of(study, curve) / scale
    weighted = np.linalg.solve(study.covariance, x)
    cov = np.linalg.inv(x.T @ weighted)
    return cov @ (weighted.T @ study.yi) / scale, symmetric(cov) / np.outer(scale, scale)


def fit_curve(
    studies: Sequence[StudyDoses], curve: Curve, *, stages: str = ONE, method: str = "REML", common: bool = False
) -> Fit:
    """Fit a curve through the ratios of all studies.

    In one stage, the log ratios of all studies are one mixed model, with the terms of the dose as fixed and random
    effects (Crippa et al. 2019, doi:10.1177/0962280218773122); in two, the coefficients of each study that has enough
    doses are pooled (Orsini et al. 2012, doi:10.1093/aje/kwr265). `common` leaves out the random effects.
    """
    used = list(studies) if stages == ONE else [study for study in studies if has_enough(study, curve)]
    p = curve.size
    basis = basis_of(used, curve)
    if stages == ONE:
        groups = [study.study for study in used for _ in study.yi]
        x = np.concatenate([design_of(study, curve) for study in used]) @ basis
        y = np.concatenate([study.yi for study in used])
        blocks = [study.covariance for study in used]
        turned = 0.0
    else:
        own = [own_curve(study, curve) for study in used]
        groups = [study.study for study in used for _ in range(p)]
        x = np.tile(np.eye(p), (len(used), 1))
        back = np.linalg.inv(basis)
        y = np.concatenate([back @ params for params, _ in own])
        blocks = [symmetric(back @ cov @ back.T) for _, cov in own]
        turned = (int(method == "REML") - len(used)) * float(np.linalg.slogdet(basis)[1])
    terms = [] if common else [Term(group=groups, columns=x, structure="UN", name="study")]
    engine = fit_multivariate(y, blocks, terms, design=x, method=method)
    between = None if common else basis @ engine.components[0].covariance @ basis.T
    names = tuple(study.study for study in used)
    likelihood = engine.log_likelihood + turned
    return Fit(curve, basis @ engine.params, basis @ engine.cov_params @ basis.T, between, names, likelihood, engine)


def symmetric(matrix: Array) -> Array:
    """Return a matrix without the rounding by which its halves differ."""
    return np.asarray(0.5 * (matrix + matrix.T))


def basis_of(studies: Sequence[StudyDoses], curve: Curve) -> Array:
    """Return a basis (p, p) of the coefficients in which those of an average study are uncorrelated with variance 1.

    The model is the same in each basis, as its random effects are unstructured; in this one the search is well scaled.
    """
    scale = units(studies, curve)
    information = np.zeros((curve.size, curve.size))
    for study in studies:
        x = design_of(study, curve) / scale
        information += x.T @ np.linalg.solve(study.covariance, x)
    factor = np.linalg.cholesky(information / len(studies))
    return np.asarray(np.linalg.inv(factor).T / scale[:, None])


def decorrelated(studies: Sequence[StudyDoses], fit: Fit) -> tuple[Test, float]:
    """Return the deviance of the common curve from the log ratios, as a test, and R2.

    Discacciati, Crippa & Orsini (2017), doi:10.1002/jrsm.1194: both are of residuals that the sampling covariance has
    been taken from.
    """
    deviance, total, n = 0.0, 0.0, 0
    for study in studies:
        if study.study in fit.studies:
            residual = study.yi - design_of(study, fit.curve) @ fit.params
            deviance += float(residual @ np.linalg.solve(study.covariance, residual))
            total += float(study.yi @ np.linalg.solve(study.covariance, study.yi))
            n += len(study.yi)
    df = n - fit.curve.size
    test = Test(deviance, df, float(chdtrc(df, deviance)) if df > 0 else None)
    return test, max(0.0, 1.0 - deviance / total) if total > 0 else 0.0
