"""The distribution of a weighted sum of chi-squared variables, each on 1 degree of freedom."""

from __future__ import annotations

import numpy as np

from coppice.pool.kernel.kernel import Array

NODES = 1000  # of the trapezoidal rule, whose error falls exponentially: 250 give ten digits
LONGEST = 200.0  # the contour ends where exp(-s q) has fallen by e^-200; what it multiplies grows meanwhile
LEAST_BEND = 0.2  # of the contour, where the steepest descent would not turn to the right at all
MOST_HALVINGS = 200


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
