"""The shapes of records and configuration, for the checks and for the JSON schemas alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.schema_values import (
    NAME,
    Choice,
    Date,
    Finding,
    Flag,
    Number,
    Pair,
    Place,
    Scalar,
    Shape,
    Text,
    is_finite,
    is_number,
    quoted,
)

__all__ = [
    "NAME", "Choice", "Date", "Finding", "Flag", "Key", "ListOf", "MapOf", "Nullable", "Number", "Object", "OneOf", "Pair", "Place",
    "Scalar", "Shape", "Text", "is_finite", "is_number", "quoted", "with_defaults",
]  # fmt: skip


NO_DEFAULT: Any = object()


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a fixed mapping."""

    # the key and the values that it takes
    name: str
    shape: Shape
    description: str  # what it means and how to choose a value: read by the schema, the editor and the documentation
    required: bool = False  # whether it must be there
    # the value where the key is missing; none where that is computed, as the description then explains
    default: Any = NO_DEFAULT

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of its value, with description and default."""
        default = {} if self.default is NO_DEFAULT else {"default": self.default}
        return {"description": self.description} | self.shape.schema() | default


def quotes_hint(mapping: Mapping[Any, Any], name: Any) -> str:
    """Ask whether a key without a value is the rest of the text before it, as in `{title: Aspirin, a review}`."""
    names = list(mapping)
    before = names[names.index(name) - 1] if name != names[0] else None
    if mapping[name] is not None or before is None or not isinstance(mapping[before], str):
        return ""
    return f"; did you mean quotes, as a comma ends a text in {{}}? {before}: {quoted(f'{mapping[before]}, {name}')}"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one shape; `length` is how many there must be, `most` how many there may be."""

    item: Shape
    length: int | None = None
    most: int | None = None

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the findings of each item."""
        if not isinstance(value, list):
            yield place, f"{quoted(value)} is not a list; write [one, another]"
            return
        if self.length is not None and len(value) != self.length:
            yield place, f"needs {self.length} entries, not {len(value)}"
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
class MapOf:
    """A mapping with keys of the user's own, values of one shape; `most` is how many there may be.

    `own` are keys whose values have another shape.
    """

    item: Shape
    key: Text | Choice = NAME
    most: int | None = None
    own: Sequence[Key] = ()

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the findings of each key and value."""
        if not isinstance(value, Mapping):
            yield place, f"{quoted(value)} is not a mapping; write 'name: value' lines"
            return
        if self.most is not None and len(value) > self.most:
            yield place, f"has {len(value):,} entries; {self.most:,} at most"
            return
        shapes = {key.name: key.shape for key in self.own}
        for name, item in value.items():
            yield from self.key.findings(name, (*place, name))
            hint = quotes_hint(value, name)
            yield from (
                (where, message + hint if hint else message)
                for where, message in shapes.get(name, self.item).findings(item, (*place, name))
            )

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        key = self.key.schema()
        names = {"propertyNames": key | {"type": "string"}} if self.key != NAME else {}
        most = {"maxProperties": self.most} if self.most is not None else {}
        own = {"properties": {key.name: key.schema() for key in self.own}} if self.own else {}
        return {"type": "object", "additionalProperties": self.item.schema()} | own | names | most


@dataclass(frozen=True, slots=True)
class Nullable:
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
    """A value of any of several shapes: a number or a mapping is judged by the shape of its kind, all else by `meant`."""

    others: Sequence[Shape]
    meant: Shape

    @property
    def items(self) -> tuple[Shape, ...]:
        """All shapes."""
        return (*self.others, self.meant)

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield the findings of the shape that was meant if no shape accepts the value."""
        wrong = [(item, list(item.findings(value, place))) for item in self.items]
        if not all(found for _, found in wrong):
            return
        kinds: tuple[type, ...] = (Number,) if isinstance(value, int | float) and not isinstance(value, bool) else ()
        kinds = (Object, MapOf) if isinstance(value, Mapping) else kinds
        meant = [found for item, found in wrong if isinstance(item, kinds)]
        yield from (meant or [wrong[-1][1]])[0]

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema."""
        return {"anyOf": [item.schema() for item in self.items]}


def with_defaults(options: object) -> Callable[[str, Shape, str], Key]:
    """Return a maker of keys whose defaults are the attributes of these names."""
    return lambda name, shape, description: Key(name, shape, description, default=getattr(options, name))


@dataclass(frozen=True, slots=True)
class Object:
    """A mapping with known keys only."""

    keys: Sequence[Key]
    names: Mapping[str, Key] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", {key.name: key for key in self.keys})

    def findings(self, value: Any, place: Place) -> Iterator[Finding]:
        """Yield unknown and missing keys, then the findings of each value."""
        if not isinstance(value, Mapping):
            message = f"{quoted(value)} is not a mapping; write 'name: value' lines ({', '.join(sorted(self.names))})"
            yield place, message
            return
        for name, item in value.items():
            if name not in self.names:
                yield (*place, name), f"no such key; {allowed_values_hint(name, self.names)}{quotes_hint(value, name)}"
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
