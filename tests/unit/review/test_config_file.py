"""Reading the configuration: what is wrong is said of the file that said it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from coppice.review.config_file import read

FIRST = "review: {title: T}\nmodel:\n  tau2: REML\n  inference: HKSK\n"
SECOND = "model:\n  tau2: REMLL\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.chdir(tmp_path)
    for name, text in (("first.yaml", FIRST), ("second.yaml", SECOND)):
        Path(name).write_text(text, "utf-8")
    return [Path("first.yaml"), Path("second.yaml")]


def places(files: list[Path], **overrides: object) -> set[tuple[str, int, str]]:
    found = read(files, overrides).problems
    return {(item.file, item.line, item.where) for item in found if item.where.startswith("mod")}


def test_a_wrong_value_is_said_of_the_file_and_line_where_it_stands(files: list[Path]) -> None:
    assert places(files) == {("first.yaml", 4, "model.inference"), ("second.yaml", 2, "model.tau2")}


def test_a_wrong_value_of_the_command_line_is_said_of_it(files: list[Path]) -> None:
    found = places(files, model={"tau2": "RML", "inference": "HKSJ"}, modl=3)
    assert found == {("--config", 0, "model.tau2"), ("--config", 0, "modl")}


def test_a_value_that_a_later_file_sets_right_is_not_wrong(files: list[Path]) -> None:
    assert places(list(reversed(files))) == {("first.yaml", 4, "model.inference")}


def test_a_date_that_snakemake_has_read_as_one_is_taken_as_it_was_written(files: list[Path]) -> None:
    reading = read(files, {"review": {"title": "T", "searched": date(2026, 11, 20)}})
    assert reading.data["review"]["searched"] == "2026-11-20"
    assert reading.is_sound("review", "searched")
