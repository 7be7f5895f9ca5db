"""The command `accept`: figures move from a draft into a record, which keeps its comments."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from coppice.cli import main
from coppice.review.record import read_study

TEXT = "Death occurred in 12 of 40 patients on velotinib and 20 of 41 on placebo (risk ratio 0.60, 95% CI 0.35 to 1.09; P<0.1)."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a draft of two figures."""
    (tmp_path / "paper.txt").write_text(TEXT, "utf-8")
    (tmp_path / "studies").mkdir()
    arms = ["--arm", "experimental=velotinib", "--arm", "control=placebo"]
    assert (
        main(["draft", str(tmp_path / "paper.txt"), "--study", "S", "--drafts", str(tmp_path / "drafts"), *arms]) == 0
    )
    return tmp_path


def accepted(folder: Path, *words: str) -> int:
    """Accept figures of the draft."""
    return main(["accept", "S", *words, "--drafts", str(folder / "drafts"), "--folder", str(folder / "studies")])


def test_accepted_figures_make_a_valid_record_with_the_digits_of_the_text(folder: Path) -> None:
    assert accepted(folder, "2", "1", "--outcome", "death") == 0
    record = read_study(folder / "studies" / "S.yaml")
    assert [item["statistic"] for item in record.outcomes["death"]["reported"]] == ["counts", "risk_ratio"]
    text = (folder / "studies" / "S.yaml").read_text("utf-8")
    assert "estimate: 0.60" in text
    assert 'p: "<0.1"' in text


def test_a_record_keeps_its_comments_and_figures(folder: Path) -> None:
    file = folder / "studies" / "S.yaml"
    file.write_text(
        "# mine\nstudy: S\ndesign: null\nreports:\n  paper: {citation: Us 2024}\noutcomes:\n  death:\n    reported:\n"
        "      # the first\n      - statistic: counts\n        events_e: 1\n        n_e: 2\n        events_c: 1\n"
        "        n_c: 2\n        source: {report: paper}\n",
        "utf-8",
    )
    assert accepted(folder, "2", "--outcome", "death") == 0
    assert accepted(folder, "1", "--outcome", "relapse") == 0
    record = read_study(file)
    assert {name: len(content["reported"]) for name, content in record.outcomes.items()} == {"death": 2, "relapse": 1}
    assert "# mine" in file.read_text("utf-8")
    assert "# the first" in file.read_text("utf-8")


def test_all_asks_for_each(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\ny\n"))
    assert accepted(folder, "--all", "--outcome", "death") == 0
    record = read_study(folder / "studies" / "S.yaml")
    assert [item["statistic"] for item in record.outcomes["death"]["reported"]] == ["risk_ratio"]


@pytest.mark.parametrize(("words", "message"), [([], "name the numbers"), (["9"], "there is no figure 9")])
def test_bad_numbers_are_one_line(
    words: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accepted(folder, *words) == 1
    assert message in capsys.readouterr().err


def test_a_text_of_the_review_is_named_by_its_path_and_one_from_elsewhere_as_one_to_be_put_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accepted(folder, "1", "--outcome", "death") == 0
    assert f"{folder}/paper.txt: put it there as sources/paper.txt" in capsys.readouterr().out
    monkeypatch.chdir(folder)
    assert accepted(folder, "2", "--outcome", "death") == 0
    assert "put it there" not in capsys.readouterr().out
    figures = read_study(folder / "studies" / "S.yaml").outcomes["death"]["reported"]
    assert [item["source"]["text"] for item in figures] == ["paper.txt", "sources/paper.txt"]
