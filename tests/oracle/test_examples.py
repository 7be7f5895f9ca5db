"""The scripts of the tutorials in R, run live: they give the numbers that the pages and the comparison with Coppice rest on."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/same.R"))


def test_every_example_has_a_script() -> None:
    assert sorted(path.parent.name for path in EXAMPLES.glob("*/Snakefile")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_script_of_a_tutorial_gives_the_numbers_that_are_expected(name: str, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "expect.R", tmp_path)
    shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=shutil.ignore_patterns("results", ".snakemake"))
    (tmp_path / name / "expected.tsv").unlink()
    run = subprocess.run(["Rscript", "same.R"], cwd=tmp_path / name, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / name / "expected.tsv").read_text("utf-8") == (EXAMPLES / name / "expected.tsv").read_text(
        "utf-8"
    )
