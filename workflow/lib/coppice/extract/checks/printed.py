"""What a printed number may have been before it was rounded: interval arithmetic over half a unit of its last digit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist

from coppice.core.printed_number import PrintedNumber

NORMAL = NormalDist()
HALF = 0.5
USUAL_DIGITS = 3  # significant digits that journals print ratios with
LARGEST_P = 1 - 1e-9  # a p printed as 1 may have been anything below


@dataclass(frozen=True, slots=True)
class Span:
    """The values that a number may have: from `low` to `high`, both included."""

    low: float
    high: float

    def through(self, function: Callable[[float], float]) -> Span:
        """Return the span of a monotonic function of the number."""
        ends = (function(self.low), function(self.high))
        return Span(min(ends), max(ends))

    def minus(self, other: Span) -> Span:
        """Return the span of the difference."""
        return Span(self.low - other.high, self.high - other.low)

    def plus(self, other: Span) -> Span:
        """Return the span of the sum."""
        return Span(self.low + other.low, self.high + other.high)

    def times(self, factor: float) -> Span:
        """Return the span of the product with a factor that is not negative."""
        return Span(self.low * factor, self.high * factor)

    def over(self, other: Span) -> Span:
        """Return the span of the quotient of two numbers that are not negative."""
        return Span(
            self.low / other.high if other.high > 0 else 0.0, self.high / other.low if other.low > 0 else math.inf
        )

    def size(self) -> Span:
        """Return the span of the absolute value."""
        if self.low <= 0 <= self.high:
            return Span(0.0, max(-self.low, self.high))
        return Span(min(abs(self.low), abs(self.high)), max(abs(self.low), abs(self.high)))

    def sign(self) -> int:
        """Return 1 or -1 where the sign is certain, 0 where it is not."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0

    def gap(self, other: Span) -> float:
        """Return how far apart the nearest values of two spans are: 0 where they meet."""
        return max(0.0, self.low - other.high, other.low - self.high)

    def holds_whole(self) -> bool:
        """Return whether a whole number lies within."""
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return True
        return math.floor(self.high) >= math.ceil(self.low)


def decimals(value: float) -> int:
    """Return the digits after the point that the number certainly has, those of its text where it remembers it."""
    exponent = Decimal(value.text if isinstance(value, PrintedNumber) else repr(value)).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def significant(value: float, places: int) -> int:
    """Return the significant digits of a number printed with so many decimals."""
    return places if abs(value) < 1 else len(str(int(abs(value)))) + places


def alike(values: Sequence[float]) -> list[int]:
    """Return the decimals with which the numbers of one figure were printed.

    Spreadsheets drop the zeros at the end, and people who copy numbers do: a number regains the decimals that all others
    of its figure have, but never more significant digits than three or the most precise of them: in 0.7 (0.47 to 1.03)
    the 0.7 was 0.70, in 3.57 (0.98 to 12.5) the 12.5 was 12.5.
    """
    own = [decimals(value) for value in values]
    most = max([USUAL_DIGITS, *(significant(value, places) for value, places in zip(values, own, strict=True))])
    restored = []
    for index, value in enumerate(values):
        others = own[:index] + own[index + 1 :]
        wanted = max(own[index], min(others, default=own[index]))
        while wanted > own[index] and significant(value, wanted) > most:
            wanted -= 1
        restored.append(wanted)
    return restored


def span(value: float, places: int | None = None) -> Span:
    """Return what a number printed with `places` decimals may have been; its own decimals by default."""
    half = 0.5 * 10.0 ** -(decimals(value) if places is None else places)
    half *= 1 + 1e-9  # a tie may have been rounded either way, and its binary value lies a hair off
    return Span(value - half, value + half)


def z_of_p(p: float, sided: int) -> Span:
    """Return the possible absolute normal quantiles behind a printed p value, one- or two-sided."""
    limits = span(p)
    if sided == 1 and p > HALF:  # printed for the other direction
        limits = Span(1 - limits.high, 1 - limits.low)
    low, high = max(limits.low, 0.0) / sided, min(limits.high, LARGEST_P) / sided
    return Span(-NORMAL.inv_cdf(min(high, HALF)), -NORMAL.inv_cdf(low) if low > 0 else math.inf)
