"""Collects the records and the configuration of a review from its analyses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from coppice.tools.import_file.imported import Imported, NotImported, StoredResult
from coppice.tools.import_file.plain_text import made_id, plain, plain_name
from coppice.tools.import_file.revman.analysis import (
    CONTRAST,
    O_MINUS_E,
    NotRead,
    RevManAnalysis,
    figure_of,
    measure_of,
    settings_of,
    statistic_of,
)
from coppice.tools.import_file.revman5.figures import BY_SUBGROUP
from coppice.tools.import_file.revman5.settings import GENERIC

LINES_SHOWN = 3
REPORT = "review"  # key of the report in which the figures of a review are printed


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
        """Return the record of a study, by its exact name, made where it is missing."""
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
                figure["use"] = f"its part in {row.subgroup or analysis.at}"
            if row.subgroup:
                figure["characteristics"] = {BY_SUBGROUP: plain_name(row.subgroup)}
            if row.footnote:
                figure["note"] = plain(row.footnote)
            outcome["reported"].append(figure | {"source": {"report": REPORT, "at": at, "quality": "secondary"}})
            if all(analysis.arms):
                names = {"experimental": plain_name(analysis.arms[0]), "control": plain_name(analysis.arms[1])}
                record.setdefault("arms_of_analyses", []).append(names)
        return list(studies)

    def imported(self) -> Imported:
        """Return what was read; raises NotImported where no analysis could be."""
        if not self.records:
            raise NotImported(f"{self.file}: {'; '.join(self.left_out[:LINES_SHOWN]) or 'has no analysis'}")
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


def notes_of(analysis: RevManAnalysis) -> Iterator[str]:
    """Yield what a person should look at in an analysis."""
    if abs(analysis.study_level - analysis.level) > 1e-9:
        levels = f"{100 * analysis.study_level:g}% intervals of studies and {100 * analysis.level:g}% ones of totals"
        yield f"{analysis.at}: has {levels}; all of this run have {100 * analysis.level:g}%"
    if analysis.swap:
        yield f"{analysis.at}: analyses those without the event, so that events are read as the patients without it"
    if analysis.kind == O_MINUS_E and measure_of(analysis) != "HR":
        yield f"{analysis.at}: effects are (O-E)/V with the variance 1/V"
    if analysis.kind == CONTRAST and measure_of(analysis) == GENERIC:
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
