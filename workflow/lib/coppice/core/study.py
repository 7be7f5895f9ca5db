"""A study of a review: the type that all verbs share; `review.record` reads and checks one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from coppice.core.schema import Place

DESIGNS = ("randomised", "non-randomised", "matched-cohort", "historical-control", "single-arm")


@dataclass(frozen=True, slots=True)
class Study:
    """One study record that has been checked.

    Attributes
    ----------
    study, label, year, design, population : str, str, int or None, str or None, str
        As in the record, defaults filled in.
    characteristics, arms, reports, outcomes : dict
        As in the record.
    risk_of_bias : dict or None
        Judgements, where there are any.
    note : str or None
        Free text.
    file : str
        Name of the record's file.
    accept : dict
        Reason for each check whose findings are right as they are.
    lines : dict
        Line of each part, for messages.
    """

    study: str
    label: str
    year: int | None
    design: str | None
    population: str
    characteristics: dict[str, Any]
    arms: dict[str, dict[str, Any]]
    reports: dict[str, dict[str, Any]]
    outcomes: dict[str, dict[str, Any]]
    risk_of_bias: dict[str, Any] | None
    note: str | None
    file: str
    accept: dict[str, str] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict, repr=False, compare=False)

    def value(self, name: str) -> Any:
        """Return a characteristic by name; `study`, `design`, `year` and `population` are characteristics too, where they are known."""
        own = {"study": self.study, "design": self.design, "year": self.year, "population": self.population}
        return self.characteristics.get(name) if own.get(name) is None else own[name]

    def names_of(self, outcome: str) -> set[str]:
        """Return the names of the characteristics that the study has, or a figure of an outcome."""
        reported = self.outcomes.get(outcome, {}).get("reported", ())
        return set(self.characteristics).union(*(figure.get("characteristics", {}) for figure in reported))

    def values_of(self, name: str, outcome: str) -> list[Any]:
        """Return the known values of a characteristic: the study's, and those of figures of an outcome."""
        reported = self.outcomes.get(outcome, {}).get("reported", ())
        found = [self.value(name), *((figure.get("characteristics") or {}).get(name) for figure in reported)]
        return [value for value in found if value is not None]
