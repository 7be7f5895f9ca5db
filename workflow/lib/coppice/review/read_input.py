"""Reading the studies of a review: a folder of records, or a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coppice.core.errors import BadInput, Problem
from coppice.core.study import Study
from coppice.review.analysis import year_and_id
from coppice.review.config_file import Reading, display_name
from coppice.review.keys.table import OF_TABLES
from coppice.review.record import read_study
from coppice.review.strict_yaml import leads_outside
from coppice.review.table_request import table_request
from coppice.review.tables import READERS, is_table, read_table
from coppice.review.tables.header import Lines


def can_be_a_path(path: Path) -> bool:
    """Return whether a text may name a file at all: not one with a null character, or longer than the system allows."""
    try:
        path.exists()
    except (OSError, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Input:
    """The studies of a folder of records or of a table, and what is wrong with the others."""

    studies: Sequence[Study]
    problems: Sequence[Problem] = ()
    broken: frozenset[str] = frozenset()  # ids of the records that could not be read
    notes: tuple[str, ...] = ()  # how a table was read, where that is not as it stands


def read_input(path: Path, reading: Reading, lines: Lines | None = None) -> Input:
    """Read the folder of records, or the table; `lines` are those of a table in memory."""
    if not can_be_a_path(path):
        return Input([], list(reading.problems_of([(("studies",), "can't be the name of a folder or file")])))
    if not is_table(path):
        studies, problems, broken = read_studies(path)
        wrong = [
            ((key.name,), "is for a table of studies; leave it out") for key in OF_TABLES if reading.is_sound(key.name)
        ]
        return Input(studies, [*problems, *reading.problems_of(wrong)], frozenset(broken))
    name = display_name(path)
    if lines is None and not path.is_file():
        return Input([], [Problem(name, 0, "studies", "no such file")])
    if any(key.name in reading.data and not reading.is_sound(key.name) for key in OF_TABLES):
        return Input([])  # other rows and columns than those meant would be read
    table = read_table(path, name, table_request(reading), lines)
    problems = [*table.problems, *reading.problems_of(table.findings)]
    return Input(sorted(table.studies, key=year_and_id), problems, notes=table.notes)


def read_studies(folder: Path) -> tuple[list[Study], list[Problem], set[str]]:
    """Return the study records of a folder in canonical order, what is wrong with the others, and the ids of those."""
    name = display_name(folder)
    if not folder.is_dir():
        message = f"no such folder; a folder holds one record per study, <study>.yaml; the name of a table ends in {', '.join(READERS)}"
        return [], [Problem(name, 0, "studies", message)], set()
    studies: list[Study] = []
    problems: list[Problem] = []
    broken: set[str] = set()
    for file in sorted(folder.iterdir()):
        if file.name.startswith("."):
            continue
        if file.suffix != ".yaml":
            problems.append(
                Problem(display_name(file), 0, "", "is not a study record; the folder holds <study>.yaml files only")
            )
            continue
        if leads_outside(file):
            problems.append(Problem(f"{name}/{file.name}", 0, "", "is a link that leads out of the folder of records"))
            continue
        try:
            studies.append(read_study(file, display_name(file)))
        except BadInput as error:
            problems += error.problems
            broken.add(file.stem)
    if not studies and not problems:
        problems.append(Problem(name, 0, "studies", "holds no study records (<study>.yaml)"))
    return sorted(studies, key=year_and_id), problems, broken
