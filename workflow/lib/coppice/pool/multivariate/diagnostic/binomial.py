"""The bivariate model with the exact binomial likelihood, by adaptive Gauss-Hermite quadrature in two dimensions.

True positives and true negatives are binomial, with logits u = m + C v, v standard normal, C the Cholesky factor of the
covariance between studies: Chu & Cole 2006, doi:10.1016/j.jclinepi.2006.06.011. The integral of a study is taken over v
about its mode (Liu & Pierce 1994, doi:10.1093/biomet/81.3.624), where it exists for any C, singular ones included. The
gradient is the mean of the complete-data gradient given the counts (Louis 1982, doi:10.1111/j.2517-6161.1982.tb01203.x).
No cell needs a correction: a study with an empty one has its exact likelihood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, gammaln

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.diagnostic.bivariate import Bivariate, Designs, NotFitted
from coppice.pool.multivariate.diagnostic.counts import Accuracy
from coppice.pool.multivariate.engine.climb import FLAT, highest, near

NODES, FIRST_NODES = 31, 11  # in each dimension; the first search may be rough
ROUGHLY = 1e-3  # the gradient at its end
MOST_STEPS, MOST_HALVINGS = 60, 30  # of the search for the modes
SMALL = 1e-12  # a step of it, in standard deviations of v
SPREADS, SLANTS = (0.4, 1.0), (-0.5, 0.3)  # starts: of the standard deviations, and angles of the correlation


@lru_cache
def _nodes(number: int) -> tuple[Array, Array]:
    """Return the nodes (number^2, 2) of the standard normal in two dimensions and their logarithmic weights.

    The weights hold exp(|z|^2 / 2): the integrand is not divided by a normal density.
    """
    x, w = np.polynomial.hermite_e.hermegauss(number)
    one, other = np.meshgrid(x, x)
    z = np.stack([one.ravel(), other.ravel()], axis=1)
    weights = np.outer(w, w).ravel()
    return z, np.log(weights) + 0.5 * np.sum(z**2, axis=1) - np.log(2.0 * np.pi)


def factor(theta: Array) -> Array:
    """Return C from two standard deviations and the angle of the correlation, rho = sin(angle)."""
    first, second, angle = theta
    return np.array([[first, 0.0], [second * np.sin(angle), second * np.cos(angle)]])


@dataclass(frozen=True, slots=True)
class Likelihood:
    """The likelihood of k studies, by coefficients, standard deviations and the angle of the correlation."""

    data: Accuracy
    designs: Designs
    nodes: int = NODES
    constant: float = field(init=False)

    def __post_init__(self) -> None:
        ways = gammaln(self.data.totals + 1) - gammaln(self.data.correct + 1) - gammaln(self.data.wrong + 1)
        object.__setattr__(self, "constant", float(ways.sum()))

    def evaluate(self, parameters: Array) -> tuple[float, Array]:
        """Return the logarithm of the likelihood and its gradient (t,)."""
        p, q = self.designs.sizes
        theta = parameters[p + q :]
        means = np.stack(
            [self.designs.sensitivity @ parameters[:p], self.designs.specificity @ parameters[p : p + q]], axis=1
        )
        c = factor(theta)
        mode, root = self._modes(means, c)
        z, log_weights = _nodes(self.nodes)
        v = [mode[:, i, None] + root[:, i, :1] * z[:, 0] + root[:, i, 1:] * z[:, 1] for i in (0, 1)]
        terms = log_weights - 0.5 * (v[0] ** 2 + v[1] ** 2)
        scores = []
        for side, row in enumerate(c):
            y, n = self.data.correct[:, side, None], self.data.totals[:, side, None]
            u = means[:, side, None] + row[0] * v[0] + row[1] * v[1]
            soft = np.logaddexp(0.0, u)
            terms += y * u - n * soft
            scores.append(y - n * np.exp(u - soft))
        top = terms.max(axis=1, keepdims=True)
        shares = np.exp(terms - top)
        total = shares.sum(axis=1)
        value = float(np.sum(top[:, 0] + np.log(total) + np.log(root[:, 0, 0] * root[:, 1, 1]))) + self.constant
        shares /= total[:, None]
        weighted = [shares * score for score in scores]
        by_mean = np.stack([part.sum(axis=1) for part in weighted], axis=1)
        by_factor = np.array([[np.einsum("kn,kn->", part, other) for other in v] for part in weighted])
        _, second, angle = theta
        sine, cosine = np.sin(angle), np.cos(angle)
        slope = [
            self.designs.sensitivity.T @ by_mean[:, 0],
            self.designs.specificity.T @ by_mean[:, 1],
            [by_factor[0, 0], sine * by_factor[1, 0] + cosine * by_factor[1, 1]],
            [second * (cosine * by_factor[1, 0] - sine * by_factor[1, 1])],
        ]
        return value, np.concatenate(slope)

    def _log_density(self, u: Array, v: Array) -> Array:
        """Return the logarithm of what is integrated, (k, n), without the constant and the factor 1 / (2 pi)."""
        y, n = self.data.correct[:, None, :], self.data.totals[:, None, :]
        return np.asarray(np.sum(y * u - n * np.logaddexp(0.0, u) - 0.5 * v**2, axis=2))

    def _modes(self, means: Array, c: Array) -> tuple[Array, Array]:
        """Return the mode of each study's integrand (k, 2), and the Cholesky factor of its inverse curvature (k, 2, 2)."""
        y, n = self.data.correct, self.data.totals
        v = np.zeros_like(means)
        value = self._log_density(means[:, None, :], v[:, None, :])[:, 0]
        for _ in range(MOST_STEPS):
            share = expit(means + v @ c.T)
            gradient = (y - n * share) @ c - v
            step = np.linalg.solve(self._curvature(share, c), gradient[..., None])[..., 0]
            size = np.ones(len(v))
            for _ in range(MOST_HALVINGS):
                new = v + size[:, None] * step
                reached = self._log_density((means + new @ c.T)[:, None, :], new[:, None, :])[:, 0]
                lower = reached < value - 1e-9 * (1.0 + np.abs(value))
                if not lower.any():
                    break
                size = np.where(lower, 0.5 * size, size)
            v, value = new, reached
            if np.abs(step).max() < SMALL:
                break
        inverse = np.linalg.inv(self._curvature(expit(means + v @ c.T), c))
        return v, np.linalg.cholesky(inverse)

    def _curvature(self, share: Array, c: Array) -> Array:
        """Return -1 times the second derivatives of the logarithm of the integrand by v (k, 2, 2)."""
        weights = self.data.totals * share * (1.0 - share)
        return np.asarray(np.eye(2) + np.einsum("ji,kj,jl->kil", c, weights, c))


