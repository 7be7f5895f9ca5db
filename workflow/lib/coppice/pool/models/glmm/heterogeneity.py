"""Tests of heterogeneity from counts: a likelihood-ratio test against a model with an effect of each study, and Wald's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.glmm.fit import DIVERGED, GlmmFit, fit
from coppice.pool.models.glmm.marginal import FixedStudies, Marginal, OneEffect
from coppice.pool.models.glmm.random_studies import RandomStudies


@dataclass(frozen=True, slots=True)
class ChiSquared:
    """A test statistic with its degrees of freedom, the number of studies in it and its p value; None without any."""

    statistic: float | None
    df: float
    k: int
    p: float | None


def chi_squared(statistic: float | None, df: float, k: int) -> ChiSquared:
    """Return a test; without degrees of freedom it has no statistic."""
    if statistic is None or df < 1:
        return ChiSquared(None, max(df, 0.0), k, None)
    value = max(statistic, 0.0)
    return ChiSquared(value, df, k, float(chdtrc(df, value)))


def own_effects(model: Marginal, used: NDArray[np.bool_], equal: GlmmFit) -> tuple[Array, Array, float]:
    """Return the studies' own effects (k,), their precision (k, k), and the log-likelihood of the model that has them.

    Of one meta-analysis. Effects may be infinite; their rows of the precision are then 0.
    """
    if isinstance(model, OneEffect):
        value, place, information = (part[0] for part in model.family.own())
        return place, np.diag(information), float(value[used[0]].sum())
    if isinstance(model, FixedStudies):
        one, two = (tuple(part[0] for part in arm.own()) for arm in (model.arms.first, model.arms.second))
        tells = model.tells[0] & used[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            information = 1.0 / (1.0 / one[2] + 1.0 / two[2])
            place = np.where(tells, one[1] - two[1], np.nan)
        return place, np.diag(np.where(np.isfinite(place), information, 0.0)), float((one[0] + two[0])[tells].sum())
    assert isinstance(model, RandomStudies)
    # an effect of each study in one arm alone: with a half in each the random levels would take part of it
    model = RandomStudies(replace(model.arms, share=1.0))
    k = used.shape[1]
    start = np.concatenate([np.clip(model.guess()[0][:1], -4, 4), np.zeros((1, 1)), equal.more], axis=1)
    each = fit(model, used, design=np.eye(k)[None], tau=np.zeros(1), start=start)
    covariance = each.covariance()[0, :k, :k]
    place = np.where(np.abs(each.coefficients[0]) < DIVERGED / 2, each.coefficients[0], np.inf)
    # a study with an empty cell has an effect on its way to infinity, whose variance has no end either
    place = np.where(np.diag(covariance) < 100.0, place, np.inf)
    precision = np.zeros((k, k))
    finite = np.isfinite(place) & used[0]
    precision[np.ix_(finite, finite)] = np.linalg.pinv(covariance[np.ix_(finite, finite)], hermitian=True)
    return place, precision, float(each.value[0])


def heterogeneity_tests(
    model: Marginal, used: NDArray[np.bool_], tells: NDArray[np.bool_], design: Array | None, equal: GlmmFit
) -> tuple[ChiSquared, ChiSquared]:
    """Return the likelihood-ratio and the Wald test of one meta-analysis.

    The first compares the equal-effects model `equal` with one that has an effect of each study; all studies that say
    something (`tells`) are in it, also those with an empty cell. Wald's is Cochran's Q of the studies' own effects,
    which are infinite where a cell is empty: those are not in it. Jackson et al. (2018), doi:10.1002/sim.7588.
    """
    place, precision, highest = own_effects(model, used, equal)
    inside = used[0] & tells[0]
    p = equal.coefficients.shape[1]
    ratio = chi_squared(2.0 * (highest - float(equal.value[0])), float(inside.sum() - p), int(inside.sum()))
    finite = np.isfinite(place) & inside
    k = int(finite.sum())
    if k <= p:
        return ratio, chi_squared(None, float(k - p), k)
    x = (np.ones((len(place), 1)) if design is None else design[0])[finite]
    y, w = place[finite], precision[np.ix_(finite, finite)]
    gram = x.T @ w @ x
    residual = y - x @ (np.linalg.pinv(gram, hermitian=True) @ (x.T @ w @ y))
    return ratio, chi_squared(float(residual @ w @ residual), float(k - np.linalg.matrix_rank(x)), k)
