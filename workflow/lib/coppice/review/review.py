"""A review: the configuration and the study records together, checked against one another.

All problems of both are found here, before any work starts, and reported together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput, Problem, allowed_values_hint
from coppice.core.kinds import kind_of
from coppice.core.schema import Place
from coppice.core.study import Study
from coppice.extract.checks.check import Pooling
from coppice.extract.checks.run import errors_among, errors_of
from coppice.review.analysis import Analysis, outcome_of, outcomes_of, year_and_id
from coppice.review.catalogue import Catalogue
from coppice.review.checks.analyses import (
    Checker,
    check_criteria,
    check_drawing,
    check_exploring,
    check_members,
    check_names,
    check_roles,
    route_findings,
)
from coppice.review.checks.bayes import bayes_request
from coppice.review.checks.models import model_findings, model_of
from coppice.review.comparison import Treatments, chosen, comparison_findings
from coppice.review.config_file import read
from coppice.review.evidence import evidence_errors
from coppice.review.keys.config import DEFAULT_STUDIES
from coppice.review.kinds import CHECKING, lacking_findings
from coppice.review.multivariate import misplaced
from coppice.review.read_input import read_input
from coppice.review.record import named, to_problems
from coppice.review.repeated import once_per_cause
from coppice.review.searches import Search, history_of
from coppice.review.sources import read_sources
from coppice.review.tables import is_table
from coppice.review.tables.header import Lines
from coppice.review.tables.rows import NO_ROW
from coppice.review.texts import SourceText, read_texts


def error_problems(study: Study, texts: Mapping[str, SourceText] | None = None) -> Iterator[Problem]:
    """Yield the errors that the checks find in a record and the texts that it quotes and that it does not accept."""
    yield from problems_from(study, errors_of(study) + evidence_errors(study, texts or {}))


def totals_in(analysis: Analysis) -> Iterator[Problem]:
    """Yield the rows of totals that an analysis would pool as studies."""
    members = [analysis.member(study) for study in analysis.reporting]
    errors = errors_among(Pooling(analysis.name, analysis.measure, members, analysis.title))
    by_id: dict[str | None, Study] = {study.study: study for study in analysis.members}
    for item in errors:
        yield from problems_from(by_id[item["study"]], [item])


def with_accepted(checker: Checker, studies: Sequence[Study]) -> list[Study]:
    """Return the studies with the findings that the configuration accepts, for tables, which have no place for them."""
    if not checker.reading.is_sound("accept"):
        return list(studies)
    accepted = checker.reading.data["accept"]
    ids = {study.study for study in studies}
    for study in accepted if not checker.broken and studies else ():
        if study not in ids:
            checker.add(("accept", study), no_study(study, studies))
    return [replace(study, accept=study.accept | accepted.get(study.study, {})) for study in studies]


def problems_from(study: Study, findings: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield the findings of checks as problems of a record, each with what to do where it is right as it is."""
    for item in findings:
        place: Place = (
            ("outcomes", item["outcome"])
            if item["figure"] is None
            else ("outcomes", item["outcome"], "reported", item["figure"])
        )
        accept = f"{{{item['check']}: the reason}}"
        accept = f"{{{study.study}: {accept}}}` in the configuration" if is_table(Path(study.file)) else f"{accept}`"
        message = f"{item['sentence']} (if it is right as it is: `accept: {accept})"
        for problem in to_problems([(place, message)], study.file, study.lines):
            yield named(problem, {"study": study.study})


def no_study(name: str, studies: Sequence[Study]) -> str:
    """Say that no study has an id, and which id a study of that name has."""
    ids = [study.study for study in studies if study.label == name]
    return f"no study '{name}'; " + (
        f"the id of {name} is '{ids[0]}'"
        if ids
        else allowed_values_hint(name, {study.study: None for study in studies})
    )


