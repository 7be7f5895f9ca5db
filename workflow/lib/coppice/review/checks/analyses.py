"""What is wrong with the analyses and the figures that a configuration asks for, given the studies that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from coppice.core.errors import Problem, allowed_values_hint, studies_have
from coppice.core.measures import MEASURES
from coppice.core.populations import overlapping
from coppice.core.roles import MAIN
from coppice.core.schema import Finding, Place
from coppice.core.study import Study
from coppice.core.subgroup_levels import NO_VALUE, level_of
from coppice.draw.canvas.axes import printed_limits
from coppice.draw.canvas.style import style_from
from coppice.draw.forest.presets import COLUMN_KEYS, PLOT
from coppice.draw.registry import EVERY_FIGURE, asked_for
from coppice.extract.registry import ROUTES
from coppice.pool.models.bayes.options import bayes_of
from coppice.review.analysis import Analysis, role_of
from coppice.review.catalogue import Catalogue, criteria_findings, listed, unknown_characteristic
from coppice.review.checks.conclusions import conclusion_findings
from coppice.review.config_file import Reading
from coppice.review.record import named, to_problems

ORDERS = ("year", "precision")  # of a cumulative analysis, apart from characteristics


class Checker:
    """Collects the problems of the analyses.

    Attributes
    ----------
    broken : set of str
        Ids of records that could not be read: their content is unknown, so nothing is reported as missing from them.
    """

    def __init__(self, reading: Reading, broken: set[str]) -> None:
        self.reading = reading
        self.broken = broken
        self.problems: list[Problem] = []

    def add(self, place: Place, message: str) -> None:
        """Add a problem at a place of the configuration."""
        self.problems += self.reading.problems_of([(place, message)])

    def add_of(self, study: Study, place: Place, message: str) -> None:
        """Add a problem at a place of a record."""
        problems = to_problems([(place, message)], study.file, study.lines)
        self.problems += [named(item, {"study": study.study}) for item in problems]


def alike_but_for_case(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each name that differs from an earlier one in capitals alone, after that one.

    Their results lie in files of these names, which are one file on the systems of most laptops.
    """
    first: dict[str, str] = {}
    for name in names:
        earlier = first.setdefault(name.casefold(), name)
        if earlier != name:
            yield earlier, name


def check_names(checker: Checker, studies: Sequence[Study]) -> None:
    """Find ids of studies, of outcomes of one study, and of analyses that differ in capitals alone."""
    message = (
        "'{}' and '{}' differ in capitals alone, and their results would be one file on Windows and macOS; rename one"
    )
    if isinstance(checker.reading.data.get("analyses"), Mapping):
        for one, other in alike_but_for_case(checker.reading.data["analyses"]):
            checker.add(("analyses", other), message.format(one, other))
    by_id = {study.study: study for study in studies}
    for one, other in alike_but_for_case(by_id):
        checker.add_of(by_id[other], ("study",), message.format(one, other))
    for study in studies:
        for one, other in alike_but_for_case(study.outcomes):
            checker.add_of(study, ("outcomes", other), message.format(one, other))


def check_criteria(checker: Checker, place: Place, criteria: Mapping[str, Any], catalogue: Catalogue) -> None:
    """Find characteristics that no study has, and values that none of them has."""
    for where, message in criteria_findings(criteria, place, catalogue) if not checker.broken else ():
        checker.add(where, message)


def check_members(checker: Checker, place: Place, analysis: Analysis, catalogue: Catalogue) -> None:
    """Find members without the outcome, without the subgroup's characteristic, or with the same patients."""
    wanted, outcomes = analysis.outcomes, catalogue.outcomes
    key = "outcome" if analysis.is_pairwise or len(wanted) == 1 else "outcomes"
    if unknown := [outcome for outcome in wanted if outcome not in outcomes]:
        for outcome in unknown if not checker.broken else ():
            message = f"no study has the outcome '{outcome}'; {allowed_values_hint(outcome, outcomes)}"
            checker.add((*place, key), message)
        return
    outcome = "' or '".join(wanted)
    if lacking := [study for study in analysis.members if not {*wanted} & {*study.outcomes}]:
        files, study = (lacking[0].file, "the study") if len(lacking) == 1 else ("their records", "each study")
        message = f"{studies_have([item.study for item in lacking])} no outcome '{outcome}': add it to {files}, with an empty `reported` and a note why if there is nothing, or name {study} in `exclude` with the reason"
        checker.add(place, message)
    if analysis.subgroups:
        check_subgroups(checker, (*place, "subgroups"), analysis.subgroups, analysis)
        check_levels(checker, (*place, "subgroups", "levels"), analysis, catalogue)
    for message in dict.fromkeys(text for outcome in wanted for text in shared_patients(analysis, outcome)):
        checker.add(place, message)


