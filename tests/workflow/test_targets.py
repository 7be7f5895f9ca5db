"""What may be asked for: the default target, a part of it, a file by name; and where the workflow may be started from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coppice.core.results_layout import batch_of

from .conftest import Review, jobs_of
from .test_batches import many_units

pytestmark = pytest.mark.whole


@pytest.mark.parametrize(
    ("target", "nearest"),
    [
        ("results/pool/oss.json", "results/pool/os.json"),
        ("results/draw/os/forrest.svg", "results/draw/os/forest.svg"),
        ("results/report/report.htm", "results/report/report.html"),
    ],
)
def test_a_misspelt_target_gives_one_line_with_the_nearest_name(fresh: Review, target: str, nearest: str) -> None:
    done = fresh.snakemake("--dry-run", target, check=False)
    assert done.returncode == 1
    assert f"{target} is not a result of this review; the nearest is {nearest}\n" in done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr


def test_a_unit_that_only_a_batch_makes_gives_one_line_with_the_index_of_the_batch(tmp_path: Path) -> None:
    review = many_units(tmp_path / "review")
    index = f"results/pool/_{batch_of('a3')}.json"
    done = review.snakemake("--dry-run", "results/pool/a3.json", check=False)
    assert done.returncode == 1
    assert f"ask for {index}\n" in done.stderr
    assert f"pool batch {batch_of('a3')}" in jobs_of(review.snakemake("--dry-run", index))


@pytest.mark.parametrize("snakefile", ["Snakefile", pytest.param("workflow/Snakefile", marks=pytest.mark.whole)])
def test_a_run_in_parts_makes_a_part_of_the_one_default_target(fresh: Review, snakefile: str) -> None:
    whole = jobs_of(fresh.snakemake("--snakefile", snakefile, "--dry-run"))
    first = jobs_of(fresh.snakemake("--snakefile", snakefile, "--dry-run", "--batch", "all=1/2"))
    assert 0 < first.total() < whole.total()
    assert first <= whole and "report" not in first


@pytest.mark.parametrize("snakefile", ["Snakefile", "workflow/Snakefile"])
def test_the_default_profile_is_found_beside_the_workflow_from_any_folder(
    fresh: Review, tmp_path: Path, snakefile: str
) -> None:
    elsewhere = Review(tmp_path / "elsewhere")
    elsewhere.folder.mkdir()
    fresh.path("config").rename(elsewhere.path("config"))
    done = elsewhere.snakemake("--snakefile", str(fresh.path(snakefile)), "--dry-run")
    assert "profiles/default for setting default command line arguments" in done.stderr


@pytest.mark.whole
def test_jobs_run_where_no_program_is_called_python(fresh: Review, tmp_path: Path) -> None:
    """As on a Debian with python3 alone: only the interpreter that runs Snakemake is there."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for folder in map(Path, os.environ["PATH"].split(os.pathsep)):
        for program in folder.glob("*") if folder.is_dir() else ():
            if not program.name.startswith("python") and not (programs / program.name).exists():
                (programs / program.name).symlink_to(program)
    assert not (programs / "python").exists()
    fresh.snakemake("results/extract/E1910/os.json", "--printshellcmds", PATH=str(programs))
    assert fresh.path("results/extract/E1910/os.json").exists()
