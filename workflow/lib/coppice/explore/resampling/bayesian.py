"""The Bayesian model without each study in turn, all models at once."""

from __future__ import annotations

import numpy as np

from coppice.core.contracts.bayes import Bayes, BayesRow
from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.values import Skipped
from coppice.pool.models.bayes.fit import bayes_many
from coppice.pool.models.bayes.options import BayesOptions, MuPrior, TauPrior

MOST_EFFECTS = 300  # the work grows with their square


def options_of(bayes: Bayes) -> BayesOptions:
    """Return the priors of a Bayesian model from its result."""
    mu = bayes["mu_prior"]
    prior = TauPrior(bayes["tau_prior"]["code"], tuple(bayes["tau_prior"]["parameters"]))
    return BayesOptions(prior, None if mu is None else MuPrior(mu["mean"], mu["sd"]))


def bayes_leave_one_out(pooled: PoolResult) -> list[BayesRow] | Skipped:
    """Return the Bayesian model without each effect, or why they are missing."""
    bayes = pooled.get("bayes")
    if not bayes:
        return {"skipped": pooled["reasons"].get("bayes") or "the analysis has no Bayesian model"}
    effects, options, k = pooled["effects"], options_of(bayes), bayes["k"]
    if k < 2:
        return {"skipped": "without its one study nothing is left"}
    if k > MOST_EFFECTS:
        return {"skipped": f"{k:,} effects are too many (limit {MOST_EFFECTS})"}
    if why := options.why_improper(k - 1):
        return {"skipped": f"without a study {why}"}
    yi, vi = (np.array([effect[name] for effect in effects]) for name in ("yi", "vi"))
    fits = bayes_many(yi, vi, options, used=~np.eye(k, dtype=bool), level=bayes["level"])
    return [
        {
            "study": effect["study"],
            "label": effect["label"],
            "estimate": float(fits.mu.median[row]),
            "ci_low": float(fits.mu.central[row, 0]),
            "ci_high": float(fits.mu.central[row, 1]),
            "tau": float(fits.tau.median[row]),
        }
        for row, effect in enumerate(effects)
    ]
