"""The command `draft`: files of every format, the proposed record, the page, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coppice.cli import main
from coppice.core.errors import BadInput
from coppice.review.record import read_study
from coppice.review.strict_yaml import load

TEXT = (
    "Death occurred in 12 of 40 patients on velotinib and 20 of 41 on placebo (risk ratio 0.62, 95% CI 0.35 to 1.09)."
)
NAMED = ["--arm", "experimental=velotinib", "--arm", "control=placebo"]


def drafted(folder: Path, name: str, content: str, *more: str) -> int:
    """Draft a text in a folder."""
    (folder / name).write_text(content, "utf-8")
    return main(["draft", str(folder / name), "--drafts", str(folder / "drafts"), *more])


def test_the_draft_has_each_figure_with_its_place_quote_and_rule(tmp_path: Path) -> None:
    assert drafted(tmp_path, "paper.txt", TEXT, *NAMED) == 0
    data = load(tmp_path / "drafts" / "paper.yaml", "paper.yaml").data
    assert (data["status"], [item["statistic"] for item in data["reported"]]) == ("proposed", ["counts", "risk_ratio"])
    source = data["reported"][1]["source"]
    assert source["quote"] == "risk ratio 0.62, 95% CI 0.35 to 1.09"
    assert source["at"] == f"characters {TEXT.index('risk') + 1} to {TEXT.index(').')}"
    assert data["reported"][0]["proposed"]["missing"] is None


def test_a_draft_is_no_record(tmp_path: Path) -> None:
    drafted(tmp_path, "paper.txt", TEXT, *NAMED)
    with pytest.raises(BadInput, match="'proposed': is a draft, not a record"):
        read_study(tmp_path / "drafts" / "paper.yaml")


def test_json_names_each_text_by_its_stem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafted(tmp_path, "paper.txt", TEXT, *NAMED, "--json")
    assert [item["statistic"] for item in json.loads(capsys.readouterr().out)["paper"]] == ["counts", "risk_ratio"]
    assert not (tmp_path / "drafts").exists()


def test_arms_that_nobody_names_are_those_that_the_text_compares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafted(tmp_path, "paper.txt", f"Patients were randomly assigned to velotinib or placebo. {TEXT}", "--json")
    assert json.loads(capsys.readouterr().out)["paper"][0]["events_e"] == "12"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("paper.html", f"<html><script>var hr = 0.5</script><body><p>{TEXT}</p></body></html>"),
        ("paper.nbib", "PMID- 1\nTI  - A trial\nAB  - " + TEXT.replace(" and ", "\n      and ") + "\n"),
        (
            "paper.json",
            json.dumps({"protocolSection": {"identificationModule": {}, "descriptionModule": {"briefSummary": TEXT}}}),
        ),
    ],
)
def test_formats_give_the_same_figures(
    name: str, content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafted(tmp_path, name, content, *NAMED, "--json")
    assert [item["statistic"] for item in json.loads(capsys.readouterr().out)["paper"]] == ["counts", "risk_ratio"]


def test_the_page_shows_text_and_record_and_runs_no_words_of_the_text(tmp_path: Path) -> None:
    drafted(tmp_path, "paper.txt", f"<script>alert(1)</script> {TEXT}", *NAMED, "--html", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text("utf-8")
    assert '<mark class="figure"' in page
    assert "statistic: risk_ratio" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("name", "content", "more", "message"),
    [
        ("paper.doc", TEXT, [], "is not a text that can be searched"),
        ("paper.txt", " ", [], "holds no text"),
        ("paper.json", "{}", [], "is no record of ClinicalTrials.gov"),
        ("paper.txt", TEXT, ["--arm", "placebo"], "is not ROLE=NAME"),
        ("paper.txt", TEXT, ["--arm", "control=placebo"], "an experimental arm is missing"),
        ("paper.txt", TEXT, ["--study", "../x"], "--study ../x"),
    ],
)
def test_bad_input_is_one_line(
    name: str, content: str, more: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert drafted(tmp_path, name, content, *more) == 1
    assert message in capsys.readouterr().err


def test_a_draft_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drafted(tmp_path, "paper.txt", TEXT, *NAMED)
    assert drafted(tmp_path, "paper.txt", TEXT, *NAMED) == 1
    assert "is there already" in capsys.readouterr().err
