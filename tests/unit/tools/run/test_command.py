"""`coppice run`: Snakemake in the folder of a review."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import coppice
from coppice.cli import main
from coppice.tools.run.command import arguments

SNAKEMAKE = [sys.executable, "-m", "snakemake"]


@pytest.fixture
def review(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").touch()
    return tmp_path


def test_a_review_with_a_snakefile_runs_it(review: Path) -> None:
    (review / "Snakefile").touch()
    assert arguments(review, []) == [*SNAKEMAKE, "--cores", "all"]


def test_a_review_without_a_snakefile_takes_the_workflow_of_the_library(review: Path) -> None:
    assert arguments(review, ["-n"]) == [*SNAKEMAKE, "--snakefile", coppice.SNAKEFILE, "--cores", "all", "-n"]
    assert Path(coppice.SNAKEFILE).is_file()


@pytest.mark.parametrize(
    "options", [["--cores", "2"], ["-c2"], ["--jobs=4"], ["--profile", "slurm"], ["--executor", "slurm"]]
)
def test_cores_are_all_unless_the_options_say_otherwise(review: Path, options: list[str]) -> None:
    (review / "Snakefile").touch()
    assert arguments(review, options) == [*SNAKEMAKE, *options]


def test_a_folder_without_a_review_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"{tmp_path}: is not a review: it has neither a Snakefile nor config/config.yaml; `coppice new-review DIR` writes one\n"
    )


def test_a_run_that_fails_ends_with_the_code_of_snakemake(review: Path) -> None:
    (review / "Snakefile").write_text("raise SystemExit('not this one')\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["run", str(review), "--quiet"])
    assert ended.value.code == 1
