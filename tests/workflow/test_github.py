"""The shell steps of the workflows that GitHub runs for a review, run as its runner runs them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import ROOT, Review, checkout

BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
WORKFLOWS = ROOT / ".github" / "workflows"
MAKE, FETCH = "Make the report from nothing", "Fetch the results of the last run on the default branch"
SAY, PUT, COMPARE = "Say what changed", "Put the site together", "Compare each byte with what is published"
# A program of GitHub's that answers from files: a request with the file of its last word, a download with a folder.
GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$ANSWERS/asked"
case "$1" in
  api) for word; do case "$word" in repos/*) cat "$ANSWERS/${word##*/}.json";; body.json) cp body.json "$ANSWERS/sent.json";; esac; done ;;
  run) for folder; do :; done; test -d "$ANSWERS/artifact" && cp -r "$ANSWERS/artifact" "$folder" ;;
esac
"""


def jobs(workflow: str) -> dict[str, Any]:
    """Return the jobs of a workflow; BaseLoader, as text stays text."""
    content: dict[str, Any] = yaml.load((WORKFLOWS / workflow).read_text("utf-8"), Loader=yaml.BaseLoader)
    return content["jobs"]


def steps(workflow: str, job: str) -> dict[str, str]:
    """Return the commands of a job by the name of their step."""
    return {step["name"]: step["run"] for step in jobs(workflow)[job]["steps"] if "run" in step}


REPORT = steps("review.yml", "report")
(COMMENT,) = steps("comment.yml", "comment").values()


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [*BASH, command], cwd=folder, env=inherited | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def workspace(finished: Review, tmp_path: Path) -> Path:
    """Return a runner's folder after the checkouts, with results, and an environment that is this one."""
    folder = tmp_path / "workspace"
    checkout(folder / "coppice")
    shutil.copytree(ROOT / "config", folder / "review" / "mine" / "config")
    shutil.copytree(finished.path("results"), folder / "results")
    python = folder / "coppice/.venv/bin/python"
    python.parent.mkdir(parents=True)
    # its own library, as in an environment that `make` makes
    library = folder / "coppice/workflow/lib"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={library} exec {sys.executable} "$@"\n', "utf-8")
    python.chmod(0o755)
    return folder


