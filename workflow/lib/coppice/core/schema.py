"""What may stand where: the shapes of records and configuration, for the checks and for the JSON schemas alike."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from coppice.core.errors import nearest
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
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return known and not is_number(value) and value == value


def shown(value: Any) -> str:
    """Return `value` as it is quoted in a message, shortened."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def unfit(text: str, longest: int) -> str:
    """Say what keeps a text from being printed: more of it than fits, or a sign that is none; empty where nothing does."""
    if len(text) > longest:
        return f"{len(text):,} characters; {longest:,} at most"
    if found := UNPRINTABLE.search(text):
        return f"holds U+{ord(found.group()):04X}, which can't be printed; leave it out"
    if not text.isascii() and stacked(text) > MARKS:
        return f"has {stacked(text)} marks on one letter; {MARKS} at most"
    return ""


def stacked(text: str) -> int:
    """Return how many marks the letter has that has most: each stands above the last, over what else is printed there."""
    most = marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        most = max(most, marks)
    return most


@dataclass(frozen=True, slots=True)
class Number:
    """A number within limits; `exclusive` leaves the limits themselves out.

    A `computed` one may be as small or large as it comes, such as a p value of 1e-112.
    """

    low: float | None = None
    high: float | None = None
    whole: bool = False
    exclusive: bool = False
    computed: bool = False

    def allowed(self) -> str:
        """Return the allowed values in words."""
        kind = "a whole number" if self.whole else "a number"
        if self.low is not None and self.high is not None:
            return f"{kind} {'between' if self.exclusive else 'from'} {self.low:.12g} {'and' if self.exclusive else 'to'} {self.high:.12g}"
        if self.low is not None:
            return f"{kind} {'above' if self.exclusive else 'not below'} {self.low:g}"
        return kind

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding unless `value` is such a number."""
        finite = is_finite(value)
        good = (finite if self.computed else is_number(value)) and (not self.whole or float(value).is_integer())
        if good and self.low is not None:
            good = value > self.low if self.exclusive else value >= self.low
        if good and self.high is not None:
            good = value < self.high if self.exclusive else value <= self.high
        if is_extreme(value) and not (self.computed and finite):
            yield (
                place,
                f"{shown(value)} is beyond what can be computed with: {SMALLEST_NUMBER} to {LARGEST_NUMBER:.0e} in size, or 0",
            )
        elif good and self.whole and abs(value) > LARGEST_WHOLE:
            yield place, f"{shown(value)} is beyond what can be counted: {LARGEST_WHOLE:.0e} at most"
        elif not good:
            yield place, f"{shown(value)} is not allowed; write {self.allowed()}"

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
            yield place, f"{shown(value)} is not text; write text"
        elif str(value).strip() == "":
            yield place, "empty; write text, or null for what is not known"
        elif self.pattern and not re.fullmatch(self.pattern, str(value)):
            yield place, f"{shown(value)} does not have the form {self.example or self.pattern}"
        elif wrong := unfit(str(value), self.longest):
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
            yield place, f"{shown(value)} is no date; write it as 2026-11-20, or null where it is not known"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding unless `value` is a boolean."""
        if not isinstance(value, bool):
            yield place, f"{shown(value)} is not allowed; write true or false"

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
            yield place, f"{shown(value)} is not known; {nearest(value, self.options())}"

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
            yield place, f"{shown(value)} is not a pair; write [lower limit, upper limit]"
            return
        wrong = [finding for index, limit in enumerate(value) for finding in self.item.findings(limit, (*place, index))]
        yield from wrong
        if not wrong and value[0] > value[1]:
            yield (
                place,
                f"the limits are swapped: {value[0]} is above {value[1]}; write [{value[1]}, {value[0]}] after looking it up",
            )
        elif not wrong and value[0] == value[1]:
            yield place, f"the limits are equal ({value[0]}); an interval has a width"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": "array", "items": self.item.schema(), "minItems": 2, "maxItems": 2}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of values of one shape; `length` is how many there must be, `most` how many there may be."""

    item: Shape
    length: int | None = None
    most: int | None = None

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the findings of each item."""
        if not isinstance(value, list):
            yield place, f"{shown(value)} is not a list; write [one, another]"
            return
        if self.length is not None and len(value) != self.length:
            yield place, f"has {len(value)} entries; {self.length} are needed"
        if self.most is not None and len(value) > self.most:
            yield place, f"has {len(value):,} entries; {self.most:,} at most"
            return
        for index, item in enumerate(value):
            yield from self.item.findings(item, (*place, index))

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        limits = {"minItems": self.length, "maxItems": self.most if self.length is None else self.length}
        return {"type": "array", "items": self.item.schema()} | {
            name: limit for name, limit in limits.items() if limit is not None
        }


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping with keys of the user's own, values of one shape; `most` is how many there may be."""

    item: Shape
    key: Text | Choice = NAME
    most: int | None = None

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the findings of each key and value."""
        if not isinstance(value, Mapping):
            yield place, f"{shown(value)} is not a mapping; write 'name: value' lines"
            return
        if self.most is not None and len(value) > self.most:
            yield place, f"has {len(value):,} entries; {self.most:,} at most"
            return
        for name, item in value.items():
            yield from self.key.findings(name, (*place, name))
            yield from self.item.findings(item, (*place, name))

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        key = self.key.schema()
        names = {"propertyNames": key | {"type": "string"}} if self.key != NAME else {}
        most = {"maxProperties": self.most} if self.most is not None else {}
        return {"type": "object", "additionalProperties": self.item.schema()} | names | most


@dataclass(frozen=True, slots=True)
class Optional_:
    """A value of the shape, or null for what is not known."""

    item: Shape

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the findings of a value that is not null."""
        if value is not None:
            yield from self.item.findings(value, place)

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"anyOf": [self.item.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value of any of several shapes; the message is that of the last, or for a number or a mapping that of its kind."""

    items: Sequence[Shape]

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the findings of the shape that was meant if no shape accepts the value."""
        wrong = [(item, list(item.findings(value, place))) for item in self.items]
        if not all(found for _, found in wrong):
            return
        kinds: tuple[type, ...] = (Number,) if isinstance(value, int | float) and not isinstance(value, bool) else ()
        kinds = (Fixed, Entries) if isinstance(value, Mapping) else kinds
        meant = [found for item, found in wrong if isinstance(item, kinds)]
        yield from (meant or [wrong[-1][1]])[0]

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"anyOf": [item.schema() for item in self.items]}


