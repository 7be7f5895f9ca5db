"""What is left of a verb's batches goes before a job of one unit writes into its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.core.environment import RUN_VARIABLE
from coppice.jobs.batch import JOURNAL, Unit, run_batch
from coppice.jobs.stale_batches import begun, leave

NAMES = ["_3.journal", "_3.json", "_c.journal", "a.json", "b.json"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the results of a verb that worked in batches, of which the second was killed before it wrote its index."""
    monkeypatch.setenv(RUN_VARIABLE, "here:1")
    for name in NAMES:
        (tmp_path / name).touch()
    return tmp_path


def test_batches_that_were_begun_are_known_by_their_index_or_their_journal(folder: Path) -> None:
    assert begun(folder) == [folder / "_3.json", folder / "_c.json"]


def test_a_job_of_one_unit_removes_the_indices_and_journals_and_no_result(folder: Path) -> None:
    leave(folder)
    assert sorted(file.name for file in folder.iterdir()) == ["a.json", "b.json"]


def test_a_command_that_is_called_by_hand_removes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RUN_VARIABLE)
    leave(folder)
    assert sorted(file.name for file in folder.iterdir()) == NAMES


def test_a_batch_that_was_killed_before_it_wrote_its_index_was_begun(tmp_path: Path) -> None:
    def killed(unit: Unit) -> None:
        unit.writes[0].touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch([Unit("a", {}, (tmp_path / "a.json",))], tmp_path / "_3.json", killed)
    assert begun(tmp_path) == [tmp_path / "_3.json"]
    assert (tmp_path / "_3").with_suffix(JOURNAL).exists()
