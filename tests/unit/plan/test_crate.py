"""What a research object packs: every byte of the review and of its workflow, and nothing that is generated."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coppice.plan import crate, plan

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def planned(tmp_path, monkeypatch):
    """Return a function that reads a copy of the shipped review."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.chdir(tmp_path)
    return lambda: plan.load([Path("config/config.yaml")], {})


def spec(planned: plan.Plan) -> dict[str, str]:
    found = planned.content("report", snakefile=str(ROOT / "workflow/Snakefile"))
    return {item["name"]: item["sha256"] for item in found["packed"]}


def test_the_review_and_all_that_runs_it_are_packed(planned):
    names = set(spec(planned()))
    assert {
        "config/config.yaml",
        "config/sources.yaml",
        "config/studies/TOWER.yaml",
        "requirements.lock",
        "requirements-extras.lock",
        "LICENSE",
        "Snakefile",
        "profiles/default/config.yaml",
        "workflow/Snakefile",
        "workflow/rules/pool.smk",
        "workflow/lib/coppice/plan/crate.py",
        "workflow/notebooks/report.py",
    } <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("results/", ".snakemake"))]


def test_a_comment_changes_the_research_object_and_nothing_else(planned):
    before, packed = planned(), spec(planned())
    record = Path("config/studies/TOWER.yaml")
    record.write_text(record.read_text("utf-8") + "# read again\n", "utf-8")
    after = planned()
    assert [name for name, digest in spec(after).items() if packed[name] != digest] == [record.as_posix()]
    assert before.content("report") == after.content("report")


def test_a_file_from_elsewhere_is_packed_under_config(planned, tmp_path):
    assert crate.in_crate(Path("config/studies/TOWER.yaml")) == "config/studies/TOWER.yaml"
    assert crate.in_crate(tmp_path.parent / "other" / "review.yaml") == "config/review.yaml"


def test_a_workflow_that_is_installed_elsewhere_packs_its_snakefile_alone(planned, tmp_path):
    snakefile = tmp_path / "cache" / "Snakefile"
    snakefile.parent.mkdir()
    snakefile.write_text("rule all:\n", "utf-8")
    names = {item["name"] for item in crate.packed(planned().review, snakefile)}
    assert {name for name in names if not name.startswith("config/")} == {"workflow/Snakefile"}
