"""Routes from pairs of outcomes of the same, or of matched, patients to paired measures of two proportions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from coppice.extract.route import Effect, Figure, NotEstimable, Options, Route, by_code
from coppice.extract.routes.zero_cells import added_to_one, concerns

RANK = 10
ZOU = "Zou GY. 2007; 10.1177/1740774506075667; Curtin F et al. 2002; 10.1002/sim.1206"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs with the event under both conditions (a), the experimental only (b), the control only (c), neither (d)."""

    a: float
    b: float
    c: float
    d: float

    @property
    def n(self) -> float:
        """Number of pairs."""
        return self.a + self.b + self.c + self.d


def risk_ratio(t: Pairs) -> tuple[float, float]:
    """Return ln[(a + b) / (a + c)], variance (b + c) / ((a + b)(a + c))."""
    return math.log((t.a + t.b) / (t.a + t.c)), (t.b + t.c) / ((t.a + t.b) * (t.a + t.c))


def odds_ratio(t: Pairs) -> tuple[float, float]:
    """Return the marginal log odds ratio; the variance takes the covariance of the two logits off."""
    p, q = (t.a + t.b) / t.n, (t.a + t.c) / t.n
    one, other = p * (1 - p), q * (1 - q)
    covariance = (t.a / t.n - p * q) / (one * other)
    return math.log(p / (1 - p)) - math.log(q / (1 - q)), (1 / one + 1 / other - 2 * covariance) / t.n


def risk_difference(t: Pairs) -> tuple[float, float]:
    """Return (b - c) / n, variance (b + c)/n^2 - (b - c)^2/n^3."""
    return (t.b - t.c) / t.n, (t.b + t.c) / t.n**2 - (t.b - t.c) ** 2 / t.n**3


def conditional_odds_ratio(t: Pairs) -> tuple[float, float]:
    """Return ln(b / c), variance 1/b + 1/c: the odds ratio given the pair."""
    return math.log(t.b / t.c), 1 / t.b + 1 / t.c


def peto(t: Pairs) -> tuple[float, float]:
    """Return Peto's conditional log odds ratio, 2 (b - c) / (b + c), variance 4 / (b + c)."""
    return 2 * (t.b - t.c) / (t.b + t.c), 4 / (t.b + t.c)


ESTIMATES: dict[str, Callable[[Pairs], tuple[float, float]]] = {
    "MPRR": risk_ratio,
    "MPOR": odds_ratio,
    "MPRD": risk_difference,
    "MPORC": conditional_odds_ratio,
    "MPPETO": peto,
}
NEEDS = ("pairs_both", "pairs_e", "pairs_c", "pairs_neither")


def estimated(code: str, t: Pairs) -> Effect | None:
    """Return the effect, or None where a cell or a margin that it needs is empty."""
    try:
        yi, vi = ESTIMATES[code](t)
    except (ZeroDivisionError, ValueError):
        return None
    return Effect(yi, vi) if vi > 0 else None


def compare(code: str, figure: Figure, options: Options) -> Effect:
    """Return a paired measure."""
    cells = [float(figure[name]) for name in NEEDS]
    plain = estimated(code, Pairs(*cells))
    notes: tuple[str, ...] = ()
    if concerns(options, has_zero=min(cells) == 0, is_undefined=plain is None):
        value, note = added_to_one(options)
        cells, notes = [cell + value for cell in cells], (note,)
    effect = estimated(code, Pairs(*cells))
    if effect is None:
        raise NotEstimable(
            "a cell or a sum of cells that the measure needs is 0, and no continuity correction is chosen"
        )
    return Effect(effect.yi, effect.vi, notes)


ROUTES = [
    Route(
        name="matched_pairs",
        statistic="matched_pairs",
        needs=NEEDS,
        gives=by_code(compare, ESTIMATES),
        rank=RANK,
        formula="MPRR: ln[(a+b)/(a+c)], (b+c)/((a+b)(a+c)); MPRD: (b-c)/n, (b+c)/n^2 - (b-c)^2/n^3; "
        "MPOR: logit difference of the margins; MPORC: ln(b/c), 1/b + 1/c; MPPETO: 2(b-c)/(b+c), 4/(b+c)",
        assumptions=("in a crossover trial, there is neither a period effect nor a carry-over",),
        source=ZOU,
    )
]
