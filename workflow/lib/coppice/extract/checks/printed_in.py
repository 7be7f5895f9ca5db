"""Whether a number of a record is among those that words print, in any of the forms in which results are printed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coppice.core.printed_number import PrintedNumber
from coppice.core.reported_statistics import STATISTICS
from coppice.core.text_numbers import TextNumber, numbers_in, shares_in
from coppice.extract.checks.check import Figure
from coppice.extract.checks.printed import decimals

# what a report does not print as a number: how the figure is to be read, and what the reviewer supposes
NOT_PRINTED = frozenset({"sided", "split_c", "step", "predictors"})
# what a report says once, of the methods or before the results
CONTEXT = frozenset({"time", "times", "n", "level", "horizon", "at_risk_times", "follow_up", "cluster_size", "icc", "correlation"})  # fmt: skip
COUNTED = frozenset({"events", "n", "at_risk", "pairs"})
FRACTIONS = frozenset(
    {"survival", "arm_survival", "km_curve", "risk_difference"}
)  # statistics that are printed in percent
RATIOS = frozenset(name for name, item in STATISTICS.items() if any(key.name == "inverted" for key in item.keys))
TIMES = frozenset({"time", "times", "horizon", "follow_up"})
PER_UNIT: dict[tuple[str | None, str], float] = {("years", "months"): 1 / 12, ("months", "years"): 12.0}
OTHER_UNIT = re.compile(r"[ -]?(?:(?P<month>months?\b|mo\b)|(?:years?|yrs?)\b)", re.IGNORECASE)
PER = (100, 1_000, 10_000, 100_000)  # patients or years that a rate is printed for
BOUND = re.compile(r"<\s*(?P<number>0?\.\d+)")
LESS = re.compile(
    r"\b(?:less|lower\w*|fewer|smaller|reduc\w+|decreas\w+|efficacy|effectiveness|protect\w+|cut|drop\w*|fell|decline\w*)\b",
    re.IGNORECASE,
)
MORE = re.compile(r"\b(?:more|higher|greater|larger|increas\w+|rose|raised|excess)\b", re.IGNORECASE)
LEAST_DIGITS = 2  # of a rounded number: 1 is no rounded 1.03
EXACT = 15  # decimals of what is computed
MOST = 1e15  # beyond it digits are not counted


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number of a figure that should be printed."""

    statistic: str
    label: str  # how a message names it
    name: str  # its field, without the arm
    value: float
    is_bound: bool = False
    of: float | None = None  # the patients among whom it was counted
    unit: str | None = None  # of times

    @property
    def is_context(self) -> bool:
        """Whether it may stand beside the quote."""
        return self.name in CONTEXT

    def __str__(self) -> str:
        return f"{self.label} {'<' if self.is_bound else ''}{self.value:g}"


def numbers_of(figure: Figure) -> Iterator[Wanted]:
    """Yield the numbers of a figure as its statistic has them, those of its arms included."""
    statistic = figure["statistic"]
    for key in STATISTICS[statistic].keys:
        if key.name not in NOT_PRINTED:
            yield from _numbers(statistic, key.name, key.name, figure.get(key.name), figure)


def _numbers(statistic: str, label: str, name: str, value: Any, beside: Mapping[str, Any]) -> Iterator[Wanted]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _numbers(statistic, f"{label}.{key}", str(key), item, value)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _numbers(statistic, label, name, item, beside)
    elif isinstance(value, str) and (bound := BOUND.fullmatch(value)):
        yield Wanted(statistic, label, name, PrintedNumber(bound["number"]), is_bound=True)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        own, arm = (name[:-2], name[-2:]) if name[-2:] in ("_e", "_c") else (name, "")
        patients = beside.get(f"n{arm}") if own == "events" else None
        yield Wanted(statistic, label, own, value, of=patients, unit=beside.get("unit"))


