"""After any edit the results are those of a run from nothing: of the configuration, a study, the library, a package's version.

COPPICE_EDITS is the number of edits, each on top of those before it; which ones they are follows from COPPICE_FAULTS_SEED.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.faults.small import anew, small
from tests.workflow.conftest import Review

CASES = int(os.environ.get("COPPICE_EDITS", "8"))
SEED = os.environ.get("COPPICE_FAULTS_SEED", "0")
VERSIONS = (
    "versions"  # a folder before all others on Python's path, in which packages say that they have another version
)
PACKAGES = ("matplotlib", "nbformat", "numpy", "scipy", "statsmodels")
WIDTH = 1.4  # of a made-up interval, as a factor on each side

Change = Callable[[random.Random], str]


def one_of(*texts: str) -> Change:
    return lambda source: source.choice(texts)


def number(template: str, low: int, high: int) -> Change:
    return lambda source: template.format(source.randint(low, high))


def hazard_ratio(source: random.Random) -> str:
    ratio = round(source.uniform(0.5, 1.2), 2)
    return f"estimate: {ratio}, ci: [{ratio / WIDTH:.2f}, {ratio * WIDTH:.2f}]"


@dataclass(frozen=True)
class Edit:
    """A text in one of some files, and what may stand in its place."""

    files: str
    pattern: str
    change: Change

    def make(self, review: Review, source: random.Random) -> str:
        """Make the edit at one of the places where it can be made, and return what it was."""
        places = [
            (file, found)
            for file in sorted(review.folder.glob(self.files))
            for found in re.finditer(self.pattern, file.read_text("utf-8"))
        ]
        assert places, f"nothing in {self.files} reads {self.pattern}"
        file, found = source.choice(places)
        text = file.read_text("utf-8")
        while (new := self.change(source)) == found.group():
            pass
        file.write_text(text[: found.start()] + new + text[found.end() :], "utf-8")
        return f"{file.relative_to(review.folder)}: {found.group()!r} -> {new!r}"


def library(module: str, one: str, other: str) -> Edit:
    """Return an edit that changes a function's results, or takes that back."""
    pattern = f"{re.escape(one)}|{re.escape(other)}"
    return Edit(f"workflow/lib/coppice/{module}", pattern, one_of(one, other))


CONFIGURATION = "config/config.yaml"
RECORDS = "config/studies/*.yaml"
KINDS: dict[str, list[Edit]] = {
    "edit of the configuration": [
        Edit(CONFIGURATION, r"tau2: \w+", one_of("tau2: REML", "tau2: DL", "tau2: PM", "tau2: SJ", "tau2: HE")),
        Edit(CONFIGURATION, r"inference: [\w-]+", one_of("inference: wald", "inference: HKSJ", "inference: t")),
        Edit(CONFIGURATION, r"title: [\w ]+", number("title: Title {}", 1, 99)),
        Edit(CONFIGURATION, r"measure: (RR|OR|RD)", one_of("measure: RR", "measure: OR", "measure: RD")),
        Edit(CONFIGURATION, r"funnel: .*", one_of("funnel: false", "funnel: {}")),
        Edit(CONFIGURATION, r"style: .*", number("style: {{accent: '#{}'}}", 100000, 999999)),
        Edit(
            CONFIGURATION,
            r"explore: .*",
            one_of("explore: {}", "explore: {gosh: true}", "explore: {cumulative: {by: precision}}"),
        ),
        Edit(
            CONFIGURATION,
            r"formats: \[.*\]",
            one_of("formats: [csv, R, provenance]", "formats: [csv]", "formats: [provenance]", "formats: [R, csv]"),
        ),
    ],
    "edit of a study": [
        Edit(RECORDS, r"estimate: [\d.]+, ci: \[.*?\]", hazard_ratio),
        Edit(RECORDS, r"events_e: \d+", number("events_e: {}", 10, 60)),
        Edit(RECORDS, r"events_c: \d+", number("events_c: {}", 10, 60)),
        Edit(RECORDS, r"year: \d+", number("year: {}", 1990, 2020)),
        Edit(RECORDS, r"label: .*", number("label: Trial {}", 1, 99)),
        Edit(RECORDS, r"definition: .*", number("definition: As on page {}", 1, 99)),
    ],
    "edit of the library": [
        library("jobs/canonical_json.py", "SIGNIFICANT_DIGITS = 12", "SIGNIFICANT_DIGITS = 11"),
        library("jobs/batch.py", "THRESHOLD = 100", "THRESHOLD = 1"),  # a job for each unit, or batches
        library("extract/choose.py", "the only figure that gives", "the one figure that gives"),
        library("explore/resampling/resample.py", '"Q": spread.q,', '"Q": 2 * spread.q,'),
        library("pool/kernel/heterogeneity.py", "100.0 * tau2 / (", "99.0 * tau2 / ("),
        library("draw/canvas/style.py", "row: float = 15.5", "row: float = 16.5"),
        library("report/page/sentences.py", "The between-study variance", "This between-study variance"),
    ],
    "version of a package": [
        Edit(f"{VERSIONS}/{package}-*/METADATA", r"Version: .*", number("Version: {}.0", 100, 999))
        for package in PACKAGES
    ],
}


def say_versions(folder: Path) -> None:
    """Let each package say its own version, in files that can be edited."""
    from importlib.metadata import version

    for package in PACKAGES:
        metadata = folder / VERSIONS / f"{package}-0.dist-info/METADATA"
        metadata.parent.mkdir(parents=True)
        metadata.write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version(package)}\n", "utf-8")


def run(review: Review) -> dict[str, bytes]:
    review.snakemake(PYTHONPATH=str(review.path(VERSIONS)))
    return review.results()


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Return a review that is edited again and again."""
    review = small(tmp_path_factory.mktemp("edits") / "chain")
    say_versions(review.folder)
    run(review)
    return review


@pytest.mark.parametrize("number", range(CASES))
def test_after_an_edit_the_results_are_those_of_a_run_from_nothing(
    chain: Review, tmp_path: Path, held: Callable[[str], None], number: int
) -> None:
    source = random.Random(f"{SEED}/{number}")
    kind = list(KINDS)[number % len(KINDS)]
    made = source.choice(KINDS[kind]).make(chain, source)
    after, from_nothing = run(chain), run(anew(chain, tmp_path / "from nothing"))
    assert sorted(after) == sorted(from_nothing), made
    assert [name for name in after if after[name] != from_nothing[name]] == [], made
    held(kind)
