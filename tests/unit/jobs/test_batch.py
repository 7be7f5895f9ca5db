"""A batch computes its stale units, and goes on where it was stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.core.errors import BadInput, Problem
from coppice.core.results_layout import batch_of
from coppice.jobs import canonical_json
from coppice.jobs.batch import JOURNAL, Unit, batches, read_journal, run_batch


class Batch:
    """Units a, b and c, each of which reads one file and writes what it read."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.index, self.made = folder, folder / "made" / "_0.json", []
        self.failing: dict[str, BaseException] = {}
        for name in "abc":
            self.read(name).write_text(f"content of {name}", "utf-8")

    def read(self, name: str) -> Path:
        return self.folder / f"{name}.txt"

    def result(self, name: str) -> Path:
        return self.folder / "made" / f"{name}.json"

    def make(self, unit: Unit) -> None:
        if unit.name in self.failing:
            raise self.failing[unit.name]
        self.made.append(unit.name)
        canonical_json.write(unit.writes[0], {"read": unit.reads[0].read_text("utf-8"), **unit.spec})

    def run(self, **specs: int) -> list[str]:
        self.made = []
        units = [Unit(name, {"value": specs.get(name, 0)}, (self.result(name),), (self.read(name),)) for name in "abc"]
        run_batch(units, self.index, self.make)
        return self.made


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    return Batch(tmp_path)


def test_every_unit_is_made_once(batch: Batch) -> None:
    assert batch.run() == ["a", "b", "c"]
    assert batch.run() == []
    assert list(canonical_json.read(batch.index)["units"]) == ["a", "b", "c"]


def test_a_changed_spec_or_a_changed_file_that_it_reads_costs_its_unit(batch: Batch) -> None:
    batch.run()
    assert batch.run(b=1) == ["b"]
    batch.read("c").write_text("another", "utf-8")
    assert batch.run(b=1) == ["c"]


def test_a_result_that_was_lost_or_edited_is_made_again(batch: Batch) -> None:
    batch.run()
    before = batch.result("a").read_bytes()
    batch.result("a").unlink()
    batch.result("b").write_text("edited", "utf-8")
    assert batch.run() == ["a", "b"]
    assert batch.result("a").read_bytes() == before


def test_a_batch_that_was_killed_goes_on_where_it_stopped(batch: Batch) -> None:
    batch.failing = {"c": KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        batch.run()
    assert not batch.index.exists()
    batch.failing = {}
    assert batch.run() == ["c"]


def test_a_half_written_line_of_the_journal_is_passed_over(batch: Batch) -> None:
    batch.run()
    journal = batch.index.with_suffix(JOURNAL)
    text = journal.read_text("utf-8")
    journal.write_text(text[:-20], "utf-8")
    assert set(read_journal(journal)) == {"a", "b"}
    assert batch.run() == ["c"]
    assert journal.read_text("utf-8") == text


def test_bad_input_of_one_unit_stops_no_other_and_all_problems_are_reported(batch: Batch) -> None:
    batch.failing = {name: BadInput([Problem(name, 0, "", "is wrong")]) for name in "ab"}
    with pytest.raises(BadInput) as error:
        batch.run()
    assert [problem.file for problem in error.value.problems] == ["a", "b"]
    assert batch.result("c").exists()
    assert not batch.index.exists()


def test_the_index_is_the_same_after_an_interruption(batch: Batch, tmp_path: Path) -> None:
    batch.run()
    (tmp_path / "other").mkdir()
    other = Batch(tmp_path / "other")
    other.failing = {"b": KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt):
        other.run()
    other.failing = {}
    other.run()
    for suffix in (".json", JOURNAL):
        assert batch.index.with_suffix(suffix).read_bytes() == other.index.with_suffix(suffix).read_bytes()


def test_units_are_spread_by_their_names_alone() -> None:
    names = [f"unit{number}" for number in range(50)]
    found = batches(names)
    assert sorted(name for units in found.values() for name in units) == sorted(names)
    assert all(batch_of(name) == batch for batch, units in found.items() for name in units)


def test_the_extracts_of_an_outcome_are_one_batch_which_no_other_outcome_reruns() -> None:
    found = batches(f"S{number}/{outcome}" for number in range(50) for outcome in ("os", "efs"))
    assert [{name.partition("/")[2] for name in units} for units in found.values()] in (
        [{"os"}, {"efs"}],
        [{"efs"}, {"os"}],
    )
