"""A review: the configuration and the study records together, checked against one another.

All problems of both are found here, before any work starts, and reported together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from coppice.config import DEFAULT_STUDIES, Reading, display_name, read
from coppice.draw.figures import FIGURES, asked_for
from coppice.errors import BadInput, Problem, nearest
from coppice.exploring_checks import explore_findings
from coppice.extract.checks.run import errors_of
from coppice.extract.routes import ROUTES
from coppice.models import model_findings, model_of
from coppice.populations import overlapping
from coppice.records import Study, named, problem, read_study
from coppice.shape import Place
from coppice.tables import READERS, is_table, read_table
from coppice.tables.reader import Wanted
from coppice.tables.rows import NO_ROW


@dataclass(frozen=True)  # no slots: what is worked out once is kept
class Analysis:
    """One analysis with its studies.

    Attributes
    ----------
    name, settings : str, dict
        Its key and its part of the configuration.
    members : tuple of Study
        The studies that enter if a figure of theirs gives the measure, in the order of all results: by year, then id.
    excluded : tuple of dict
        Those that the configuration excludes: `study`, `label`, `reason`.
    """

    name: str
    settings: Mapping[str, Any]
    members: tuple[Study, ...]
    excluded: tuple[dict[str, str], ...]

    @cached_property
    def concerned(self) -> frozenset[str]:
        """Return the ids of its studies, those that are excluded from it included."""
        return frozenset(study.study for study in self.members) | {item["study"] for item in self.excluded}

    @property
    def outcome(self) -> str:
        """Return the key of its outcome."""
        return str(self.settings.get("outcome", self.name))

    @property
    def measure(self) -> str:
        """Return the code of its measure."""
        return str(self.settings["measure"])

    @property
    def title(self) -> str:
        """Return its title."""
        return str(self.settings.get("title", self.name))


def year_and_id(study: Study) -> tuple[bool, int, str]:
    """Return the key of the canonical order: by year, those without one last, then by id."""
    return (study.year is None, study.year or 0, study.study)


class Checker:
    """Collects the problems of the analyses.

    Attributes
    ----------
    broken : set of str
        Ids of records that could not be read: what they say is not known, so nothing is said to be missing from them.
    """

    def __init__(self, reading: Reading, broken: set[str]) -> None:
        self.reading = reading
        self.broken = broken
        self.problems: list[Problem] = []

    def add(self, place: Place, message: str) -> None:
        """Add a problem at a place of the configuration."""
        self.problems += problem(iter([(place, message)]), self.reading.name, self.reading.lines)


def wanted_of(reading: Reading) -> Wanted:
    """Return what the configuration asks of a table: its map of columns, and the measures by outcome."""
    measures: dict[str, set[str]] = {}
    for name, settings in (
        (reading.data.get("analyses") or {}).items() if isinstance(reading.data.get("analyses"), Mapping) else ()
    ):
        if reading.is_sound("analyses", name):
            measures.setdefault(str(settings.get("outcome", name)), set()).add(str(settings["measure"]))
    columns = reading.data["columns"] if reading.is_sound("columns") else {}
    return Wanted(
        {str(key): str(value) for key, value in columns.items()},
        {outcome: frozenset(codes) for outcome, codes in measures.items()},
    )


def read_input(path: Path, reading: Reading) -> tuple[list[Study], list[Problem], set[str]]:
    """Return the studies of a folder of records or of a table, what is wrong with the others, and the ids of those."""
    if not is_table(path):
        studies, problems, broken = read_studies(path)
        if reading.is_sound("columns"):
            problems += problem(
                iter([(("columns",), "is for a table of studies; leave it out")]), reading.name, reading.lines
            )
        return studies, problems, broken
    name = display_name(path)
    if not path.is_file():
        return [], [Problem(name, 0, "studies", "no such file")], set()
    studies, problems, messages = read_table(path, name, wanted_of(reading))
    problems += problem(
        ((("columns", message.split(":")[0]), message.split(": ", 1)[1]) for message in messages),
        reading.name,
        reading.lines,
    )
    return sorted(studies, key=year_and_id), problems, set()


def read_studies(folder: Path) -> tuple[list[Study], list[Problem], set[str]]:
    """Return the study records of a folder in canonical order, what is wrong with the others, and the ids of those."""
    name = display_name(folder)
    if not folder.is_dir():
        return (
            [],
            [
                Problem(
                    name,
                    0,
                    "studies",
                    f"no such folder; it holds one record a study, <study>.yaml. A table ends in {', '.join(READERS)}",
                )
            ],
            set(),
        )
    studies: list[Study] = []
    problems: list[Problem] = []
    broken: set[str] = set()
    for file in sorted(folder.iterdir()):
        if file.name.startswith("."):
            continue
        if file.suffix != ".yaml":
            problems.append(
                Problem(display_name(file), 0, "", "is not a study record; the folder holds <study>.yaml files only")
            )
            continue
        try:
            studies.append(read_study(file, display_name(file)))
        except BadInput as error:
            problems += error.problems
            broken.add(file.stem)
    if not studies and not problems:
        problems.append(Problem(name, 0, "studies", "holds no study records (<study>.yaml)"))
    return sorted(studies, key=year_and_id), problems, broken


def error_problems(study: Study) -> Iterator[Problem]:
    """Yield the errors that the checks find in a record alone, as far as it does not accept them."""
    for item in errors_of(study):
        place: Place = (
            ("outcomes", item["outcome"])
            if item["figure"] is None
            else ("outcomes", item["outcome"], "reported", item["figure"])
        )
        message = f"{item['sentence']} (if it is right as it is: `accept: {{{item['check']}: the reason}}`)"
        for found in problem(iter([(place, message)]), study.file, study.lines):
            yield named(found, {"study": study.study})


def accepted(study: Study, criteria: Mapping[str, Any]) -> bool:
    """Return whether a study has every characteristic that is asked for."""
    return all(str(study.value(name)) in {str(value) for value in listed(values)} for name, values in criteria.items())


def listed(value: Any) -> list[Any]:
    """Return a value as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def check_criteria(checker: Checker, place: Place, criteria: Mapping[str, Any], studies: Sequence[Study]) -> None:
    """Find characteristics that no study has, and values that none of them has."""
    known = {"study", "design", "year", "population"}.union(*(study.characteristics for study in studies))
    for name, values in criteria.items():
        if name not in known:
            if not checker.broken:
                checker.add((*place, name), f"no study has the characteristic '{name}'; {nearest(name, known)}")
            continue
        there = {str(study.value(name)) for study in studies}
        for value in listed(values):
            if str(value) not in there and not checker.broken:
                checker.add((*place, name), f"no study has '{value}' there; {nearest(value, there)}")


