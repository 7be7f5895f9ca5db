"""How numbers are printed, in figures and in the report alike, and the styles of journals."""

from __future__ import annotations

import math
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
MOST_DECIMALS = 6
SMALL_P = 0.01  # below this a p value has a third decimal
NEAR_FIVE = (0.045, 0.055)  # here two decimals would hide on which side of 0.05 it lies
LARGE_P = 0.99  # JAMA prints what is above as > .99
SIGNIFICANT = 2  # digits of a p value in the Lancet


@dataclass(frozen=True, slots=True)
class Style:
    """The rules of a publisher for numbers.

    Attributes
    ----------
    point : str
        The decimal sign.
    dash : str or None
        What stands between the limits of an interval; None for ``to``, which always stands where a limit is negative.
    comma : str
        What stands between ``95% CI`` and its limits.
    p : str
        The letter of a p value, with the space before the sign.
    space : str
        What stands on each side of the sign of a p value.
    leading_zero : bool
        Whether a p value keeps the zero before its decimal sign.
    smallest_p : float
        Smaller p values are printed as below this one; none is ever printed as 0.
    by_digits : bool
        Whether p values have two significant digits instead of two decimals.
    caps_p : bool
        Whether p values close to 1 are printed as above 0.99.
    """

    point: str = "."
    dash: str | None = None
    comma: str = ""
    p: str = "p"
    space: str = " "
    leading_zero: bool = True
    smallest_p: float = 0.001
    by_digits: bool = False
    caps_p: bool = False

    def number(self, value: float | None, decimals: int = 2) -> str:
        """Print a number with a real minus sign; a small one keeps one significant digit instead of becoming 0.

        Parameters
        ----------
        value : float or None
            None and non-finite values print as an en dash.
        decimals : int
            Decimals to print.
        """
        if value is None or not math.isfinite(value):
            return DASH
        while value != 0 and round(abs(value), decimals) == 0 and decimals < MOST_DECIMALS:
            decimals += 1
        text = f"{abs(value):.{decimals}f}"
        signed = MINUS + text if value < 0 and float(text) != 0 else text
        return signed.replace(".", self.point)

    def interval(self, low: float | None, high: float | None, decimals: int = 2) -> str:
        """Print the limits of an interval: ``0.24 to 0.64``."""
        limits = [self.number(limit, decimals) for limit in (low, high)]
        between = self.dash if self.dash and not any(text.startswith((MINUS, DASH)) for text in limits) else " to "
        return between.join(limits)

    def estimate(self, value: float | None, low: float | None, high: float | None, decimals: int = 2) -> str:
        """Print an estimate with its interval: ``0.39 (0.24 to 0.64)``."""
        return f"{self.number(value, decimals)} ({self.interval(low, high, decimals)})"

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
            return self._signed("=", f"{p:.{decimals}f}")
        return self._signed("=", f"{p:.3f}" if p < SMALL_P or NEAR_FIVE[0] <= p < NEAR_FIVE[1] else f"{p:.2f}")

    def _signed(self, sign: str, text: str) -> str:
        kept = text if self.leading_zero or not text.startswith("0.") else text[1:]
        return f"{sign}{self.space}{kept}".replace(".", self.point)

    def with_p(self, p: float | None) -> str:
        """Print a p value with its letter and its sign: ``p = 0.03``."""
        return f"{self.p}{self.space}{self.p_value(p)}"


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


def degrees(df: float) -> str:
    """Print degrees of freedom: ``4``, and those of an approximation with one decimal, ``5.9``."""
    return f"{df:g}" if float(df).is_integer() else f"{df:.1f}"
