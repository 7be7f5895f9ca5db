"""The project's own files agree with one another."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

import coppice

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
NAMES = ("requirements.lock", "requirements-extras.lock", "requirements-dev.lock", "requirements-site.lock")
LOCKS = {name: (ROOT / name).read_text("utf-8") for name in NAMES}
OPTIONAL = PROJECT["optional-dependencies"]
FEATURES = sorted(set(OPTIONAL) - {"dev", "site", "slurm"})
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def name_of(requirement: str) -> str:
    return re.split(r"[<>=\[; ]", requirement)[0].lower().replace("_", "-")


def names_in(lock: str) -> set[str]:
    return {name_of(line.replace("==", ">=")) for line in re.findall(r"^[A-Za-z0-9._-]+==.*$", lock, re.MULTILINE)}


def steps(workflow: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job.get("steps", [])]


def test_the_version_is_the_same_in_every_file_that_states_it() -> None:
    version = coppice.__version__
    assert PROJECT["dynamic"] == ["version"]
    assert "version" not in PROJECT
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"] == version
    assert json.loads((ROOT / "codemeta.json").read_text("utf-8"))["version"] == version
    running = (ROOT / "docs" / "running.md").read_text("utf-8")
    assert set(re.findall(r"@v([\d.]+)|tag=\"v([\d.]+)\"", running)) == {
        (version, ""),
        ("", version),
    }


def test_make_alone_lists_every_target_with_a_line() -> None:
    shown = subprocess.run(["make", "-C", ROOT, "--no-print-directory"], capture_output=True, text=True, check=True)
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert [line.split()[1] for line in shown.stdout.splitlines()] == phony[1].split()
    assert all(len(line.split()) > 3 for line in shown.stdout.splitlines())


def test_an_interpreter_that_is_too_old_is_refused_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python-old"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo Python 3.9.1 && exit\nexit 1\n')
    old.chmod(0o755)
    for name in ("Makefile", *NAMES):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    done = subprocess.run(
        ["make", "--no-print-directory", "test", f"PYTHON={old}"],
        cwd=tmp_path,
        env={key: value for key, value in os.environ.items() if not key.startswith("MAKE")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert not (tmp_path / ".venv").exists()
    first, *rest = done.stderr.splitlines()
    assert "needs Python 3.11 or later" in first and "is Python 3.9.1" in first
    assert [line for line in rest if not line.startswith("make: ***")] == []


def test_an_environment_behind_a_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "file").touch()
    (tmp_path / ".venv").symlink_to("theirs")
    for name in ("Makefile", *NAMES):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", f"PYTHON={sys.executable}", "setup"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "is a link" in done.stderr
    assert (tmp_path / "theirs" / "file").exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_pins_its_dependencies_with_hashes_and_names_no_index(name: str) -> None:
    wanted = {
        "requirements.lock": PROJECT["dependencies"],
        "requirements-extras.lock": [line for feature in FEATURES for line in OPTIONAL[feature]],
        "requirements-dev.lock": OPTIONAL["dev"],
        "requirements-site.lock": OPTIONAL["site"],
    }
    before = "".join(LOCKS[earlier] for earlier in NAMES[: NAMES.index(name)])  # `jsonschema` comes with Snakemake
    assert {name_of(line) for line in wanted[name]} <= names_in(LOCKS[name] + "\n" + before)
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=[A-Za-z0-9])", LOCKS[name])[1:])
    assert "://" not in LOCKS[name]


def test_a_package_is_pinned_in_one_lock() -> None:
    packages = [name for lock in LOCKS.values() for name in names_in(lock)]
    assert sorted(packages) == sorted(set(packages))


def test_a_review_is_made_without_tools_of_development_and_extras() -> None:
    runtime = names_in(LOCKS["requirements.lock"])
    assert not runtime & {name_of(line) for name in (*FEATURES, "dev", "site") for line in OPTIONAL[name]} - {
        "jsonschema"
    }
    for target in ("report", "crate", "check"):
        assert re.search(rf"^{target}: \$\(RUNTIME\) ##", MAKEFILE, re.MULTILINE)


def test_make_installs_the_extras_of_pyproject() -> None:
    listed = re.search(r"^FEATURES := (.*)$", MAKEFILE, re.MULTILINE)
    assert listed and listed[1].split() == FEATURES


@pytest.mark.parametrize("tool", ["pip", "uv"])
def test_the_tool_that_installs_is_taken_from_a_lock_with_its_hashes(tool: str) -> None:
    pin = re.search(r"^PIN = awk '(.*)' (.*)$", MAKEFILE, re.MULTILINE)
    assert pin is not None
    program = pin[1].replace("$(1)", tool)
    entry = subprocess.run(["awk", program, ROOT / pin[2]], capture_output=True, text=True, check=True).stdout
    first, *hashes = [line for line in entry.splitlines() if not line.strip().startswith("#")]
    assert re.fullmatch(rf"{tool}==[\d.]+ \\", first)
    assert hashes and all(line.strip().startswith("--hash=sha256:") for line in hashes)


def test_conda_installs_the_same_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert {"pip": ["-r requirements.lock"]} in environment["dependencies"]
    assert environment["channels"] == ["conda-forge", "nodefaults"]


def test_the_jobs_own_conda_environment_allows_what_the_project_allows() -> None:
    environment = yaml.safe_load((ROOT / "workflow" / "envs" / "coppice.yaml").read_text("utf-8"))
    *plain, wheels = environment["dependencies"]
    allowed = {line for line in [*plain, *wheels["pip"]] if line != "pip" and not line.startswith("python=")}
    of_jobs = [name for name in FEATURES if name not in ("ris", "bibtex", "xml")]  # `coppice import` runs in no job
    ours = [*PROJECT["dependencies"], *(line for name in of_jobs for line in OPTIONAL[name])]
    assert allowed == {line for line in ours if name_of(line) != "snakemake"}
    rules = "\n".join(file.read_text("utf-8") for file in (ROOT / "workflow" / "rules").glob("*.smk"))
    assert set(re.findall(r"conda:\s+\"(.*)\"", rules)) == {"../envs/coppice.yaml"}


def test_the_lock_for_slurm_pins_the_plugin_and_nothing_else() -> None:
    lock = (ROOT / "profiles" / "slurm" / "requirements.lock").read_text("utf-8")
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)
    assert set(pinned) == {name_of(line) for line in OPTIONAL["slurm"]}
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock


@pytest.mark.parametrize("name", ["default", "slurm", "kubernetes"])
def test_a_profile_has_only_options_that_snakemake_has(name: str) -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "snakemake", "--help"], capture_output=True, text=True, check=True
    ).stdout
    profile = yaml.safe_load((ROOT / "profiles" / name / "config.yaml").read_text("utf-8"))
    of_the_plugin = {option for option in profile if option.startswith("slurm-")}
    known = set(re.findall(r"--([a-z][a-z-]+)", help_text))
    assert set(profile) - of_the_plugin <= known


def test_the_profiles_of_clusters_repeat_the_default_ones_options() -> None:
    default, *others = (
        yaml.safe_load((ROOT / "profiles" / name / "config.yaml").read_text("utf-8"))
        for name in ("default", "slurm", "kubernetes")
    )
    for other in others:
        assert default.items() <= other.items()


def test_the_container_is_built_as_make_builds_its_environment() -> None:
    steps_of_image = (ROOT / "Containerfile").read_text("utf-8")
    assert "--require-hashes --no-deps -r requirements.lock $EXTRAS" in steps_of_image
    assert "requirements-dev" not in steps_of_image
    for file in ("requirements.lock", "Snakefile"):
        assert (ROOT / file).exists() and file in steps_of_image


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_github_workflow_runs_only_targets_and_steps_that_exist(workflow: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    ci = set(re.findall(r"^step_([a-z]+)\(\)", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE))
    commands = "\n".join(step.get("run", "") for step in steps(workflow))
    assert set(re.findall(r"\bmake (?:-C coppice )?([a-z-]+)", commands)) <= targets
    assert {word for line in re.findall(r"\.ci/run(.*)", commands) for word in line.split()} <= ci
    assert commands.strip()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_github_workflow_pins_each_action_by_the_hash_of_its_commit(workflow: Path) -> None:
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used or workflow.name == "comment.yml"  # which uses none
    assert not [name for name in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name)]


def test_the_tests_on_github_cover_every_python_that_is_supported() -> None:
    tests = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8"))
    pythons = tests["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert pythons[0] == PROJECT["requires-python"].removeprefix(">=")
    assert [int(python.split(".")[1]) for python in pythons] == list(range(11, 11 + len(pythons)))
