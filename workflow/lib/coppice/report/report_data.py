"""Views of the review and its analyses: the report's specification and the results that it names, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.extract import Candidate, ExtractResult, UnusedFigure
from coppice.core.contracts.pool import Effect, Level, PoolResult
from coppice.core.contracts.read import ReadResult
from coppice.core.importance import Importance
from coppice.core.measures import Measure
from coppice.core.number_style import DEFAULT, Style
from coppice.core.printing import LINE, back, decimals_of, landmarks, with_display
from coppice.core.results_layout import DEFAULT_FORMATS
from coppice.core.roles import MAIN
from coppice.report.other_view import OtherView

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """One analysis: its configuration and its results.

    Attributes
    ----------
    name, title, outcome : str
        Key of the analysis, its title, and the outcome's key in the records.
    favours : tuple of str or None
        Labels of the two directions, the side below the null first.
    experimental, control : str
        Names of the arms.
    pool, explore : mapping
        Results of the two verbs; `explore` is empty if the analysis is not explored.
    figures : mapping
        File of each figure, by the figure's name.
    baselines : tuple of mapping
        Baseline risks that the configuration gives: `name`, `risk`, `time`, `source`.
    certainty : mapping or None
        The certainty of the evidence as people judged it: `level` and `reasons`.
    event : str or None
        What happens to a patient, as it stands in a sentence.
    important : Importance or None
        From which size an effect matters; None where the configuration does not give it.
    role : str
        A key of `ROLES`: whether it gives a result of the review.
    stored : mapping or None
        The result that another program stored.
    accept : mapping
        Findings of checks of its note that are right as they are, by the check's name, each with the reason.
    """

    name: str
    title: str
    outcome: str
    measure: Measure
    favours: tuple[str, str] | None
    experimental: str
    control: str
    note: str | None
    pool: PoolResult
    explore: ExploreResult
    figures: Mapping[str, Path]
    baselines: tuple[Record, ...] = ()
    certainty: Record | None = None
    event: str | None = None
    style: Style = DEFAULT
    important: Importance | None = None
    role: str = MAIN
    stored: Record | None = None
    accept: Mapping[str, str] = field(default_factory=dict)
    decimals: int = field(init=False)  # of its effects: more than usual if they would print alike
    landmarks: tuple[float, ...] = field(init=False)  # values that no other effect prints as

    def __post_init__(self) -> None:
        object.__setattr__(self, "pool", cast(PoolResult, with_display(self.pool)))
        object.__setattr__(self, "decimals", decimals_of(self.pool, self.measure))
        object.__setattr__(self, "landmarks", landmarks(self.measure))

    @property
    def effects(self) -> list[Effect]:
        """The effects that were pooled."""
        return self.pool["effects"]

    @property
    def levels(self) -> list[Level]:
        """The levels of the subgroups; empty without subgroups."""
        subgroups = self.pool["subgroups"]
        return subgroups["levels"] if subgroups else []

    @property
    def id(self) -> str:
        """The id of its section in the report."""
        return f"analysis-{self.name}"

    def back(self, value: float | None, size: float | None = None, measure: Measure | None = None) -> float | None:
        """Transform a value from the model's scale to the printed one, at the size of a study or of all that is pooled.

        The measure is the analysis's own by default.
        """
        return back(measure or self.measure, value, size or self.pool["display"].get("size"))

    def printed(self, part: Record | None, keys: Iterable[str] = LINE) -> list[float | None]:
        """Return values of a part of the result as they are printed: those that it displays, or else back-transformed."""
        part = part or {}
        displayed = part.get("shown") or {}
        return [displayed[key] if key in displayed else self.back(part.get(key), part.get("size")) for key in keys]

    def explored(self, part: Literal["leave_one_out", "cumulative", "influence", "history"]) -> list[Any]:
        """Return the rows of a part of the exploration; none where it was skipped."""
        rows = self.explore.get(part)
        return rows if isinstance(rows, list) else []

    def side(self, value: float) -> str | None:
        """Return the label of the direction in which `value`, on the model's scale, lies; None at the null."""
        if self.favours is None or self.measure.null is None or value == self.measure.null:
            return None
        return self.favours[value > self.measure.null]


