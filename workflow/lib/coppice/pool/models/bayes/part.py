"""The Bayesian model of one analysis as a part of its result."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.contracts.bayes import (
    Bayes,
    BayesFactors,
    PosteriorSummary,
    ProbabilityBeyond,
    Quantity,
    StudyPosterior,
    TauPriorResult,
)
from coppice.core.contracts.pool import SelectedEffect
from coppice.core.importance import band, importance_of
from coppice.core.measures import Measure
from coppice.pool.models.bayes import priors
from coppice.pool.models.bayes.curves import densities, overlap
from coppice.pool.models.bayes.distributions import Mixture
from coppice.pool.models.bayes.fit import Posterior, Summary, posterior, summaries, summary
from coppice.pool.models.bayes.options import BayesOptions, bayes_of
from coppice.pool.thresholds import on_scale

NO_EFFECT = "no study gives an effect"
HEAVY = "the posterior has such heavy tails that it has no {}"


def bayes_part(
    effects: Sequence[SelectedEffect],
    request: Mapping[str, Any],
    measure: Measure,
    *,
    level: float,
    thresholds: Mapping[str, Any],
    size: float | None = None,
) -> tuple[Bayes | None, str | None]:
    """Return the Bayesian model of an analysis, or None with the reason.

    `thresholds` has the values of `important` and `beyond` of the analysis, as printed; `size` is the harmonic mean of
    the sizes, for measures whose back-transformation needs it. ValueError is raised for a prior that can't be.
    """
    options = bayes_of(request)
    if options is None or not effects:
        return None, NO_EFFECT
    if why := options.why_improper(len(effects)):
        return None, why
    yi, vi = (np.array([effect[name] for effect in effects]) for name in ("yi", "vi"))
    item = posterior(yi, vi, options)
    fits = summaries(item, level)
    above = None if measure.null is None else _above(item, measure.null)
    factors, reasons = _factors(item, options, measure.null)
    for name, of in (("mu", fits.mu), ("tau", fits.tau), ("new", fits.new)):
        missing = [text for text, value in (("mean", of.mean), ("variance", of.sd)) if np.isnan(value[0])]
        if missing:
            reasons[name] = HEAVY.format(" and no ".join(missing))
    if not options.tau.option.is_proper:
        reasons["tau_prior"] = reasons["tau_overlap"] = reasons["log_marginal_likelihood"] = (
            "the prior of tau is improper"
        )
    return {
        "k": len(effects),
        "level": level,
        "tau_prior": tau_prior_of(options, level),
        "mu_prior": None if options.mu is None else {"mean": options.mu.mean, "sd": options.mu.sd},
        "mu": summary_of(fits.mu),
        "tau": summary_of(fits.tau),
        "new": summary_of(fits.new),
        "above_null": None if above is None else above[0],
        "new_above_null": None if above is None else above[1],
        "beyond": list(_beyond(item, thresholds, measure, size)),
        "studies": _studies(item, effects, level),
        "prior_weight": max(0.0, 1.0 - float(item.shares().sum())) if options.mu is not None else 0.0,
        "tau_overlap": overlap(item) if options.tau.option.is_proper else None,
        "log_marginal_likelihood": float(item.log_marginal[0]) if options.tau.option.is_proper else None,
        "bayes_factors": factors,
        "densities": densities(item, fits),
        "reasons": reasons,
    }, None


def tau_prior_of(options: BayesOptions, level: float) -> TauPriorResult:
    """Return the prior of tau with its median and central interval."""
    prior, is_proper = options.tau, options.tau.option.is_proper
    edge = 0.5 * (1.0 - level)
    low, median, high = priors.quantile(prior, np.array([edge, 0.5, 1.0 - edge])).tolist() if is_proper else [None] * 3
    return {
        "code": prior.code,
        "name": prior.text,
        "parameters": list(prior.parameters),
        "source": prior.source,
        "proper": is_proper,
        "median": median,
        "interval": {"low": low, "high": high} if is_proper else None,
    }


def summary_of(of: Summary, row: int = 0) -> PosteriorSummary:
    """Return one row of a summary as a result has it."""
    mean, sd, mode = (None if np.isnan(value[row]) else float(value[row]) for value in (of.mean, of.sd, of.mode))
    limits = [{"low": float(ends[row, 0]), "high": float(ends[row, 1])} for ends in (of.shortest, of.central)]
    return {
        "median": float(of.median[row]),
        "mean": mean,
        "sd": sd,
        "mode": mode,
        "shortest": {"low": limits[0]["low"], "high": limits[0]["high"]},
        "central": {"low": limits[1]["low"], "high": limits[1]["high"]},
    }


def _above(item: Posterior, value: float) -> tuple[float, float]:
    point = np.full((1, 1), -value)
    # the other tail of the distribution turned round, which keeps the digits of a small probability
    mu, new = (Mixture(of.weights, -of.mean, of.sd).cdf(point)[0, 0] for of in (item.mu, item.new))
    return float(mu), float(new)


def _factors(item: Posterior, options: BayesOptions, null: float | None) -> tuple[BayesFactors, dict[str, str]]:
    """Return the Bayes factors: of mu by the ratio of the densities at no effect (Savage & Dickey)."""
    reasons: dict[str, str] = {}
    tau_zero = mu_null = None
    if options.tau.option.is_proper:
        tau_zero = float(np.exp(item.log_without_tau()[0] - item.log_marginal[0]))
    else:
        reasons["bayes_factors.tau_zero"] = "the prior of tau is improper"
    if options.mu is None or not options.tau.option.is_proper or null is None:
        reasons["bayes_factors.mu_null"] = (
            "the measure has no value of no difference"
            if null is None
            else f"the prior of {'mu is flat' if options.mu is None else 'tau is improper'}"
        )
    else:
        z = (null - options.mu.mean) / options.mu.sd
        prior = -0.5 * (priors.LOG_2PI + z * z) - math.log(options.mu.sd)
        mu_null = float(np.exp(item.log_density_of_mu(null)[0] - prior))
    return {"tau_zero": tau_zero, "mu_null": mu_null}, reasons


def _beyond(
    item: Posterior, thresholds: Mapping[str, Any], measure: Measure, size: float | None
) -> Iterator[ProbabilityBeyond]:
    importance = importance_of(thresholds.get("important"), measure)
    sizes: dict[Quantity, float | None] = (
        {"important": importance.small, "large": importance.large} if importance else {}
    )
    null = measure.null or 0.0
    for of, distance in sizes.items():
        if distance is not None:
            low, high = band(distance, measure)
            yield _row(item, low, null - distance, "below", of)
            yield _row(item, high, null + distance, "above", of)
    for side, values in (thresholds.get("beyond") or {}).items():
        for value in values:
            yield _row(item, float(value), on_scale(measure, float(value), size), side, "beyond")


def _row(item: Posterior, printed: float, threshold: float, side: Any, of: Quantity) -> ProbabilityBeyond:
    point = np.full((1, 1), threshold)
    mu, new = (
        _above(item, threshold)
        if side == "above"
        else (float(item.mu.cdf(point)[0, 0]), float(item.new.cdf(point)[0, 0]))
    )
    return {"threshold": printed, "side": side, "of": of, "mu": mu, "new": new}


def _studies(item: Posterior, effects: Sequence[SelectedEffect], level: float) -> list[StudyPosterior]:
    """Return the effect in each study, which has a mean and a variance under any prior: they are bounded as tau grows."""
    each = [item.of_study(index) for index in range(len(effects))]
    together = Mixture(*(np.concatenate([getattr(of, name) for of in each]) for name in ("weights", "mean", "sd")))
    of, (mean, sd) = summary(together, len(effects), level), together.moments()
    weights, shrinkage = item.shares()[0], item.shrinkage()[0]
    return [
        {
            **summary_of(of, row),
            "mean": float(mean[row]),
            "sd": float(sd[row]),
            "study": effect["study"],
            "label": effect["label"],
            "weight": float(weights[row]),
            "shrinkage": float(shrinkage[row]),
        }
        for row, effect in enumerate(effects)
    ]