def check_members(checker: Checker, place: Place, analysis: Analysis, studies: Sequence[Study]) -> None:
    """Find members without the outcome, without the subgroup's characteristic, or with the same patients."""
    outcome, subgroups = analysis.outcome, analysis.settings.get("subgroups")
    outcomes = {name for study in studies for name in study.outcomes}
    if outcome not in outcomes:
        if not checker.broken:
            checker.add((*place, "outcome"), f"no study has the outcome '{outcome}'; {nearest(outcome, outcomes)}")
        return
    for study in analysis.members:
        if outcome not in study.outcomes:
            checker.add(
                place,
                f"{study.study} has no outcome '{outcome}': add it to {study.file}, with an empty `reported` and a note why if there is nothing, or name the study in `exclude` with the reason",
            )
        if subgroups and study.value(subgroups) is None:
            checker.add(
                (*place, "subgroups"),
                f"{study.study} has no characteristic '{subgroups}'; {nearest(subgroups, study.characteristics)}",
            )
    reporting = [study for study in analysis.members if outcome in study.outcomes]
    populations = [str(study.outcomes[outcome].get("population", study.population)) for study in reporting]
    for pair in overlapping(populations):
        one, other = (reporting[position] for position in pair)
        patients = [populations[position] for position in pair]
        checker.add(
            place,
            f"{one.study} and {other.study} have the same patients ({' and '.join(dict.fromkeys(patients))}); name one of them in `exclude` with the reason",
        )


def absent_from_table(studies: Sequence[Study], outcome: str) -> set[str]:
    """Return the studies of a table that have no row for an outcome: a record says why, a table can't."""
    return {study.study for study in studies if is_table(study.file) and outcome not in study.outcomes}


def build_analysis(checker: Checker, name: str, settings: Mapping[str, Any], studies: Sequence[Study]) -> Analysis:
    """Resolve which studies an analysis has, and check them."""
    place: Place = ("analyses", name)
    criteria, reasons = settings.get("include") or {}, settings.get("exclude") or {}
    check_criteria(checker, (*place, "include"), criteria, studies)
    by_id = {study.study: study for study in studies}
    for study in reasons:
        if study not in by_id and study not in checker.broken:
            checker.add((*place, "exclude", study), f"no study '{study}'; {nearest(study, by_id)}")
    outcome = str(settings.get("outcome", name))
    absent = absent_from_table(studies, outcome) if any(outcome in study.outcomes for study in studies) else set()
    left_out = {
        study.study: NO_ROW for study in studies if study.study in absent and accepted(study, criteria)
    } | reasons
    members = tuple(study for study in studies if accepted(study, criteria) and study.study not in left_out)
    excluded = tuple(
        {"study": study.study, "label": study.label, "reason": str(left_out[study.study])}
        for study in studies
        if study.study in left_out
    )
    analysis = Analysis(name, settings, members, excluded)
    check_members(checker, place, analysis, studies)
    reading = checker.reading
    sound = {key: reading.data[key] for key in ("profile", "model") if reading.is_sound(key)}
    asked = {"outcome": name} | dict(settings)
    for within, message in model_findings(asked, model_of(sound, settings), () if checker.broken else members):
        checker.add((*place, *within), message)
    for message in route_findings(settings.get("route"), analysis.measure):
        checker.add((*place, "route"), message)
    return analysis


