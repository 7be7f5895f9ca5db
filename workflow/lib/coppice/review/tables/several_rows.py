"""Why a study has several rows, and which key of the configuration settles it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coppice.core.errors import Problem
from coppice.core.limits import ROWS_SHOWN
from coppice.review.tables.grid import listed_names
from coppice.review.tables.reader import Reader, Row

OF_ARMS = re.compile(r"arm|group|treat|drug|interv|therap|condition", re.IGNORECASE)  # in the name of a column of arms
MOST = 0.5  # share of the columns that vary within studies from which a row may be an arm
PATIENTS = ("n", "n_e", "n_c")
COLUMNS_NAMED = 2
MOST_ALONE = 3  # columns that differ within a study, each of which has a line of its own


def in_groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows of one study that no text of Coppice's tells apart, outcome by outcome."""
    groups: dict[tuple[str | None, ...], list[Row]] = {}
    for row in rows:
        place = tuple(row.texts.get(name) for name in ("outcome", "population", "report", "use", "statistic"))
        groups.setdefault(place, []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def values_of(rows: Sequence[Row], column: str) -> list[str]:
    """Return what rows have in a column that is a characteristic."""
    return [str(row.characteristics.get(column)) for row in rows]


def telling_apart(reader: Reader, studies: Sequence[Sequence[Row]]) -> list[str]:
    """Return the columns whose values differ between all rows of each study that has several, those with fewest values first."""
    groups = [group for rows in studies for group in in_groups(rows)]
    columns = [
        column
        for column in reader.columns.characteristics
        if groups and all(len(set(values_of(group, column))) == len(group) for group in groups)
    ]
    every = [row for rows in studies for row in rows]
    return sorted(columns, key=lambda column: len(set(values_of(every, column))))[:COLUMNS_NAMED]


def remedy(reader: Reader, studies: Sequence[Sequence[Row]]) -> str:
    """Say what to write where a study has several rows."""
    columns = reader.columns
    other = "or say in a column 'outcome', 'population' or 'report' what tells them apart"
    if not (apart := telling_apart(reader, studies)):
        return f"if it is another study give it another id, if only some rows are wanted name them in `where`, {other}"
    named = [columns.header[position] for position in columns.study] or [columns.title("study")]
    return (
        f"the rows of a study differ in {' and in '.join(apart)}: `columns: {{study: [{', '.join([*named, apart[0]])}]}}` makes "
        f"each a study, `where: {{{apart[0]}: ...}}` reads some of them, {other}"
    )


def differing_columns(reader: Reader) -> list[Problem]:
    """Return what is wrong with columns that have several values in one study: each, or one line for very many."""
    columns = list(dict.fromkeys(problem.where for problem in reader.differing))
    if len(columns) <= MOST_ALONE:
        return reader.differing
    message = f"{len(reader.differing):,} cells in {len(columns)} columns differ within a study, which has one value of each: {listed_names(columns)}; leave out those that are not used: `columns: {{only: true}}`, or `ignore: [...]` within it"
    return [Problem(reader.grid.file, reader.grid.line, "", message)]


def is_row_an_arm(reader: Reader, studies: Sequence[Sequence[Row]]) -> Problem | None:
    """Return the question whether each row is an arm, where most columns vary within studies and the sizes do."""
    groups = [group for rows in studies for group in in_groups(rows)]
    columns = list(reader.columns.characteristics)
    varying = [name for name in columns if any(len(set(values_of(group, name))) > 1 for group in groups)]
    sizes = any(
        len({fields.get(name) for row in group for fields in row.fields} - {None}) > 1
        for group in groups
        for name in PATIENTS
    )
    named = [name for name in varying if OF_ARMS.search(name)]
    has_control = any(
        field.endswith("_c") for group in groups for row in group for fields in row.fields for field in fields
    )
    if has_control or not sizes or not (named or len(varying) > MOST * len(columns)):
        return None
    column = (named or telling_apart(reader, studies) or ["..."])[0]
    message = f"the sizes and {len(varying)} of {len(columns)} other columns differ between the rows of a study: is this a table with one row per arm? Then write `arms: {{column: {column}, experimental: ..., control: ...}}`"
    return Problem(reader.grid.file, reader.grid.line, "", message)


def note_shared_controls(reader: Reader, studies: Sequence[tuple[str, str, Sequence[Row]]]) -> None:
    """Note studies that are one study by the first of the columns that name them, and have one control arm."""
    controls: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for _, name, rows in studies:
        for row in rows if reader.columns.study else ():
            arms = [sorted(fields.items()) for fields in row.fields]
            control = [f"{field}={value}" for fields in arms for field, value in fields if field.endswith("_c")]
            if len(control) > 1:
                controls.setdefault((row.first, str(row.texts.get("outcome")), *control), []).append((name, row.number))
    for sharing in controls.values():
        if len({name for name, _ in sharing}) > 1:
            names, numbers = (", ".join(map(str, dict.fromkeys(part))) for part in zip(*sharing, strict=True))
            reader.note(
                f"{names} (rows {numbers}) have the same control arm, whose patients enter with each; a column 'split_c' with the number of comparisons shares them out"
            )


def note_single_limits(reader: Reader) -> None:
    """Note the rows in which one limit of the interval is missing."""
    if rows := reader.one_limit:
        more = ", ..." if len(rows) > ROWS_SHOWN else ""
        which = f"row{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows[:ROWS_SHOWN]))}{more}"
        limits = reader.columns.title("ci")
        reader.note(
            f"one of {limits} is missing in {which}: the standard error follows from the estimate and the other"
        )
