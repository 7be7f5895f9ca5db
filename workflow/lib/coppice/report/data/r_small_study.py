"""The lines of the script for R that repeat methods of small-study effects which are used on request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from coppice.jobs.canonical_json import rounded

Part = Mapping[str, Any]
Same = Callable[[str, str, float], str]  # name, expression in R, value here -> the line that compares them
COPAS = """copas <- function(mu, tau, rho, gamma0, gamma1) with(effects, {
  u <- gamma0 + gamma1 / sqrt(vi)
  lambda <- dnorm(u) / pnorm(u)
  sigma2 <- vi / (1 - lambda * (u + lambda) * rho^2)
  total <- sigma2 + tau^2
  share <- rho * sqrt(sigma2 / total)
  v <- (u + share * (yi - mu) / sqrt(total)) / sqrt(1 - share^2)
  sum(dnorm(yi, mu, sqrt(total), log = TRUE) - pnorm(u, log.p = TRUE) + pnorm(v, log.p = TRUE))
})"""


def small_study_lines(explored: Part, tau2: float, same: Same) -> list[str]:
    """Return the lines for the methods that an exploration holds; `tau2` is that of the main model."""
    parts = explored.get("small_study") or {}
    return [
        line
        for code, lines in LINES.items()
        if code in parts and "skipped" not in parts[code]
        for line in lines(parts[code], tau2, same)
    ]


def _limit(part: Part, tau2: float, same: Same) -> Iterator[str]:
    yield f"radial <- with(effects, data.frame(x = 1 / sqrt(vi + {rounded(tau2)!r}), z = yi / sqrt(vi + {rounded(tau2)!r})))"
    yield f"limit <- sum(coef(lm(z ~ x, radial)) * c(sqrt({rounded(tau2)!r}), 1))"
    yield same("limit meta-analysis", "limit", part["estimate"])


def _copas(part: Part, tau2: float, same: Same) -> Iterator[str]:
    row = part["adjusted"]
    if "skipped" in row or row["rho"] is None:
        return
    values = (row["estimate"], row["tau2"] ** 0.5, row["rho"], row["gamma0"], row["gamma1"])
    yield COPAS
    yield same(
        "Copas log-likelihood",
        f"copas({', '.join(repr(rounded(float(value))) for value in values)})",
        row["log_likelihood"],
    )


def _p_uniform(part: Part, tau2: float, same: Same) -> Iterator[str]:
    mean, variance = (repr(rounded(float(part[name]))) for name in ("estimate", "tau2"))
    upper = part["alternative"] == "greater"
    critical = f"qnorm({rounded(part['alpha'] / 2)!r}, lower.tail = {'FALSE' if upper else 'TRUE'}) * sqrt(vi)"
    yield (
        f"p_uniform <- with(effects, {{ s <- sqrt(vi + {variance}); cut <- {critical}; "
        f"sum(dnorm(yi, {mean}, s, log = TRUE) - ifelse(yi > cut, pnorm(cut, {mean}, s, lower.tail = FALSE, log.p = TRUE), "
        f"pnorm(cut, {mean}, s, log.p = TRUE))) }})"
    )
    yield same("p-uniform* log-likelihood", "p_uniform", part["log_likelihood"])


def _p_curve(part: Part, tau2: float, same: Same) -> Iterator[str]:
    sign = "" if part["alternative"] == "greater" else "-"
    yield (
        f"p_curve <- with(effects, {{ p <- 2 * pnorm({sign}yi / sqrt(vi), lower.tail = FALSE); p <- p[p < 0.05]; "
        "share <- pmin(pmax(p / 0.05, 2.2e-16), 1 - 2.2e-16); sum(qnorm(share)) / sqrt(length(share)) })"
    )
    yield same("p-curve, right skew", "p_curve", part["right_skew"]["full"]["z"])


LINES: dict[str, Callable[[Part, float, Same], Iterator[str]]] = {
    "limit": _limit,
    "copas": _copas,
    "p_uniform": _p_uniform,
    "p_curve": _p_curve,
}
