"""What may stand where: the shapes of records and configuration, for the checks and for the JSON schemas alike."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from coppice.errors import nearest

Place = tuple[str | int, ...]
Finding = tuple[Place, str]


class Shape(Protocol):
    """A kind of value: it finds what is wrong with one, and describes itself as a JSON schema."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the place and the message of each thing that is wrong with `value`."""
        ...

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of the values that are allowed."""
        ...


def is_number(value: Any) -> bool:
    """Return whether `value` is a finite number; True and False are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def shown(value: Any) -> str:
    """Return `value` as it is quoted in a message, shortened."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


@dataclass(frozen=True, slots=True)
class Number:
    """A number within limits; `exclusive` leaves the limits themselves out."""

    low: float | None = None
    high: float | None = None
    whole: bool = False
    exclusive: bool = False

    def allowed(self) -> str:
        """Return the allowed values in words."""
        kind = "a whole number" if self.whole else "a number"
        if self.low is not None and self.high is not None:
            return f"{kind} {'between' if self.exclusive else 'from'} {self.low:g} {'and' if self.exclusive else 'to'} {self.high:g}"
        if self.low is not None:
            return f"{kind} {'above' if self.exclusive else 'not below'} {self.low:g}"
        return kind

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding unless `value` is such a number."""
        good = is_number(value) and (not self.whole or float(value).is_integer())
        if good and self.low is not None:
            good = value > self.low if self.exclusive else value >= self.low
        if good and self.high is not None:
            good = value < self.high if self.exclusive else value <= self.high
        if not good:
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
    """Text, of one pattern if that is given; a bare number is read as text."""

    pattern: str | None = None
    example: str = ""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding unless `value` is such text."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            yield place, f"{shown(value)} is not text"
        elif str(value).strip() == "":
            yield place, "empty; write text, or null for what is not known"
        elif self.pattern and not re.fullmatch(self.pattern, str(value)):
            yield place, f"{shown(value)} does not have the form {self.example or self.pattern}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": ["string", "number"]} | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {})


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
    """A list of values of one shape."""

    item: Shape
    length: int | None = None

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the findings of each item."""
        if not isinstance(value, list):
            yield place, f"{shown(value)} is not a list; write [one, another]"
            return
        if self.length is not None and len(value) != self.length:
            yield place, f"has {len(value)} entries; {self.length} are needed"
        for index, item in enumerate(value):
            yield from self.item.findings(item, (*place, index))

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": "array", "items": self.item.schema()} | (
            {"minItems": self.length, "maxItems": self.length} if self.length is not None else {}
        )


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping with keys of the user's own, values of one shape."""

    item: Shape
    key: Text | Choice = Text()

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the findings of each key and value."""
        if not isinstance(value, Mapping):
            yield place, f"{shown(value)} is not a mapping; write 'name: value' lines"
            return
        for name, item in value.items():
            yield from self.key.findings(name, (*place, name))
            yield from self.item.findings(item, (*place, name))

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        key = self.key.schema()
        names = {"propertyNames": key | {"type": "string"}} if self.key != Text() else {}
        return {"type": "object", "additionalProperties": self.item.schema()} | names


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
    """A value of any of several shapes; the message is that of the last."""

    items: Sequence[Shape]

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the last shape's findings if no shape accepts the value."""
        wrong: list[Finding] = []
        for item in self.items:
            wrong = list(item.findings(value, place))
            if not wrong:
                return
        yield from wrong

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"anyOf": [item.schema() for item in self.items]}


@dataclass(frozen=True, slots=True)
class Anything:
    """A scalar of any kind: the value of a characteristic."""

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield a finding if the value has parts."""
        if isinstance(value, list | Mapping):
            yield place, f"{shown(value)} has parts; write a single value"

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"type": ["string", "number", "boolean", "null"]}


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
    """

    name: str
    shape: Shape
    description: str
    required: bool = False


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
        properties = {key.name: {"description": key.description} | key.shape.schema() for key in self.keys}
        return {"type": "object", "additionalProperties": False, "properties": properties} | (
            {"required": required} if required else {}
        )
