"""What an analysis asks of a Bayesian model, checked against its measure and its studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.schema import Finding
from coppice.pool.models.bayes.options import PRIORS, bayes_of


def bayes_request(review: Mapping[str, Any], analysis: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the priors that an analysis requests, those of the review unless it has its own; None without a model."""
    own, shared = analysis.get("bayes"), review.get("bayes")
    if own is False or (own is None and shared is None):
        return None
    return {**(shared or {}), **(own if isinstance(own, Mapping) else {})}


def bayes_findings(settings: Mapping[str, Any], members: int | None) -> Iterator[Finding]:
    """Yield what is wrong with the Bayesian model of an analysis, whose `bayes` includes that of the review.

    `members` is the number of its studies; None where not all could be read.
    """
    if settings.get("bayes") is None:
        return
    prior, measure = settings["bayes"].get("tau_prior"), str(settings["measure"])
    try:
        options = bayes_of(settings["bayes"])
    except ValueError as error:
        yield ("bayes", "tau_prior"), str(error)
        return
    for code in prior if isinstance(prior, Mapping) else ():
        if (allowed := PRIORS[code].measures) and measure not in allowed:
            message = f"{code} is a distribution for {' or '.join(allowed)}, not for {measure}; take another prior, such as {{half_normal: 0.5}}"
            yield ("bayes", "tau_prior"), message
    if (settings.get("dependence") or {}).get("method", "aggregate") != "aggregate":
        yield (
            ("bayes",),
            "a Bayesian model is for independent effects; aggregate the effects of a study, or write `bayes: false`",
        )
    if settings.get("overall") is False:
        yield (
            ("bayes",),
            "a Bayesian model is of all studies, and the analysis has no overall model; write `bayes: false`",
        )
    if options and members and (why := options.why_improper(members)):
        yield ("bayes",), why
