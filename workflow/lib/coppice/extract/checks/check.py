"""What a check is, and what it is asked about."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coppice.core.contracts.extract import Candidate, ExtractedMeasure
from coppice.core.study import Study

Figure = Mapping[str, Any]
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Hit:
    """One contradiction: a sentence with its numbers, and its place, where the check looks at more than one.

    `figure` is the index within `reported`; None where the sentence is about more than one outcome.
    """

    sentence: str
    figure: int | None = None
    outcome: str | None = None
    study: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One outcome of one study: its figures, and its effects by measure, which a record alone does not have."""

    study: str
    outcome: str
    population: str
    figures: Sequence[Figure]
    measures: Mapping[str, ExtractedMeasure] = field(default_factory=dict)

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
    """One study of an analysis with those of its candidates that enter."""

    study: Study
    outcome: str
    chosen: Sequence[Candidate]
    compared: Sequence[Figure] | None = None  # its figures, where the analysis chooses arms

    @property
    def figures(self) -> Sequence[Figure]:
        """The figures that the analysis can read."""
        return self.study.figures(self.outcome) if self.compared is None else self.compared

    @property
    def name(self) -> str:
        """The study's identifier."""
        return self.study.study

    def hit(self, sentence: str) -> Hit:
        """Return a contradiction that concerns this study."""
        return Hit(sentence, outcome=self.outcome, study=self.name)


@dataclass(frozen=True, slots=True)
class Pooling:
    """One analysis with its studies."""

    analysis: str
    measure: str
    members: Sequence[Member]
    title: str = ""


Finder = Callable[[Any], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Check:
    """One question that the figures have to answer; `check` makes one of the function that answers it.

    Attributes
    ----------
    name : str
        Its name, the key of `accept:`.
    level : str
        What it looks at: "figure" (a mapping), "outcome" (a `Case`), "study" (a `Study`), "analysis" (a `Pooling`),
        "flow" (a `Flow`), "evidence" (a `Quoted`), or "review" (the whole review: `run` looks itself).
    severity : str
        "error" stops the review before anything is computed, "warning" is printed beside the study.
    sentence : str
        What is wrong where it finds something.
    allows : str
        What is allowed for, so that it speaks up only where something is wrong.
    source : str
        Author, year, DOI, or why.
    find : callable
        Yields a `Hit` for each contradiction.
    """

    name: str
    level: str
    severity: str
    sentence: str
    allows: str
    source: str
    find: Finder = lambda _: iter(())


def check(level: str, severity: str, *, source: str, allows: str = "nothing") -> Callable[[Finder], Check]:
    """Make a `Check` of a function: its name is the check's, and its docstring the sentence."""

    def of_function(find: Finder) -> Check:
        return Check(find.__name__, level, severity, inspect.getdoc(find) or "", allows, source, find)

    return of_function


def report_of(figure: Figure) -> str:
    """Return the report of a figure."""
    return str((figure.get("source") or {}).get("report") or "the record")
