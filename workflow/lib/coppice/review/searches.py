"""The history of a living review: its searches, in a table, and which studies each of them added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput, Problem, allowed_values_hint, studies_are
from coppice.core.limits import FINDINGS, SEARCHES
from coppice.core.study import Study
from coppice.review.config_file import Reading, display_name
from coppice.review.strict_yaml import leads_outside
from coppice.review.tables import READERS, is_table
from coppice.review.tables.files import is_blank
from coppice.review.tables.grid import read_grid

SEARCHED, ADDED, NOTE = COLUMNS = ("searched", "added", "note")
BETWEEN = re.compile(r"[\s;,]+")  # ids of studies


@dataclass(frozen=True, slots=True)
class Search:
    """One search."""

    searched: str  # its date, as YYYY-MM-DD
    added: tuple[str, ...]  # ids of the studies that were first included after it
    note: str | None  # what was searched, or anything else a reader should know
    row: int  # its row in the table

    @property
    def for_report(self) -> dict[str, Any]:
        """Its content, without its row, which is a matter of layout."""
        return {SEARCHED: self.searched, ADDED: list(self.added), NOTE: self.note}


def history_of(reading: Reading, studies: Sequence[Study]) -> tuple[tuple[Search, ...], list[Problem]]:
    """Return the searches that a configuration names, and what is wrong with them; without studies they are not compared."""
    if not (reading.is_sound("history") and reading.data["history"]):
        return (), []
    path = Path(str(reading.data["history"]))
    file = display_name(path)
    if leads_outside(path):
        return (), [Problem(path.as_posix(), 0, "history", "is a link that leads out of its folder")]
    searches, problems = read_history(path, file)
    wrong = history_problems(searches, file, studies) if studies else iter(())
    return searches, [*problems, *islice(wrong, FINDINGS)]


def read_history(path: Path, file: str) -> tuple[tuple[Search, ...], list[Problem]]:
    """Read the searches of a review from a table with the columns `searched`, `added` and perhaps `note`."""
    if not is_table(path):
        return (), [Problem(file, 0, "history", f"is not a table: the file name must end in {', '.join(READERS)}")]
    try:
        is_there = path.is_file()
    except (OSError, ValueError):  # a name that is longer than the system allows, or holds a null character
        is_there = False
    if not is_there:
        return (), [Problem(file, 0, "history", "no such file")]
    try:
        grid = read_grid(path, file)
    except BadInput as error:
        return (), list(error.problems)
    problems = list(_of_header(grid.header, file))
    if len(grid.rows) > SEARCHES:
        problems.append(Problem(file, 0, "history", f"holds {len(grid.rows):,} searches; {SEARCHES:,} at most"))
    if problems:
        return (), problems
    rows = [(row, dict(zip(grid.header, cells, strict=True))) for row, cells in grid.rows]
    return tuple(_search(row, cells) for row, cells in rows), []


def _of_header(header: Sequence[str], file: str) -> Iterator[Problem]:
    for name in header:
        if name not in COLUMNS:
            yield Problem(file, 1, name, f"no such column; {allowed_values_hint(name, COLUMNS)}")
    for name in (SEARCHED, ADDED):
        if name not in header:
            yield Problem(file, 1, name, "the column is missing")


def _search(row: int, cells: Mapping[str, Any]) -> Search:
    texts = {name: "" if is_blank(cells.get(name)) else str(cells[name]).strip() for name in COLUMNS}
    added = tuple(study for study in BETWEEN.split(texts[ADDED]) if study)
    # a spreadsheet gives a date with a time of midnight
    return Search(texts[SEARCHED].removesuffix(" 00:00:00"), added, texts[NOTE] or None, row)


def history_problems(searches: Sequence[Search], file: str, studies: Sequence[Study]) -> Iterator[Problem]:
    """Yield invalid dates and dates that go back, and studies that are unknown, added twice or never added."""
    ids = dict.fromkeys(study.study for study in studies)
    before, seen = "", set[str]()
    for search in searches:
        if not _is_date(search.searched):
            yield Problem(file, search.row, SEARCHED, f"'{search.searched}' is not a date; use YYYY-MM-DD")
        elif search.searched <= before:
            yield Problem(
                file,
                search.row,
                SEARCHED,
                f"{search.searched} is not after {before}: one row per search, the oldest first",
            )
        before = max(before, search.searched) if _is_date(search.searched) else before
        for study in search.added:
            if study not in ids:
                yield Problem(file, search.row, ADDED, f"no study '{study}'; {allowed_values_hint(study, ids)}")
            elif study in seen:
                yield Problem(file, search.row, ADDED, f"{study} was added by an earlier search already")
            seen.add(study)
    if searches and (missing := [study for study in ids if study not in seen]):
        message = f"{studies_are(missing)} added by no search: name each in the row of the one that found it"
        yield Problem(file, 0, ADDED, message)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
