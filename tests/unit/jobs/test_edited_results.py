"""A result that was edited after it was written is set aside when it is made again; one that was only touched is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coppice.core.environment import RUN_VARIABLE
from coppice.jobs import canonical_json, edited_results

FILE = Path("results/pool/os.json")


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a review with one result that a job of a run wrote."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RUN_VARIABLE, "here:1")
    edited_results.FOLDER.parent.mkdir(parents=True)
    canonical_json.write(FILE, {"k": 3})
    return tmp_path


def later(file: Path) -> None:
    time = file.stat().st_mtime_ns + 10**9
    os.utime(file, ns=(time, time))


def test_a_result_as_it_was_written_stays(review: Path) -> None:
    assert list(edited_results.copy_edited([FILE])) == []
    canonical_json.write(FILE, {"k": 4})
    assert not edited_results.is_edited(FILE)


def test_a_result_that_was_touched_stays_and_is_read_once(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later(FILE)
    assert not edited_results.is_edited(FILE)
    monkeypatch.setattr(Path, "read_bytes", None)
    assert not edited_results.is_edited(FILE)


@pytest.mark.parametrize("content", ['{"k": 4}\n', ""])
def test_a_result_that_was_edited_or_cut_short_stays_until_a_job_makes_it_again(review: Path, content: str) -> None:
    FILE.write_text(content, "utf-8")
    later(FILE)
    for _ in range(2):  # looked at twice
        assert list(edited_results.copy_edited([FILE])) == [FILE]
        assert FILE.read_text("utf-8") == content
        assert not edited_results.aside(FILE).exists()
    FILE.unlink()  # as Snakemake does before it starts a job
    canonical_json.write(FILE, {"k": 3})
    assert Path("results/pool/os.edited.json").read_text("utf-8") == content
    assert list(edited_results.copy_edited([FILE])) == []


def test_an_edit_that_is_taken_back_leaves_nothing_beside_the_result(review: Path) -> None:
    before = FILE.read_bytes()
    FILE.write_text("{}", "utf-8")
    later(FILE)
    assert list(edited_results.copy_edited([FILE])) == [FILE]
    FILE.write_bytes(before)
    assert list(edited_results.copy_edited([FILE])) == []
    canonical_json.write(FILE, {"k": 4})
    assert not edited_results.aside(FILE).exists()


def test_what_no_job_of_a_run_wrote_is_not_looked_at(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RUN_VARIABLE)
    other = FILE.with_name("other.json")
    canonical_json.write(other, {"k": 1})
    later(other)
    assert not edited_results.is_edited(other)
    assert not edited_results.note_of(other).exists()


def test_what_somebody_writes_beside_a_run_is_an_edit(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RUN_VARIABLE)
    canonical_json.write(FILE, {"k": 1})
    later(FILE)
    assert edited_results.is_edited(FILE)


def test_a_kill_while_a_result_is_written_leaves_no_note_that_is_wrong(
    review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as moment:
        moment.setattr(edited_results, "_give_time", killed)
        with pytest.raises(KeyboardInterrupt):
            canonical_json.write(FILE, {"k": 5})
    later(FILE)
    assert not edited_results.is_edited(FILE)
    with monkeypatch.context() as moment:
        moment.setattr(Path, "write_text", killed)
        with pytest.raises(KeyboardInterrupt):
            canonical_json.write(FILE, {"k": 6})
    assert not edited_results.note_of(FILE).exists()
    assert not edited_results.is_edited(FILE)


def test_a_note_that_is_half_written_is_passed_over(review: Path) -> None:
    edited_results.note_of(FILE).write_text("0123", "ascii")
    later(FILE)
    assert not edited_results.is_edited(FILE)
