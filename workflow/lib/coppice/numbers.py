"""How numbers are printed, in figures and in the report alike."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"
SMALLEST_P = 0.001  # a p value is never printed as 0.000
MOST_DECIMALS = 6


def number(value: float | None, decimals: int = 2) -> str:
    """Print a number with a real minus sign; a small one keeps one significant digit instead of becoming 0.

    Parameters
    ----------
    value : float or None
        None and non-finite values print as an en dash.
    decimals : int
        Decimals to print.
    """
    if value is None or not math.isfinite(value):
        return "\N{EN DASH}"
    while value != 0 and round(abs(value), decimals) == 0 and decimals < MOST_DECIMALS:
        decimals += 1
    text = f"{abs(value):.{decimals}f}"
    return MINUS + text if value < 0 and float(text) != 0 else text


def interval(low: float | None, high: float | None, decimals: int = 2) -> str:
    """Print the limits of an interval: ``0.24 to 0.64``."""
    return f"{number(low, decimals)} to {number(high, decimals)}"


def estimate(value: float | None, low: float | None, high: float | None, decimals: int = 2) -> str:
    """Print an estimate with its interval: ``0.39 (0.24 to 0.64)``."""
    return f"{number(value, decimals)} ({interval(low, high, decimals)})"


def percent(value: float | None, decimals: int = 1) -> str:
    """Print a value that is already in percent: ``12.3%``."""
    return "\N{EN DASH}" if value is None else f"{number(value, decimals)}%"


def p_value(p: float | None) -> str:
    """Print a p value with its sign: ``= 0.03``, ``= 0.004``, ``< 0.001``."""
    if p is None:
        return "\N{EN DASH}"
    if p < SMALLEST_P:
        return f"< {SMALLEST_P}"
    return f"= {p:.3f}" if p < 0.01 or 0.045 <= p < 0.055 else f"= {p:.2f}"
