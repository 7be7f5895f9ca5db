"""Going back to an earlier choice takes the results that it gave, and computes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.core.environment import RUN_VARIABLE
from coppice.jobs import kept_results
from coppice.jobs.batch import Unit
from coppice.jobs.kept_results import FOLDER, drop_old, make_unit


@pytest.fixture(autouse=True)
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in the folder of a review, as a job of a run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RUN_VARIABLE, "elsewhere:1:secret")
    FOLDER.parent.mkdir(parents=True)
    Path("read.json").write_text("1", "utf-8")


def made(level: float, reads: tuple[str, ...] = ("read.json",)) -> list[str]:
    """Make a unit at a level, and return what had to be computed for it."""
    computed: list[str] = []

    def make() -> None:
        computed.append("made")
        Path("os.json").write_text(f"at {level} of {Path('read.json').read_text('utf-8')}", "utf-8")

    make_unit(Unit("os", {"level": level}, (Path("os.json"),), tuple(map(Path, reads))), make)
    return computed


def test_going_back_to_an_earlier_spec_computes_nothing() -> None:
    assert (made(0.95), made(0.9), made(0.95)) == (["made"], ["made"], [])
    assert Path("os.json").read_text("utf-8") == "at 0.95 of 1"


def test_another_content_of_what_is_read_is_computed() -> None:
    made(0.95)
    Path("read.json").write_text("2", "utf-8")
    assert made(0.95) == ["made"]
    assert Path("os.json").read_text("utf-8") == "at 0.95 of 2"


def test_a_copy_that_was_cut_short_is_not_taken() -> None:
    made(0.95)
    (copy,) = FOLDER.iterdir()
    copy.write_bytes(copy.read_bytes()[:-30])
    assert made(0.95) == ["made"]


def test_a_command_outside_a_run_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RUN_VARIABLE)
    made(0.95)
    assert not FOLDER.exists()


def test_copies_beyond_the_size_that_is_kept_go_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    made(0.95)
    made(0.9)
    monkeypatch.setattr(kept_results, "LARGEST", max(file.stat().st_size for file in FOLDER.iterdir()))
    drop_old()
    assert (made(0.9), made(0.95)) == ([], ["made"])
