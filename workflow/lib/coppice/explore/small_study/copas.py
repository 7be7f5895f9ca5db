"""The Copas selection model: the effect if small studies with unwelcome results were less likely to be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc, log_ndtr, ndtr, ndtri

from coppice.explore.small_study.entry import CannotFit, Part, a_null, different_effects, different_precision, outside
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.options import COPAS_ALPHA, COPAS_LARGEST
from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.quantiles import two_sided_p, two_sided_quantile
from coppice.pool.parts import finite

LARGEST_RHO = 0.9999  # the likelihood has no finite curvature at 1; a fit that ends here is named
ANY_RHO = (-LARGEST_RHO, LARGEST_RHO)
STARTS = (-0.7, 0.7)  # of rho: the likelihood may have a maximum on either side
PATH = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)  # chances that the least precise study is published
NONE = 40.0  # of gamma0: every study is published
COMPLEX_STEP = 1e-30  # derivatives without cancellation: Squire & Trapp 1998, doi:10.1137/S003614459631241X
HALF_STEP = 1e-5  # of the derivatives of the gradient
STEPS_OF_NEWTON = 4
MOST_EFFECTS = 1_000
TIED = 1e-9  # of log-likelihoods


def mills(u: Array) -> Array:
    """Return phi(u) / Phi(u)."""
    return np.asarray(np.exp(-0.5 * u**2 - 0.5 * np.log(2.0 * np.pi) - log_ndtr(u)))


@dataclass(frozen=True, slots=True)
class Copas:
    """The likelihood of effects of which study i is published if gamma0 + gamma1 / sei + delta is positive.

    `delta` has the correlation rho with the error of the effect, whose mean is mu + beta * sei: Copas & Shi 2001,
    doi:10.1177/096228020101000402, section 3. Parameters are (mu, tau, rho, beta). `u` is gamma0 + gamma1 / sei (k,), and
    `kept` by how much selection makes the variance of an error smaller, for rho = 1 (k,).
    """

    yi: Array
    vi: Array
    gamma0: float
    gamma1: float
    u: Array
    kept: Array

    @classmethod
    def of(cls, yi: Array, vi: Array, gamma0: float = NONE, gamma1: float = 0.0) -> Copas:
        """Build the likelihood; by default every study is published."""
        u = np.asarray(gamma0 + gamma1 / np.sqrt(vi))
        return cls(yi, vi, gamma0, gamma1, u, mills(u) * (u + mills(u)))

    @property
    def selects(self) -> bool:
        """Whether a study may be unpublished."""
        return self.gamma0 < NONE

    def values(self, theta: Any) -> Any:
        """Return the log-likelihood at each (mu, tau, rho, beta) of (4, m), less the constant k log(2 pi) / 2, as (m,).

        The sampling variance before selection is vi / (1 - kept rho^2), so that its expectation after it is vi.
        """
        mu, tau, rho, beta = theta[..., None]
        sigma2 = self.vi / (1.0 - self.kept * rho**2)
        total = sigma2 + tau**2
        away = self.yi - mu - beta * np.sqrt(self.vi)
        share = np.sqrt(sigma2 / total) * rho
        v = (self.u + share * away / np.sqrt(total)) / np.sqrt(1.0 - share**2)
        chance = log_ndtr(v.real) + 1j * v.imag * mills(v.real)  # for an infinitesimal imaginary part
        return (-0.5 * np.log(total) - away**2 / (2.0 * total) - log_ndtr(self.u) + chance).sum(axis=-1)

    def value(self, theta: Array) -> float:
        """Return the log-likelihood at one theta (4,)."""
        return float(self.values(theta[:, None])[0].real)

    def with_gradient(self, theta: Array) -> tuple[float, Array]:
        """Return the log-likelihood at theta (4,), and its derivatives (4,)."""
        values = self.values(theta[:, None] + 1j * COMPLEX_STEP * np.eye(len(theta)))
        return float(values[0].real), values.imag / COMPLEX_STEP

    def hessian(self, theta: Array) -> Array:
        """Return the second derivatives (4, 4)."""
        steps = HALF_STEP * np.eye(len(theta))
        columns = [self.with_gradient(theta + step)[1] - self.with_gradient(theta - step)[1] for step in steps]
        matrix = np.array(columns) / (2.0 * HALF_STEP)
        return np.asarray((matrix + matrix.T) / 2.0)


@dataclass(frozen=True, slots=True)
class Fit:
    """A maximum: parameters (mu, tau, rho, beta), log-likelihood, and standard errors, NaN where a parameter is fixed."""

    theta: Array
    value: float
    se: Array


def fit(model: Copas, *starts: Array, rhos: tuple[float, float] = ANY_RHO, slope: bool = False) -> Fit:
    """Maximise the likelihood over mu, tau and rho within `rhos`, with `slope` also over beta, from several starts (4,)."""
    from scipy.optimize import minimize  # slow to import, and this method is off by default

    wanted = np.array([True, True, model.selects, slope])
    bounds = [(None, None), (0.0, None), rhos, (None, None)]

    def loss(free: Array) -> tuple[float, Array]:
        theta = np.zeros(4)
        theta[wanted] = free
        value, gradient = model.with_gradient(theta)
        return -value, -gradient[wanted]

    best: Fit | None = None
    for start in starts:
        search = minimize(
            loss,
            start[wanted],
            jac=True,
            method="L-BFGS-B",
            bounds=[bound for bound, is_wanted in zip(bounds, wanted, strict=True) if is_wanted],
            options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000},
        )
        theta = np.zeros(4)
        theta[wanted] = search.x
        if np.isfinite(search.fun) and (best is None or -search.fun > best.value + TIED):
            best = _polished(model, theta, wanted)
    if best is None:
        raise CannotFit("the search does not find a maximum of its likelihood")
    return best


def _polished(model: Copas, theta: Array, wanted: Array) -> Fit:
    """Improve a maximum by Newton's method over the parameters within their bounds, and take its standard errors."""
    free = wanted & np.array([True, theta[1] > TIED, abs(theta[2]) < LARGEST_RHO, True])
    se = np.full(4, np.nan)
    for _ in range(STEPS_OF_NEWTON):
        curvature = -model.hessian(theta)[np.ix_(free, free)]
        if np.linalg.eigvalsh(curvature).min() <= 0:
            break
        se[free] = np.sqrt(np.diag(np.linalg.inv(curvature)))
        further = theta.copy()
        further[free] += np.linalg.solve(curvature, model.with_gradient(theta)[1][free])
        if abs(further[2]) > LARGEST_RHO or further[1] < 0 or not model.value(further) >= model.value(theta):
            break
        theta = further
    return Fit(theta, model.value(theta), se)


