"""Checks for totals among the studies of an analysis: pooled as if it were a study, a total counts its patients twice."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from coppice.core.study import Study
from coppice.extract.checks.check import ERROR, WARNING, Hit, Member, Pooling, check
from coppice.extract.checks.intervals import number

TOTAL = re.compile(
    r"(?:(?:grand[ -]?)?totals?|overall|pooled|combined|summary|sums?|all (?:studies|trials)|(?:random|fixed|common)[ -]effects?|[rf]e"
    r"|gesamt|gesamtsumme|insgesamt|summe|zwischensumme|teilsumme|somme|totale|suma|razem|итого|всего|合计|合計|总计|小计)"
    r"(?:[ -](?:events?|effects?|estimates?|results?|model|patients|participants|studies|size))*"
    r"(?:\s*[(\[:;,].*|\s+\d+\s*%.*)?"
    r"|(?:sub|sous|zwischen)[ -]?tota[a-z]*\b.*"
)
YEAR = re.compile(r"(?:19|20)\d\d")
ADDED_UP = {
    "counts": ("events_e", "n_e", "events_c", "n_c"),
    "person_time": ("events_e", "time_e", "events_c", "time_c"),
    "proportion": ("events", "n"),
    "rate": ("events", "time"),
}
# The numbers have so many times more possible values than there are sums to compare with, or their agreement is chance.
VALUES_PER_SUM = 1000
MOST_NAMED = 4
CLOSE = 1e-9  # relative: person-time is added up in decimals
COUNTED_TWICE = "a total repeats the patients of its studies; Senn SJ 2009; 10.1186/1471-2288-9-10"

Vector = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A study of an analysis with its counts."""

    member: Member
    values: Vector


def is_called_total(study: Study, title: str) -> bool:
    """Return whether a study has the name of a row of totals, or of the comparison; one with a year is a study of that name."""
    names = {" ".join(str(name).casefold().split()) for name in (study.label, study.study)}
    of_comparison = len(title.split()) > 1 and " ".join(title.casefold().split()) in names
    is_total = any(TOTAL.fullmatch(name) and not YEAR.search(name) for name in names)
    return study.year is None and (is_total or of_comparison)


@check("analysis", ERROR, allows="studies with a year, and studies that the analysis excludes", source=COUNTED_TWICE)
def total_by_name(pooling: Pooling) -> Iterator[Hit]:
    """A study of an analysis is called Total, Subtotal, Overall, Pooled or the like, or as the analysis."""
    for member in pooling.members:
        if is_called_total(member.study, pooling.title):
            yield member.hit(
                f"'{member.study.label}' is a row of totals and not a study: its patients would count twice; delete it, "
                "or name it in `exclude`"
            )


def entries(members: Sequence[Member], statistic: str) -> list[Entry]:
    """Return the studies that report a statistic whose numbers can be added up, in the order of the rows of a table."""
    rows = []
    for member in members:
        for figure in member.figures:
            values = [number(figure.get(name)) for name in ADDED_UP[statistic]]
            if figure["statistic"] == statistic and None not in values:
                rows.append(Entry(member, tuple(float(value) for value in values if value is not None)))
                break
    return sorted(rows, key=lambda entry: entry.member.study.lines.get(("outcomes", entry.member.outcome), 0))


def plus(one: Vector, other: Vector) -> Vector:
    """Return the sums of two sets of numbers."""
    return tuple(a + b for a, b in zip(one, other, strict=True))


def same(one: Vector, other: Vector) -> bool:
    """Return whether two sets of numbers are equal."""
    return all(math.isclose(a, b, rel_tol=CLOSE) for a, b in zip(one, other, strict=True))


def neighbours(total: Entry, others: Sequence[Entry]) -> list[Entry]:
    """Return the nearest of other rows, two or more, whose sums are the numbers of a row, if there are such."""
    sums: Vector = (0.0,) * len(total.values)
    for count, entry in enumerate(others, start=1):
        sums = plus(sums, entry.values)
        if any(value > most * (1 + CLOSE) for value, most in zip(sums, total.values, strict=True)):
            return []
        if count > 1 and same(sums, total.values):
            return list(others[:count])
    return []


def groups_of(rows: Sequence[Entry]) -> dict[tuple[str, str], list[Entry]]:
    """Return the studies with one value of a characteristic, by that; and all of them."""
    groups: dict[tuple[str, str], list[Entry]] = {("", ""): list(rows)}
    for entry in rows:
        for name, value in entry.member.study.characteristics.items():
            groups.setdefault((name, str(value)), []).append(entry)
    return groups


def totals(rows: Sequence[Entry]) -> dict[int, list[Entry]]:
    """Return the position of each row of totals, with the rows that it adds up: those next to it, all, or one group."""
    parts_of: dict[int, list[Entry]] = {}
    up = [(index, range(index - 1, -1, -1)) for index in range(len(rows))]
    down = [(index, range(index + 1, len(rows))) for index in reversed(range(len(rows)))]
    for index, others in [*up, *down]:
        if index not in parts_of and (
            parts := neighbours(rows[index], [rows[other] for other in others if other not in parts_of])
        ):
            parts_of[index] = parts
    studies = [entry for index, entry in enumerate(rows) if index not in parts_of]
    sums = [
        (group, {id(entry) for entry in group}, reduce(plus, (entry.values for entry in group)) if group else ())
        for group in groups_of(studies).values()
    ]
    for index, entry in enumerate(rows):
        for group, ids, together in sums if index not in parts_of else ():
            is_within = id(entry) in ids
            rest = tuple(a - b for a, b in zip(together, entry.values, strict=True)) if is_within else together
            if len(group) - is_within > 1 and same(rest, entry.values):
                parts_of[index] = [other for other in group if other is not entry]
    return parts_of


def by_chance(values: Vector, rows: int) -> bool:
    """Return whether numbers are so small that sums of others may well equal them."""
    return math.prod(1 + value for value in values) < VALUES_PER_SUM * 2 * rows


@check(
    "analysis",
    WARNING,
    allows="sums of fewer than two studies, and numbers so small that they agree by chance",
    source=COUNTED_TWICE,
)
def total_by_sum(pooling: Pooling) -> Iterator[Hit]:
    """The numbers of a study are the sums of those of other studies of the analysis."""
    for statistic, fields in ADDED_UP.items():
        rows = entries(pooling.members, statistic)
        for index, parts in sorted(totals(rows).items()):
            values, member = rows[index].values, rows[index].member
            if min(values) <= 0 or by_chance(values, len(rows)):
                continue
            names = [entry.member.study.label for entry in parts]
            named = ", ".join(names[:MOST_NAMED])
            named += f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            numbers = ", ".join(f"{name} {value:g}" for name, value in zip(fields, values, strict=True))
            yield member.hit(
                f"the numbers of {member.study.label} ({numbers}) are the sums of those of {named}: "
                "a row of totals or a report of the same patients, who would count twice"
            )
