"""The interval of tau2 from the exact distribution of Cochran's Q with fixed weights.

Jackson (2013), doi:10.1002/jrsm.1081, and for inverse variances Biggerstaff & Jackson (2008), doi:10.1002/sim.3428.
"""

from __future__ import annotations

import numpy as np

from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.roots import bracketed_root

NODES = 1000  # of the trapezoidal rule, whose error falls exponentially: 250 give ten digits
LONGEST = 200.0  # the contour ends where exp(-s q) has fallen by e^-200; what it multiplies grows meanwhile
LEAST_BEND = 0.2  # of the contour, where the steepest descent would not turn to the right at all
MOST_HALVINGS = 200
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
    """Return the tau2 at which a Q of at least `q` has the probability `target`; -1 if it has more at tau2 = 0."""
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


def upper_tail(weights: Array, q: float) -> float:
    """Return P(sum weights_i x_i >= q) for independent chi-squared x_i on 1 degree of freedom.

    Parameters
    ----------
    weights : (m,)
        Above 0.
    q : float

    Notes
    -----
    The inverse Laplace transform of exp(K(s)) / s, K(s) = -1/2 sum log(1 - 2 weights_i s), on a parabola through its
    saddle point on the real axis that opens to the right, where exp(-s q) falls fastest: Rice (1980), SIAM Journal on
    Scientific and Statistical Computing 1:438-448, doi:10.1137/0901032. Left of 0 the same integral is minus the lower
    tail.
    """
    if q <= 0:
        return 1.0
    scale = float(weights.max())
    lam, x = weights / scale, q / scale
    below = x <= float(lam.sum())  # left of the mean the lower tail is the smaller one, and exact to as many digits
    saddle = _saddle(lam, x, below=below)
    spread = 2.0 * float((lam**2 / (1.0 - 2.0 * lam * saddle) ** 2).sum()) + 1.0 / saddle**2
    skew = 8.0 * float((lam**3 / (1.0 - 2.0 * lam * saddle) ** 3).sum()) - 2.0 / saddle**3
    step = spread**-0.5
    bend = max(skew / (6.0 * spread) * step, LEAST_BEND)
    t = np.linspace(0.0, (LONGEST / (x * step * bend)) ** 0.5, NODES)
    s = saddle + step * (1j * t + bend * t**2)
    integrand = np.exp(-0.5 * np.log1p(-2.0 * lam[:, None] * s).sum(axis=0) - s * x) / s * step * (1j + 2.0 * bend * t)
    integrand[0] *= 0.5
    area = float(integrand.imag.sum()) * float(t[1]) / np.pi
    return 1.0 + area if below else area


def _saddle(lam: Array, x: float, *, below: bool) -> float:
    """Return the real point at which K(s) - s x - log |s| is stationary, left or right of 0."""
    low, high = (-(len(lam) + 2.0) / x, 0.0) if below else (0.0, 0.5)
    for _ in range(MOST_HALVINGS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        rising = float((lam / (1.0 - 2.0 * lam * middle)).sum()) - x - 1.0 / middle > 0
        low, high = (low, middle) if rising else (middle, high)
    return 0.5 * (low + high)
