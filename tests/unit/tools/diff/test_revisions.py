"""A revision of git is checked out elsewhere and run; a folder of results is taken as it is."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from coppice.core.errors import CoppiceError
from coppice.tools.diff.revisions import results_of

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    named = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *named, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with two revisions of one file."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet")
    for content in ("old", "new"):
        (folder / "estimate").write_text(content, "utf-8")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", content)
    monkeypatch.chdir(folder)
    return folder


def run(checkout: Path) -> None:
    (checkout / "results").mkdir()
    (checkout / "results/estimate").write_text((checkout / "estimate").read_text("utf-8"), "utf-8")


def test_each_revision_gives_its_own_results(repository: Path, tmp_path: Path) -> None:
    texts = [
        (results_of(name, tmp_path / "out", run=run) / "estimate").read_text("utf-8") for name in ("HEAD~1", "HEAD")
    ]
    assert texts == ["old", "new"]


def test_the_working_tree_stays_as_it_is(repository: Path, tmp_path: Path) -> None:
    (repository / "estimate").write_text("edited", "utf-8")
    results_of("HEAD~1", tmp_path / "out", run=run)
    assert (repository / "estimate").read_text("utf-8") == "edited"
    assert not (repository / "results").exists()


def test_a_folder_is_taken_as_it_is(repository: Path, tmp_path: Path) -> None:
    assert results_of(str(tmp_path), tmp_path / "out", run=run) == tmp_path


@pytest.mark.parametrize("name", ["no-such-branch", "--all", "a; rm -r b"])
def test_what_is_neither_is_refused_in_one_line(repository: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(CoppiceError, match="neither a folder of results nor a revision"):
        results_of(name, tmp_path / "out", run=run)
