"""The report removes what units that are gone left behind, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.jobs import canonical_json
from coppice.report.orphans import remove_orphans

from . import fixtures

GONE = [
    "extract/GONE/os.json",
    "extract/E1910/efs.json",
    "pool/_0.json",
    "pool/efs.json",
    "pool/efs.csv",
    "explore/efs.json",
    "draw/efs/forest.png",
    "draw/os/funnel.svg",
    "draw/_review/prisma.svg",
    "draw/_review/forest.png",
    "draw/os/forest.png",
    "report/tables.xlsx",
    "report/tables/effects.csv",
]
KEPT = [
    "pool/os.json",
    "pool/os.edited.json",
    "pool/notes.txt",
    "explore/os.json",
    "draw/os/forest.svg",
    "draw/_review/summary.svg",
    "extract/E1910/os.json",
    "report/old.json",
    "report/analysis.R",
    "report/report.html",
    "README.md",
]


@pytest.fixture
def results(tmp_path):
    """Return the results of the small review with what a larger one left."""
    spec = fixtures.write(
        tmp_path, fixtures.specification() | {"formats": {"R": ["analysis.R"]}, "figures": ["summary"]}
    )
    for name in [*GONE, *KEPT]:
        file = tmp_path / "results" / name
        if not file.exists():
            canonical_json.write_text(file, "{}")
    remove_orphans(canonical_json.read(spec), tmp_path / "results")
    return tmp_path / "results"


@pytest.mark.parametrize("name", GONE)
def test_what_belongs_to_no_unit_goes(results, name):
    assert not (results / name).exists()


@pytest.mark.parametrize("name", KEPT)
def test_what_belongs_to_a_unit_or_to_nobody_stays(results, name):
    assert (results / name).exists()


def test_a_folder_that_became_empty_goes(results):
    assert not (results / "draw" / "efs").exists()
    assert not (results / "extract" / "GONE").exists()
    assert not (results / "report" / "tables").exists()


def test_what_a_kill_left_half_written_goes(results, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            canonical_json.write(results / "pool" / "os.json", {})
    before = {file for file in results.rglob("*") if file.is_file()}
    remove_orphans(canonical_json.read(results.parent / "spec.json"), results)
    (gone,) = before - {file for file in results.rglob("*") if file.is_file()}
    assert gone.parent == results / "pool" and gone.name.startswith("os.json")
