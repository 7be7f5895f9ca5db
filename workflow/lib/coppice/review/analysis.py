"""One analysis of a review with its studies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coppice.core.contracts.extract import Candidate
from coppice.core.kinds import PAIRWISE, kind_of
from coppice.core.roles import MAIN, META_REGRESSION
from coppice.core.study import Study
from coppice.core.subgroup_levels import level_of
from coppice.extract.checks.check import Member
from coppice.extract.compared import compared
from coppice.review.comparison import Chosen, Treatments
from coppice.review.record import ID
from coppice.review.tables.names import identifier

NO_TREATMENTS = Treatments({})


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class Analysis:
    """One analysis with its studies."""

    # its key and its part of the configuration
    name: str
    settings: Mapping[str, Any]
    # the studies that enter if a figure of theirs gives the measure, in the order of all results: by year, then id
    members: tuple[Study, ...]
    # those that the configuration excludes, or that have no arms of its comparison: `study`, `label`, `reason`
    excluded: tuple[dict[str, str], ...]
    comparison: Chosen | None = None  # the arms that it compares; None where studies have two
    treatments: Treatments = NO_TREATMENTS  # as which the arms of its studies count

    @cached_property
    def concerned(self) -> frozenset[str]:
        """Return the ids of its studies, those that are excluded from it included."""
        return frozenset(study.study for study in self.members) | {item["study"] for item in self.excluded}

    @cached_property
    def reporting(self) -> tuple[Study, ...]:
        """Return the members that have its outcome, of several the first."""
        return tuple(study for study in self.members if self.outcome in study.outcomes)

    def member(self, study: Study, chosen: Sequence[Candidate] = ()) -> Member:
        """Return a study as the checks of the analysis read it, with those of its candidates that enter."""
        if self.comparison is None:
            return Member(study, self.outcome, chosen)
        figures, _ = compared(study.figures(self.outcome), self.comparison.of(study))
        return Member(study, self.outcome, chosen, [item["reported"] for item in figures])

    @property
    def kind(self) -> str:
        """Return the name of its kind."""
        return kind_of(self.settings).name

    @property
    def is_pairwise(self) -> bool:
        """Return whether it pools one effect per study."""
        return self.kind == PAIRWISE

    @property
    def outcome(self) -> str:
        """Return the key of its outcome."""
        return outcome_of(self.name, self.settings)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Return the keys of all its outcomes; a pairwise analysis has one."""
        return outcomes_of(self.name, self.settings)

    @property
    def measure(self) -> str:
        """Return the code of its measure."""
        return str(self.settings["measure"])

    @property
    def subgroups(self) -> str | None:
        """Return the characteristic that groups its studies."""
        given = self.settings.get("subgroups")
        by = given["by"] if isinstance(given, Mapping) else given
        return None if by is None else str(by)

    @property
    def levels(self) -> dict[str, str]:
        """Return the names of the levels of its subgroups, in their order; empty where they are as reported."""
        given = self.settings.get("subgroups")
        names = (given.get("levels") or {}) if isinstance(given, Mapping) else {}
        return {str(level): str(name) for level, name in names.items()}

    @property
    def stored(self) -> dict[str, Any]:
        """Return the result that another program stored, its subtotals by the names of their levels; empty without one."""
        stored = dict(self.settings.get("stored") or {})
        if subtotals := stored.get("subgroups"):
            stored["subgroups"] = {level_of(level, self.levels): part for level, part in subtotals.items()}
        return stored

    @property
    def title(self) -> str:
        """Return its title."""
        return str(self.settings.get("title", self.name))


def role_of(analysis: Analysis, analyses: Iterable[Analysis]) -> str:
    """Return the role of one of the analyses of a review: the given one, or its default.

    A meta-regression beside another analysis of its outcome and measure would repeat that one's result.
    """
    if analysis.settings.get("role") or not analysis.settings.get("moderators"):
        return str(analysis.settings.get("role", MAIN))
    alike = ((item.outcome, item.measure) for item in analyses if not item.settings.get("moderators"))
    return META_REGRESSION if (analysis.outcome, analysis.measure) in alike else MAIN


def outcome_of(name: str, settings: Mapping[str, Any]) -> str:
    """Return the key of an analysis's outcome, of several the first."""
    return outcomes_of(name, settings)[0]


def outcomes_of(name: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of an analysis's outcomes, which may be named as a table names them."""
    named = [str(outcome) for outcome in settings.get("outcomes") or (settings.get("outcome", name),)]
    return tuple(outcome if re.fullmatch(ID.pattern or "", outcome) else identifier(outcome) for outcome in named)


def year_and_id(study: Study) -> tuple[bool, int, str]:
    """Return the key of the canonical order: by year, those without one last, then by id."""
    return (study.year is None, study.year or 0, study.study)
