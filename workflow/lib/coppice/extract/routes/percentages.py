"""Routes from percentages with the number of patients to the counts behind them, and on to the measures of two arms."""

from __future__ import annotations

import math
from decimal import Decimal

from coppice.core.printed_number import PrintedNumber
from coppice.core.reported_fields import ARMS
from coppice.extract.route import Figure, NotEstimable, NotForThisFigure, Route
from coppice.extract.routes.two_by_two import DEFINITIONS, Table, formula

RANK = 12
SLACK = 1e-9  # a half is rounded either way, and 100 k / n is not exact in binary
BROWN_HEATHERS = "Brown NJL, Heathers JAJ. The GRIM test, 2017; 10.1177/1948550616673876"


def half_unit(value: float) -> float:
    """Return half a unit of the last digit of a number as printed; a trailing zero that was lost makes it wider."""
    printed = Decimal(value.text) if isinstance(value, PrintedNumber) else Decimal(repr(value)).normalize()
    exponent = printed.as_tuple().exponent
    return 0.5 * 10.0 ** min(int(exponent), 0)


def possible_counts(percent: float, n: int) -> range:
    """Return the counts of n that print as the percentage, from 0 to 100."""
    slack = half_unit(percent) + SLACK
    n = int(n)  # a table may hold 271.0
    low = math.ceil((percent - slack) * n / 100 - SLACK)
    high = math.floor((percent + slack) * n / 100 + SLACK)
    return range(max(low, 0), min(high, n) + 1)


def nearest_count(percent: float, n: int, whose: str) -> tuple[int, str]:
    """Return the count behind a percentage, and a note on how certain it is."""
    counts = possible_counts(percent, n)
    if not counts:
        raise NotEstimable(f"no count of {n:g} patients of the {whose} gives {percent:g}%")
    if len(counts) == 1:
        note = f"{percent:g}% of {n:g} patients of the {whose} is {counts[0]}, the only count that rounds to it"
        return counts[0], note
    middle = math.floor(percent * n / 100)
    near = range(max(counts[0], middle - 1), min(counts[-1], middle + 2) + 1)
    best = min(near, key=lambda count: (abs(100 * count / n - percent), count))
    spread = f"counts from {counts[0]} to {counts[-1]} round to {percent:g}% of {n:g} patients of the {whose}"
    return best, f"{spread}; the nearest, {best}, is used"


def from_percentages(figure: Figure) -> Table:
    """Return the table behind two percentages."""
    if figure.get("events_e") is not None and figure.get("events_c") is not None:
        raise NotForThisFigure("the counts themselves are reported")
    (a, one), (c, other) = (
        nearest_count(figure[f"percent_{arm}"], figure[f"n_{arm}"], f"{word} arm") for arm, word in ARMS.items()
    )
    return Table(float(a), float(figure["n_e"] - a), float(c), float(figure["n_c"] - c), (one, other))


ROUTES = [
    Route(
        name="percentages",
        statistic="counts",
        needs=("percent_e", "n_e", "percent_c", "n_c"),
        gives={code: formula(definition, from_percentages) for code, definition in DEFINITIONS.items()},
        rank=RANK,
        formula="events = the count of n that rounds to the percentage; then as from counts",
        assumptions=("the percentages are of n, and are rounded, not cut off",),
        source=BROWN_HEATHERS,
    )
]
