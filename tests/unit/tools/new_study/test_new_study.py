"""`new-study`: an empty record that is valid, explains itself, and never replaces one."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.cli import main
from coppice.core.reported_statistics import STATISTICS
from coppice.review.record import read_study
from coppice.tools.new_study.record import empty_record


@pytest.mark.parametrize("study", ["NEW-1", "20120215"])
def test_the_record_is_valid_as_it_is(study: str, tmp_path: Path) -> None:
    assert main(["new-study", study, "--folder", str(tmp_path)]) == 0
    record = read_study(tmp_path / f"{study}.yaml")
    assert (record.study, record.label, record.design, record.outcomes, record.reports) == (study, study, None, {}, {})


def test_its_comments_name_every_form_of_a_figure_with_its_fields() -> None:
    text = " ".join(empty_record("S").replace("#", " ").split())
    for name, statistic in STATISTICS.items():
        assert f"{name}: {', '.join(key.name for key in statistic.keys)}" in text


def test_editors_find_the_schema(tmp_path: Path) -> None:
    main(["new-study", "S", "--folder", str(tmp_path)])
    first = (tmp_path / "S.yaml").read_text("utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (tmp_path / first.split("=")[1]).resolve().name == "study.schema.json"


def test_lines_are_short(tmp_path: Path) -> None:
    assert max(map(len, empty_record("S").splitlines())) <= 120


def test_a_record_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "S.yaml").write_text("mine", "utf-8")
    assert main(["new-study", "S", "--folder", str(tmp_path)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "S.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("study", ["../S", "a b", ""])
def test_an_id_that_can_not_be_a_files_name_is_refused(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-study", study, "--folder", str(tmp_path)]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-study", "S", "--folder", str(tmp_path / "none")]) == 1
    assert "no such folder" in capsys.readouterr().err
