"""Special functions by the standard library alone, so that planning a review needs no numeric package."""

from __future__ import annotations

import math
from statistics import NormalDist

MOST_TERMS = 10_000
EPSILON = 1e-16
ROUNDING = 1e-12  # relative; Newton's steps below it only come from rounding, once they do not shrink
TINY = 1e-300  # stands for 0 in a denominator of the continued fraction
NEARLY_NORMAL = 1e4  # df from which four terms of the expansion are exact for probabilities down to 1e-16
EXACT_GAMMA = 100.0  # below it `math.gamma` is exact to its last digits, above it the series is
STEP, REACH = 1 / 32, 6.0  # of the double exponential rule


def gamma_ratio(a: float) -> float:
    """Return Gamma(a + 1/2) / Gamma(a); the series is formula 5.11.13 of the Digital Library of Mathematical Functions."""
    if a < EXACT_GAMMA:
        return math.gamma(a + 0.5) / math.gamma(a)
    return math.sqrt(a) * math.exp(-1 / (8 * a) + 1 / (192 * a**3) - 1 / (640 * a**5))


def beta_fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function, for x below (a + 1) / (a + b + 2).

    Lentz's algorithm for formula 8.17.22 of the Digital Library of Mathematical Functions.
    """
    c, d = 1.0, 1.0 / (1.0 - (a + b) * x / (a + 1.0) or TINY)
    value = d
    for m in range(1, MOST_TERMS):
        before = value
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for factor in (even, odd):
            d = 1.0 / (1.0 + factor * d or TINY)
            c = 1.0 + factor / c or TINY
            value *= c * d
        if abs(value - before) <= EPSILON * value:
            break
    return value


def t_probabilities(t: float, df: float) -> tuple[float, float, float]:
    """Return of Student's t the density at t > 0, the probability between 0 and t, and that above t."""
    a, square = df / 2, t * t / df
    density = gamma_ratio(a) / math.sqrt(df * math.pi) * math.exp(-(a + 0.5) * math.log1p(square))
    x = 1 / (1 + square)
    power = math.sqrt(square * x) * math.exp(-a * math.log1p(square)) * gamma_ratio(a) / math.sqrt(math.pi)
    if x < (a + 1) / (a + 2.5):
        above = 0.5 * power / a * beta_fraction(a, 0.5, x)
        return density, 0.5 - above, above
    between = power * beta_fraction(0.5, a, square * x)
    return density, between, 0.5 - between


def t_quantile(p: float, df: float) -> float:
    """Return the quantile of Student's t distribution, 0 < p < 1.

    Newton's method on the logarithms of t and of the probability that is smaller, above t or between 0 and t: both are
    concave in ln t, so that it converges from any start. For very many degrees of freedom the expansion about the
    normal quantile: Abramowitz & Stegun 1964, formula 26.7.5.
    """
    if p == 0.5:
        return 0.0
    above = min(p, 1 - p)
    sign = 1.0 if p > 0.5 else -1.0
    z = -NormalDist().inv_cdf(above)
    if df >= NEARLY_NORMAL:
        terms = (
            (z**3 + z) / 4,
            (5 * z**5 + 16 * z**3 + 3 * z) / 96,
            (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
            (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
        )
        return sign * (z + math.fsum(term / df**power for power, term in enumerate(terms, 1)))
    t, is_tail, last = z, above < 0.25, math.inf
    for _ in range(MOST_TERMS):
        density, between, beyond = t_probabilities(t, df)
        value, wanted, slope = (beyond, above, -density) if is_tail else (between, 0.5 - above, density)
        step = math.log(wanted / value) * value / (slope * t)
        t *= math.exp(step)
        # at last the steps are rounding errors, which may go round in a circle without end
        if abs(step) < 4 * EPSILON or last <= abs(step) < ROUNDING:
            break
        last = abs(step)
    return sign * t


def gauss_half(x: float, c: float) -> float:
    """Return the hypergeometric function 2F1(1/2, 1/2; c; x), 0 <= x <= 1 and c > 1.

    Euler's integral, formula 15.6.1 of the Digital Library of Mathematical Functions with t = cos^2, by the double
    exponential rule of Takahasi & Mori (1974), doi:10.2977/prims/1195192451.
    """
    parts = []
    for index in range(-int(REACH / STEP), int(REACH / STEP) + 1):
        spread = math.pi * math.sinh(index * STEP)
        if abs(spread) > 700:
            continue
        share = 1 / (1 + math.exp(-spread))  # of the way from 0 to pi/2, exact to the last digits near 0
        weight = share * (1 - share if spread < 0 else 1 / (1 + math.exp(spread))) * math.cosh(index * STEP)
        square = math.sin(math.pi / 2 * share) ** 2
        parts.append(weight * square ** (c - 1) / math.sqrt(1 - x + x * square) if square else 0.0)
    integral = math.pi**2 / 2 * STEP * math.fsum(parts)
    return 2 * gamma_ratio(c - 0.5) / math.sqrt(math.pi) * integral
