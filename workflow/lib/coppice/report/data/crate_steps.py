"""The steps of a run: which files each of them read, and which it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from coppice.core import results_layout
from coppice.core.results_layout import FOLDER, REVIEW_FOLDER
from coppice.report.other_view import OtherView
from coppice.report.report_data import AnalysisView, ReviewView


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the run: the verb, the unit it worked on, the files it read and those it wrote."""

    verb: str
    unit: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its id in the graph."""
        return f"#run-{self.verb}-{quote(self.unit.replace('/', '-'))}"


def steps(review: ReviewView, names: Sequence[str]) -> Iterator[Step]:
    """Yield the steps that made the results, in the order of the workflow, with those of their files that are in `names`."""
    packed, records = set(names), review.spec["records"]

    def present(files: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in files if name in packed)

    for study, outcome in sorted(review.extracts):
        made = present([_extract(study, outcome)])
        yield Step("extract", f"{study}/{outcome}", present([records[study]]), made)
    for name in (review.spec.get("read") or {}).get("files", []):
        yield Step("read", Path(name).stem, (), present([f"{FOLDER}/{name}"]))
    for analysis in review.everything:
        pooled, table = (f"{FOLDER}/{name}" for name in results_layout.files("pool", analysis.name))
        yield Step("pool", analysis.name, present(_extracts_of(review, analysis)), present([pooled, table]))
        explored = f"{FOLDER}/{results_layout.file('explore', analysis.name)}"
        yield Step("explore", analysis.name, present([pooled]), present([explored]))
        drawn = sorted(name for name in names if name.startswith(f"results/draw/{analysis.name}/"))
        yield Step("draw", analysis.name, present([pooled, explored]), tuple(drawn))
    of_review = [name for name in names if name.startswith(f"results/draw/{REVIEW_FOLDER}/")]
    pooling = [
        name for name in names if name.startswith(("results/extract/", "results/pool/")) and name.endswith(".json")
    ]
    if of_review:
        yield Step("draw", "review", tuple(pooling), tuple(of_review))
    read = [name for name in names if name.startswith("results/") and not name.startswith("results/report/")]
    yield Step("report", "review", tuple(read), tuple(name for name in names if name.startswith("results/report/")))


def _extract(study: str, outcome: str) -> str:
    return f"{FOLDER}/{results_layout.file('extract', f'{study}/{outcome}')}"


def _extracts_of(review: ReviewView, analysis: AnalysisView | OtherView) -> list[str]:
    """Return the extracts of the studies of an analysis, including those that could not be pooled."""
    excluded = [item["study"] for item in analysis.pool.get("excluded") or []]
    outcomes = list(dict.fromkeys(str(effect.get("outcome") or analysis.outcome) for effect in analysis.effects))
    outcomes = outcomes or [analysis.outcome]
    studies = dict.fromkeys([*(effect["study"] for effect in analysis.effects), *excluded])
    units = [(study, outcome) for study in studies for outcome in outcomes]
    return [_extract(*unit) for unit in units if len(outcomes) == 1 or unit in review.extracts]