@pytest.fixture
def gh(tmp_path: Path) -> dict[str, str]:
    """Return the environment in which GitHub's program answers from the files of the folder `ANSWERS`."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text(GH, "utf-8")
    (tools / "gh").chmod(0o755)
    answers = tmp_path / "answers"
    answers.mkdir()
    return {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "ANSWERS": str(answers),
        "GITHUB_REPOSITORY": "owner/review",
    }


@pytest.mark.whole
def test_a_review_anywhere_in_a_repository_gets_its_report_its_site_and_what_changed(
    workspace: Path, tmp_path: Path
) -> None:
    shutil.move(workspace / "results", workspace / "earlier")
    config = workspace / "review/mine/config/config.yaml"
    analysis = "  efs_children:\n"
    config.write_text(
        config.read_text("utf-8").replace(analysis, f"{analysis}    model: {{inference: wald}}\n", 1), "utf-8"
    )
    stale = workspace / "review/mine/results/pool/os.json"
    stale.parent.mkdir(parents=True)
    stale.write_text("{}", "utf-8")  # that somebody has committed
    made = run(REPORT[MAKE], workspace, FOLDER="mine", FORMATS="csv, crate")
    assert made.returncode == 0, made.stderr[-2000:]
    with zipfile.ZipFile(workspace / "results/report/crate.zip") as crate:
        assert {"ro-crate-metadata.json", "results/pool/os.json"} <= set(crate.namelist())
    assert not (workspace / "results/report/tables.xlsx").exists()  # the formats are those that were asked for
    summary = tmp_path / "summary.md"
    compared = run(REPORT[SAY], workspace, GITHUB_STEP_SUMMARY=str(summary))
    assert compared.returncode == 0, compared.stderr
    text = summary.read_text("utf-8")
    assert "setting changed | inference | HKSJ | wald" in text and "(FLIPPED)" in text
    assert run(REPORT[PUT], workspace).returncode == 0
    site = workspace / "site"
    assert (site / "index.html").read_bytes() == (workspace / "results/report/report.html").read_bytes()
    assert (site / "draw/os/forest.svg").is_file()


def test_a_first_run_and_unreadable_results_stop_nothing(workspace: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    for expected in ("no earlier results", "not known"):
        done = run(REPORT[SAY], workspace, GITHUB_STEP_SUMMARY=str(summary))
        assert done.returncode == 0, done.stderr
        assert expected in summary.read_text("utf-8")
        (workspace / "earlier/pool").mkdir(parents=True, exist_ok=True)
        (workspace / "earlier/pool/os.json").write_text("{", "utf-8")


@pytest.mark.parametrize("changed", [False, True])
def test_the_weekly_run_fails_where_a_byte_differs_from_what_is_published(
    changed: bool, workspace: Path, tmp_path: Path
) -> None:
    shutil.copytree(workspace / "results", workspace / "earlier")
    if changed:
        with (workspace / "results/draw/os/forest.svg").open("a", encoding="utf-8") as file:
            file.write("\n")
    summary = tmp_path / "summary.md"
    done = run(REPORT[COMPARE], workspace, GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == int(changed), done.stderr
    assert not changed or "forest.svg" in summary.read_text("utf-8")


def test_the_results_of_a_pull_request_are_never_taken_for_the_published_ones(
    tmp_path: Path, gh: dict[str, str]
) -> None:
    answers = Path(gh["ANSWERS"])
    (answers / "artifact").mkdir()

    def a_run(number: int, event: str, repository: str) -> dict[str, Any]:
        return {"id": number, "event": event, "head_repository": {"full_name": repository}}

    runs = [
        a_run(4, "pull_request", "stranger/review"),
        a_run(3, "push", "stranger/review"),
        a_run(2, "schedule", "owner/review"),
        a_run(1, "push", "owner/review"),
    ]
    (answers / "runs.json").write_text(json.dumps({"workflow_runs": runs}), "utf-8")
    asked = {"WORKFLOW": "owner/review/.github/workflows/mine.yml@refs/pull/7/merge", "BRANCH": "main"}
    done = run(REPORT[FETCH], tmp_path, **gh, **asked)
    assert done.returncode == 0, done.stderr
    lines = (answers / "asked").read_text("utf-8").splitlines()
    assert "actions/workflows/mine.yml/runs" in lines[0] and "branch=main" in lines[0]
    assert lines[1].startswith("run download 2 ")
    assert (tmp_path / "earlier").is_dir()


def test_a_first_run_has_nothing_to_fetch(tmp_path: Path, gh: dict[str, str]) -> None:
    (Path(gh["ANSWERS"]) / "runs.json").write_text('{"workflow_runs": []}', "utf-8")
    done = run(REPORT[FETCH], tmp_path, **gh, WORKFLOW="o/r/.github/workflows/a.yml@x", BRANCH="main")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "earlier").exists()


OF_A_RUN = {"RUN": "11", "OWNER": "stranger", "BRANCH": "a;b", "COMMIT": "c0ffee", "MARK": "<!-- mark -->"}


def comment(folder: Path, gh: dict[str, str], *, commit: str = "c0ffee", before: tuple[str, str] | None = None) -> Path:
    """Run the workflow that comments, where one pull request has a commit, and return what was sent."""
    answers = Path(gh["ANSWERS"])
    (answers / "pulls.json").write_text(json.dumps([{"number": 7, "head": {"sha": commit}}]), "utf-8")
    earlier = [{"id": 5, "user": {"login": before[0]}, "body": before[1]}] if before else []
    (answers / "comments.json").write_text(json.dumps(earlier), "utf-8")
    (answers / "5.json").touch()
    done = run(COMMENT, folder, **gh, **OF_A_RUN)
    assert done.returncode == 0, done.stderr
    return answers / "sent.json"


def test_a_comment_holds_what_changed_and_calls_nobody(tmp_path: Path, gh: dict[str, str]) -> None:
    artifact = Path(gh["ANSWERS"]) / "artifact"
    artifact.mkdir()
    (artifact / "changes.md").write_text("# What changed\n\n@somebody `$(reboot)`\n" + "@" * 70_000, "utf-8")
    body = json.loads(comment(tmp_path, gh).read_text("utf-8"))["body"]
    assert body.startswith("<!-- mark -->\n") and "# What changed" in body
    assert "$(reboot)" in body and not re.search(r"@\w", body)
    assert len(body) <= 65_536
    assert "--method POST repos/owner/review/issues/7/comments" in (Path(gh["ANSWERS"]) / "asked").read_text("utf-8")


@pytest.mark.parametrize(("author", "method"), [("github-actions[bot]", "PATCH"), ("stranger", "POST")])
def test_a_comment_is_renewed_and_never_that_of_somebody_else(
    author: str, method: str, tmp_path: Path, gh: dict[str, str]
) -> None:
    artifact = Path(gh["ANSWERS"]) / "artifact"
    artifact.mkdir()
    (artifact / "changes.md").write_text("Nothing changed.\n", "utf-8")
    comment(tmp_path, gh, before=(author, "<!-- mark -->\nolder"))
    assert f"--method {method} " in (Path(gh["ANSWERS"]) / "asked").read_text("utf-8")


def test_a_pull_request_that_has_moved_on_gets_no_comment(tmp_path: Path, gh: dict[str, str]) -> None:
    (Path(gh["ANSWERS"]) / "artifact").mkdir()
    assert not comment(tmp_path, gh, commit="0ther").exists()


def test_a_file_behind_a_link_is_not_commented(tmp_path: Path, gh: dict[str, str]) -> None:
    artifact = Path(gh["ANSWERS"]) / "artifact"
    artifact.mkdir()
    (artifact / "changes.md").symlink_to("/etc/passwd")
    (Path(gh["ANSWERS"]) / "pulls.json").write_text('[{"number": 7, "head": {"sha": "c0ffee"}}]', "utf-8")
    assert run(COMMENT, tmp_path, **gh, **OF_A_RUN).returncode != 0
    assert not (Path(gh["ANSWERS"]) / "sent.json").exists()


def test_a_release_gets_the_report_and_the_research_object(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text('#!/bin/sh\nfor file; do echo "$file"; done > "$ASKED"\n', "utf-8")
    (tools / "gh").chmod(0o755)
    asked = tmp_path / "asked"
    done = run(
        steps("report.yml", "attach")["Attach the report to the release"],
        tmp_path,
        PATH=f"{tools}{os.pathsep}{os.environ['PATH']}",
        ASKED=str(asked),
        TAG="v1; exit 1",
        REPOSITORY="owner/review",
    )
    assert done.returncode == 0, done.stderr
    words = asked.read_text("utf-8").splitlines()
    assert words[:3] == ["release", "upload", "v1; exit 1"]
    assert [word for word in words if word.startswith("results/")] == [
        "results/report/report.html",
        "results/report/crate.zip",
    ]
    assert "crate" in jobs("report.yml")["review"]["with"]["formats"]


# What a user's repository holds, as the documentation prints it.
EXAMPLES = re.findall(
    r"^```yaml\n(# \.github/workflows/.*?)^```", (ROOT / "docs/running.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)


def example(name: str) -> tuple[str, dict[str, Any]]:
    """Return the text and the content of an example of the documentation."""
    (text,) = [text for text in EXAMPLES if text.startswith(f"# .github/workflows/{name}\n")]
    return text, yaml.load(text, Loader=yaml.BaseLoader)


def test_the_workflow_of_a_users_review_has_ten_lines_and_passes_what_the_called_one_takes() -> None:
    text, caller = example("review.yml")
    assert len(text.splitlines()) - 1 <= 10
    assert set(caller["on"]) == {"push", "pull_request", "schedule"} and caller["on"]["schedule"][0]["cron"]
    (job,) = caller["jobs"].values()
    called = yaml.load((WORKFLOWS / "review.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    assert re.fullmatch(r"OWNER/coppice/\.github/workflows/review\.yml@v[\d.]+", job["uses"])
    assert set(job["with"]) <= set(called["on"]["workflow_call"]["inputs"])


@pytest.mark.parametrize("workflow", ["review.yml", "comment.yml"])
def test_a_caller_grants_what_the_called_jobs_ask_for_and_no_more(workflow: str) -> None:
    (caller,) = example(workflow)[1]["jobs"].values()
    asked = [item for job in jobs(workflow).values() for item in job["permissions"].items()]
    assert caller["permissions"] == dict(asked)


def test_the_workflow_that_comments_follows_the_one_that_makes_the_report() -> None:
    caller = example("comment.yml")[1]
    assert caller["on"]["workflow_run"]["workflows"] == [example("review.yml")[1]["name"]]
    ours = yaml.load((WORKFLOWS / "comment.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    report = yaml.load((WORKFLOWS / "report.yml").read_text("utf-8"), Loader=yaml.BaseLoader)
    assert ours["on"]["workflow_run"]["workflows"] == [report["name"]]


@pytest.mark.parametrize(("workflow", "job"), [("review.yml", "report"), ("comment.yml", "comment")])
def test_what_github_fills_in_reaches_a_shell_only_through_the_environment(workflow: str, job: str) -> None:
    # a branch may be called `; rm -r .`
    assert not [command for command in steps(workflow, job).values() if "${{" in command]
