"""Jobs whose results are not what their times say have a newer spec, and nothing else changes."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from coppice.core.environment import RUN_VARIABLE
from coppice.jobs import canonical_json, outdated, spec_file


@dataclass
class Job:
    verb: str
    spec: str
    files: list[str]
    index: str = ""


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Return a job that has run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RUN_VARIABLE, "here:1")
    spec = spec_file.written("pool", json.dumps({"analysis": "os"}))
    files = ["results/pool/os.json", "results/pool/os.csv"]
    for file in files:
        canonical_json.write(file, {"k": 3})
    return Job("pool", spec, files)


def is_marked(job: Job) -> bool:
    """Mark what is outdated, and return whether the spec is another input with the same content, newer than the results."""
    before = Path(job.spec).read_bytes()
    list(outdated.mark([job], Path))
    after = Path(job.spec)
    newest = max((Path(file).stat().st_mtime_ns for file in job.files if Path(file).exists()), default=0)
    assert json.loads(after.read_bytes()) == json.loads(before)
    assert (after.read_bytes() == before) or after.stat().st_mtime_ns > newest
    return after.read_bytes() != before


def test_a_job_whose_results_are_as_written_is_left_alone(job: Job) -> None:
    assert not is_marked(job)


def test_a_job_of_which_a_result_was_edited_runs_again_and_the_edit_is_named(job: Job) -> None:
    Path(job.files[1]).write_text("edited", "utf-8")
    assert is_marked(job)
    (line,) = outdated.mark([job], Path)
    assert line.startswith("results/pool/os.csv was edited: a run makes it again")
    assert Path(job.files[1]).read_text("utf-8") == "edited"


def test_a_batch_that_lost_a_file_of_a_unit_runs_again(job: Job) -> None:
    job.index = "results/pool/_3.json"
    assert not is_marked(job)  # no index: Snakemake sees that itself
    canonical_json.write(job.index, {"units": {}})
    assert not is_marked(job)
    Path(job.files[0]).unlink()
    assert is_marked(job)
    assert Path(job.index).exists()


def test_units_that_batches_made_are_made_again_where_each_has_a_job_of_its_own(job: Job) -> None:
    Path("results/pool/_3.journal").touch()
    assert is_marked(job)
    assert Path("results/pool/_3.journal").exists()


def test_an_edit_anywhere_beside_the_configuration_is_seen_before_the_review_is_read(tmp_path: Path) -> None:
    config, record, page = tmp_path / "config/config.yaml", tmp_path / "config/studies/a.yaml", tmp_path / "report.html"
    record.parent.mkdir(parents=True)
    for file in (config, record):
        file.write_text("a: 1\n", "utf-8")
    (record.parent / "gone.yaml").symlink_to("nowhere")
    assert outdated.is_edited_since(page, [config])
    page.write_text("", "utf-8")
    later = record.stat().st_mtime_ns + 10**9
    os.utime(page, ns=(later, later))
    assert not outdated.is_edited_since(page, [config])
    os.utime(record, ns=(later + 1, later + 1))
    assert outdated.is_edited_since(page, [config])
