"""RevMan's analyses, from whatever table they are read: settings to models, rows to figures of records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from coppice.core.measures import MEASURES
from coppice.tools.import_file.imported import Imported, StoredResult
from coppice.tools.import_file.plain_text import made_id, plain, plain_name

DICHOTOMOUS, CONTINUOUS, O_MINUS_E, CONTRAST = "dichotomous", "continuous", "O-E and variance", "contrast"
REPORT = "review"  # key of the report in which the figures of a review are printed
WORDS_OF_MEASURES = {
    "OR": ("or", "odds ratio", "peto odds ratio", "peto or", "peto_or", "odds ratio (non-event)"),
    "RR": ("rr", "risk ratio", "relative risk", "risk ratio (non-event)"),
    "RD": ("rd", "risk difference"),
    "MD": ("md", "mean difference", "difference in means"),
    "SMD": ("smd", "standardized mean difference", "standardised mean difference", "std. mean difference"),
    "HR": ("hr", "hazard ratio", "log hazard ratio", "log(hazard ratio)", "log hr", "loghr"),
    "IRR": ("irr", "rate ratio", "incidence rate ratio", "relative rate", "log rate ratio"),
    "IRD": ("ird", "rate difference", "incidence rate difference"),
    "ROM": ("rom", "ratio of means", "response ratio"),
}
MEASURE_OF = {word: code for code, words in WORDS_OF_MEASURES.items() for word in words}
ALLOWED = {DICHOTOMOUS: ("OR", "RR", "RD"), CONTINUOUS: ("MD", "SMD", "ROM"), O_MINUS_E: ("HR", "OR", "RR", "IRR")}
RATIOS = {"HR": "hazard_ratio", "RR": "risk_ratio", "OR": "odds_ratio", "IRR": "rate_ratio", "ROM": "ratio_of_means"}
METHODS = {"iv": "IV", "inverse variance": "IV", "mh": "MH", "mantel-haenszel": "MH", "m-h": "MH", "peto": "Peto"}
METHODS |= {"exp[(o-e)/var]": "Peto", "exp[(o-e)/v]": "Peto", "exp_o_e_var": "Peto", "generic inverse variance": "IV"}
NEWER_METHODS = (  # of RevMan Web since 2024, which its tables name in words
    (re.compile(r"\bREML\b|restricted maximum", re.I), {"tau2": "REML"}),
    (re.compile(r"HKSJ|Hartung", re.I), {"inference": "HKSJ"}),
)
ID_OF_ANALYSIS = "a{group}_{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRow:
    """A study's row in an analysis, with what is filled in: its data type decides what is read."""

    study: str
    year: int | None = None
    subgroup: str = ""
    events_e: float | None = None
    n_e: float | None = None
    events_c: float | None = None
    n_c: float | None = None
    mean_e: float | None = None
    sd_e: float | None = None
    mean_c: float | None = None
    sd_c: float | None = None
    estimate: float | None = None
    se: float | None = None
    ratio: float | None = None  # a ratio as printed, where the estimate is not there as its logarithm
    o_minus_e: float | None = None
    v: float | None = None
    footnote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevManAnalysis:
    """An analysis of a review with its settings in RevMan's words, its rows, and the result that is stored.

    Attributes
    ----------
    kind : str
        DICHOTOMOUS, CONTINUOUS, O_MINUS_E or CONTRAST.
    measure, method, methods : str
        As the file has them; `methods` holds further words on estimators and intervals.
    log_scale : bool or None
        Whether effects of CONTRAST data are logarithms; None if the file does not say it.
    overall, subtotals : bool
        Whether there is a total, and totals of the subgroups.
    level, study_level : float
        Of the intervals of the totals and of the studies.
    sides : tuple of str
        Labels below the figure, left and right.
    """

    group: int
    number: int
    name: str
    group_name: str = ""
    kind: str
    measure: str
    method: str = ""
    methods: str = ""
    random: bool = True
    swap: bool = False
    log_scale: bool | None = None
    overall: bool = True
    subtotals: bool = True
    level: float = 0.95
    study_level: float = 0.95
    arms: tuple[str, str] = ("", "")
    sides: tuple[str, str] = ("", "")
    rows: Sequence[DataRow] = ()
    stored: StoredResult | None = None

    @property
    def at(self) -> str:
        """Its place in the review."""
        return f"Analysis {self.group}.{self.number}"

    @property
    def key(self) -> str:
        """Its name in the configuration, also that of its outcome in the records."""
        return ID_OF_ANALYSIS.format(group=self.group, number=self.number)

    @property
    def is_peto(self) -> bool:
        """Whether it pools counts by Peto's method."""
        return self.kind == DICHOTOMOUS and METHODS.get(self.method.casefold()) == "Peto"


