"""A record that was imported before: what the file says now, without overwriting what people edited since.

Three states are compared at each place: what the last import wrote, what the record holds, and what the file holds now. Where
only one of the last two has changed, that change counts; where both have, the record stays as it is and a line shows both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice.tools.import_file.yaml_text import flow

Place = tuple[str, ...]
FIGURES = "reported"
ABSENT: Any = object()
UNKNOWN = (ABSENT, None)


def figure_key(outcome: str, figure: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what tells a figure of a record from the others: outcome, population, form and place in the file."""
    source = figure.get("source") or {}
    return (
        outcome,
        str(figure.get("population") or ""),
        str(figure.get("statistic") or ""),
        str(source.get("at") or ""),
    )


def by_key(outcome: str, figures: Iterable[Mapping[str, Any]]) -> dict[tuple[str, ...], Mapping[str, Any]]:
    """Return figures by their keys; of several with one key each has its number too."""
    keyed: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for figure in figures:
        key = figure_key(outcome, figure)
        number = sum(other[: len(key)] == key for other in keyed)
        keyed[(*key, str(number))] = figure
    return keyed


def in_words(value: Any) -> str:
    """Return a value as a conflict line shows it."""
    return "nothing" if value is ABSENT else flow(value)


class Merge:
    """Merges one record; collects what it could not decide."""

    def __init__(self, study: str, file: str) -> None:
        self.study = study
        self.file = file
        self.conflicts: list[str] = []

    def conflict(self, place: Place, own: Any, new: Any) -> None:
        """Add a line about a place that both people and the file have changed."""
        self.conflicts.append(
            f"{self.study}: {', '.join(place)}: the record has {in_words(own)}, {self.file} has {in_words(new)}; the record is left as it is"
        )

    def value(self, place: Place, old: Any, own: Any, new: Any) -> Any:
        """Return what a place is to hold, ABSENT for nothing."""
        if own == new or new == old or (new in UNKNOWN and old in UNKNOWN and own is not ABSENT):
            return own
        if own == old or (own in UNKNOWN and old is ABSENT):
            return new
        parts = [part for part in (old, own, new) if part is not ABSENT]
        if all(isinstance(part, Mapping) for part in parts) and own is not ABSENT and new is not ABSENT:
            return self.mapping(place, old, own, new)
        if place[-1:] == (FIGURES,) and all(isinstance(part, list) for part in parts):
            return self.figures(place, *([] if part is ABSENT else part for part in (old, own, new)))
        if new is ABSENT and own is ABSENT:
            return ABSENT
        self.conflict(place, own, new)
        return own

    def mapping(self, place: Place, old: Any, own: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
        """Merge the keys of a mapping, those of the record in their order first."""
        before = {} if old is ABSENT else old
        merged = {
            key: self.value((*place, key), *(part.get(key, ABSENT) for part in (before, own, new)))
            for key in dict.fromkeys((*own, *new))
        }
        return {key: value for key, value in merged.items() if value is not ABSENT}

    def figures(
        self, place: Place, old: Sequence[Any], own: Sequence[Any], new: Sequence[Any]
    ) -> list[Mapping[str, Any]]:
        """Merge the figures of an outcome, matched by where they stand in the file."""
        outcome = place[-2] if len(place) > 1 else ""
        parts = [by_key(outcome, figures) for figures in (old, own, new)]
        merged = []
        for key in dict.fromkeys((*parts[1], *parts[2])):
            at = tuple(part for part in (outcome, key[1], key[3]) if part)
            states = [part.get(key, ABSENT) for part in parts]
            merged.append(self.figure(at, *states))
        return [figure for figure in merged if figure is not ABSENT]

    def figure(self, place: Place, old: Any, own: Any, new: Any) -> Any:
        """Return what a figure is to be: as people left it, or as the file has it with what people added, never a mixture of numbers."""
        if own == new or new == old:
            return own
        if own is ABSENT or new is ABSENT:
            if own == old:
                return new
            self.conflict(place, own, new)
            return own
        before = {} if old is ABSENT else old
        added = {key: value for key, value in own.items() if key not in before and key not in new}
        if {key: value for key, value in own.items() if key not in added} == before:
            return {**new, **added}
        differing = [key for key in dict.fromkeys((*own, *new)) if own.get(key) != new.get(key) and key not in added]
        self.conflict(place, *({key: part[key] for key in differing if key in part} for part in (own, new)))
        return own


def merged_record(
    study: str, file: str, states: tuple[Mapping[str, Any] | None, Mapping[str, Any], Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Return a record after another import, and a line for each conflict.

    Parameters
    ----------
    study, file : str
        The study's id and the name of the imported file, for the lines.
    states : tuple of mapping
        What the last import of the file wrote (None: nothing), what the record holds, what the file holds now.
    """
    old, own, new = states
    merge = Merge(study, file)
    record = merge.mapping((), ABSENT if old is None else old, own, new)
    return record, merge.conflicts


def with_comments(text: str, new: str) -> str:
    """Return the new text of a record with the comments of the old one, each above the line that it stands above there."""
    waiting: list[str] = []
    comments: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            waiting.append(line)
        elif line.strip():
            comments.setdefault(line, []).extend(waiting)
            waiting = []
    lines = [line for part in new.splitlines() for line in (*comments.pop(part, ()), part)]
    return "\n".join([*lines, *waiting]) + "\n"