def fit_binomial(data: Accuracy, designs: Designs, *, start: Bivariate | None = None, nodes: int = NODES) -> Bivariate:
    """Fit the model by maximum likelihood; `start` is a model of the same form to search from.

    Raises
    ------
    NotFitted
        Where no test result is wrong, or none is right, in studies that share a coefficient: its estimate is infinite.
    """
    _check_separation(data, designs)
    p, q = designs.sizes
    count = p + q + 3
    is_angle = np.arange(count) == count - 1
    masks = (np.ones(count, dtype=bool), (np.arange(count) >= p + q) & ~is_angle, is_angle)
    evaluate = Likelihood(data, designs, nodes).evaluate
    peak = None if start is None else near(evaluate, np.concatenate([start.params, start.theta]), *masks)
    if peak is None or not peak.converged:
        first = _first(Likelihood(data, designs, FIRST_NODES), _starts(data, designs))
        peak = highest(evaluate, [first], *masks)
    theta = peak.theta[p + q :]
    at_bound = bool((theta[:2] == 0).any() or abs(np.cos(theta[2])) < 1e-7)
    c = factor(theta)
    # a direction that the data do not determine, such as the correlation with a variance of 0, has no curvature
    inverse: Array = np.asarray(np.linalg.pinv(peak.curvature, rcond=FLAT, hermitian=True), dtype=np.float64)
    return Bivariate(
        peak.theta[: p + q], inverse[: p + q, : p + q], c @ c.T, peak.value, count, peak.converged, at_bound,
        (p, q), theta,
    )  # fmt: skip


def _first(likelihood: Likelihood, starts: list[Array]) -> Array:
    """Return the highest point that rough searches reach."""

    def objective(parameters: Array) -> tuple[float, Array]:
        value, slope = likelihood.evaluate(parameters)
        return -value, -slope

    ends = [minimize(objective, start, jac=True, method="BFGS", options={"gtol": ROUGHLY}) for start in starts]
    return np.asarray(min(ends, key=lambda end: float(end.fun)).x)


def _starts(data: Accuracy, designs: Designs) -> list[Array]:
    """Return where searches begin: coefficients by least squares of the logits with 0.5 in each cell, several spreads."""
    logits = np.log((data.correct + 0.5) / (data.wrong + 0.5))
    coefficients, spreads = [], []
    for column, x in enumerate((designs.sensitivity, designs.specificity)):
        solved = np.linalg.lstsq(x, logits[:, column], rcond=None)[0]
        coefficients.append(solved)
        spreads.append(max(float(np.std(logits[:, column] - x @ solved)), 0.1))
    return [
        np.concatenate([*coefficients, [size * spreads[0], size * spreads[1], slant]])
        for size in SPREADS
        for slant in SLANTS
    ]


def _check_separation(data: Accuracy, designs: Designs) -> None:
    """Refuse data of which a coefficient has no finite estimate."""
    sides: Sequence[tuple[str, Array]] = (("sensitivity", designs.sensitivity), ("specificity", designs.specificity))
    for column, (name, x) in enumerate(sides):
        for group in x.T:
            own = group != 0
            for cells, value in ((data.wrong, 100), (data.correct, 0)):
                if own.any() and not cells[own, column].any():
                    raise NotFitted(
                        f"the {name} is {value}% in each of {int(own.sum())} studies that share a coefficient, "
                        "so that its logit has no finite estimate"
                    )