class NotRead(Exception):
    """An analysis can't be taken over; the message says why."""


@dataclass(slots=True)
class Review:
    """Collects the records and the configuration of a review."""

    file: str
    format: str
    title: str
    citation: str
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)  # of the studies by their names
    analyses: dict[str, dict[str, Any]] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    stored: dict[str, StoredResult] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def study(self, name: str, year: int | None = None) -> dict[str, Any]:
        """Return the record of a study, by its exact name; a new one if there is none."""
        if name not in self.ids:
            label = plain_name(name)
            study = self.ids[name] = made_id(label, {item.casefold() for item in self.records} | set(self.records))
            self.records[study] = {
                "study": study,
                "label": label,
                "year": year,
                "design": None,
                "reports": {REPORT: {"citation": self.citation}},
                "outcomes": {},
            }
        record = self.records[self.ids[name]]
        if record["year"] is None:
            record["year"] = year
        return record

    def add(self, analysis: RevManAnalysis) -> None:
        """Add an analysis with its figures, or a line that says why it is left out."""
        try:
            settings = settings_of(analysis)
            statistic_of(analysis, settings["measure"])
        except NotRead as reason:
            self.left_out.append(f"{analysis.at}, {plain_name(analysis.name)}: {reason}")
            return
        if not analysis.rows:
            self.left_out.append(f"{analysis.at}, {plain_name(analysis.name)}: has no studies")
            return
        studies = self.add_figures(analysis, settings["measure"])
        self.notes += list(notes_of(analysis))
        if not analysis.overall and not settings.get("subgroups"):
            self.left_out.append(
                f"{analysis.at}, {plain_name(analysis.name)}: has no total; its figures are in the records"
            )
            return
        settings["include"] = {"study": studies}
        if analysis.stored is not None and analysis.stored.settings:
            self.stored[analysis.key] = analysis.stored
            settings |= analysis.stored.settings
        self.analyses[analysis.key] = settings
        self.comments[f"analyses.{analysis.key}"] = described(analysis)

    def add_figures(self, analysis: RevManAnalysis, measure: str) -> list[str]:
        """Add the rows of an analysis to the records; return the ids of its studies."""
        rows_of = Counter(row.study for row in analysis.rows)
        number_of_subgroup = {
            name: index for index, name in enumerate(dict.fromkeys(row.subgroup for row in analysis.rows), 1)
        }
        studies: dict[str, None] = {}
        for row in analysis.rows:
            record = self.study(row.study, row.year)
            study = record["study"]
            studies[study] = None
            outcome = record["outcomes"].setdefault(analysis.key, {"definition": plain(analysis.name), "reported": []})
            at = f"{analysis.at}, subgroup {number_of_subgroup[row.subgroup]}" if row.subgroup else analysis.at
            figure = figure_of(analysis, row, measure)
            if rows_of[row.study] > 1:
                part = plain_name(row.subgroup).replace("/", "-") or f"part {len(outcome['reported']) + 1}"
                taken = [item.get("population") for item in outcome["reported"]]
                population = f"{study}/{part}"
                figure["population"] = population if population not in taken else f"{population} {len(taken) + 1}"
            if row.subgroup:
                figure["characteristics"] = {"subgroup": plain_name(row.subgroup)}
            if row.footnote:
                figure["note"] = plain(row.footnote)
            outcome["reported"].append(figure | {"source": {"report": REPORT, "at": at, "quality": "secondary"}})
            if all(analysis.arms):
                names = {"experimental": plain_name(analysis.arms[0]), "control": plain_name(analysis.arms[1])}
                record.setdefault("arms_of_analyses", []).append(names)
        return list(studies)

    def imported(self) -> Imported:
        """Return what was read."""
        for record in self.records.values():
            every = record.pop("arms_of_analyses", [])
            if every and all(names == every[0] for names in every):
                record["arms"] = {arm: {"name": name} for arm, name in every[0].items()}
        config = {
            "review": {"title": self.title},
            "studies": "config/studies",
            "profile": "revman5",
            "analyses": self.analyses,
        }
        return Imported(
            file=self.file,
            format=self.format,
            records=self.records,
            config=config,
            comments={"profile": "the methods of RevMan 5, in which the results were stored"} | self.comments,
            stored=self.stored,
            left_out=self.left_out,
            notes=self.notes,
        )