@dataclass(frozen=True, slots=True)
class Printed:
    """The numbers that words print."""

    words: str
    numbers: list[TextNumber] = field(init=False)
    shares: list[tuple[float, float]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", list(numbers_in(self.words)))
        object.__setattr__(self, "shares", list(shares_in(self.words, self.numbers)))

    def holds(self, wanted: Wanted) -> bool:
        """Return whether a number of a figure is among them."""
        numbers = [
            number
            for number in self.numbers
            if (wanted.name != "p" or number.is_bound == wanted.is_bound)
            and number.is_level <= (wanted.name == "level")
        ]
        if wanted.name.split("_")[0] in COUNTED or wanted.name in COUNTED:
            return any(number.value == wanted.value or is_share_of(number, wanted) for number in numbers)
        places = decimals(wanted.value)
        if any(agree(wanted.value, places, *form) for number in numbers for form in self._forms(wanted, number)):
            return True
        if wanted.statistic in RATIOS and wanted.name in ("estimate", "ci"):
            return any(is_inverse(wanted.value, places, number) for number in numbers)
        scale = 100 if wanted.name == "percent" else 1 if self._is_fraction(wanted) else 0
        return any(agree(wanted.value, places, scale * k / n, EXACT) for k, n in self.shares if scale)

    def _is_fraction(self, wanted: Wanted) -> bool:
        return wanted.statistic in FRACTIONS and wanted.name not in CONTEXT | {"p"}

    def _forms(self, wanted: Wanted, number: TextNumber) -> Iterator[tuple[float, int]]:
        """Yield what a printed number can mean as such a field: its value and its decimals."""
        value, places = number.value, number.places
        yield value, places
        if self._is_fraction(wanted) or wanted.name == "level":
            yield value / 100, places + 2
        if wanted.name == "percent" and value <= 1 and not number.is_percent:
            yield 100 * value, max(places - 2, 0)
        if wanted.name == "rate":
            yield from ((value / per, places + len(str(per)) - 1) for per in PER)
        if wanted.name in TIMES and (unit := OTHER_UNIT.match(self.words, number.end)):
            factor = PER_UNIT.get((wanted.unit, "months" if unit["month"] else "years"), 1.0)
            yield value * factor, places if factor >= 1 else EXACT
        if wanted.statistic in RATIOS and wanted.name in ("estimate", "ci") and self._is_change(wanted, number):
            is_less, is_more = LESS.search(self.words), MORE.search(self.words)
            # a limit on the other side of no change has the other sign
            yield from [(1 - value / 100, places + 2)] if is_less or (is_more and wanted.name == "ci") else []
            yield from [(1 + value / 100, places + 2)] if is_more or (is_less and wanted.name == "ci") else []

    def _is_change(self, wanted: Wanted, number: TextNumber) -> bool:
        """Return whether a number can be a change in percent; one limit of two may lack the sign."""
        return number.is_percent or (wanted.name == "ci" and any(other.is_percent for other in self.numbers))


def digits(value: float, places: int) -> int:
    """Return the significant digits of a number with so many decimals."""
    return len(str(round(min(abs(value), MOST) * 10.0 ** min(places, EXACT))))


def agree(one: float, one_places: int, other: float, other_places: int) -> bool:
    """Return whether two numbers are the same, or the one with fewer decimals is the other one rounded; the sign aside."""
    one, other = abs(one), abs(other)
    if math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12):
        return True
    if one_places == other_places:
        return False
    if one_places > other_places:
        one, one_places, other = other, other_places, one
    return digits(one, one_places) >= LEAST_DIGITS and rounds_to(other, one, one_places)


def rounds_to(value: float, rounded: float, places: int) -> bool:
    """Return whether a value, rounded to so many decimals, is `rounded`; a tie may go either way."""
    return abs(value - rounded) <= 0.5 * 10.0**-places * (1 + 1e-9)


def is_inverse(value: float, places: int, number: TextNumber) -> bool:
    """Return whether a ratio is one over the printed one, rounded as either of them is."""
    if (
        number.value <= 0
        or value <= 0
        or min(digits(value, places), digits(number.value, number.places)) < LEAST_DIGITS
    ):
        return False
    return rounds_to(1 / number.value, value, places) or rounds_to(1 / value, number.value, number.places)


def is_share_of(number: TextNumber, wanted: Wanted) -> bool:
    """Return whether a percentage is that of a count among its patients."""
    if not (number.is_percent and wanted.of) or digits(number.value, number.places) < LEAST_DIGITS:
        return False
    return rounds_to(100 * wanted.value / wanted.of, number.value, number.places)