@dataclass(frozen=True, slots=True, eq=False)
class ReviewView:
    """The review and all its results: studies' records and figures of the review by name, extracts by study and outcome.

    `analyses` are the pairwise ones, `others` those of other kinds.
    """

    spec: Record
    analyses: tuple[AnalysisView, ...]
    studies: Mapping[str, Record]
    extracts: Mapping[tuple[str, str], ExtractResult]
    figures: Mapping[str, Path] = field(default_factory=dict)
    texts: tuple[ReadResult, ...] = ()  # what was read in the texts that no record quotes
    others: tuple[OtherView, ...] = ()

    def of_kind(self, kind: str) -> list[OtherView]:
        """Return the analyses of one kind other than pairwise."""
        return [item for item in self.others if item.kind == kind]

    def effect_cells(self, analysis: OtherView, effect: Record) -> tuple[Any, ...]:
        """Return an effect as printed and on the model's scale, its route, and the report that it was read in."""
        return (
            *(analysis.back(effect[key]) for key in ("yi", "ci_low", "ci_high")),
            effect["yi"],
            effect["vi"],
            effect["route"],
            self.citation(effect["study"], effect["report"]),
        )

    @property
    def everything(self) -> list[AnalysisView | OtherView]:
        """The analyses of all kinds, in the order of the configuration."""
        by_name: dict[str, AnalysisView | OtherView] = {item.name: item for item in self.analyses}
        by_name |= {item.name: item for item in self.others}
        names = [entry["analysis"] for entry in self.spec.get("analyses") or ()]
        ordered = [by_name.pop(name) for name in names if name in by_name]
        return [*ordered, *by_name.values()]

    @property
    def about(self) -> Record:
        """The configuration of the review as a whole: title, question, authors and so on."""
        about: Record = self.spec["review"]
        return about

    @property
    def question(self) -> Record:
        """The parts of the question that the configuration states."""
        return self.about.get("question") or {}

    @property
    def main_analyses(self) -> list[AnalysisView]:
        """The analyses that give a result of the review, which abstract and summary of findings state."""
        return [analysis for analysis in self.analyses if analysis.role == MAIN]

    @property
    def formats(self) -> list[str]:
        """The formats of the figures; SVG, which the page shows, is one of them."""
        return list(self.spec.get("figure_formats") or DEFAULT_FORMATS)

    @property
    def compares_arms(self) -> bool:
        """Whether any analysis may compare arms, as all do but those of single groups."""
        return not self.everything or any(not analysis.measure.is_of_one_group for analysis in self.everything)

    def extract(self, study: str, outcome: str) -> ExtractResult | None:
        """Return the extract of an outcome of a study, if an analysis needs it."""
        return self.extracts.get((study, outcome))

    def label(self, study: str) -> str:
        """Return a study's label."""
        return str(self.studies.get(study, {}).get("label") or study)

    def definition(self, outcome: str, study: str | None) -> str | None:
        """Return how a study defines an outcome."""
        outcomes = self.studies.get(study or "", {}).get("outcomes") or {}
        definition: str | None = (outcomes.get(outcome) or {}).get("definition")
        return definition

    def outcome(self, key: str, study: str | None = None) -> str:
        """Return the name of an outcome: the title of the first analysis that pools it, its definition in `study`, or its key in words."""
        titles = [each.title for each in self.everything if each.outcome == key and not each.pool.get("outcomes")]
        return titles[0] if titles else str(self.definition(key, study) or key.replace("_", " ")).rstrip(".")

    def citation(self, study: str, report: str | None) -> str | None:
        """Return the citation of one of a study's reports."""
        reports = self.studies.get(study, {}).get("reports") or {}
        return None if report is None else str(reports.get(report, {}).get("citation") or report)

    def source(self, key: str | None) -> str | None:
        """Return the description of the document in which a result was read."""
        return None if key is None else str(self.spec.get("sources", {}).get(key) or key)


def figures_of(extract: ExtractResult) -> list[Candidate | UnusedFigure]:
    """Return every result of an outcome of a study, those that give an effect first."""
    return [
        *(figure for measure in extract["measures"].values() for figure in measure["candidates"]),
        *extract["unused"],
    ]


def arm_of(study: Record, arm: str) -> Record:
    """Return what a study's record holds on an arm; nothing where it has none."""
    stated: Record = (study.get("arms") or {}).get(arm) or {}
    return stated
