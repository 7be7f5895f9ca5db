"""Bracketed roots of many functions at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOST_STEPS = 200  # bisection alone needs about 60 for a double; only a discontinuous function gets near this
RELATIVE_TOLERANCE = 4.0 * np.finfo(np.float64).eps


def bracketed_root(function: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Find a root of each function in its own bracket, to the last few bits.

    Parameters
    ----------
    function : callable
        Maps points (n,) to values (n,), element by element.
    low, high : (n,)
        Ends of the brackets. Where the values at both ends have the same sign, the end with the smaller absolute
        value is returned, so that a bracket of zero width is its own root.

    Returns
    -------
    (n,) array
        The roots.

    Notes
    -----
    Inverse quadratic interpolation where it is safe, bisection otherwise: Chandrupatla (1997), Advances in
    Engineering Software 28:145-149, doi:10.1016/S0965-9978(96)00051-8.
    """
    a, b = np.array(high, dtype=np.float64), np.array(low, dtype=np.float64)
    fa, fb = function(a), function(b)
    c, fc = a.copy(), fa.copy()
    step = np.full_like(a, 0.5)
    open_ = (np.sign(fa) * np.sign(fb) < 0) & (a != b)
    best = np.where(np.abs(fa) < np.abs(fb), a, b)
    for _ in range(MOST_STEPS):
        if not open_.any():
            break
        x = np.where(open_, a + step * (b - a), best)
        fx = function(x)
        same = np.sign(fx) == np.sign(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        smaller = np.abs(fa) < np.abs(fb)
        best = np.where(open_, np.where(smaller, a, b), best)
        tolerance = 0.5 * RELATIVE_TOLERANCE * np.abs(best) + np.finfo(np.float64).tiny
        width = np.abs(b - a)
        limit = np.divide(tolerance, width, out=np.ones_like(width), where=width > 0)
        open_ &= (limit < 0.5) & (np.where(smaller, fa, fb) != 0)
        step = np.clip(_next_step((a, b, c), (fa, fb, fc)), np.minimum(limit, 0.5), 1.0 - np.minimum(limit, 0.5))
    return best


def _next_step(points: tuple[Array, Array, Array], values: tuple[Array, Array, Array]) -> Array:
    """Return the fraction of the way from the first to the second of three points at which to look next."""
    (a, b, c), (fa, fb, fc) = points, values
    with np.errstate(divide="ignore", invalid="ignore"):
        xi = (a - b) / (c - b)
        phi = (fa - fb) / (fc - fb)
        quadratic = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        safe = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi) & np.isfinite(quadratic)
    return np.where(safe, quadratic, 0.5)
