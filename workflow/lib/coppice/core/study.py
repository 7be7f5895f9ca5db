"""A study of a review: the type that all verbs share; `review.record` reads and checks one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict

from coppice.core.reported_fields import ARMS
from coppice.core.schema import Place

DESIGNS = ("randomised", "non-randomised", "matched-cohort", "historical-control", "single-arm")


class StudyArm(TypedDict):
    """An arm as the record describes it."""

    name: str
    treatment: NotRequired[str]
    n: NotRequired[int | None]
    note: NotRequired[str | None]


class Outcome(TypedDict):
    """One outcome with every figure of it that was reported."""

    reported: list[dict[str, Any]]
    definition: NotRequired[str | None]
    population: NotRequired[str]
    route: NotRequired[str]
    note: NotRequired[str | None]
    accept: NotRequired[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Study:
    """One study record that has been checked: its fields as in the record, defaults filled in.

    Attributes
    ----------
    file : str
        Name of the record's file.
    accept : dict
        Reason for each check whose findings are right as they are.
    arms : dict
        Its arms by key: `experimental` and `control`, or any keys, each arm then with its `treatment`.
    lines : dict
        Line of each part, for messages.
    """

    study: str
    label: str
    year: int | None
    design: str | None
    population: str
    characteristics: dict[str, Any]
    arms: dict[str, StudyArm]
    reports: dict[str, dict[str, Any]]
    outcomes: dict[str, Outcome]
    risk_of_bias: dict[str, Any] | None
    note: str | None
    file: str
    accept: dict[str, str] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict, repr=False, compare=False)

    def value(self, name: str) -> Any:
        """Return a characteristic by name; `study`, `design`, `year` and `population` are characteristics too, if reported."""
        own = {"study": self.study, "design": self.design, "year": self.year, "population": self.population}
        return self.characteristics.get(name) if own.get(name) is None else own[name]

    @property
    def has_named_arms(self) -> bool:
        """Return whether its arms have names of their own, so that a figure says which of them it is of."""
        return not self.arms.keys() <= set(ARMS.values())

    def figures(self, outcome: str) -> list[dict[str, Any]]:
        """Return the reported figures of an outcome."""
        return self.outcomes[outcome]["reported"] if outcome in self.outcomes else []

    def names_of(self, outcome: str) -> set[str]:
        """Return the names of the characteristics that the study, or a figure of an outcome, has."""
        return set(self.characteristics).union(*(figure.get("characteristics", {}) for figure in self.figures(outcome)))

    def values_of(self, name: str, outcome: str) -> list[Any]:
        """Return the reported values of a characteristic: the study's, and those of figures of an outcome."""
        of_figures = ((figure.get("characteristics") or {}).get(name) for figure in self.figures(outcome))
        return [value for value in (self.value(name), *of_figures) if value is not None]
