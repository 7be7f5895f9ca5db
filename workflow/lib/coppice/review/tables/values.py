"""Reading the cells: numbers with decimal points or commas, NA in its spellings, flags, p values."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from coppice.core.limits import NUMBER_DIGITS
from coppice.core.printed_number import PrintedNumber, number_from

NA = {"", "na", "n/a", "#n/a", "nan", "null", "none", "missing", "not reported", "not available"}
NA_OF_NUMBERS = NA | {"-", "--", "\N{EN DASH}", "\N{EM DASH}", ".", "nr", "n.r.", "nd", "?"}
YES, NO = {"true", "yes", "1"}, {"false", "no", "0"}

POINT = re.compile(r"[-+]?(\d+\.\d*|\.\d+)([eE][-+]?\d+)?$")
COMMA = re.compile(r"[-+]?(\d+,\d+|,\d+)$")
WHOLE = re.compile(r"[-+]?\d+([eE][-+]?\d+)?$")
GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+$")
BOUND = re.compile(r"<\s*0?[.,]\d+$")
SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")


class Refused(Exception):
    """A cell that can't be read; the message says what to write."""


def plain(value: Any) -> str:
    """Return a cell as text without outer spaces, with ordinary minus signs and spaces."""
    return SPACES.sub(" ", str(value)).strip().replace("\N{MINUS SIGN}", "-")


def is_number(value: Any) -> bool:
    """Return whether a cell is a number already."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_na(value: Any, *, number: bool) -> bool:
    """Return whether a cell is empty or marks a missing value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, str) and plain(value).casefold() in (NA_OF_NUMBERS if number else NA)


@dataclass(frozen=True, slots=True)
class Decimals:
    """What a comma in a number means in one table."""

    comma: bool  # whether the numbers of the table have decimal commas
    why_not: str = "a comma in a number; write a decimal point"  # if not, what a number with a comma is refused with


def decimals_of(cells: Iterable[Any]) -> Decimals:
    """Find out from all number cells of a table whether it has decimal commas.

    A comma is a decimal comma if no number of the table has a decimal point and some number can only be read so: 1,234
    alone may be 1.234 or 1234, and is refused.
    """
    texts = [plain(cell) for cell in cells if isinstance(cell, str)]
    commas = [text for text in texts if COMMA.match(text)]
    if not commas:
        return Decimals(comma=False)
    if any(POINT.match(text) for text in texts) or any(isinstance(cell, float) for cell in cells):
        return Decimals(
            comma=False,
            why_not="some numbers of the table have a decimal point and this one a comma; write all of them alike",
        )
    if all(GROUPED.match(text) for text in commas):
        return Decimals(
            comma=False,
            why_not="may be a decimal or a thousands comma; write it with a decimal point or without the comma",
        )
    return Decimals(comma=True)


def number(value: Any, decimals: Decimals, *, percent: bool = False) -> int | float | None:
    """Return the number in a cell, None for NA; "34%" is 34 in a column of percentages. Raises Refused otherwise."""
    if is_na(value, number=True):
        return None
    if isinstance(value, datetime.date | datetime.time) or str(value).endswith("(date)"):
        raise Refused(
            "a date; the spreadsheet made it of something like 3-12, so format the column as text and enter it again"
        )
    if is_number(value):
        return value if isinstance(value, int | PrintedNumber) else float(value)
    text = plain(value)
    if percent and text.endswith("%"):
        text = text[:-1].rstrip()
    if COMMA.match(text):
        if not decimals.comma:
            raise Refused(f"{text!r} is not allowed: {decimals.why_not}")
        text = text.replace(",", ".")
    if len(text) > NUMBER_DIGITS:
        raise Refused(f"{len(text):,} digits; write a number, or NA for a missing one")
    if WHOLE.match(text) and "e" not in text.lower():
        return int(text)
    if POINT.match(text) or WHOLE.match(text):
        return number_from(text)
    raise Refused(f"{text!r} is not a number; write a number, or NA for a missing one")


def p_value(value: Any, decimals: Decimals) -> int | float | str | None:
    """Return a p value: a number, or a bound such as "<0.001" as text."""
    text = "" if value is None else plain(value).removeprefix("P").removeprefix("p").lstrip(" =")
    if BOUND.match(text):
        return text.replace(" ", "").replace(",", ".")
    return number(value if is_number(value) else text, decimals)


def flag(value: Any) -> bool | None:
    """Return the truth value in a cell, None for NA."""
    if is_na(value, number=True):
        return None
    text = plain(value).casefold().removesuffix(".0")
    if text in YES | NO:
        return text in YES
    raise Refused(f"{plain(value)!r} is not allowed; write true or false")


def text(value: Any) -> str | None:
    """Return the text in a cell, None for NA."""
    if is_na(value, number=False):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return plain(value)


def characteristic(values: Iterable[Any], decimals: Decimals) -> list[Any]:
    """Return the values of a column that nothing else reads: numbers if all of them are, text otherwise."""
    cells = list(values)
    try:
        if not any(isinstance(cell, str) and re.match(r"0\d", plain(cell)) for cell in cells):
            return [None if is_na(cell, number=False) else number(cell, decimals) for cell in cells]
    except Refused:
        pass
    return [text(cell) for cell in cells]
