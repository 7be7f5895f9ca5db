"""The shapes of single values: numbers, texts, days, choices and pairs of limits."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from coppice.core.errors import allowed_values_hint
from coppice.core.limits import LARGEST_NUMBER, LARGEST_WHOLE, MARKS, NAME_LENGTH, SMALLEST_NUMBER, TEXT_LENGTH

Place = tuple[str | int, ...]
Finding = tuple[Place, str]

# control characters but for line breaks and tabs, surrogates, what Unicode has no character for, and the marks that
# turn the direction of all that follows them: a word from right to left needs none of these
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


class Shape(Protocol):
    """A kind of value: it finds what is wrong with one, and describes itself as a JSON schema."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the place and the message of each thing that is wrong with `value`."""
        ...

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of the values that are allowed."""
        ...


def is_finite(value: Any) -> bool:
    """Return whether `value` is a number, and one that a float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def is_number(value: Any) -> bool:
    """Return whether `value` is a number that can be computed with; True and False are not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value == 0 or SMALLEST_NUMBER <= abs(value) <= LARGEST_NUMBER


def is_extreme(value: Any) -> bool:
    """Return whether `value` is a number too large or too small to be computed with."""
    is_numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return is_numeric and not is_number(value) and value == value


def quoted(value: Any) -> str:
    """Return `value` as it is quoted in a message, shortened."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def unprintable_reason(text: str, longest: int) -> str:
    """Say why a text can't be printed: it is too long, or has a character that is not printable; empty if it can."""
    if len(text) > longest:
        return f"{len(text):,} characters; {longest:,} at most"
    if match := UNPRINTABLE.search(text):
        return f"holds U+{ord(match.group()):04X}, which can't be printed; leave it out"
    if not text.isascii() and max_combining_marks(text) > MARKS:
        return f"has {max_combining_marks(text)} marks on one letter; {MARKS} at most"
    return ""


def max_combining_marks(text: str) -> int:
    """Return the largest number of combining marks on any one letter; they stack and can overprint the lines above."""
    most = marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        most = max(most, marks)
    return most


@dataclass(frozen=True, slots=True)
class Number:
    """A number within limits; `exclusive` leaves the limits themselves out.

    A `computed` one may be as small or large as it comes, such as a p value of 1e-112. The `hint` says what to write in
    place of a fraction.
    """

    low: float | None = None
    high: float | None = None
    whole: bool = False
    exclusive: bool = False
    computed: bool = False
    hint: str = ""

    def allowed(self) -> str:
        """Return the allowed values in words."""
        kind = "a whole number" if self.whole else "a number"
        if self.low is not None and self.high is not None:
            return f"{kind} {'between' if self.exclusive else 'from'} {self.low:.12g} {'and' if self.exclusive else 'to'} {self.high:.12g}"
        if self.low is not None:
            return f"{kind} {'above' if self.exclusive else 'not below'} {self.low:g}"
        return kind if self.high is None else f"{kind} not above {self.high:g}"

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding unless `value` is such a number."""
        finite = is_finite(value)
        good = (finite if self.computed else is_number(value)) and (not self.whole or float(value).is_integer())
        if good and self.low is not None:
            good = value > self.low if self.exclusive else value >= self.low
        if good and self.high is not None:
            good = value < self.high if self.exclusive else value <= self.high
        if is_extreme(value) and not (self.computed and finite):
            message = f"{quoted(value)} is outside the supported range: {SMALLEST_NUMBER} to {LARGEST_NUMBER:.0e} in size, or 0"
            yield place, message
        elif good and self.whole and abs(value) > LARGEST_WHOLE:
            yield place, f"{quoted(value)} is beyond what can be counted: {LARGEST_WHOLE:.0e} at most"
        elif not good:
            hint = f"; {self.hint}" if self.hint and finite and not float(value).is_integer() else ""
            yield place, f"{quoted(value)} is not allowed; write {self.allowed()}{hint}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        limits = {
            "exclusiveMinimum" if self.exclusive else "minimum": self.low,
            "exclusiveMaximum" if self.exclusive else "maximum": self.high,
        }
        return {"type": "integer" if self.whole else "number"} | {
            name: limit for name, limit in limits.items() if limit is not None
        }


@dataclass(frozen=True, slots=True)
class Text:
    """Text, of one pattern if that is given, and no longer than a person would write it; a bare number is read as text."""

    pattern: str | None = None
    example: str = ""
    longest: int = TEXT_LENGTH

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding unless `value` is such text."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            yield place, f"{quoted(value)} is not text; write text"
        elif str(value).strip() == "":
            yield place, "empty; write text, or null for what is not known"
        elif self.pattern and not re.fullmatch(self.pattern, str(value)):
            yield place, f"{quoted(value)} does not have the form {self.example or self.pattern}"
        elif wrong := unprintable_reason(str(value), self.longest):
            yield place, wrong

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        longest = {"maxLength": self.longest} if self.longest != TEXT_LENGTH else {}
        return {"type": ["string", "number"]} | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {}) | longest


NAME = Text(longest=NAME_LENGTH)  # what is printed in one piece: a label, a heading


@dataclass(frozen=True, slots=True)
class Date:
    """A day, as 2026-11-20."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding unless `value` is such a day."""
        try:
            good = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
        except ValueError:
            good = False
        if not good:
            yield place, f"{quoted(value)} is not a date; use YYYY-MM-DD, or null where it is not known"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding unless `value` is a boolean."""
        if not isinstance(value, bool):
            yield place, f"{quoted(value)} is not allowed; write true or false"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the names that a registry holds."""

    options: Callable[[], Iterable[str]]

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding with the nearest spelling unless `value` is one of the names."""
        if not isinstance(value, str) or value not in set(self.options()):
            yield place, f"{quoted(value)} is not known; {allowed_values_hint(value, self.options())}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"enum": sorted(self.options())}


@dataclass(frozen=True, slots=True)
class Pair:
    """A lower and an upper limit, [low, high]."""

    item: Number = Number()

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding unless `value` is two numbers in rising order."""
        if not isinstance(value, list) or len(value) != 2:
            yield place, f"{quoted(value)} is not a pair; write [lower limit, upper limit]"
            return
        wrong = [finding for index, limit in enumerate(value) for finding in self.item.findings(limit, (*place, index))]
        yield from wrong
        if not wrong and value[0] > value[1]:
            message = f"the limits are swapped: {value[0]} is above {value[1]}; write [{value[1]}, {value[0]}] after looking it up"
            yield place, message
        elif not wrong and value[0] == value[1]:
            yield place, f"the limits are equal ({value[0]}); an interval has a width"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": "array", "items": self.item.schema(), "minItems": 2, "maxItems": 2}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar of any kind: the value of a characteristic, or a `computed` one, as small or large as it comes."""

    computed: bool = False

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding if the value has parts."""
        if isinstance(value, list | Mapping):
            yield place, f"{quoted(value)} has parts; write a single value"
        elif is_extreme(value) and not (self.computed and is_finite(value)):
            yield place, f"{quoted(value)} is outside the supported range; if it is not meant as a number, quote it"
        elif isinstance(value, str) and (wrong := unprintable_reason(value, TEXT_LENGTH)):
            yield place, wrong

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": ["string", "number", "boolean", "null"]}
