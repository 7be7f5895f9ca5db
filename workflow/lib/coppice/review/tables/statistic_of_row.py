"""Which statistics the filled fields of a row are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.reported_statistics import STATISTICS
from coppice.extract.registry import ROUTES
from coppice.review.tables.columns import NOT_OWN, SIZES


class Ambiguous(Exception):
    """Fields that are of no statistic, or of several; `columns` names them."""

    def __init__(self, message: str, columns: list[str]) -> None:
        super().__init__(message)
        self.columns = columns


class Unrelated(Ambiguous):
    """Fields that are of no statistic together; the row can be read without those that `columns` names."""


def own_fields(statistic: str) -> set[str]:
    """Return the names of the fields of a statistic."""
    return {key.name for key in STATISTICS[statistic].keys}


def computable(fields: Set[str]) -> dict[str, Set[str]]:
    """Return the statistics from which some route can start with these fields, each with those of the fields it has."""
    names = dict.fromkeys(route.statistic for route in ROUTES.values() if set(route.needs) <= fields)
    return {name: fields & own_fields(name) for name in STATISTICS if name in names}


def measures_of(statistic: str) -> set[str]:
    """Return the measures that the routes from a statistic give."""
    return {measure for route in ROUTES.values() if route.statistic == statistic for measure in route.gives}


def best_of(names: list[str], measures: Set[str], fields: Mapping[str, Any]) -> str:
    """Return the statistic that is meant where several have the same of the fields: one that gives what is asked for."""
    wanted = [name for name in names if measures_of(name) & measures] or names
    if len(wanted) > 1 and "estimate" in fields:
        raise Ambiguous(f"may be {', '.join(wanted)}; add a column 'statistic' that says which", ["estimate"])
    return wanted[0]


def as_said(fields: Mapping[str, Any], statistic: str) -> list[dict[str, Any]]:
    """Return the figure of a row that names its statistic."""
    if statistic not in STATISTICS:
        raise Ambiguous(f"{statistic!r} is not known; {allowed_values_hint(statistic, STATISTICS)}", ["statistic"])
    if foreign := sorted(set(fields) - own_fields(statistic)):
        raise Ambiguous(f"is not a field of {statistic}; leave it empty there, or correct the statistic", foreign)
    return [{"statistic": statistic} | dict(fields)]


def figures_of(
    fields: Mapping[str, Any], statistic: str | None, *, measures: Set[str], columns: Set[str]
) -> list[dict[str, Any]]:
    """Return the figures of one row; raises Ambiguous if it can't be told of which statistic its filled fields are.

    `statistic` is what its column of this name says. The measures of the analyses of its outcome tell an odds ratio from
    a risk ratio; the fields that the table has columns for say what a row with gaps was meant to be.
    """
    if not fields:
        return []
    if statistic is not None:
        return as_said(fields, statistic)
    candidates = computable(set(fields))
    largest = {name: own for name, own in candidates.items() if not any(own < other for other in candidates.values())}
    left = set(fields).difference(*largest.values()) - NOT_OWN
    if not largest or left:
        wrong = sorted(left or set(fields))
        return with_gaps(fields, wrong, measures=measures, columns=columns)
    groups: dict[frozenset[str], list[str]] = {}
    for name, own in largest.items():
        groups.setdefault(frozenset(own), []).append(name)
    return [
        {"statistic": best_of(names, measures, fields)} | {name: fields[name] for name in fields if name in own}
        for own, names in groups.items()
    ]


def figures_of_row(
    statistics: Sequence[Mapping[str, Any]], statistic: str | None, *, measures: Set[str], columns: Set[str]
) -> list[dict[str, Any]]:
    """Return the figures of one row whose fields are of several statistics; see `figures_of`.

    A statistic of which the row has nothing but sizes is not one of its figures.
    """
    named = [
        fields
        for fields in statistics
        if statistic in STATISTICS and fields and fields.keys() <= own_fields(str(statistic))
    ]
    beyond_sizes = [fields for fields in statistics if not fields.keys() <= SIZES | {"n"}]
    sets = (named or list(statistics))[:1] if statistic is not None else beyond_sizes or statistics[:1]
    return [figure for fields in sets for figure in figures_of(fields, statistic, measures=measures, columns=columns)]


def with_gaps(
    fields: Mapping[str, Any], wrong: list[str], *, measures: Set[str], columns: Set[str]
) -> list[dict[str, Any]]:
    """Return the figure of a row that no route can start from, if all its fields are of one statistic of the table."""
    names = [name for name in STATISTICS if set(fields) <= own_fields(name)]
    names = [name for name in names if name in computable(columns)] or names
    if names:
        return [{"statistic": best_of(names, measures, fields)} | dict(fields)]
    message = (
        "the columns filled in this row are not those of one statistic; add a column 'statistic', or one row for each"
    )
    raise Unrelated(message, wrong)
