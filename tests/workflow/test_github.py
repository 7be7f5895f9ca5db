"""The shell steps of the workflow that GitHub runs in a reviewer's repository, run as its runner runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from .conftest import ROOT, Review

# BaseLoader: the key `on` stays text
JOBS = yaml.load((ROOT / ".github/workflows/report.yml").read_text("utf-8"), Loader=yaml.BaseLoader)["jobs"]
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
BESIDE = ("Makefile", "requirements.lock", "LICENSE")


@pytest.fixture
def repository(finished: Review, tmp_path: Path) -> Path:
    """Return a finished review with what `make` needs, and an environment that is this one."""
    review = finished.copy(tmp_path / "repository")
    for name in BESIDE:
        shutil.copy2(ROOT / name, review.folder / name)
    python = review.path(".venv/bin/python")
    python.parent.mkdir(parents=True)
    library = review.path("workflow/lib")  # its own, as in an environment that `make` makes
    python.write_text(f'#!/bin/sh\nPYTHONPATH={library} exec {sys.executable} "$@"\n', "utf-8")
    python.chmod(0o755)
    review.path(".venv/.runtime").touch()
    return review.folder


def steps(job: str) -> dict[str, str]:
    """Return the commands of a job by the name of their step."""
    return {step.get("name", step["run"]): step["run"] for step in JOBS[job]["steps"] if "run" in step}


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "PYTHONPATH"
    }
    return subprocess.run(
        [*BASH, command], cwd=folder, env=inherited | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.whole
def test_a_pull_request_gets_the_report_the_site_and_what_it_changes(repository: Path, tmp_path: Path) -> None:
    asked = steps("report")
    assert list(asked) == [
        "make report",
        "Say what changed",
        "Make the research object",
        "Put the site together",
    ]
    before = tmp_path / "before"
    shutil.copytree(repository / "results", before)
    config = repository / "config/config.yaml"
    analysis = "  efs_children:\n"
    config.write_text(
        config.read_text("utf-8").replace(analysis, f"{analysis}    model: {{inference: wald}}\n", 1), "utf-8"
    )
    made = run(asked["make report"], repository)
    assert made.returncode == 0, made.stderr[-2000:]
    told = tmp_path / "summary.md"
    said = run(asked["Say what changed"], repository, BASE=str(before), GITHUB_STEP_SUMMARY=str(told))
    assert said.returncode == 0, said.stderr
    text = told.read_text("utf-8")
    assert "setting changed | inference | HKSJ | wald" in text, said.stderr
    assert "(FLIPPED)" in text
    put = run(asked["Put the site together"], repository)
    assert put.returncode == 0, put.stderr
    site = repository / "build/site"
    assert (site / "index.html").read_bytes() == (repository / "results/report/report.html").read_bytes()
    assert (site / "draw/os/forest.svg").is_file()


def test_a_base_that_does_not_run_is_said_and_stops_nothing(repository: Path, tmp_path: Path) -> None:
    told = tmp_path / "summary.md"
    done = run(steps("report")["Say what changed"], repository, BASE="no-such-revision", GITHUB_STEP_SUMMARY=str(told))
    assert done.returncode == 0
    assert "What changed is not known" in told.read_text("utf-8")


def test_a_release_gets_the_report_and_the_research_object(repository: Path, tmp_path: Path) -> None:
    made = run(steps("report")["Make the research object"], repository)
    assert made.returncode == 0, made.stderr[-2000:]
    with zipfile.ZipFile(repository / "results/report/crate.zip") as crate:
        names = set(crate.namelist())
    assert {
        "ro-crate-metadata.json",
        "config/studies/TOWER.yaml",
        "workflow/Snakefile",
        "results/pool/os.json",
    } <= names
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text('#!/bin/sh\nfor file; do echo "$file"; done > "$ASKED"\n', "utf-8")
    (tools / "gh").chmod(0o755)
    asked = tmp_path / "asked"
    done = run(
        steps("attach")["Attach the report to the release"],
        repository,
        PATH=f"{tools}{os.pathsep}{os.environ['PATH']}",
        ASKED=str(asked),
        TAG="v1; exit 1",
        REPOSITORY="owner/review",
    )
    assert done.returncode == 0, done.stderr
    words = asked.read_text("utf-8").splitlines()
    assert words[:3] == ["release", "upload", "v1; exit 1"]
    assert all((repository / word).is_file() for word in words if word.startswith("results/"))


@pytest.mark.parametrize("job", JOBS)
def test_what_github_fills_in_reaches_a_shell_only_through_the_environment(job: str) -> None:
    # a branch may be called `; rm -r .`
    assert not [command for command in steps(job).values() if "${{" in command]
