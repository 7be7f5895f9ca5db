"""The tetrachoric correlation: of two normal variables of which a table shows only on which side of a cut each lies."""

from __future__ import annotations

import math

from coppice.extract.route import Effect, Figure, NotEstimable, Options, Route
from coppice.extract.routes.two_by_two import NORMAL, Table, counted

RANK = 11
PEARSON = "Pearson K. 1900; 10.1098/rsta.1900.0022; Brown MB, Benedetti JK. 1977, Psychometrika 42:347"
STEPS = 400  # of Simpson's rule on the angle: the integrand is smooth
TOLERANCE = 1e-14


def density(h: float, k: float, angle: float) -> float:
    """Return 2 pi times the derivative of the bivariate normal probability with respect to asin of the correlation."""
    return math.exp(-(h * h + k * k - 2 * h * k * math.sin(angle)) / (2 * math.cos(angle) ** 2))


def both_above(h: float, k: float, angle: float) -> float:
    """Return P(X > h, Y > k) at correlation sin(angle) (Drezner & Wesolowsky 1990, 10.1080/00949659008811236)."""
    width = angle / STEPS
    inner = sum((4 if step % 2 else 2) * density(h, k, step * width) for step in range(1, STEPS))
    integral = width / 3 * (density(h, k, 0.0) + inner + density(h, k, angle))
    return NORMAL.cdf(-h) * NORMAL.cdf(-k) + integral / (2 * math.pi)


def correlation(t: Table) -> tuple[float, float, float]:
    """Return the two cuts and the correlation at which the table's four probabilities are met exactly, by bisection."""
    h, k = -NORMAL.inv_cdf(t.n1 / t.n), -NORMAL.inv_cdf((t.a + t.c) / t.n)
    low, high = -math.pi / 2 + 1e-3, math.pi / 2 - 1e-3
    while high - low > TOLERANCE:
        middle = (low + high) / 2
        low, high = (middle, high) if both_above(h, k, middle) < t.a / t.n else (low, middle)
    return h, k, math.sin((low + high) / 2)


def variance(t: Table, h: float, k: float, r: float) -> float:
    """Return the asymptotic variance of the tetrachoric correlation, both cuts estimated.

    Notes
    -----
    By the delta method under multinomial sampling: with H = -h and K = -k, dr = (dp_a - A dp_row - B dp_column) / phi2,
    A = Phi((K - r H)/sqrt(1 - r^2)), B = Phi((H - r K)/sqrt(1 - r^2)). Brown & Benedetti 1977.
    """
    root = math.sqrt(1 - r * r)
    height = density(h, k, math.asin(r)) / (2 * math.pi * root)
    row, column = NORMAL.cdf((r * h - k) / root), NORMAL.cdf((r * k - h) / root)
    weights = ((t.a, 1 - row - column), (t.b, -row), (t.c, -column))
    first = sum(cell / t.n * weight for cell, weight in weights)
    second = sum(cell / t.n * weight**2 for cell, weight in weights)
    return (second - first**2) / (t.n * height**2)


def tetrachoric(figure: Figure, options: Options) -> Effect:
    """Return the tetrachoric correlation of the arm and the event."""
    t = counted(figure)
    if t.has_zero:
        raise NotEstimable("with an empty cell the tetrachoric correlation lies at its limit, and has no variance")
    h, k, r = correlation(t)
    return Effect(r, variance(t, h, k, r))


ROUTES = [
    Route(
        name="tetrachoric",
        statistic="counts",
        needs=("events_e", "n_e", "events_c", "n_c"),
        gives={"RTET": tetrachoric},
        rank=RANK,
        formula="the correlation at which a bivariate normal distribution, cut at the margins, has the table's probabilities",
        assumptions=("arm and event are cuts through two variables that are jointly normal",),
        source=PEARSON,
    )
]
