"""Coppice as a part of another workflow: as a module from a folder, and from a repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import ROOT, Review, checkout

pytestmark = pytest.mark.whole

DEPLOYED = """configfile: "config/config.yaml"

module coppice:
    snakefile: {snakefile}
    config: config
{options}
use rule * from coppice
"""
CONFIG = """review: {title: A small review}
studies: config/studies
analyses:
  os: {measure: HR, include: {design: [randomised]}}
figures: {funnel: false}
"""
STUDIES = ("E1910", "TOWER", "AALL1331-LR")


def small_review(folder: Path) -> Path:
    """Make a folder with a configuration of its own, and nothing of Coppice."""
    (folder / "config" / "studies").mkdir(parents=True)
    (folder / "config" / "config.yaml").write_text(CONFIG, "utf-8")
    shutil.copy2(ROOT / "config" / "sources.yaml", folder / "config")
    for study in STUDIES:
        shutil.copy2(ROOT / "config" / "studies" / f"{study}.yaml", folder / "config" / "studies")
    return folder


def deployed(folder: Path, snakefile: str, options: str = "") -> Review:
    small_review(folder)
    (folder / "Snakefile").write_text(DEPLOYED.format(snakefile=snakefile, options=options), "utf-8")
    return Review(folder)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkout(tmp_path_factory.mktemp("source") / "coppice").folder


@pytest.fixture(scope="module")
def direct(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the results of the small review by `snakemake --directory`."""
    folder = small_review(tmp_path_factory.mktemp("direct") / "review")
    Review(source).snakemake("--directory", str(folder))
    return Review(folder).results()


def test_a_module_of_another_workflow_gives_the_same_results(
    source: Path, direct: dict[str, bytes], tmp_path: Path
) -> None:
    review = deployed(tmp_path / "mine", repr(str(source / "workflow" / "Snakefile")))
    review.snakemake()
    assert review.results() == direct
    assert not review.jobs()


def test_a_module_with_a_prefix_keeps_its_results_apart(source: Path, direct: dict[str, bytes], tmp_path: Path) -> None:
    review = deployed(tmp_path / "mine", repr(str(source / "workflow" / "Snakefile")), '    prefix: "meta"\n')
    review.snakemake()
    assert Review(review.folder / "meta").results() == direct
    assert not (review.folder / "results").exists()


def test_a_module_from_a_repository_runs_with_the_installed_library(
    source: Path, direct: dict[str, bytes], tmp_path: Path
) -> None:
    git = ["git", "-C", str(source), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *command], check=True)
    review = deployed(tmp_path / "mine", f'gitfile("{source}", path="workflow/Snakefile", ref="main")')
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    installed = environment | {"PYTHONPATH": str(source / "workflow" / "lib")}
    command = [sys.executable, "-m", "snakemake", "--cores", "2"]
    done = subprocess.run(command, cwd=review.folder, capture_output=True, text=True, env=installed, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert review.results() == direct
