"""A copy of the project, run once, that tests edit and run again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("Snakefile", "workflow", "config", "profiles", "environment.yml")
PATIENCE_SECONDS = 300  # of workers that wait for the one that runs the shipped review
GENERATED = shutil.ignore_patterns("__pycache__", "*.egg-info")


def jobs_of(run: subprocess.CompletedProcess[str]) -> Counter[str]:
    """Return the jobs that a run names, dry or real, the rule that only names the results left out."""
    named = re.findall(r"^\s*Job \d+: (.*)$", run.stderr + run.stdout, re.MULTILINE)
    return Counter(named) - Counter({"all": 1, "every result is there": 1})


@dataclass(frozen=True)
class Review:
    """A checkout in a folder of its own."""

    folder: Path

    def snakemake(
        self, *options: str, cores: int = 2, check: bool = True, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        # every job is named, so that tests can count them
        named = () if "--quiet" in options else ("--quiet", "host")
        command = [sys.executable, "-m", "snakemake", "--cores", str(cores), *options, *named]
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, env=inherited | environment, check=False
        )
        assert not check or done.returncode == 0, done.stderr[-3000:]
        return done

    def jobs(self) -> Counter[str]:
        """Return what a dry run would do: 'pool os', 'extract os of E1910', 'report' and so on."""
        return jobs_of(self.snakemake("--dry-run"))

    def path(self, name: str) -> Path:
        return self.folder / name

    def edit(self, name: str, old: str, new: str) -> None:
        file = self.path(name)
        text = file.read_text("utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {name}"
        file.write_text(text.replace(old, new, 1), "utf-8")

    def results(self) -> dict[str, bytes]:
        folder = self.path("results")
        return {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        }

    def copy(self, folder: Path) -> Review:
        shutil.copytree(self.folder, folder, symlinks=True)
        return Review(folder)


def checkout(folder: Path) -> Review:
    """Return a fresh checkout: what git would give, without results."""
    folder.mkdir(parents=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=GENERATED)
        else:
            shutil.copy2(source, folder / part)
    return Review(folder)


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """Return the shipped review after one complete run, the same for all workers of a test run; not to be edited."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, done = shared / "finished", shared / "finished.done"
    try:
        review = checkout(folder)
    except FileExistsError:  # another worker is at it
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done.exists():
            assert time.monotonic() < deadline, "the worker that runs the shipped review did not finish"
            time.sleep(0.2)
        assert done.read_text("utf-8") == "whole", "the run of the shipped review failed in another worker"
        return Review(folder)
    try:
        review.snakemake()
    except BaseException:
        done.write_text("failed", "utf-8")
        raise
    done.write_text("whole", "utf-8")
    return review


@pytest.fixture
def review(finished: Review, tmp_path: Path) -> Review:
    """Return a copy of the finished review, to be edited."""
    return finished.copy(tmp_path / "review")


@pytest.fixture
def fresh(tmp_path: Path) -> Review:
    """Return a checkout that has never been run."""
    return checkout(tmp_path / "fresh")
