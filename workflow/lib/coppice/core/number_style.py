"""How numbers are printed, in figures and in the report alike, and the styles of journals.

Every number is rounded in `rounded`, and every estimate with its interval is printed by `Style.together`: an interval
prints as a point only if it is one, and no number prints as the value of no difference unless it is that value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
MOST_DECIMALS = 6  # of a number by itself
DIGITS = 12  # significant ones of a result file; what follows is noise of a back-transformation
MOST_APART = 20  # decimals; with them any two numbers of 12 digits that are not both tiny differ
TINY = 0.5 * 10**-MOST_DECIMALS  # numbers below it can be told apart as powers of ten only
EXACT = Context(prec=400)  # holds each float with all its digits before the decimal sign
POWERS = str.maketrans("-0123456789", "\N{SUPERSCRIPT MINUS}\N{SUPERSCRIPT ZERO}\N{SUPERSCRIPT ONE}\N{SUPERSCRIPT TWO}\N{SUPERSCRIPT THREE}\N{SUPERSCRIPT FOUR}\N{SUPERSCRIPT FIVE}\N{SUPERSCRIPT SIX}\N{SUPERSCRIPT SEVEN}\N{SUPERSCRIPT EIGHT}\N{SUPERSCRIPT NINE}")  # fmt: skip
LEAST_UNITS = 2  # of the last decimal: an interval that is narrower gets another
VARIANCE_DECIMALS = 3
ZERO = (0.0,)
SMALL_P = 0.01  # below this a p value has a third decimal
NEAR_FIVE = (0.045, 0.055)  # here two decimals would hide on which side of 0.05 it lies
LARGE_P = 0.99  # JAMA prints what is above as > .99
SIGNIFICANT = 2  # digits of a p value in the Lancet


def stored(value: float) -> Decimal:
    """Return the decimal value that a result file holds for a number."""
    return Decimal(f"{value:.{DIGITS - 1}e}")


@lru_cache
def _stored_landmarks(values: tuple[float, ...]) -> tuple[Decimal, ...]:
    """Return landmarks as a result file holds them; each number that is printed is compared with them."""
    return tuple(map(stored, values))


def rounded(value: float, decimals: int) -> str:
    """Round a finite number to its decimals, halves away from zero: of 0.175, which no float holds, two are 0.18."""
    return f"{stored(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, EXACT):f}"


def plain(value: float) -> str:
    """Print a number as it was reported, with all its digits."""
    return f"{stored(value).normalize(EXACT):f}".replace("-", MINUS)


@dataclass(frozen=True, slots=True)
class Style:
    """The rules of a publisher for numbers."""

    point: str = "."  # the decimal sign
    # what stands between the limits of an interval; None for ``to``, which always stands where a limit is negative
    dash: str | None = None
    comma: str = ""  # what stands between ``95% CI`` and its limits
    p: str = "p"  # the letter of a p value, with the space before the sign
    space: str = " "  # what stands on each side of the sign of a p value
    leading_zero: bool = True  # whether a p value keeps the zero before its decimal sign
    smallest_p: float = 0.001  # smaller p values are printed as below this one; none is ever printed as 0
    by_digits: bool = False  # whether p values have two significant digits instead of two decimals
    caps_p: bool = False  # whether p values close to 1 are printed as above 0.99

    def number(self, value: float | None, decimals: int = 2, landmarks: Sequence[float] = ZERO) -> str:
        """Print a number with a real minus sign; a small one keeps one significant digit instead of becoming 0.

        None and non-finite values print as an en dash. No other number prints as one of the landmarks, such as the value
        of no difference; it gets more decimals instead.
        """
        if value is None or not math.isfinite(value):
            return DASH
        exact = stored(value)
        others = [mark for mark in _stored_landmarks(tuple(landmarks)) if mark != exact]
        for places in range(decimals, max(decimals, MOST_DECIMALS) + 1):
            text = rounded(value, places)
            if Decimal(text) not in others:
                break
        return self._printed(text)

    def _printed(self, text: str) -> str:
        signed = text.lstrip("-")
        return f"{MINUS if text.startswith('-') and Decimal(text) else ''}{signed}".replace(".", self.point)

    def together(
        self, values: Sequence[float | None], decimals: int = 2, landmarks: Sequence[float] = ZERO
    ) -> list[str]:
        """Print an estimate and its limits, or the like, with as many decimals as tell them apart; equal ones print alike."""
        places = decimals_apart(values, decimals, landmarks)
        if places is None:
            return [self._power(value, values, decimals) for value in values]
        return [self.number(value, places, landmarks) for value in values]

    def _power(self, value: float | None, values: Sequence[float | None], decimals: int) -> str:
        """Print one of several numbers of which tiny ones differ: ``1.3×10⁻⁹``."""
        if value is None or not math.isfinite(value) or value == 0 or abs(value) >= TINY:
            return self.number(value, decimals)
        tiny = {stored(other) for other in values if other is not None and 0 < abs(other) < TINY}
        for digits in range(1, DIGITS):
            texts = {f"{other:.{digits}e}" for other in tiny}
            if len(texts) == len(tiny):
                break
        mantissa, _, exponent = f"{stored(value):.{digits}e}".partition("e")
        return f"{self._printed(mantissa)}\N{MULTIPLICATION SIGN}10{str(int(exponent)).translate(POWERS)}"

    def interval(
        self, low: float | None, high: float | None, decimals: int = 2, landmarks: Sequence[float] = ZERO
    ) -> str:
        """Print the limits of an interval: ``0.24 to 0.64``."""
        return self.between(*self.together((low, high), decimals, landmarks))

    def between(self, low: str, high: str) -> str:
        """Join the printed limits of an interval."""
        is_signed = any(text.startswith((MINUS, DASH)) for text in (low, high))
        return (self.dash if self.dash and not is_signed else " to ").join((low, high))

    def estimate(
        self,
        value: float | None,
        low: float | None,
        high: float | None,
        decimals: int = 2,
        landmarks: Sequence[float] = ZERO,
    ) -> str:
        """Print an estimate with its interval: ``0.39 (0.24 to 0.64)``."""
        middle, *limits = self.together((value, low, high), decimals, landmarks)
        return f"{middle} ({self.between(*limits)})"

    def percent(self, value: float | None, decimals: int = 1) -> str:
        """Print a value that is already in percent: ``12.3%``."""
        return DASH if value is None else f"{self.number(value, decimals)}%"

    def p_value(self, p: float | None) -> str:
        """Print a p value with its sign: ``= 0.03``, ``= 0.004``, ``< 0.001``."""
        if p is None:
            return DASH
        if p < self.smallest_p:
            return self._signed("<", f"{self.smallest_p:g}")
        if self.caps_p and p > LARGE_P:
            return self._signed(">", f"{LARGE_P}")
        if self.by_digits:
            decimals = max(SIGNIFICANT, SIGNIFICANT - 1 - math.floor(math.log10(p)))
            return self._signed("=", rounded(p, decimals))
        return self._signed("=", rounded(p, 3 if p < SMALL_P or NEAR_FIVE[0] <= p < NEAR_FIVE[1] else 2))

    def _signed(self, sign: str, text: str) -> str:
        kept = text if self.leading_zero or not text.startswith("0.") else text[1:]
        return f"{sign}{self.space}{kept}".replace(".", self.point)

    def with_p(self, p: float | None) -> str:
        """Print a p value with its letter and its sign: ``p = 0.03``."""
        return f"{self.p}{self.space}{self.p_value(p)}"

    def variance(self, value: float | None, more: int = 0) -> str:
        """Print a between-study variance, with `more` decimals than usual; one that is estimated as 0 prints as ``0``."""
        if value is None or value == 0:
            return DASH if value is None else "0"
        whole = len(rounded(value, 0)) if value >= 1 else 0
        return self.number(value, max(0, VARIANCE_DECIMALS - whole) + more)

    def variance_limits(self, low: float | None, high: float | None) -> tuple[str, str]:
        """Print the limits of a between-study variance, with as many decimals as tell them apart."""
        for more in range(MOST_APART):
            texts = self.variance(low, more), self.variance(high, more)
            if low is None or high is None or texts[0] != texts[1] or stored(low) == stored(high):
                break
        return texts


DEFAULT = Style()
# The instructions to authors of each, and the AMA Manual of Style, 11th edition, for JAMA
STYLES: dict[str, Style] = {
    "BMJ": Style(p="P", space=""),
    "Cochrane": Style(p="P"),
    "JAMA": Style(dash="-", comma=",", p="P", leading_zero=False, caps_p=True),
    "Lancet": Style(point="\N{MIDDLE DOT}", dash=DASH, p="p", space="", smallest_p=0.0001, by_digits=True),
}

number = DEFAULT.number
interval = DEFAULT.interval
estimate = DEFAULT.estimate
percent = DEFAULT.percent
p_value = DEFAULT.p_value
together = DEFAULT.together
variance = DEFAULT.variance


def decimals_apart(values: Iterable[float | None], decimals: int = 2, landmarks: Sequence[float] = ZERO) -> int | None:
    """Return the fewest decimals, from `decimals` on, that tell numbers apart and show how far they reach.

    None where all are tiny, or those that are alike are.
    """
    distinct = {stored(value): value for value in values if value is not None and math.isfinite(value)}
    reach = max(distinct, default=Decimal(0)) - min(distinct, default=Decimal(0))
    if 0 < max(map(abs, distinct), default=0) < TINY:
        return None
    for places in range(decimals, MOST_APART):
        texts = [DEFAULT.number(value, places, landmarks) for value in distinct.values()]
        printed = [Decimal(text.replace(MINUS, "-")) for text in texts]
        alike = [value for value, text in zip(distinct.values(), printed, strict=True) if printed.count(text) > 1]
        if alike and all(abs(value) < TINY for value in alike):
            return None
        if not alike and (len(distinct) <= 1 or reach >= LEAST_UNITS * Decimal(1).scaleb(-places)):
            return places
    return MOST_APART


def degrees(df: float) -> str:
    """Print degrees of freedom: ``4``, and those of an approximation with one decimal, ``5.9``."""
    return rounded(df, 0 if float(df).is_integer() else 1)
