"""What each edit reruns: all that it affects, and nothing else."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from coppice.jobs import run_lock
from coppice.plan.plan import load
from coppice.review.config_file import read

from .conftest import ROOT, Review, jobs_of

PLAN = load([ROOT / "config/config.yaml"], {"studies": str(ROOT / "config/studies")})
ANALYSES = list(PLAN.review.analyses)
FORMS = {"tables": 1, "workbook": 1, "script for R": 1}
PAGE = {"report": 1, "provenance": 1}
REPORT = PAGE | FORMS
WHOLE = {"draw the review": 1}  # the figures of the review read every pooled result and every extract


def of(*analyses: str, verbs: tuple[str, ...] = ("pool", "explore", "draw")) -> dict[str, int]:
    """Return the jobs of some analyses, and the report in the formats that hold what they change."""
    units = {f"{verb} {analysis}": 1 for analysis in analyses for verb in verbs}
    return units | (WHOLE if "pool" in verbs else {}) | (PAGE if verbs == ("draw",) else REPORT)


def pooling(outcome: str, study: str | None = None) -> list[str]:
    """Return the analyses that pool an outcome, those that a study is in if one is given."""
    return [
        name
        for name, item in PLAN.review.analyses.items()
        if item.outcome == outcome and (study is None or any(member.study == study for member in item.members))
    ]


def touch_everything(review: Review) -> None:
    later = time.time() + 60
    for folder in ("config", "workflow", "profiles"):
        for file in review.path(folder).rglob("*"):
            os.utime(file, (later, later))


def reorder_studies(review: Review) -> None:
    """Make the records anew in another order, so that a listing of the folder gives another one."""
    folder = review.path("config/studies")
    texts = {file.name: file.read_text("utf-8") for file in folder.iterdir()}
    for name in texts:
        (folder / name).unlink()
    for name in sorted(texts, reverse=True):
        (folder / name).write_text(texts[name], "utf-8")


def edit(name: str, old: str, new: str) -> Callable[[Review], None]:
    return lambda review: review.edit(name, old, new)


def append(name: str, text: str) -> Callable[[Review], None]:
    return lambda review: review.path(name).write_text(review.path(name).read_text("utf-8") + text, "utf-8") and None


def write(name: str, text: str) -> Callable[[Review], None]:
    return lambda review: review.path(name).write_text(text, "utf-8") and None


def delete(name: str) -> Callable[[Review], None]:
    return lambda review: review.path(name).unlink()


def cut_short(name: str) -> Callable[[Review], None]:
    return lambda review: review.path(name).write_bytes(review.path(name).read_bytes()[:100]) and None


def touch_results(review: Review) -> None:
    """Give all results one later time, as a copy of a folder may."""
    later = time.time() + 60
    for file in review.path("results").rglob("*"):
        os.utime(file, (later, later))


def another_version(package: str) -> Callable[[Review], None]:
    """Let a package say another version, in the first place where Python looks for it."""

    def write(review: Review) -> None:
        metadata = review.path(f"workflow/lib/{package}-999.0.dist-info/METADATA")
        metadata.parent.mkdir()
        metadata.write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 999.0\n", "utf-8")

    return write


def all_verbs() -> dict[str, int]:
    extracts = {f"extract {outcome} of {study}": 1 for study, outcome in PLAN.extracts}
    return extracts | of(*ANALYSES)


E1910_OS = {"extract os of E1910": 1} | of(*pooling("os", "E1910"))

EDITS: dict[str, tuple[Callable[[Review], None], dict[str, int]]] = {
    "nothing": (lambda review: None, {}),
    "touch of every file": (touch_everything, {}),
    "the studies in another order": (reorder_studies, {}),
    "a comment in a study file": (append("config/studies/E1910.yaml", "# a comment\n"), {}),
    "a comment in the configuration": (append("config/config.yaml", "# a comment\n"), {}),
    "one OS figure of E1910": (edit("config/studies/E1910.yaml", "ci: [0.25, 0.76]", "ci: [0.26, 0.76]"), E1910_OS),
    "a text that no record quotes": (write("config/sources/new.txt", "12 of 30 died."), {"read new.txt": 1} | PAGE),
    "the hash of a text that is quoted": (edit("config/sources/texts.yaml", "sha256: 30ac", "sha256: 31ac"), PAGE),
    "a study's label": (
        edit("config/studies/E1910.yaml", "label: E1910 (Litzow 2024)", "label: E1910"),
        of(
            *(
                name
                for name, item in PLAN.review.analyses.items()
                if any(study.study == "E1910" for study in item.members)
            )
        ),
    ),
    "the smallest important difference of an analysis": (
        edit("config/config.yaml", "    event: death\n", "    event: death\n    important: 0.8\n"),
        {"draw os": 1} | PAGE | {"tables": 1, "workbook": 1},  # the worksheet of GRADE is a table
    ),
    "a result deleted": (delete("results/pool/os.json"), of("os")),
    "a figure deleted": (delete("results/draw/os/funnel.svg"), {"draw os": 1} | PAGE),
    "another format of the figures": (
        edit("config/config.yaml", "  formats: [svg]\n", "  formats: [svg, png]\n"),
        of(*ANALYSES, verbs=("draw",)) | WHOLE,
    ),
    "a format of the report deleted": (delete("results/report/tables/effects.csv"), {"tables": 1, "provenance": 1}),
    "a format of the report no longer asked for": (
        edit("config/config.yaml", "[csv, xlsx, R, provenance]", "[csv]"),
        {"report": 1},
    ),
    "an extract deleted": (delete("results/extract/E1910/os.json"), E1910_OS),
    "a result edited by hand": (append("results/explore/os.json", "\n"), {"explore os": 1, "draw os": 1} | REPORT),
    "a figure cut short": (cut_short("results/draw/os/forest.svg"), {"draw os": 1} | PAGE),
    "a format of the report edited by hand": (
        append("results/report/tables/effects.csv", "x"),
        {"tables": 1, "provenance": 1},
    ),
    "touch of every result": (touch_results, {}),
    "the model of os": (
        edit(
            "config/config.yaml",
            "    title: Overall survival\n",
            "    title: Overall survival\n    model: {tau2: PM}\n",
        ),
        of("os"),
    ),
    "the level of all analyses": (edit("config/config.yaml", "model: {}", "model: {level: 0.9}"), of(*ANALYSES)),
    "a colour": (
        edit("config/config.yaml", "style: {}", "style: {accent: '#123456'}"),
        of(*ANALYSES, verbs=("draw",)) | WHOLE,
    ),
    "a figure switched on": (
        edit("config/config.yaml", "  funnel: {}\n", "  funnel: {}\n  radial: {}\n"),
        of(*ANALYSES, verbs=("draw",)),
    ),
    "a figure switched off": (
        edit("config/config.yaml", "  funnel: {}\n", "  funnel: false\n"),
        of(*ANALYSES, verbs=("draw",)),
    ),
    "a figure of the review switched off": (
        edit("config/config.yaml", "  funnel: {}\n", "  funnel: {}\n  routes_map: false\n"),
        WHOLE | PAGE,
    ),
    "a judgement on the risk of bias": (
        edit(
            "config/studies/E1910.yaml",
            "risk_of_bias: null",
            "risk_of_bias: {tool: RoB 2, domains: {D1: low}, overall: low}",
        ),
        WHOLE | REPORT,
    ),
    "a count of the flow of studies": (
        edit("config/config.yaml", "  flow: null", "  flow: {screened: 100}"),
        WHOLE | PAGE,
    ),
    "a figure of the review deleted": (delete("results/draw/_review/summary.svg"), WHOLE | PAGE),
    "the report's title": (
        edit("config/config.yaml", "title: Blinatumomab versus", "title: Blinatumomab against"),
        PAGE,
    ),
    "a note beside an analysis": (
        edit("config/config.yaml", "INFANT is one arm beside", "INFANT is a single arm beside"),
        PAGE,
    ),
    "the body of an extract function": (append("workflow/lib/coppice/extract/choose.py", "\nX = 1\n"), all_verbs()),
    "the body of a pool function": (append("workflow/lib/coppice/pool/subgroups.py", "\nX = 1\n"), of(*ANALYSES)),
    "the body of an explore function": (
        append("workflow/lib/coppice/explore/resampling/resample.py", "\nX = 1\n"),
        of(*ANALYSES, verbs=("explore", "draw")),
    ),
    "the body of a draw function": (
        append("workflow/lib/coppice/draw/forest/forest.py", "\nX = 1\n"),
        of(*ANALYSES, verbs=("draw",)) | WHOLE,
    ),
    "a colour of a risk-of-bias light": (
        edit("workflow/lib/coppice/draw/figures/bias_symbols.py", "#4aa98b", "#4aa98c"),
        of(*ANALYSES, verbs=("draw",)) | WHOLE,
    ),
    "the body of a report function": (append("workflow/lib/coppice/report/page/sentences.py", "\nX = 1\n"), REPORT),
    "the notebook": (append("workflow/notebooks/report.py", "\n# a comment\n"), PAGE),
    "the version of a package that computes": (another_version("statsmodels"), all_verbs()),
    "the version of a package that draws": (
        another_version("matplotlib"),
        of(*ANALYSES, verbs=("draw",)) | WHOLE | REPORT,
    ),
    "the version of the package that writes PNG": (
        another_version("pillow"),
        of(*ANALYSES, verbs=("draw",)) | WHOLE,
    ),
    "the version of a package that only the report stands on": (another_version("markupsafe"), REPORT),
    "the command line": (append("workflow/lib/coppice/cli.py", "\nX = 1\n"), all_verbs()),
}


# alike to another of the edits: these are left to `make whole`
ALIKE = {
    "a comment in the configuration", "the hash of a text that is quoted", "a figure deleted", "a format of the report deleted",
    "an extract deleted", "a figure cut short", "a format of the report edited by hand", "touch of every result",
    "the level of all analyses", "a figure switched off", "a figure of the review switched off",
    "a figure of the review deleted", "a note beside an analysis", "the body of a pool function",
    "the body of an explore function", "a colour of a risk-of-bias light", "the version of a package that draws",
    "the version of a package that only the report stands on", "the notebook", "the studies in another order",
}  # fmt: skip


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.whole] if name in ALIKE else []) for name in EDITS]
)
def test_an_edit_reruns_what_it_affects_and_nothing_else(review: Review, name: str) -> None:
    change, expected = EDITS[name]
    change(review)
    assert review.jobs() == Counter(expected)


@pytest.mark.whole
def test_a_study_added_and_removed_reruns_its_outcomes_and_leaves_nothing_behind(review: Review) -> None:
    text = review.path("config/studies/TOWER.yaml").read_text("utf-8")
    added = review.path("config/studies/NEW.yaml")
    added.write_text(
        text.replace("study: TOWER", "study: NEW", 1).replace("population: TOWER", "population: NEW"), "utf-8"
    )
    names = [
        name for name, item in PLAN.review.analyses.items() if any(study.study == "TOWER" for study in item.members)
    ]
    names += [name for name in ("efs", "efs_all") if name not in names]  # NEW is not among those that these exclude
    outcomes = sorted({PLAN.review.analyses[name].outcome for name in names})
    assert review.jobs() == Counter({f"extract {outcome} of NEW": 1 for outcome in outcomes} | of(*names))
    before = review.results()
    review.snakemake()
    assert review.path("results/extract/NEW/os.json").exists()
    added.unlink()
    assert review.jobs() == Counter(of(*names))
    review.snakemake()
    assert review.results() == before


def test_an_analysis_that_is_removed_leaves_nothing_behind(review: Review) -> None:
    review.edit("config/config.yaml", "  crs:\n    title", "  crs_renamed:\n    outcome: crs\n    title")
    review.edit("config/config.yaml", "    outcome: crs\n    measure: RD", "    measure: RD")
    review.snakemake()
    left = sorted(name for name in review.results() if "crs" in name.split("/")[1] and "crs_renamed" not in name)
    assert left == []


def test_results_without_snakemakes_memory_are_not_taken_for_current(review: Review) -> None:
    """The folk remedy for a lock is to delete .snakemake; an edit made then must still be seen."""
    import shutil

    shutil.rmtree(review.path(".snakemake"))
    EDITS["the model of os"][0](review)
    assert Counter(of("os")) - review.jobs() == Counter()


def test_a_real_run_does_what_the_dry_run_said_and_then_nothing(review: Review) -> None:
    change, expected = EDITS["the model of os"]
    change(review)
    assert jobs_of(review.snakemake()) == Counter(expected)
    assert review.jobs() == Counter()
    assert read([review.path("config/config.yaml")], {}).data["analyses"]["os"]["model"] == {"tau2": "PM"}


def test_a_review_that_moves_beside_its_checkout_reruns_nothing(finished: Review, tmp_path: Path) -> None:
    moved = Review(tmp_path / "another" / "folder")
    moved.folder.mkdir(parents=True)
    for part in ("config", "results", ".snakemake"):
        shutil.copytree(finished.path(part), moved.path(part))
    dry = moved.snakemake("--snakefile", str(finished.path("Snakefile")), "--dry-run")
    assert jobs_of(dry) == Counter()


def test_a_run_signs_its_lock_so_that_the_next_one_knows_whose_marks_were_left(finished: Review) -> None:
    assert finished.path(run_lock.FOLDER).joinpath(run_lock.RUN).read_text("utf-8") == socket.gethostname()
