"""Runs of the workflow, and of an R script that does the same analyses (review.R), each with its seconds and processor time."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import records
from cpu_time import Used, measure

REPOSITORY = Path(__file__).resolve().parents[2]
REPEATS = 3
# of what a failed command printed
LINES_SHOWN = 30
RECORDS = (10, 1_000)
ANALYSIS, LEVELS = "  efs_children:\n", count(900)  # what is edited, to another level of its intervals each time
R_PACKAGES = ("metafor", "rmarkdown")


def used(command: list[str], cwd: Path = REPOSITORY) -> Used:
    """Run a command to its end and return what it used; its output is shown only if it fails."""
    done = measure(command, cwd)
    if done.code:
        end = "\n".join(done.output.splitlines()[-LINES_SHOWN:])
        sys.exit(f"{' '.join(command)} failed:\n{end}")
    return done


@contextmanager
def review() -> Iterator[Path]:
    """Give a folder that holds the shipped review and nothing made from it."""
    with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
        shutil.copytree(REPOSITORY / "config", Path(folder, "config"))
        yield Path(folder)


def snakemake(folder: Path, *options: str) -> Used:
    """Run the workflow on the review in a folder."""
    snakefile = str(REPOSITORY / "Snakefile")
    command = [sys.executable, "-m", "snakemake", "--snakefile", snakefile, "--directory", str(folder), "--cores", "2"]
    return used([*command, *options])


@cache
def lacking_in_r() -> str:
    """Return why the R script can't be run here; empty where it can."""
    if shutil.which("Rscript") is None:
        return "R is not installed"
    ready = "; ".join(f"library({name})" for name in R_PACKAGES)
    done = subprocess.run(["Rscript", "-e", ready], capture_output=True, check=False)
    return f"R lacks one of {', '.join(R_PACKAGES)}" if done.returncode else ""


def r_script(finished: Path) -> Used:
    """Run the R script on the tables of effects of a finished review."""
    with tempfile.TemporaryDirectory(prefix="coppice-bench-") as out:
        script = str(Path(__file__).with_name("review.R"))
        return used(["Rscript", script, str(finished / "results" / "pool"), out])


def edited(folder: Path) -> Used:
    """Edit one analysis, as never before, and run the workflow to the new report."""
    config = folder / "config" / "config.yaml"
    before, analysis, after = config.read_text(encoding="utf-8").partition(ANALYSIS)
    if not analysis:
        raise ValueError("the shipped review has another analysis to edit")
    rest = after[after.index("\n") + 1 :] if after.startswith("    model: ") else after
    config.write_text(f"{before}{analysis}    model: {{level: 0.{next(LEVELS)}}}\n{rest}", encoding="utf-8")
    return snakemake(folder)


@contextmanager
def reviews_of_records() -> Iterator[list[Path]]:
    """Give a folder for each number of records, with a review of so many."""
    with tempfile.TemporaryDirectory(prefix="coppice-bench-") as folder:
        places = [Path(folder, str(number)) for number in RECORDS]
        for place, number in zip(places, RECORDS, strict=True):
            records.write(place, number)
        yield places
