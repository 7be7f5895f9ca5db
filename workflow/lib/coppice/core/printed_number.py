"""Numbers that remember how they were printed: 0.40 says more than 0.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path_ = tuple[str | int, ...]


class PrintedNumber(float):
    """A number with the text that it was read from.

    It counts, compares and is written to results as any other number; only the checks and messages ask for its text.
    """

    __slots__ = ("text",)
    text: str  # the number as it is written in the record

    def __new__(cls, text: str) -> PrintedNumber:
        """Return the number that a text gives."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __format__(self, spec: str) -> str:
        """Return the text where the shortest form is asked for, so that messages quote what the record says."""
        return self.text if spec == "g" else super().__format__(spec)

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]  # float gives its value, and a copy needs the text
        return (self.text,)


def number_from(text: str) -> float:
    """Return the number that a text gives, with the text where the number alone would lose zeros at the end."""
    return PrintedNumber(text) if text.endswith("0") and "." in text else float(text)


def texts(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Yield the place and the text of each number within `value` that remembers its text."""
    if isinstance(value, PrintedNumber):
        yield path, value.text
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, index))


def with_texts(value: Any, known: Sequence[tuple[Sequence[str | int], str]]) -> Any:
    """Return `value`, which was read from JSON, with the texts that `texts` found before it was written."""
    if not known:
        return value
    if not isinstance(value, list | dict):
        return PrintedNumber(known[0][1])
    entries = dict(enumerate(value)) if isinstance(value, list) else dict(value)
    inner: dict[str | int, list[tuple[Sequence[str | int], str]]] = {}
    for path, text in known:
        inner.setdefault(path[0], []).append((path[1:], text))
    for key, parts in inner.items():
        entries[key] = with_texts(entries[key], parts)
    return list(entries.values()) if isinstance(value, list) else entries
