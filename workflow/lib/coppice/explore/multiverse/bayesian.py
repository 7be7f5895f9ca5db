"""Bayesian models as specifications of a multiverse: the same effects under other priors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from coppice.explore.multiverse.options import BAYESIAN, NO_PRIOR
from coppice.pool.kernel.heterogeneity import heterogeneity
from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.quantiles import two_sided_quantile
from coppice.pool.models.bayes.fit import data_of, posteriors, summaries
from coppice.pool.models.bayes.options import bayes_of

IMPROPER = "the posterior of these effects is improper"
Block = tuple[dict[str, str], dict[str, Array], tuple[str, ...]]


def with_priors(choices: Mapping[str, Sequence[str]], priors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the choices with that of the prior, if there is one; a Bayesian model has neither estimator nor test."""
    every = {name: list(values) for name, values in choices.items()}
    if priors:
        every["tau2"].append(BAYESIAN)
        every["inference"].append(BAYESIAN)
        every["prior"] = [NO_PRIOR, *priors]
    return every


def models(fixed: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> int:
    """Return the number of models of the same effects, some of whose choices may be fixed."""
    if fixed.get("tau2") == BAYESIAN:  # a row of its own, which its prior names
        return 1
    estimators, tests = (
        1 if name in fixed else sum(value != BAYESIAN for value in choices[name]) for name in ("tau2", "inference")
    )
    return estimators * tests + (0 if fixed else len(choices.get("prior", [NO_PRIOR])) - 1)


def blocks(data: Studies, priors: Mapping[str, Any], nulls: Array, level: float) -> Iterator[Block]:
    """Yield the rows of each Bayesian model: choices, columns (n,) and how the intervals were made.

    The estimate is the posterior median of mu with the central interval; the standard error is the one of a normal
    posterior with this interval, p twice the smaller probability of a side of `nulls` (n,), and tau2 the square of the
    posterior median of tau. They are NaN where the posterior is improper.
    """
    n = len(nulls)
    for name, request in priors.items():
        options = bayes_of(request)
        if options is None:
            continue
        columns = {key: np.full(n, np.nan) for key in ("estimate", "se", "ci_low", "ci_high", "p", "tau2", "I2")}
        proper = np.flatnonzero(data.k >= options.needs)
        parts = (
            posteriors(data_of(data.yi.T[proper], data.vi.T[proper], data.used.T[proper]), options)
            if len(proper)
            else ()
        )
        for places, item in parts:
            rows = proper[places]
            fits = summaries(item, level, complete=False)
            low, high = fits.mu.central.T
            below = item.mu.cdf(nulls[rows, None])[:, 0]
            columns["estimate"][rows], columns["ci_low"][rows], columns["ci_high"][rows] = fits.mu.median, low, high
            columns["se"][rows] = (high - low) / (2.0 * two_sided_quantile(level, np.inf))
            columns["p"][rows] = np.clip(2.0 * np.minimum(below, 1.0 - below), 0.0, 1.0)
            columns["tau2"][rows] = fits.tau.median**2
        tau2 = np.nan_to_num(columns["tau2"])
        columns["I2"] = np.where(np.isnan(columns["tau2"]), np.nan, heterogeneity(data, tau2, level=level).i2)
        yield {"tau2": BAYESIAN, "inference": BAYESIAN, "prior": name}, columns, (BAYESIAN,) * n