def gammas(sei: Array, least: float, largest: float) -> tuple[float, float]:
    """Return gamma0 and gamma1 for the chances of the least and of the most precise study to be published."""
    low, high = float(ndtri(least)), float(ndtri(largest))
    gamma1 = (high - low) / (1.0 / float(sei.min()) - 1.0 / float(sei.max()))
    return low - gamma1 / float(sei.max()), gamma1


def path_row(evidence: Evidence, model: Copas, near: Array) -> tuple[Part, Array]:
    """Return the fit at one degree of selection, and its parameters (4,); `near` are those of the degree before.

    `p_residual` is the likelihood ratio test of a further slope on the standard error, with selection towards the same
    side: without this bound, selection for the opposite results, offset by a steep slope, can be another maximum, which
    says nothing about the asymmetry that is left. `unpublished` is the expected number of unpublished studies,
    the sum of (1 - chance) / chance.
    """
    starts = [near, *(np.where(np.arange(4) == 2, rho, near) for rho in STARTS)]
    best = fit(model, *starts)
    side = (0.0, LARGEST_RHO) if best.theta[2] >= 0.0 else (-LARGEST_RHO, 0.0)
    middle = np.where(np.arange(4) == 2, sum(side) * STARTS[1], best.theta)
    sloped = fit(model, best.theta, middle, rhos=side, slope=True)
    mu, tau, rho = (float(value) for value in best.theta[:3])
    chance, se, null = ndtr(model.u), float(best.se[0]), evidence.null or 0.0
    margin = float(two_sided_quantile(evidence.level, np.inf)) * se
    return {
        "published": float(chance[np.argmin(1.0 / evidence.vi)]),
        "estimate": mu + null,
        "ci_low": finite(mu + null - margin),
        "ci_high": finite(mu + null + margin),
        "se": finite(se),
        "statistic": finite(mu / se),
        "p": finite(two_sided_p(mu / se, np.inf)),
        "tau2": tau**2,
        "rho": rho if model.selects else None,
        "gamma0": model.gamma0 if model.selects else None,
        "gamma1": model.gamma1 if model.selects else None,
        "unpublished": float(((1.0 - chance) / chance).sum()),
        "p_residual": float(chdtrc(1, max(0.0, 2.0 * (sloped.value - best.value)))),
        "log_likelihood": best.value - 0.5 * evidence.k * float(np.log(2.0 * np.pi)),
    }, best.theta


