"""The interval of tau2 from the exact distribution of Cochran's Q with fixed weights.

Jackson (2013), doi:10.1002/jrsm.1081, and for inverse variances Biggerstaff & Jackson (2008), doi:10.1002/sim.3428.
"""

from __future__ import annotations

import numpy as np

from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.quadratic_form import upper_tail
from coppice.pool.kernel.roots import bracketed_root

MOST_DOUBLINGS = 200  # the probability of a larger Q rises to 1 with tau2


def generalised_q_interval(data: Studies, weights: Array, level: float) -> tuple[Array, Array]:
    """Return the values of tau2 that the observed Q does not speak against (n,), (n,).

    Q with fixed weights is a sum of chi-squared variables, whose weights are the eigenvalues of the quadratic form under
    tau2. The limits are where its upper and its lower tail hold (1 - level) / 2; a lower limit that would be negative is
    0. Where both would be, no tau2 makes so small a Q likely enough, and both are NaN.

    Parameters
    ----------
    data : Studies
    weights : (k, n)
        Weights of the studies, which do not depend on tau2.
    level : float
        Level of the interval.
    """
    tail, q = 0.5 * (1.0 - level), data.project(weights).q()
    limits = np.full((2, len(q)), np.nan)
    for column in np.flatnonzero(data.df > 0):
        form, vi = _form(data, weights, int(column))
        for row, target in enumerate((tail, 1.0 - tail)):
            limits[row, column] = _tau2_at(form, vi, float(q[column]), target)
    limits[:, ~(limits[1] >= 0)] = np.nan
    limits = np.maximum(limits, 0.0)
    return limits[0], limits[1]


def _form(data: Studies, weights: Array, column: int) -> tuple[Array, Array]:
    """Return the matrix of the quadratic form Q, and the variances, of the studies that are used."""
    inside = data.used[:, column] > 0
    w, vi = weights[inside, column], data.vi[inside, column]
    designs = np.ones((1, len(data.used), 1)) if data.design is None else data.design
    x = designs[column if len(designs) > 1 else 0][inside]
    weighted = w[:, None] * x
    return np.diag(w) - weighted @ np.linalg.solve(x.T @ weighted, weighted.T), vi


def _tau2_at(form: Array, vi: Array, q: float, target: float) -> float:
    """Return the tau2 at which a Q of at least `q` has the probability `target`; -1 where it has more without heterogeneity."""
    rank = np.linalg.matrix_rank(form)

    def excess(tau2: Array) -> Array:
        root = np.sqrt(vi + tau2)
        weights = np.asarray(np.linalg.eigvalsh(root[:, None] * form * root)[-rank:], dtype=np.float64)
        return np.array([upper_tail(weights, q) - target])

    high = np.array([vi.max()])
    nothing = excess(np.zeros(1))[0]
    if nothing >= 0:
        return 0.0 if nothing == 0 else -1.0
    for _ in range(MOST_DOUBLINGS):
        if excess(high)[0] > 0:
            break
        high *= 2.0
    return float(bracketed_root(excess, np.zeros(1), high)[0])