def measure_of(analysis: RevManAnalysis) -> str:
    """Return the code of an effect measure that a review has in words.

    Raises
    ------
    NotRead
        If it does not go with the data.
    """
    code = MEASURE_OF.get(" ".join(analysis.measure.casefold().split()))
    allowed = ALLOWED.get(analysis.kind)
    if allowed is not None:
        if code not in allowed:
            raise NotRead(
                f"effect measure '{plain(analysis.measure, 100)}' of {analysis.kind} data is not known; allowed: {', '.join(allowed)}"
            )
        return "PETO" if analysis.is_peto else code
    if code is None:
        return "GEN"
    is_log = MEASURES[code].scale.is_ratio
    if is_log and analysis.log_scale is False:
        raise NotRead(f"effect measure '{plain(analysis.measure, 100)}' with data that are not on the log scale")
    return code


def settings_of(analysis: RevManAnalysis) -> dict[str, Any]:
    """Return the analysis as the configuration has it, without its studies.

    Raises
    ------
    NotRead
        If its measure or method is not known.
    """
    measure = measure_of(analysis)
    method = METHODS.get(" ".join(analysis.method.casefold().split()))
    if analysis.method and method is None:
        raise NotRead(f"statistical method '{plain(analysis.method, 100)}' is not known; allowed: MH, IV, Peto")
    by_counts = "MH" if analysis.kind == DICHOTOMOUS and method in (None, "MH") else "IV"
    model: dict[str, Any] = {"common": by_counts} if by_counts != "MH" else {}
    if abs(analysis.level - 0.95) > 1e-9:
        model["level"] = analysis.level
    for words, options in NEWER_METHODS:
        if words.search(analysis.methods):
            model |= options
    settings: dict[str, Any] = {"title": plain(analysis.name), "measure": measure}
    if any(row.subgroup for row in analysis.rows) and analysis.subtotals and all(row.subgroup for row in analysis.rows):
        settings["subgroups"] = "subgroup"
        settings |= {} if analysis.overall else {"overall": False}
    if all(analysis.sides):
        settings["favours"] = [plain_name(side) for side in analysis.sides]
    return settings | ({"model": model} if model else {})


def statistic_of(analysis: RevManAnalysis, measure: str) -> str:
    """Return the form in which the rows of an analysis are kept."""
    if analysis.kind == O_MINUS_E and measure != "HR":
        return "effect"
    return {DICHOTOMOUS: "counts", CONTINUOUS: "means", O_MINUS_E: "logrank", CONTRAST: "effect"}[analysis.kind]