def shared_patients(analysis: Analysis, outcome: str) -> Iterator[str]:
    """Yield which members have the same patients in an outcome."""
    reporting = [study for study in analysis.members if outcome in study.outcomes]
    populations = [str(study.outcomes[outcome].get("population", study.population)) for study in reporting]
    for pair in overlapping(populations):
        one, other = (reporting[position] for position in pair)
        patients = [populations[position] for position in pair]
        yield f"{one.study} and {other.study} have the same patients ({' and '.join(dict.fromkeys(patients))}); name one of them in `exclude` with the reason"


def check_subgroups(checker: Checker, place: Place, by: str, analysis: Analysis) -> None:
    """Find members without a value of the characteristic that makes subgroups."""
    lacking = [study for study in analysis.members if not study.values_of(by, analysis.outcome)]
    if not lacking:
        return
    every = [study.names_of(analysis.outcome) for study in lacking]
    is_null = all(by in (*names, "year", "design") for names in every)
    remedy = "which is null there" if is_null else allowed_values_hint(by, set().union(*every))
    checker.add(place, f"{studies_have([study.study for study in lacking])} no characteristic '{by}'; {remedy}")


def check_levels(checker: Checker, place: Place, analysis: Analysis, catalogue: Catalogue) -> None:
    """Find names of levels that no study has, and names that two levels would share."""
    by, outcome, names = str(analysis.subgroups), analysis.outcome, analysis.levels
    if not names or checker.broken:
        return
    reporting = (study for study in catalogue.studies if outcome in study.outcomes)
    levels = {level_of(value) for study in reporting for value in study.values_of(by, outcome)} | {NO_VALUE}
    for level in (level for level in names if level not in levels and len(levels) > 1):
        checker.add((*place, level), f"no study has '{level}' as {by}; {allowed_values_hint(level, levels)}")
    called = [level_of(level, names) for level in sorted(levels)]
    for name in sorted({name for name in called if called.count(name) > 1}):
        checker.add(place, f"two levels would be called '{name}'; give each a name of its own")


def check_roles(checker: Checker, analyses: Mapping[str, Analysis]) -> None:
    """Find a review without a main analysis, whose abstract and summary of findings would be empty."""
    items = list(analyses.values())
    if items and all(role_of(item, items) != MAIN for item in items):
        checker.add(
            ("analyses",), "no analysis is a main one; leave out `role` of those that give a result of the review"
        )


def route_findings(route: str | None, measure: str) -> Iterator[str]:
    """Yield what is wrong with a route that can't give the measure of its analysis."""
    if route is not None and measure not in ROUTES[route].gives:
        fitting = [name for name, item in ROUTES.items() if measure in item.gives]
        yield f"the route {route} gives no {measure}; {allowed_values_hint(route, fitting)}"


def check_exploring(checker: Checker, analyses: Mapping[str, Analysis], catalogue: Catalogue) -> None:
    """Find what an exploration names and no study has."""
    own = {name: checker.reading.data[name] for name in ("explore", "multiverse") if checker.reading.is_sound(name)}
    places: dict[Place, Mapping[str, Any]] = {(): own} | {
        ("analyses", name): item.settings for name, item in analyses.items()
    }
    for place, settings in places.items() if catalogue.studies and not checker.broken else ():
        for where, message in explore_findings(settings, place, catalogue):
            checker.add(where, message)


