"""The calls of R's bayesmeta that repeat the Bayesian models, for the script that any R user can run."""

from __future__ import annotations

from coppice.core.contracts.bayes import Bayes, TauPriorResult
from coppice.jobs.canonical_json import rounded

# bayesmeta approximates the posterior of mu on a grid, to about a thousandth of its standard deviation by default
TOLERANCE = "5e-3"
HEADER = f"""
# Repeats the Bayesian models in bayesmeta, if it is installed. Its grid is made finer than by default, but it is still one.
near <- function(what, here, there) {{
  cat(sprintf("%-60s %12.6f %12.6f\\n", what, here, there))
  stopifnot(isTRUE(all.equal(here, there, tolerance = {TOLERANCE}, check.attributes = FALSE)))
}}
"""
PRIORS = {
    "half_normal": "function(t) bayesmeta::dhalfnormal(t, scale = {0})",
    "half_cauchy": "function(t) bayesmeta::dhalfcauchy(t, scale = {0})",
    "half_t": "function(t) bayesmeta::dhalft(t, df = {1}, scale = {0})",
    "exponential": "function(t) dexp(t, rate = 1 / {0})",
    "bounded_uniform": "function(t) dunif(t, 0, {0})",
    "uniform": '"uniform"',
    "jeffreys": '"Jeffreys"',
    "log_normal": "function(t) ifelse(t > 0, 2 * t * dlnorm(t^2, {0}, {1}), 0)",
    "log_student_t": "function(t) ifelse(t > 0, 2 / t * dt((log(t^2) - ({0})) / {1}, {2}) / {1}, 0)",
    "inverse_gamma": "function(t) ifelse(t > 0, 2 * {1}^{0} / gamma({0}) * t^(-2 * {0} - 1) * exp(-{1} / t^2), 0)",
}


def prior(of: TauPriorResult) -> str:
    """Return the prior of tau as bayesmeta takes it."""
    return PRIORS[of["code"]].format(*(repr(rounded(value)) for value in of["parameters"]))


def lines(name: str, bayes: Bayes) -> list[str]:
    """Return the model in bayesmeta for the data frame `effects`, and the comparison of its main results."""
    mu = bayes["mu_prior"]
    of_mu = "" if mu is None else f", mu.prior = c({rounded(mu['mean'])!r}, {rounded(mu['sd'])!r})"
    call = f"bayesmeta::bayesmeta(effects$yi, sqrt(effects$vi), tau.prior = {prior(bayes['tau_prior'])}{of_mu}, delta = 0.001, epsilon = 1e-6)"
    values = [
        (f"{quantity}: {what}", part, value)
        for quantity, column, summary in (
            ("mu", "mu", bayes["mu"]),
            ("tau", "tau", bayes["tau"]),
            ("new", "theta", bayes["new"]),
        )
        for what, part, value in (
            ("median", f'fit$summary["median", "{column}"]', summary["median"]),
            ("upper limit", f'fit$summary["95% upper", "{column}"]', summary["shortest"]["high"]),
        )
        if what == "median" or bayes["level"] == 0.95
    ]
    compared = [f'  near("{name}, Bayes, {what}", {rounded(value or 0.0)!r}, {part})' for what, part, value in values]
    return ['if (requireNamespace("bayesmeta", quietly = TRUE)) {', f"  fit <- {call}", *compared, "}"]
