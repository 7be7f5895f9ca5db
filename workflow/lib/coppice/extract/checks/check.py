"""What a check is, and what it is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coppice.core.study import Study

Figure = Mapping[str, Any]
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a check found.

    Attributes
    ----------
    sentence : str
        What does not add up, in a plain sentence with the numbers.
    figure : int or None
        Index of the figure within `reported`; None where it is about more than one outcome.
    outcome, study : str or None
        Where it was found, if the check looks at more than one of them.
    """

    sentence: str
    figure: int | None = None
    outcome: str | None = None
    study: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One outcome of one study, as the checks see it.

    Attributes
    ----------
    study, outcome, population : str
        Its place and its patients.
    figures : sequence of mapping
        The reported figures.
    measures : mapping
        Candidate effects by measure, as in the extract's result; empty where no analysis asks for any.
    """

    study: str
    outcome: str
    population: str
    figures: Sequence[Figure]
    measures: Mapping[str, Any] = field(default_factory=dict)

    def patients(self, figure: Figure) -> str:
        """Return the population of a figure."""
        return str(figure.get("population") or self.population)

    def of(self, *statistics: str) -> Iterator[tuple[int, Figure]]:
        """Yield the figures of these statistics with their indices."""
        for index, figure in enumerate(self.figures):
            if figure["statistic"] in statistics:
                yield index, figure


@dataclass(frozen=True, slots=True)
class Member:
    """One study of an analysis with the candidates of its that enter."""

    study: Study
    outcome: str
    chosen: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Pooling:
    """One analysis, as the checks see it."""

    analysis: str
    measure: str
    members: Sequence[Member]
    title: str = ""


Finder = Callable[[Any], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Check:
    """One question that the figures have to answer.

    Attributes
    ----------
    name : str
        Its name, the key of `accept:`.
    level : str
        What it looks at: "figure" (a mapping), "outcome" (a `Case`), "study" (a `Study`), "analysis" (a `Pooling`)
        or "flow" (a `Flow`).
    severity : str
        "error" stops the review before anything is computed, "warning" is printed beside the study.
    sentence : str
        What it finds, in a plain sentence.
    allows : str
        What is allowed for, so that it speaks up only where something is wrong.
    source : str
        Author, year, DOI, or why.
    find : callable
        Yields a `Hit` for each thing found.
    """

    name: str
    level: str
    severity: str
    sentence: str
    allows: str
    source: str
    find: Finder


def report_of(figure: Figure) -> str:
    """Return the report of a figure."""
    return str((figure.get("source") or {}).get("report") or "the record")
