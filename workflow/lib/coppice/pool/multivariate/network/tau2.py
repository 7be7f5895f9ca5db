"""The variance between studies of a network: by the generalised method of moments, and by (restricted) likelihood."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.network.contrasts import Contrasts, Integers, covariance_against_first, variances_of
from coppice.pool.multivariate.network.model import Fit

RELATIVE_STEP = 1e-13  # of tau2 at which the scoring steps of the likelihood end
MOST_STEPS = 200


def dersimonian_laird(common: Fit) -> float:
    """Return tau2 by the method of moments: Jackson, White & Riley 2013, doi:10.1002/bimj.201200152, for one variance.

    E[Q] = df + tau2 tr(W (I - H) M), where M has 1 for a contrast with itself and +-1/2 for two of a study that share an
    arm: the treatment effects of a study vary independently by arm, each with tau2/2.
    """
    data = common.data
    if common.degrees <= 0:
        return 0.0
    projected = common.weights[:, None] * (np.eye(data.m) - common.hat)
    denominator = 0.0
    for rows in data.rows:
        b = data.incidence[rows]
        denominator += float(np.sum(projected[np.ix_(rows, rows)] * (b @ b.T / 2).T))
    return max(0.0, (common.q - common.degrees) / denominator) if denominator > 0 else 0.0


class Blocks:
    """The studies of a network as contrasts with the first arm of each, grouped by their number of arms.

    Each group has the effects (g, p), the design (g, p, n - 1), the covariance (g, p, p) and the shape of tau2 (p, p).
    """

    def __init__(self, common: Fit) -> None:
        data, self.common = common.data, common
        self.groups: list[tuple[Array, Array, Array, Array]] = []
        sizes = np.array([len(arms) for arms in data.arms])
        basis = common.parameters
        for size in np.unique(sizes):
            effects, designs, covariances = [], [], []
            for place in np.flatnonzero(sizes == size):
                rows, arms = data.rows[place], data.arms[place]
                y, x = against_first(data, rows, arms, common)
                effects.append(y)
                designs.append(x @ basis)
                covariances.append(covariance_against_first(variances_of(data, rows, arms)))
            shape = (np.eye(size - 1) + 1.0) / 2
            self.groups.append((np.array(effects), np.array(designs), np.array(covariances), shape))

    def pieces(self, tau2: float) -> tuple[float, float, float, Array]:
        """Return -2 log L (restricted) but for a constant, its score, the average information, and the coefficients.

        The score is the derivative of -2 log L by tau2; the information that of its expectation.
        """
        size = self.common.parameters.shape[1]
        information, moment, log_determinant = np.zeros((size, size)), np.zeros(size), 0.0
        inverses = []
        for y, x, v, shape in self.groups:
            total = v + tau2 * shape
            inverse = np.linalg.inv(total)
            inverses.append(inverse)
            log_determinant += float(np.sum(np.linalg.slogdet(total)[1]))
            weighted = inverse @ x
            information += np.einsum("gpa,gpb->ab", x, weighted)
            moment += np.einsum("gpa,gp->a", weighted, y)
        covariance = np.linalg.inv(information)
        beta = covariance @ moment
        value = log_determinant + float(np.linalg.slogdet(information)[1])
        score = expected = 0.0
        change = np.zeros((size, size))
        for (y, x, _, shape), inverse in zip(self.groups, inverses, strict=True):
            residual = y - x @ beta
            projected = np.einsum("gpq,gq->gp", inverse, residual)
            value += float(np.sum(residual * projected))
            weighted = inverse @ x  # (g, p, n - 1)
            shaped = inverse @ shape  # (g, p, p)
            score += float(np.einsum("gpp->", shaped) - np.einsum("gp,pq,gq->", projected, shape, projected))
            inner = np.einsum("gpa,pq,gqb->gab", weighted, shape, weighted)
            score -= float(np.einsum("gab,ba->", inner, covariance))
            expected += float(np.einsum("gpq,gqp->", shaped, shaped))
            twice = np.einsum("gpa,pq,gqr,rs,gsb->ab", weighted, shape, inverse, shape, weighted, optimize=True)
            expected -= 2 * float(np.sum(twice * covariance))
            change += inner.sum(axis=0)
        expected += float(np.sum((covariance @ change) * (covariance @ change).T))
        return value, score, expected, beta

    def minus_two_log_likelihood(self, tau2: float) -> float:
        """Return -2 log L, maximised over the coefficients, but for a constant: not restricted."""
        information, moment, total_value = 0.0, 0.0, 0.0
        for y, x, v, shape in self.groups:
            total = v + tau2 * shape
            inverse = np.linalg.inv(total)
            weighted = inverse @ x
            information = information + np.einsum("gpa,gpb->ab", x, weighted)
            moment = moment + np.einsum("gpa,gp->a", weighted, y)
            total_value += float(np.sum(np.linalg.slogdet(total)[1]) + np.einsum("gp,gpq,gq->", y, inverse, y))
        return total_value - float(moment @ np.linalg.solve(information, moment))


def against_first(data: Contrasts, rows: Integers, arms: Integers, common: Fit) -> tuple[Array, Array]:
    """Return the contrasts of one study with its first arm, and their rows of the design (p, n).

    Where the contrasts of a multi-arm study do not add up, they are projected on ones that do, as weighted least squares does.
    """
    b = np.zeros((len(arms) - 1, data.n))
    b[np.arange(len(arms) - 1), arms[1:]] = 1.0
    b[:, arms[0]] = -1.0
    within = data.incidence[rows][:, arms]
    weights = common.weights[rows]
    laplacian = within.T @ (weights[:, None] * within)
    constant = np.trace(laplacian) / len(arms) ** 2
    levels = np.linalg.solve(laplacian + constant, within.T @ (weights * data.yi[rows]))
    return levels[1:] - levels[0], b


def restricted_likelihood(common: Fit) -> float:
    """Return tau2 by restricted maximum likelihood: Fisher scoring from DerSimonian-Laird's, then a check of the boundary."""
    if common.degrees <= 0:
        return 0.0
    blocks = Blocks(common)
    tau2 = dersimonian_laird(common)
    value, score, expected, _ = blocks.pieces(tau2)
    for _step in range(MOST_STEPS):
        move = -score / expected if expected > 0 else 0.0
        proposed = max(0.0, tau2 + move)
        new = blocks.pieces(proposed)
        while new[0] > value + 1e-12 and abs(proposed - tau2) > RELATIVE_STEP * max(tau2, 1e-8):
            proposed = (proposed + tau2) / 2
            new = blocks.pieces(proposed)
        is_done = abs(proposed - tau2) <= RELATIVE_STEP * max(tau2, 1e-8)
        tau2, (value, score, expected, _) = proposed, new
        if is_done:
            break
    at_zero = blocks.pieces(0.0)[0]
    return 0.0 if at_zero <= value else tau2


def maximum_likelihood(common: Fit) -> float:
    """Return tau2 by maximum likelihood, within a bracket that holds it."""
    from scipy.optimize import minimize_scalar  # slow to import, and no other estimator needs it

    blocks, data = Blocks(common), common.data
    high = 10 * max(dersimonian_laird(common), float(np.var(data.yi)), float(np.mean(data.vi)))
    best = minimize_scalar(
        blocks.minus_two_log_likelihood, bounds=(0.0, high), method="bounded", options={"xatol": 1e-12 * high}
    )
    return 0.0 if blocks.minus_two_log_likelihood(0.0) <= best.fun else float(best.x)


ESTIMATORS: dict[str, Callable[[Fit], float]] = {  # from the fit with common effects
    "REML": restricted_likelihood,
    "ML": maximum_likelihood,
    "DL": dersimonian_laird,
}