def explore_findings(settings: Mapping[str, Any], place: Place, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield each name in `explore` and `multiverse`, of the configuration or of one analysis, that no study has."""
    cumulative = (settings.get("explore") or {}).get("cumulative")
    by = cumulative.get("by") if isinstance(cumulative, Mapping) else None
    varied = settings.get("multiverse")
    rules = (varied.get("studies") if isinstance(varied, Mapping) else None) or {}
    orders = {*ORDERS, *catalogue.characteristics} if by is not None else ()
    if by is not None and str(by) not in orders:
        yield (*place, "explore", "cumulative", "by"), unknown_characteristic(str(by), orders)
    for name, request in (varied.get("prior") or {} if isinstance(varied, Mapping) else {}).items():
        try:
            bayes_of({"tau_prior": None, **request})
        except ValueError as error:
            yield (*place, "multiverse", "prior", str(name)), str(error)
    yield from conclusion_findings(settings, place)
    for name, rule in rules.items():
        where = (*place, "multiverse", "studies", str(name))
        for study in rule.get("exclude") or ():
            if str(study) not in catalogue.by_id:
                yield (*where, "exclude"), f"no study '{study}'; {allowed_values_hint(study, catalogue.by_id)}"
        yield from criteria_findings(rule.get("include") or {}, (*where, "include"), catalogue)


def check_drawing(checker: Checker, studies: Sequence[Study]) -> None:
    """Find overrides of the style that are not known, and options of figures that do not suit the studies and analyses."""
    data, is_sound = checker.reading.data, checker.reading.is_sound
    if data.get("style") and is_sound("style"):
        for name, value in data["style"].items():
            try:
                style_from({name: value})
            except ValueError as error:
                checker.add(("style", name), str(error))
    configured = data["analyses"] if isinstance(data.get("analyses"), Mapping) else {}
    figures: Mapping[str, Any] = (data.get("figures") or {}) if is_sound("figures") else {}
    if not asked_for(figures):
        checker.add(("figures",), "every figure is switched off; leave one that is drawn")
    for name, options in figures.items():
        if isinstance(options, Mapping) and options:
            available = EVERY_FIGURE[name].options()
            check_ranges(checker, name, options)
            if options.get("columns") and "columns" in available:
                check_columns(checker, ("figures", name, "columns"), options["columns"], studies)
            if options.get("moderator") is not None:
                check_moderator(checker, ("figures", name, "moderator"), str(options["moderator"]), studies)
            named = options.get("analysis")
            if named is not None and "analysis" in available and named not in configured:
                message = f"no analysis '{named}'; {allowed_values_hint(named, configured)}"
                checker.add(("figures", name, "analysis"), message)


def check_moderator(checker: Checker, place: Place, name: str, studies: Sequence[Study]) -> None:
    """Find a moderator of a bubble plot that is not a characteristic of a study or of one of its figures."""
    names = (study.names_of(outcome) for study in studies for outcome in study.outcomes)
    characteristics = {"year"}.union(*names, *(study.characteristics for study in studies))
    if name not in characteristics and not checker.broken:
        checker.add(place, unknown_characteristic(name, characteristics))


def check_ranges(checker: Checker, figure: str, options: Mapping[str, Any]) -> None:
    """Find limits of an axis that an analysis's measure can't have, such as a ratio of 0."""
    analyses = checker.reading.data.get("analyses")
    if not isinstance(options.get("limits"), list) or not isinstance(analyses, Mapping):
        return
    for name, analysis in analyses.items():
        if checker.reading.is_sound("analyses", name):
            try:
                printed_limits(options["limits"], MEASURES[analysis["measure"]])
            except ValueError:
                wanted = (
                    f"the {MEASURES[analysis['measure']].name} of '{name}'; write two rising numbers that it can be"
                )
                checker.add(("figures", figure, "limits"), f"{options['limits']} is not a range of {wanted}")
                break


def check_columns(checker: Checker, place: Place, columns: Any, studies: Sequence[Study]) -> None:
    """Find columns of a forest plot that are neither known nor characteristics of a study."""
    names = listed(columns)
    if names.count(PLOT) != 1:
        checker.add(place, f"must name '{PLOT}' once: the place of the plot")
    available = {*COLUMN_KEYS, PLOT, "design", "population"}.union(*(study.characteristics for study in studies))
    for name in names:
        if str(name) not in available and not checker.broken:
            checker.add(
                place, f"no column '{name}' and no such characteristic; {allowed_values_hint(str(name), available)}"
            )