def build_analysis(
    checker: Checker,
    name: str,
    settings: Mapping[str, Any],
    catalogue: Catalogue,
    treatments: Treatments,
    *,
    names: Mapping[str, str],
) -> Analysis:
    """Resolve which studies an analysis has, and check them; `names` are those of all arms, with the kind of each."""
    place: Place = ("analyses", name)
    criteria, reasons = settings.get("include") or {}, settings.get("exclude") or {}
    check_criteria(checker, (*place, "include"), criteria, catalogue)
    for study in reasons:
        if study not in catalogue.by_id and study not in checker.broken:
            checker.add((*place, "exclude", study), no_study(study, catalogue.studies))
    outcome = outcome_of(name, settings)
    eligible = catalogue.accepted(criteria)
    # a record has a note why an outcome is missing, a table can't
    outcomes = outcomes_of(name, settings)
    there = any(each in catalogue.outcomes for each in outcomes)
    absent = [study for study in eligible if not {*outcomes} & {*study.outcomes}] if there else []
    no_row = {study.study: NO_ROW for study in absent if study.study in catalogue.of_tables}
    comparison = chosen(settings, treatments, names)
    lacking = {study.study: why for study in eligible if comparison and (why := comparison.missing(study))}
    if kind := CHECKING.get(kind_of(settings).name):
        with_row = (study for study in eligible if study.study not in no_row)
        lacking |= {study.study: why for study in with_row if (why := kind.missing(treatments, study))}
    left_out = no_row | lacking | reasons
    members = tuple(study for study in eligible if study.study not in left_out)
    excluded = tuple(
        {"study": study.study, "label": study.label, "reason": str(left_out[study.study])}
        for study in sorted((catalogue.by_id[name] for name in left_out if name in catalogue.by_id), key=year_and_id)
    )
    analysis = Analysis(name, settings, members, excluded, comparison, treatments)
    check_members(checker, place, analysis, catalogue)
    reading = checker.reading
    sound = {key: reading.data[key] for key in ("profile", "model", "bayes") if reading.is_sound(key)}
    full, model, readable = (
        {**settings, "outcome": outcome, "bayes": bayes_request(sound, settings)},
        model_of(sound, settings),
        () if checker.broken else members,
    )
    if kind:
        of_arms = comparison_findings(settings, comparison, names, members) if comparison and not checker.broken else ()
        of_settings = [
            *lacking_findings(settings),
            *of_arms,
            *misplaced(settings),
            *kind.findings(full, model, treatments, readable),
        ]
    else:
        of_arms = comparison_findings(settings, comparison, names, members) if not checker.broken else ()
        of_settings = [
            *lacking_findings(settings),
            *of_arms,
            *misplaced(settings),
            *model_findings(full, model, readable, comparison),
        ]
    for within, message in of_settings:
        checker.add((*place, *within), message)
    for message in route_findings(settings.get("route"), analysis.measure):
        checker.add((*place, "route"), message)
    return analysis


@dataclass(frozen=True, eq=False)  # a review is itself alone, so that what is derived from it can be cached
class Review:
    """A checked review.

    Attributes
    ----------
    settings : dict
        The configuration.
    studies : tuple of Study
        All records, in canonical order.
    analyses : dict
        The analyses by name, in the order of the configuration.
    files : tuple of Path
        The configuration's files.
    searches : tuple of Search
        The history of a living review; empty where it has none.
    notes : tuple of str
        How a table was read, where that is not as it stands: what was left out, added up or taken for something else.
    """

    settings: dict[str, Any]
    studies: tuple[Study, ...]
    analyses: dict[str, Analysis]
    files: tuple[Path, ...]
    searches: tuple[Search, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    texts: Mapping[str, SourceText] = field(default_factory=dict)

    @cached_property
    def _by_id(self) -> dict[str, Study]:
        return {study.study: study for study in self.studies}

    def study(self, study: str) -> Study:
        """Return a study by id."""
        return self._by_id[study]

    @cached_property
    def concerning(self) -> dict[tuple[str, str], list[Analysis]]:
        """The analyses that concern each outcome of each study, those that exclude the study among them."""
        concerning: dict[tuple[str, str], list[Analysis]] = {}
        for analysis in self.analyses.values():
            for study in analysis.concerned:
                for outcome in analysis.outcomes:
                    concerning.setdefault((study, outcome), []).append(analysis)
        return concerning


def load(
    files: Sequence[Path], overrides: Mapping[str, Any], *, stop_at_errors: bool = True, lines: Lines | None = None
) -> Review:
    """Read and check a whole review.

    Parameters
    ----------
    files : sequence of Path
        The configuration's files; paths within them are relative to the working directory.
    overrides : mapping
        Values over all files.
    stop_at_errors : bool
        Whether errors that the checks find in the records count as problems.
    lines : sequence of (int, list), optional
        The rows of a table in memory, with their numbers: the studies, which are in no file then.

    Raises
    ------
    BadInput
        With every problem of the configuration and of the studies together.
    """
    reading = read(files, overrides)
    folder = reading.data["studies"] if reading.is_sound("studies") else DEFAULT_STUDIES
    source = read_input(Path(str(folder)), reading, lines)
    checker = Checker(reading, set(source.broken))
    studies = with_accepted(checker, source.studies)
    configured = reading.data.get("analyses")
    settings: Mapping[str, Any] = configured if isinstance(configured, Mapping) else {}
    catalogue = Catalogue(tuple(studies))
    treatments = Treatments(reading.data.get("treatments") or {} if reading.is_sound("treatments") else {})
    for place, message in treatments.findings(studies) if studies and not source.broken else ():
        checker.add(place, message)
    names = treatments.names(studies)  # once: a corpus of networks has as many analyses as studies
    analyses = {
        name: build_analysis(checker, name, settings[name], catalogue, treatments, names=names)
        for name in settings
        if studies and reading.is_sound("analyses", name)
    }
    sources, of_sources = read_sources(files) if lines is None else ({}, [])
    texts, of_texts = read_texts(studies, reading, files)
    searches, of_history = history_of(reading, () if source.broken else studies)
    check_names(checker, studies)
    check_roles(checker, analyses)
    check_exploring(checker, analyses, catalogue)
    check_drawing(checker, studies)
    wrong = [problem for study in studies for problem in error_problems(study, texts)] if stop_at_errors else []
    wrong += [problem for analysis in analyses.values() for problem in totals_in(analysis)] if stop_at_errors else []
    if every := [*reading.problems, *source.problems, *checker.problems, *of_history, *of_sources, *of_texts, *wrong]:
        raise BadInput(once_per_cause(every))
    return Review(reading.data, tuple(studies), analyses, tuple(files), searches, sources, source.notes, texts)
