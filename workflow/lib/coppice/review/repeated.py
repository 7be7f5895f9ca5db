"""One line for a cause that many rows of a table, or many records, repeat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from coppice.core.errors import Problem
from coppice.core.limits import ROWS_SHOWN
from coppice.review.tables import is_table

VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d.,e+-]*")  # what differs from one occurrence of a cause to the next


def once_per_cause(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, those of one cause as the first of them with the number and the places of all."""
    causes: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in sorted(set(problems)):
        causes.setdefault(_cause(problem), []).append(problem)
    return [problem for alike in causes.values() for problem in _as_one(alike)]


def _cause(problem: Problem) -> tuple[str, str, str]:
    """Return what the occurrences of a cause share: the column of one table, or the place in any record."""
    message = VALUES.sub("", problem.message)
    if is_table(problem.file):
        return problem.file, problem.where, message
    _, is_of_study, place = problem.where.partition(": ")
    return ("", VALUES.sub("", place), message) if is_of_study else (problem.file, problem.where, problem.message)


def _as_one(alike: Sequence[Problem]) -> Iterator[Problem]:
    first = alike[0]
    rows = sorted({problem.line for problem in alike})
    studies = list(dict.fromkeys(problem.where.partition(": ")[0] for problem in alike))
    if is_table(first.file) and len(rows) > 1:
        yield replace(first, message=f"{len(rows):,} rows ({_listed(ranges(rows))}): {first.message}")
    elif not is_table(first.file) and len({problem.file for problem in alike}) > 1:
        yield replace(first, message=f"{len(studies):,} records ({_listed(studies)}): {first.message}")
    else:
        yield from alike


def _listed(names: Sequence[str]) -> str:
    return ", ".join([*names[:ROWS_SHOWN], *(["..."] if len(names) > ROWS_SHOWN else [])])


def ranges(rows: Sequence[int]) -> list[str]:
    """Return rising numbers as ranges: ``2-4``, ``7``."""
    runs = ([row for _, row in run] for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]))
    return [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