@dataclass(frozen=True, slots=True)
class Anything:
    """A scalar of any kind: the value of a characteristic, or a `computed` one, as small or large as it comes."""

    computed: bool = False

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding if the value has parts."""
        if isinstance(value, list | Mapping):
            yield place, f"{shown(value)} has parts; write a single value"
        elif is_extreme(value) and not (self.computed and is_finite(value)):
            yield place, f"{shown(value)} is beyond what can be computed with; if it is no number, put it in quotes"
        elif isinstance(value, str) and (wrong := unfit(value, TEXT_LENGTH)):
            yield place, wrong

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": ["string", "number", "boolean", "null"]}


NO_DEFAULT: Any = object()


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a fixed mapping.

    Attributes
    ----------
    name, shape : str, Shape
        The key and what may stand there.
    description : str
        What it means and how to choose a value: read by the schema, the editor and the documentation.
    required : bool
        Whether it must be there.
    default : JSON value, optional
        What holds where it is not there; none where that is computed, which the description then says.
    """

    name: str
    shape: Shape
    description: str
    required: bool = False
    default: Any = NO_DEFAULT

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of its value, with description and default."""
        default = {} if self.default is NO_DEFAULT else {"default": self.default}
        return {"description": self.description} | self.shape.schema() | default


@dataclass(frozen=True, slots=True)
class Fixed:
    """A mapping with known keys only."""

    keys: Sequence[Key]
    names: Mapping[str, Key] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", {key.name: key for key in self.keys})

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield unknown and missing keys, then the findings of each value."""
        if not isinstance(value, Mapping):
            yield place, f"{shown(value)} is not a mapping; write 'name: value' lines ({', '.join(sorted(self.names))})"
            return
        for name, item in value.items():
            if name not in self.names:
                yield (*place, name), f"no such key; {nearest(name, self.names)}"
            else:
                yield from self.names[name].shape.findings(item, (*place, name))
        for key in self.keys:
            if key.required and key.name not in value:
                yield place, f"'{key.name}' is missing: {key.description}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema, with descriptions."""
        required = [key.name for key in self.keys if key.required]
        properties = {key.name: key.schema() for key in self.keys}
        return {"type": "object", "additionalProperties": False, "properties": properties} | (
            {"required": required} if required else {}
        )
