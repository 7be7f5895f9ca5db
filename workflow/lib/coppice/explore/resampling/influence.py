"""Influence diagnostics: what each study does to the model, with tau2 re-estimated without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import cast

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtr

from coppice.core.contracts.explore import InfluenceRow, ResampledRow
from coppice.explore.resampling.mantel_haenszel_tau2 import subset_tau2
from coppice.explore.resampling.resample import leave_one_out
from coppice.explore.resampling.rule import infer_each
from coppice.explore.rounding import ROUNDING, size_of
from coppice.pool.kernel.heterogeneity import heterogeneity
from coppice.pool.kernel.inference import Estimates
from coppice.pool.kernel.kernel import Array, Studies, studies
from coppice.pool.parts import finite
from coppice.pool.profiles import Settings

# beyond these a study is marked as influential, the rules of thumb of Viechtbauer & Cheung (2010), with p = 1
LARGE_DFFITS = 3.0  # times sqrt(p / (k - p))
LARGE_COOK = 0.5  # lower tail of chi-squared on p degrees of freedom
LARGE_HAT = 3.0  # times p / k
LARGE_DFBETAS = 1.0


@dataclass(frozen=True, slots=True)
class Influence:
    """Diagnostics of each study, each (k,); NaN where deleting it leaves too little.

    Attributes
    ----------
    rstudent
        The residual from the model without the study, over its standard error.
    dffits, dfbetas
        Change of the study's fitted value and of the coefficient, in standard errors with tau2 of the model without it.
        With an intercept alone they differ only in the tau2 of the leverage.
    cook_d
        Squared change of the coefficient over its variance.
    cov_ratio
        Variance of the coefficient without the study over that with it.
    tau2_del, QE_del
        tau2 and Q without the study.
    hat
        Leverage: its share of the weights.
    baujat_x, baujat_y
        Contribution to heterogeneity (squared Pearson residual), and squared change of the estimate over the variance
        without the study.
    """

    rstudent: Array
    dffits: Array
    cook_d: Array
    cov_ratio: Array
    tau2_del: Array
    QE_del: Array
    hat: Array
    dfbetas: Array
    baujat_x: Array
    baujat_y: Array

    def is_influential(self) -> Array:
        """Return which studies one of the rules of thumb marks (k,): Viechtbauer & Cheung (2010)."""
        k = len(self.hat)
        with np.errstate(invalid="ignore"):
            return np.asarray(
                (np.abs(self.dffits) > LARGE_DFFITS / np.sqrt(k - 1.0))
                | (chdtr(1.0, self.cook_d) > LARGE_COOK)
                | (self.hat > LARGE_HAT / k)
                | (np.abs(self.dfbetas) > LARGE_DFBETAS)
            )


def influence(
    yi: ArrayLike, vi: ArrayLike, options: Settings, *, means: tuple[Array | None, Array | None] = (None, None)
) -> Influence:
    """Return the influence diagnostics of a random-effects model, all deletions in one call.

    Viechtbauer & Cheung (2010), doi:10.1002/jrsm.11; Baujat et al. (2002), doi:10.1002/sim.1221. Each deletion
    has the inference that an analysis of the studies left would have; where that scales the variance, as HKSJ does, the
    scale is re-estimated.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances, k at least 3.
    options : Settings
        Those of the analysis.
    means : tuple
        What DerSimonian and Laird's tau2 of all studies (1,) and of each deletion (k,) is taken about; see
        :mod:`coppice.explore.resampling.mantel_haenszel_tau2`.
    """
    y, v = np.asarray(yi, dtype=np.float64), np.asarray(vi, dtype=np.float64)
    every, without = studies(y, v), studies(y, v, used=leave_one_out(len(y)))
    full, deleted = (
        subset_tau2(data, options.tau2, about) for data, about in zip((every, without), means, strict=True)
    )
    fit = every.at(full)
    (line, _), (line_del, _) = infer_each(every, full, options), infer_each(without, deleted, options)
    size = size_of(y, np.sqrt(v))
    variance = _without_noise(every, line, size)[1][0]
    scale_del, variance_del, estimate_del = _without_noise(without, line_del, size)
    change = line.estimate[0, 0] - estimate_del
    hat = fit.weights[:, 0] / fit.weights.sum()
    # variance of the coefficient of all studies, at the tau2 of each deletion
    mixed = 1.0 / (1.0 / (v[:, None] + deleted)).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Influence(
            rstudent=(y - estimate_del) / np.sqrt(scale_del * (deleted + v) + variance_del),
            dffits=change / np.sqrt(scale_del * hat * (deleted + v)),
            cook_d=change**2 / variance,
            cov_ratio=variance_del / variance,
            tau2_del=deleted,
            QE_del=heterogeneity(without, deleted, level=options.level, about=means[1]).q,
            hat=hat,
            dfbetas=change / np.sqrt(scale_del * mixed),
            baujat_x=(fit.residuals[:, 0] ** 2) * fit.weights[:, 0],
            baujat_y=change**2 / variance_del,
        )


def _without_noise(data: Studies, line: Estimates, size: float) -> tuple[Array, Array, Array]:
    """Return scale, variance and estimate of each model (n,), the first two NaN where they are rounding errors alone.

    A scale that is estimated from equal effects is one; `size` is that of the effects and their standard errors.
    """
    highest = np.where(data.used > 0, data.yi, -np.inf).max(axis=0)
    lowest = np.where(data.used > 0, data.yi, np.inf).min(axis=0)
    is_noise = (line.scale != 1.0) & (highest - lowest <= ROUNDING * size)
    return (np.where(is_noise, np.nan, line.scale), np.where(is_noise, np.nan, line.se[:, 0] ** 2), line.estimate[:, 0])


def influence_rows(rows: Sequence[ResampledRow], diagnostics: Influence) -> list[InfluenceRow]:
    """Return the rows of leave-one-out with the diagnostics, in the order of the effects."""
    marked = diagnostics.is_influential()
    columns = {field.name: getattr(diagnostics, field.name) for field in fields(diagnostics)}
    extended = [
        {
            **row,
            "influential": bool(marked[index]),
            **{name: finite(values[index]) for name, values in columns.items()},
        }
        for index, row in enumerate(rows)
    ]
    return cast(list[InfluenceRow], extended)
