"""Batches: many units of a verb in one job, of which only those that are stale are computed.

A batch declares one output, its index, and writes it last. What each unit was made from stands in the batch's journal
beside it, a line per unit, added as soon as the unit's files are written: a batch that was killed goes on where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput
from coppice.core.results_layout import batch_of
from coppice.jobs import canonical_json

THRESHOLD = 100  # above this many units a verb works in batches: a job per unit would cost more than the unit
JOURNAL = ".journal"

Marks = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a batch."""

    name: str  # its name within the verb
    spec: Mapping[str, Any]  # what the verb reads of it
    writes: tuple[Path, ...]  # its result files
    reads: tuple[Path, ...] = field(default=())  # the results of earlier verbs that it reads

    def made_from(self) -> str:
        """Return a hash of all that the unit is made from: its spec and the content of the files that it reads."""
        reads = [canonical_json.digest_of_file(file) for file in self.reads]
        return canonical_json.digest({"spec": canonical_json.digest(self.spec), "reads": reads})


def batches(units: Iterable[str]) -> dict[str, Sequence[str]]:
    """Return the units of each batch that has any."""
    by_batch: dict[str, list[str]] = {}
    for unit in sorted(units):
        by_batch.setdefault(batch_of(unit), []).append(unit)
    return dict(sorted(by_batch.items()))


def run_batch(units: Iterable[Unit], index: Path, make: Callable[[Unit], None]) -> list[str]:
    """Make the stale units of a batch, write its index, and return the names of the units that were made.

    The index is the batch's one declared output. Units that fail are reported together by BadInput, after the others
    are done; the index is not written then.
    """
    journal = index.with_suffix(JOURNAL)
    begin(journal)
    before, marks, made, problems = read_journal(journal), {}, [], []
    for unit in sorted(units, key=lambda item: item.name):
        mark = before.get(unit.name)
        if mark is None or mark != mark_of(unit):
            try:
                make(unit)
            except BadInput as error:
                problems += error.problems
                continue
            mark = mark_of(unit)
            append(journal, unit.name, mark)
            made.append(unit.name)
        marks[unit.name] = mark
    if problems:
        raise BadInput(problems)
    canonical_json.write_text(journal, "".join(line(name, mark) for name, mark in marks.items()))
    canonical_json.write(index, {"units": {name: mark["made_from"] for name, mark in marks.items()}})
    return made


def mark_of(unit: Unit) -> dict[str, Any]:
    """Return what a unit is made from, and the hashes of its result files as they are now."""
    return {"made_from": unit.made_from(), "files": [canonical_json.digest_of_file(file) for file in unit.writes]}


def line(name: str, mark: Mapping[str, Any]) -> str:
    """Return a unit's line of the journal."""
    return canonical_json.canonical({"unit": name, **mark}) + "\n"


def begin(journal: Path) -> None:
    """Create the journal before the first unit is made; it tells later runs that this verb worked in batches."""
    journal.parent.mkdir(parents=True, exist_ok=True)
    journal.touch()


def append(journal: Path, name: str, mark: Mapping[str, Any]) -> None:
    """Add a unit's line to the journal."""
    with journal.open("a", encoding="utf-8") as file:
        file.write(line(name, mark))


def read_journal(journal: Path) -> Marks:
    """Return the last mark of each unit; a line that a killed job left half-written is passed over."""
    try:
        lines = journal.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    marks: Marks = {}
    for text in lines:
        try:
            mark = json.loads(text)
            marks[mark.pop("unit")] = mark
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return marks