def figure_of(analysis: RevManAnalysis, row: DataRow, measure: str) -> dict[str, Any]:
    """Return the figure of a row in its form: a printed ratio as such."""
    if analysis.kind == CONTRAST and row.ratio is not None and measure in RATIOS:
        return {"statistic": RATIOS[measure], **filled(estimate=row.ratio, se_log=row.se)}
    return {"statistic": statistic_of(analysis, measure), **fields_of(analysis, row)}


def fields_of(analysis: RevManAnalysis, row: DataRow) -> dict[str, Any]:
    """Return the fields of a figure: those of the data type, as zeros in the others mean that nothing was filled in."""
    if analysis.kind == DICHOTOMOUS:
        events_e, events_c = row.events_e, row.events_c
        if analysis.swap:
            events_e, events_c = (
                None if events is None or n is None else n - events
                for events, n in ((row.events_e, row.n_e), (row.events_c, row.n_c))
            )
        return {"events_e": events_e, "n_e": row.n_e, "events_c": events_c, "n_c": row.n_c}
    if analysis.kind == CONTINUOUS:
        return filled(mean_e=row.mean_e, sd_e=row.sd_e, n_e=row.n_e, mean_c=row.mean_c, sd_c=row.sd_c, n_c=row.n_c)
    if analysis.kind == CONTRAST:
        return filled(yi=row.estimate, sei=row.se)
    patients = filled(**({"n_e": row.n_e, "n_c": row.n_c} if row.n_e and row.n_c else {}))
    events = filled(**({"events_e": row.events_e, "events_c": row.events_c} if row.events_e or row.events_c else {}))
    if measure_of(analysis) == "HR":
        return filled(o_minus_e=row.o_minus_e, v=row.v) | events | patients
    if row.o_minus_e is None or not row.v:
        return filled(yi=None, vi=row.v)
    return {"yi": row.o_minus_e / row.v, "vi": 1 / row.v}


def filled(**values: float | None) -> dict[str, float]:
    """Return the fields that have a value."""
    return {name: value for name, value in values.items() if value is not None}


def notes_of(analysis: RevManAnalysis) -> Iterator[str]:
    """Yield what a person should look at in an analysis."""
    if abs(analysis.study_level - analysis.level) > 1e-9:
        levels = f"{100 * analysis.study_level:g}% intervals of studies and {100 * analysis.level:g}% ones of totals"
        yield f"{analysis.at}: has {levels}; all of this run have {100 * analysis.level:g}%"
    if analysis.swap:
        yield f"{analysis.at}: analyses those without the event, so that events are read as the patients without it"
    if analysis.kind == O_MINUS_E and measure_of(analysis) != "HR":
        yield f"{analysis.at}: effects are (O-E)/V with the variance 1/V"
    if analysis.kind == CONTRAST and measure_of(analysis) == "GEN":
        scale = "logarithms, and printed as such" if analysis.log_scale else "printed as they are"
        yield f"{analysis.at}: effect measure '{plain(analysis.measure, 100)}' is not known: its effects are {scale}"
    if analysis.kind == CONTRAST and analysis.log_scale is None and any(row.ratio is None for row in analysis.rows):
        yield f"{analysis.at}: effects and standard errors are taken to be on the scale of the model (logarithms of ratios)"
    arms = [(row.study, row.n_c, row.events_c, row.mean_c, row.sd_c) for row in analysis.rows if row.n_c]
    for (study, *_), number in Counter(arms).items():
        if number > 1:
            yield f"{analysis.at}: {plain_name(study)} is in {number} rows with the same control arm, whose patients count {number} times, as in RevMan"


def described(analysis: RevManAnalysis) -> str:
    """Return the comment above an analysis: where it is from, and its model."""
    model = "random" if analysis.random else "common (RevMan: fixed)"
    group = f" of {plain_name(analysis.group_name)}" if analysis.group_name else ""
    return f"{analysis.at}{group}: {plain(analysis.measure, 100)}, {plain(analysis.method, 50) or 'IV'}, {model} effect"
