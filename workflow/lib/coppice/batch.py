"""Batches: many units of a verb in one job, of which only those that are stale are computed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice import jsonio
from coppice.errors import BadInput

DIGITS = "0123456789abcdef"
THRESHOLD = 100  # above this many units a verb works in batches: one job a unit would cost more than the unit


def digit(unit: str) -> str:
    """Return the batch of a unit: the first hex digit of its name's hash, so that adding one unit moves no other."""
    return hashlib.sha256(unit.encode()).hexdigest()[0]


def is_current(file: Path, mark: str) -> bool:
    """Return whether a result file is there and was made from the spec with this hash."""
    try:
        return bool(jsonio.read(file).get("made_from") == mark)
    except (OSError, ValueError, AttributeError):
        return False


def run_batch(
    units: Mapping[str, Mapping[str, Any]], index: Path, compute: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> list[str]:
    """Compute the stale units of a batch and write its index.

    Parameters
    ----------
    units : mapping
        The spec of each unit, by name: its result is `<name>.json` beside the index.
    index : Path
        The batch's one declared output. It is written last, so that a batch that was killed goes on where it stopped.
    compute : callable
        From a spec to a result.

    Returns
    -------
    list of str
        The units that were computed.

    Raises
    ------
    BadInput
        With the problems of all units that failed, after the others are done; the index is not written then.
    """
    marks = {name: jsonio.digest(spec) for name, spec in units.items()}
    stale = [name for name in sorted(units) if not is_current(index.parent / f"{name}.json", marks[name])]
    problems = []
    for name in stale:
        try:
            result = compute(units[name])
        except BadInput as error:
            problems += error.problems
            continue
        jsonio.write(index.parent / f"{name}.json", {**result, "made_from": marks[name]})
    if problems:
        raise BadInput(problems)
    jsonio.write(index, {"units": marks})
    return stale


def batches(units: Iterable[str]) -> dict[str, Sequence[str]]:
    """Return the units of each batch that has any."""
    found: dict[str, list[str]] = {}
    for unit in sorted(units):
        found.setdefault(digit(unit), []).append(unit)
    return dict(sorted(found.items()))
