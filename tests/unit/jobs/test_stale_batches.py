"""Snakemake sees of a batch its index alone: what that would hide is removed before a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.jobs.batch import JOURNAL, Unit, run_batch
from coppice.jobs.stale_batches import drop_misleading

UNITS = {"_3.json": ["a.json", "a.csv"], "_c.json": ["b.json", "b.csv"]}
FIRST = ["a.json", "b.json"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the results of a verb that worked in batches."""
    for index, files in UNITS.items():
        for name in (index, Path(index).with_suffix(JOURNAL).name, *files):
            (tmp_path / name).touch()
    return tmp_path


def there(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def drop(folder: Path, batches: dict[str, list[str]]) -> set[str]:
    """Return what is gone afterwards."""
    before = there(folder)
    files = {folder / index: [folder / name for name in names] for index, names in batches.items()}
    drop_misleading(folder, files, [folder / name for name in FIRST])
    return before - there(folder)


def test_where_nothing_is_lost_everything_stays(folder: Path) -> None:
    assert drop(folder, UNITS) == set()


def test_the_index_of_a_batch_that_lost_a_file_goes_and_its_journal_stays(folder: Path) -> None:
    (folder / "b.csv").unlink()
    assert drop(folder, UNITS) == {"_c.json"}


def test_what_is_left_of_a_batch_without_units_goes(folder: Path) -> None:
    assert drop(folder, {"_3.json": UNITS["_3.json"]}) == {"_c.json", "_c.journal"}


def test_units_that_batches_made_are_made_again_where_each_has_a_job_of_its_own(folder: Path) -> None:
    assert drop(folder, {}) == {"_3.json", "_3.journal", "_c.json", "_c.journal", *FIRST}
    assert drop(folder, {}) == set()


def test_so_they_are_after_a_batch_that_was_killed_before_it_wrote_its_index(tmp_path: Path) -> None:
    def killed(unit: Unit) -> None:
        unit.writes[0].touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch([Unit("a", {}, (tmp_path / "a.json",))], tmp_path / "_3.json", killed)
    assert drop(tmp_path, {}) == {"_3.journal", "a.json"}


def test_results_that_were_never_made_in_a_batch_stay(tmp_path: Path) -> None:
    for name in FIRST:
        (tmp_path / name).touch()
    assert drop(tmp_path, {}) == set()
