"""A review on a real Slurm: few submissions, and the results of a run without one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.scale import corpus
from tests.slurm.cluster import cluster
from tests.workflow.conftest import ROOT, Review, checkout

ANALYSES, STUDIES = 120, 4  # above 100 a verb has batches
MOST_SUBMISSIONS = 20


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install Snakemake's plugin for Slurm into a folder, as its lock says."""
    folder = tmp_path_factory.mktemp("plugin")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    lock = ["--require-hashes", "--no-deps", "--requirement", str(ROOT / "profiles/slurm/requirements.lock")]
    subprocess.run([*pip, "--target", str(folder), *lock], check=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with cluster(tmp_path_factory.mktemp("cluster")):
        yield


def on_slurm(review: Review, plugin: Path) -> str:
    """Run a review on the cluster and return what Snakemake printed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", "snakemake", "--workflow-profile", "profiles/slurm", "--quiet", "host"]
    done = subprocess.run(
        command,
        cwd=review.folder,
        env=environment | {"PYTHONPATH": str(plugin)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    return done.stdout + done.stderr


def submissions(printed: str) -> int:
    return len(re.findall(r"has been submitted with SLURM jobid", printed))


def test_the_shipped_review_is_one_submission_an_analysis_and_the_same_bytes(plugin: Path, tmp_path: Path) -> None:
    local, remote = checkout(tmp_path / "local"), checkout(tmp_path / "remote")
    local.snakemake()
    printed = on_slurm(remote, plugin)
    assert 0 < submissions(printed) <= MOST_SUBMISSIONS
    assert remote.results() == local.results()
    assert submissions(on_slurm(remote, plugin)) == 0


def test_many_analyses_are_few_submissions_and_the_same_bytes(plugin: Path, tmp_path: Path) -> None:
    local, remote = checkout(tmp_path / "local"), checkout(tmp_path / "remote")
    for review in (local, remote):
        for file in review.path("config/studies").iterdir():
            file.unlink()
        corpus.write(review.folder, analyses=ANALYSES, studies=STUDIES)
    local.snakemake()
    printed = on_slurm(remote, plugin)
    print(f"{ANALYSES} analyses: {submissions(printed)} submissions")  # noqa: T201 (what `make slurm-test` is for)
    assert 0 < submissions(printed) <= MOST_SUBMISSIONS
    assert remote.results() == local.results()
