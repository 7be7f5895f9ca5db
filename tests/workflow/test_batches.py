"""Above 100 units extract works in batches: few jobs, and an edit costs the units that it touches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coppice.batch import DIGITS, THRESHOLD, digit

from .conftest import Review, checkout

STUDIES = THRESHOLD + 20
RECORD = """study: S{number}
year: 2000
design: randomised
reports: {{p: {{citation: C}}}}
outcomes:
  os: {{reported: [{{statistic: hazard_ratio, estimate: {estimate}, ci: [0.5, 0.99], source: {{report: p}}}}]}}
"""
CONFIG = "review: {title: T}\nstudies: config/studies\nanalyses:\n  os: {measure: HR}\n"


def record(number: int, estimate: float) -> str:
    return RECORD.format(number=number, estimate=estimate)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Review:
    review = checkout(tmp_path_factory.mktemp("many") / "review")
    for file in review.path("config/studies").iterdir():
        file.unlink()
    review.path("config/config.yaml").write_text(CONFIG, "utf-8")
    for number in range(STUDIES):
        review.path(f"config/studies/S{number}.yaml").write_text(record(number, 0.6 + number / 1000), "utf-8")
    review.snakemake("--until", "pool")
    return review


def extracted(review: Review) -> dict[str, Path]:
    return {file.parent.name: file for file in review.path("results/extract").glob("S*/os.json")}


def test_the_number_of_jobs_is_bounded_and_every_unit_is_made(many: Review) -> None:
    assert len(list(many.path("results/extract").glob("_?.json"))) <= len(DIGITS)
    assert len(extracted(many)) == STUDIES
    assert json.loads(many.path("results/pool/os.json").read_text("utf-8"))["k"] == STUDIES
    assert set(many.jobs()) <= {"explore os", "draw os", "report"}


def test_an_edit_recomputes_the_unit_that_it_touches_and_no_other(many: Review) -> None:
    before = {name: file.stat().st_mtime_ns for name, file in extracted(many).items()}
    many.path("config/studies/S7.yaml").write_text(record(7, 0.9), "utf-8")
    many.snakemake("--until", "pool")
    after = {name: file.stat().st_mtime_ns for name, file in extracted(many).items()}
    assert [name for name in before if before[name] != after[name]] == ["S7"]
    effects = json.loads(many.path("results/pool/os.json").read_text("utf-8"))["effects"]
    assert next(effect for effect in effects if effect["study"] == "S7")["reported"]["estimate"] == 0.9


def test_a_unit_that_was_deleted_comes_back(many: Review) -> None:
    file = extracted(many)["S11"]
    content = file.read_bytes()
    file.unlink()
    assert many.jobs()["extract os of S11"] == 1
    many.snakemake("--until", "pool")
    assert file.read_bytes() == content


def test_adding_a_study_moves_no_other_to_another_batch() -> None:
    assert digit("S7/os") == digit("S7/os")
    assert {digit(f"S{number}/os") for number in range(200)} == set(DIGITS)
