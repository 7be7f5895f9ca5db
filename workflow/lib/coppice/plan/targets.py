"""What the rules ask for: the jobs of a review, the spec that each reads, and the files that each declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from coppice.core import results_layout
from coppice.core.results_layout import BATCHED, FOLDER, REVIEW_FOLDER, batch_of
from coppice.jobs import spec_file
from coppice.jobs.batch import THRESHOLD
from coppice.jobs.canonical_json import digest_of_file
from coppice.plan import draw, report
from coppice.plan.extract import Unit
from coppice.plan.plan import Plan
from coppice.report import formats

PAGE, PROVENANCE, CRATE, CSV = report.PAGE, "provenance", "crate", "csv"
NEVER = "(?!)"  # a wildcard that matches nothing
PAGE_FILES = ("report.html", "report.ipynb")


@dataclass(frozen=True, slots=True)
class Job:
    """One job: the spec that it reads and the files that it writes."""

    verb: str  # its verb
    spec: str  # the file of its spec
    files: list[str]  # all its results
    index: str = ""  # the index of a batch, which is all that a batch declares; empty for other jobs


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class Targets:
    """The files of a review, relative to the folder in which Snakemake works."""

    plan: Plan  # the checked review
    # the source of the page, and the workflow that the research object holds
    notebook: str
    snakefile: str

    @cached_property
    def batches(self) -> dict[str, dict[str, Sequence[str]]]:
        """The units of each batch of each verb; none where each unit has a job of its own."""
        return {verb: self.plan.batches(verb) for verb in BATCHED} | {"read": {}}

    @cached_property
    def figures(self) -> dict[str, list[str]]:
        """The figures of each analysis."""
        return {name: list(draw.figures(self.plan.review, item)) for name, item in self.plan.review.analyses.items()}

    @cached_property
    def drawn(self) -> dict[str, tuple[list[str], list[str]]]:
        """The figures of each rule that draws analyses, and these analyses."""
        return draw.groups(self.plan.review)

    @cached_property
    def formats(self) -> list[str]:
        """The formats of each figure."""
        return draw.formats(self.plan.review)

    @cached_property
    def _specs(self) -> dict[tuple[str, str], str]:
        return {}

    def _written(self, verb: str, name: str, text: str) -> str:
        return spec_file.written(f"report/{name}" if verb == "report" else verb, text)

    def spec(self, verb: str, **unit: str) -> str:
        """Return the file of the spec of one unit, or of the review as a whole."""
        key = (verb, "/".join(unit.values()))
        if key not in self._specs:
            self._specs[key] = self._written(verb, key[1], self.plan.spec(verb, **unit))
        return self._specs[key]

    def batch_spec(self, verb: str, batch: str) -> str:
        """Return the file of the spec of a batch."""
        key = (verb, results_layout.index(verb, batch))
        if key not in self._specs:
            self._specs[key] = self._written(verb, "", self.plan.batch_spec(verb, self.batches[verb][batch]))
        return self._specs[key]

    def report_spec(self, format_: str) -> str:
        """Return the file of the spec of one format of the report; each has a file of its own."""
        key = ("report", format_)
        if key not in self._specs:
            keys: dict[str, dict[str, str | None]] = {
                PAGE: {"notebook": digest_of_file(self.notebook)},
                CRATE: {"snakefile": self.snakefile},
            }
            text = self.plan.spec("report", format_=format_, **keys.get(format_, {}))
            self._specs[key] = self._written("report", format_, text)
        return self._specs[key]

    def files(self, verb: str, unit: str) -> list[str]:
        """Return all files of one unit."""
        files = results_layout.files(verb, unit, self.figures.get(unit, ()), self.formats)
        return [f"{FOLDER}/{file}" for file in files]

    def declared(self, verb: str, units: Iterable[str], *, first: bool = False) -> list[str]:
        """Return what is declared of units of a verb: their files, or the first of each, or the indices of their batches."""
        if self.batches[verb]:
            return sorted({f"{FOLDER}/{results_layout.index(verb, batch_of(unit))}" for unit in units})
        return [file for unit in units for file in self.files(verb, unit)[: 1 if first else None]]

    def results_of(self, verb: str) -> list[str]:
        """Return the result of each analysis, or the indices of their batches."""
        return self.declared(verb, self.plan.review.analyses, first=True)

    def tables_of_effects(self) -> list[str]:
        """Return the table of effects of each analysis, or the indices of their batches."""
        return [
            file for file in self.declared("pool", self.plan.review.analyses) if Path(file).suffix != ".json"
        ] or self.results_of("pool")

    def extracts(self, units: Iterable[Unit] | None = None) -> list[str]:
        """Return what is declared of extracts, of all of the review by default."""
        return self.declared("extract", map("/".join, self.plan.extracts if units is None else units))

    def extracts_of_batch(self, verb: str, batch: str) -> list[str]:
        """Return what is declared of the extracts that the analyses of a batch read."""
        return self.extracts(
            dict.fromkeys(unit for name in self.batches[verb][batch] for unit in self.plan.reads(verb, analysis=name))
        )

    def proposals(self) -> list[str]:
        """Return what was read in the texts that no record quotes."""
        return self.declared("read", self.plan.units("read"))

    def review_figures(self, *formats: str) -> list[str]:
        """Return the figures of the review as a whole in some formats."""
        names = draw.review_figures(self.plan.review)
        return [f"{FOLDER}/{file}" for file in results_layout.files("draw", REVIEW_FOLDER, names, formats)]

    def drawn_pools(self) -> list[str]:
        """Return the pooled results that the figures of the review as a whole read."""
        return self.declared("pool", draw.analyses_of(self.plan.review), first=True)

    def every_figure(self) -> list[str]:
        """Return all figures of the review, in all formats."""
        return self.review_figures(*self.formats) + self.declared("draw", self.plan.review.analyses)

    def report_files(self, format_: str) -> list[str]:
        """Return the files of one format of the report."""
        files = PAGE_FILES if format_ == PAGE else report.format_files(self.plan.review, format_)
        return [f"{FOLDER}/{results_layout.file('report', name)}" for name in files]

    def every_format(self, *without: str) -> list[str]:
        """Return the files of the formats of the report that the configuration asks for, but for some."""
        wanted = [format_ for format_ in report.formats(self.plan.review) if format_ not in without]
        return [file for format_ in wanted for file in self.report_files(format_)]

    def every_result(self) -> list[str]:
        """Return every file that the review makes: a deleted one is made again."""
        analyses = self.plan.review.analyses
        pooled = self.declared("pool", analyses) + self.declared("explore", analyses)
        return (
            self.extracts()
            + self.proposals()
            + pooled
            + self.every_figure()
            + self.report_files(PAGE)
            + self.every_format()
        )

    def one_of(self, verb: str, part: int = 0) -> str:
        """Return the constraint of a wildcard: one of the names of a verb's units, or of a part of them; none in batches."""
        if self.batches[verb]:
            return NEVER
        names = dict.fromkeys(unit.split("/")[part] for unit in self.plan.units(verb))
        return "|".join(map(re.escape, names)) or NEVER

    def one_of_these(self, verb: str, names: Sequence[str]) -> str:
        """Return the constraint of a wildcard: one of some units of a verb; none in batches."""
        return "|".join(map(re.escape, names)) if names and not self.batches[verb] else NEVER

    @staticmethod
    def labelled(category: str, document: str) -> dict[str, Any]:
        """Return where a file of the whole review is found in Snakemake's report."""
        kind = "document" if category == "Report" else "table"
        return {"category": category, "labels": {"analysis": "all", kind: document}}

    def unknown(self) -> str:
        """Return the constraint of a wildcard: what lies in a folder of a verb and is not a result of this review."""
        made = [file for job in self.jobs() for file in ([job.index] if job.index else job.files)]
        made += [file for format_ in (PAGE, *formats.FORMATS) for file in self.report_files(format_)]
        pattern = "|".join(re.escape(file.removeprefix(f"{FOLDER}/")) for file in made)
        return rf"(?!(?:{pattern})$)(?:{'|'.join(results_layout.LAYOUT)})/.+"

    def advice(self, file: str) -> str:
        """Return what to ask for in place of a file that no job of its own makes."""
        jobs = list(self.jobs())
        for job in jobs:
            if job.index and file in job.files:
                return f"{file} is made in a batch, as there are more than {THRESHOLD} of its kind: ask for {job.index}"
        names = [name for job in jobs for name in ([job.index] if job.index else job.files)]
        close = get_close_matches(file, names, n=1, cutoff=0)
        return f"{file} is not a result of this review; the nearest is {close[0]}"

    def jobs(self) -> Iterator[Job]:
        """Yield every job of a run, the formats of the report that the configuration asks for among them."""
        for verb, batches in self.batches.items():
            for batch, units in batches.items():
                files = [file for unit in units for file in self.files(verb, unit)]
                index = f"{FOLDER}/{results_layout.index(verb, batch)}"
                yield Job(verb, self.batch_spec(verb, batch), files, index)
            for name, unit in {} if batches else self.plan.units(verb).items():
                yield Job(verb, self.spec(verb, **unit), self.files(verb, name))
        yield Job("", self.spec("draw"), self.review_figures(*self.formats))
        for format_ in (PAGE, *report.formats(self.plan.review)):
            yield Job("", self.report_spec(format_), self.report_files(format_))