def copas(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Fit the model for falling chances that the least precise study is published, and choose one.

    Copas & Shi 2001, doi:10.1177/096228020101000402: the data hardly determine the selection, so the estimate is a function
    of it. `adjusted` is the least selection that leaves no sign of a small-study effect, `p_residual` above `alpha`.
    """
    alpha, largest = float(options.get("alpha", COPAS_ALPHA)), float(options.get("largest", COPAS_LARGEST))
    yi = evidence.yi - (evidence.null or 0.0)
    weights = 1.0 / (evidence.vi + evidence.tau2)
    near = np.array([float((weights * yi).sum() / weights.sum()), float(np.sqrt(evidence.tau2)), 0.0, 0.0])
    rows: list[Part] = []
    for published in (1.0, *(chance for chance in PATH if chance < largest)):
        degree = (NONE, 0.0) if published == 1.0 else gammas(evidence.sei, published, largest)
        row, near = path_row(evidence, Copas.of(yi, evidence.vi, *degree), near)
        rows.append(row)
    chosen = next((row for row in rows if row["p_residual"] > alpha), None)
    if chosen is None:
        reason = f"no selection down to {PATH[-1]:g} of the studies like the least precise one explains the asymmetry"
        return {"alpha": alpha, "largest": largest, "path": rows, "adjusted": {"skipped": reason}}
    return {"alpha": alpha, "largest": largest, "path": rows, "adjusted": chosen | _caution(evidence, chosen)}


def _caution(evidence: Evidence, chosen: Part) -> Part:
    """Return the `caution` against an adjusted estimate, or nothing."""
    sentences = [*outside(chosen["estimate"], evidence.yi, "The adjusted effect").values()]
    rho = chosen["rho"] or 0.0
    if abs(rho) >= LARGEST_RHO:
        sentences.append("The correlation of effect and publication is at its limit, so the data hardly determine it.")
    if rho * (evidence.estimate - (evidence.null or 0.0)) < 0:
        sentences.append("The fitted selection favours results against the direction of the estimate.")
    return {"caution": " ".join(sentences)} if sentences else {}


def few_enough(evidence: Evidence) -> str | None:
    """Need at most as many effects as the model is fitted to within seconds."""
    if evidence.k <= MOST_EFFECTS:
        return None
    return f"there are {evidence.k:,} effects (limit {MOST_EFFECTS:,})"


FUNCTIONS = {"copas": {"run": copas, "needs": (a_null, few_enough, different_precision, different_effects)}}
