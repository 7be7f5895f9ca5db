"""Reading the configuration: later files over earlier ones, the command line over all, and the origin of each part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput, Problem
from coppice.core.limits import FINDINGS
from coppice.core.schema import Finding, Place
from coppice.review.keys.config import CONFIG
from coppice.review.record import shortened, to_problems
from coppice.review.strict_yaml import load

COMMAND_LINE = "--config"  # in the place of a file's name


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the values of `over`, mapping by mapping."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def as_text_keys(value: Any) -> Any:
    """Return a configuration that came from elsewhere with plain containers, text keys and dates as they are written."""
    if isinstance(value, Mapping):
        return {str(key): as_text_keys(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_text_keys(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def places_of(value: Any, place: Place = ()) -> Iterator[Place]:
    """Yield the place of each part of a configuration, below mappings."""
    for key, item in value.items() if isinstance(value, Mapping) else ():
        yield (*place, key)
        yield from places_of(item, (*place, key))


@dataclass(frozen=True, slots=True)
class Reading:
    """A configuration as read."""

    data: dict[str, Any]
    name: str  # name of its last file, for messages
    lines: dict[Place, int]  # line of each part, in the last file that has it
    files: dict[Place, str]  # name of that file
    problems: tuple[Problem, ...] = ()  # what is wrong with its shape

    def problems_of(self, findings: Iterable[Finding]) -> Iterator[Problem]:
        """Turn findings into problems with their file and line; only the first of very many."""
        for place, message in islice(findings, FINDINGS):
            parts = (place[:length] for length in range(len(place), 0, -1))
            file = next((self.files[part] for part in parts if part in self.files), self.name)
            yield from to_problems([(place, message)], file, self.lines)

    def is_sound(self, *place: str) -> bool:
        """Return whether a part is there and nothing is wrong within it."""
        where = ".".join(map(shortened, place))
        data: Any = self.data
        for key in place:
            if not isinstance(data, Mapping) or key not in data:
                return False
            data = data[key]
        return not any(item.where == where or item.where.startswith(where + ".") for item in self.problems)


def read(files: Sequence[Path], overrides: Mapping[str, Any]) -> Reading:
    """Merge configuration files, later ones over earlier ones and overrides over all, and check the shape of the result."""
    data: dict[str, Any] = {}
    lines: dict[Place, int] = {}
    said_by: dict[Place, str] = {}
    name = "config"
    try:
        for file in files:
            name = display_name(file)
            document = load(file, name)
            if not isinstance(document.data, Mapping):
                raise BadInput([Problem(name, 0, "", "is not a mapping; write 'review:', 'studies:' and 'analyses:'")])
            data = merge(data, document.data)
            lines |= document.lines
            said_by |= dict.fromkeys(document.lines, name)
    except BadInput as error:
        return Reading({}, name, {}, {}, tuple(error.problems))
    over = as_text_keys(overrides)
    places = list(places_of(over))
    lines |= dict.fromkeys(places, 0)
    said_by |= dict.fromkeys(places, COMMAND_LINE)
    reading = Reading(merge(data, over), name, lines, said_by)
    problems = tuple(reading.problems_of(CONFIG.findings(reading.data, ())))
    if len(problems) == FINDINGS:  # there may be more, so that nothing is known to be sound
        return Reading({}, name, {}, {}, problems)
    return replace(reading, problems=problems)


def display_name(file: Path) -> str:
    """Return the file's name relative to the working directory, where it lies within it."""
    try:
        return file.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, RuntimeError):  # outside, or a link that leads to itself
        return file.as_posix()
