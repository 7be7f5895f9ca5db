"""The studies of a review with what is looked up in them, worked out once however many analyses there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.core.schema import Finding, ListOf, MapOf, OneOf, Place, Scalar
from coppice.core.study import Study
from coppice.review.tables import is_table

CRITERIA = MapOf(OneOf((ListOf(Scalar()),), meant=Scalar()))  # the key `include`: what a study must have
OWN = frozenset({"study", "design", "year", "population"})  # characteristics of every study


def listed(value: Any) -> list[Any]:
    """Return a value as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class Catalogue:
    """The studies of a review."""

    studies: tuple[Study, ...]  # in canonical order
    _positions: dict[str, dict[str, list[int]]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def by_id(self) -> dict[str, Study]:
        """The studies by their ids."""
        return {study.study: study for study in self.studies}

    @cached_property
    def characteristics(self) -> frozenset[str]:
        """The names of all characteristics that a study has, those of every study included."""
        return OWN.union(*(study.characteristics for study in self.studies))

    @cached_property
    def outcomes(self) -> frozenset[str]:
        """The keys of all outcomes."""
        return frozenset(name for study in self.studies for name in study.outcomes)

    @cached_property
    def of_tables(self) -> frozenset[str]:
        """The ids of the studies of tables, which have no records of their own."""
        tables = {file for file in {study.file for study in self.studies} if is_table(file)}
        return frozenset(study.study for study in self.studies if study.file in tables)

    def positions(self, characteristic: str) -> Mapping[str, Sequence[int]]:
        """Return the places of the studies by the value that they have of a characteristic, as text."""
        if characteristic not in self._positions:
            places: dict[str, list[int]] = {}
            for place, study in enumerate(self.studies):
                places.setdefault(str(study.value(characteristic)), []).append(place)
            self._positions[characteristic] = places
        return self._positions[characteristic]

    def accepted(self, criteria: Mapping[str, Any]) -> list[Study]:
        """Return the studies that have every characteristic that is asked for, in canonical order."""
        if not criteria:
            return list(self.studies)
        chosen = [
            {place for value in listed(values) for place in self.positions(name).get(str(value), ())}
            for name, values in criteria.items()
        ]
        return [self.studies[place] for place in sorted(set.intersection(*chosen))]


def unknown_characteristic(name: str, known: Iterable[str]) -> str:
    """Say that no study has a characteristic."""
    return f"no study has the characteristic '{name}'; {allowed_values_hint(name, known)}"


def criteria_findings(criteria: Mapping[str, Any], place: Place, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield the place and the message of each characteristic that no study has, and of each value that none of them has."""
    for name, values in criteria.items():
        if name not in catalogue.characteristics:
            yield (*place, name), unknown_characteristic(name, catalogue.characteristics)
            continue
        there = catalogue.positions(name)
        for value in listed(values):
            if str(value) not in there:
                yield (*place, name), f"no study has '{value}' there; {allowed_values_hint(value, there)}"