def route_findings(route: str | None, measure: str) -> Iterator[str]:
    """Yield what is wrong with a route that can't give the measure of its analysis."""
    if route is not None and measure not in ROUTES[route].gives:
        fitting = [name for name, item in ROUTES.items() if measure in item.gives]
        yield f"the route {route} gives no {measure}; {nearest(route, fitting)}"


def check_exploring(checker: Checker, analyses: Mapping[str, Analysis], studies: Sequence[Study]) -> None:
    """Find what an exploration names and no study has."""
    own = {name: checker.reading.data[name] for name in ("explore", "multiverse") if checker.reading.is_sound(name)}
    places: dict[Place, Mapping[str, Any]] = {(): own} | {
        ("analyses", name): item.settings for name, item in analyses.items()
    }
    for place, settings in places.items() if studies and not checker.broken else ():
        for where, message in explore_findings(settings, place, studies):
            checker.add(where, message)


def check_drawing(checker: Checker, studies: Sequence[Study]) -> None:
    """Find overrides of the style and options of figures that are not known; imports what draws only if there are any."""
    data, is_sound = checker.reading.data, checker.reading.is_sound
    if data.get("style") and is_sound("style"):
        from coppice.draw.style import style_from

        for name, value in data["style"].items():
            try:
                style_from({name: value})
            except ValueError as error:
                checker.add(("style", name), str(error))
    figures: Mapping[str, Any] = (data.get("figures") or {}) if is_sound("figures") else {}
    if not asked_for(figures):
        checker.add(("figures",), "every figure is switched off; leave one that is drawn")
    for name, options in figures.items():
        if isinstance(options, Mapping) and options:
            known = FIGURES[name].options()
            for option in set(options) - known:
                checker.add(("figures", name, option), f"no such option; {nearest(option, known)}")
            if options.get("columns") and "columns" in known:
                check_columns(checker, ("figures", name, "columns"), options["columns"], studies)


def check_columns(checker: Checker, place: Place, columns: Any, studies: Sequence[Study]) -> None:
    """Find columns of a forest plot that are neither known nor characteristics of a study."""
    from coppice.draw.columns import COLUMNS
    from coppice.draw.presets import PLOT

    names = listed(columns)
    if names.count(PLOT) != 1:
        checker.add(place, f"must name '{PLOT}' once: the place of the plot")
    known = {*COLUMNS, PLOT, "design", "population"}.union(*(study.characteristics for study in studies))
    for name in names:
        if str(name) not in known and not checker.broken:
            checker.add(place, f"no column '{name}' and no such characteristic; {nearest(str(name), known)}")


@dataclass(frozen=True)
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
    """

    settings: dict[str, Any]
    studies: tuple[Study, ...]
    analyses: dict[str, Analysis]
    files: tuple[Path, ...]

    @cached_property
    def _by_id(self) -> dict[str, Study]:
        return {study.study: study for study in self.studies}

    def study(self, study: str) -> Study:
        """Return a study by id."""
        return self._by_id[study]


def load(files: Sequence[Path], overrides: Mapping[str, Any], *, stop_at_errors: bool = True) -> Review:
    """Read and check a whole review.

    Parameters
    ----------
    files : sequence of Path
        The configuration's files; paths within them are relative to the working directory.
    overrides : mapping
        Values over all files.
    stop_at_errors : bool
        Whether errors that the checks find in the records count as problems.

    Raises
    ------
    BadInput
        With every problem of the configuration and of the studies together.
    """
    reading = read(files, overrides)
    folder = reading.data["studies"] if reading.is_sound("studies") else DEFAULT_STUDIES
    studies, problems, broken = read_input(Path(str(folder)), reading)
    checker = Checker(reading, broken)
    asked = reading.data.get("analyses") or {}
    analyses = {
        name: build_analysis(checker, name, asked[name], studies)
        for name in asked
        if studies and reading.is_sound("analyses", name)
    }
    check_exploring(checker, analyses, studies)
    check_drawing(checker, studies)
    wrong = [found for study in studies for found in error_problems(study)] if stop_at_errors else []
    if found := [*reading.problems, *problems, *checker.problems, *wrong]:
        raise BadInput(found)
    return Review(reading.data, tuple(studies), analyses, tuple(files))
