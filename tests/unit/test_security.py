"""What docs/security.md says of CI and of what is installed, held against the files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from coppice.core import limits

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
COMMENT = "comment.yml"  # the one workflow that answers to a run of a pull request, with a token that can write
SECURITY = (ROOT / "docs" / "security.md").read_text("utf-8")
OF_STRANGERS = re.compile(
    r"\$\{\{[^}]*github\.(event\.(pull_request\.(title|body|head)|issue|comment|head_commit)|head_ref|actor)"
)


def content_of(workflow: Path) -> dict[Any, Any]:
    content: dict[Any, Any] = yaml.safe_load(workflow.read_text("utf-8"))
    return content


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_the_code_of_a_stranger_runs_without_secrets(workflow: Path) -> None:
    content = content_of(workflow)
    events = content[True]  # YAML 1.1 takes `on` for true
    assert "pull_request_target" not in events
    assert "workflow_run" not in events or workflow.name == COMMENT
    assert "secrets." not in workflow.read_text("utf-8") and "inherit" not in workflow.read_text("utf-8")
    assert content["permissions"] == ({} if workflow.name == COMMENT else {"contents": "read"})
    for job in content["jobs"].values():
        # what a job may call is held to its permissions where it is declared
        if "write" in (job.get("permissions") or {}).values() and "uses" not in job and workflow.name != COMMENT:
            assert re.search(
                r"github\.event_name == 'release'|github\.ref_name == github\.event\.repository\.default_branch",
                job["if"],
            )
            assert "pull_request" not in job["if"] or "!= 'pull_request'" in job["if"]


def test_the_workflow_that_comments_on_a_pull_request_runs_no_code_of_it() -> None:
    (job,) = content_of(ROOT / ".github" / "workflows" / COMMENT)["jobs"].values()
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert not [step for step in job["steps"] if "uses" in step]  # no checkout, no action that unpacks an artifact
    assert "github.event.workflow_run.event == 'pull_request'" in job["if"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_checkout_keeps_no_credentials(workflow: Path) -> None:
    jobs = content_of(workflow)["jobs"].values()
    checkouts = [step for job in jobs for step in job.get("steps", []) if "/checkout@" in step.get("uses", "")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_no_text_of_a_pull_request_becomes_part_of_a_script(workflow: Path) -> None:
    jobs = content_of(workflow)["jobs"].values()
    scripts = [step["run"] for job in jobs for step in job.get("steps", []) if "run" in step]
    assert scripts
    assert not [script for script in scripts if OF_STRANGERS.search(script)]
    assert not [script for script in scripts if "${{" in script]


def test_every_package_is_installed_by_its_hash() -> None:
    locks = [file.read_text("utf-8") for file in sorted(ROOT.glob("requirements*.lock"))]
    pins = [pin for lock in locks for pin in re.split(r"\n(?=[a-zA-Z0-9])", lock)]
    packages = [pin for pin in pins if re.match(r"[a-zA-Z0-9][\w.-]*==", pin)]
    assert len(packages) > 100
    assert [pin.split()[0] for pin in packages if "--hash=sha256:" not in pin] == []
    makefile = (ROOT / "Makefile").read_text("utf-8")
    installing = [line for line in makefile.splitlines() if "pip install " in line]
    assert installing and all("--require-hashes --no-deps" in line for line in installing)


@pytest.mark.parametrize(
    "words",
    [
        f"{limits.megabytes(limits.TEXT_BYTES)}, {limits.YAML_VALUES:,} values, {limits.YAML_DEPTH} levels",
        f"{limits.megabytes(limits.TABLE_BYTES)}; unpacked {limits.megabytes(limits.UNPACKED_BYTES)}; {limits.TABLE_ROWS:,} rows, {limits.TABLE_COLUMNS:,} columns, {limits.TABLE_CELLS:,} cells",
        f"at most {limits.LARGEST_NUMBER:.0e} in size, at least {limits.SMALLEST_NUMBER:.0e} or 0; counts at most {limits.LARGEST_WHOLE:.0e}".replace("+", ""),
        f"at most {limits.LARGEST_EFFECT:.0e} in size, with a variance from {1 / limits.LARGEST_VARIANCE:.0e} to {limits.LARGEST_VARIANCE:.0e}".replace("+", ""),
        f"{limits.LOWEST_LEVEL} to {limits.HIGHEST_LEVEL}",
        f"{limits.TEXT_LENGTH:,} characters; {limits.NAME_LENGTH} of a label or another name, {limits.ID_LENGTH} of an id",
        f"{limits.FIGURES:,} figures of an outcome, {limits.FIGURES_IN_ALL:,} in all; {limits.COORDINATES:,} coordinates of a curve with {limits.NUMBERS_AT_RISK} numbers at risk, {limits.PATIENTS:,} patients of one that is reconstructed; {limits.DOMAINS} domains of bias",
        f"{limits.SEARCHES:,} searches",
        f"{limits.LINE_LENGTH:,} characters; {limits.FINDINGS} of one file, {limits.PROBLEMS:,} at once",
    ],
)  # fmt: skip
def test_the_limits_are_those_of_the_page(words: str) -> None:
    assert f"| {words} |" in SECURITY


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+?)`", SECURITY))
    assert len(named) > 5 and [name for name in named if not (ROOT / name).exists()] == []
