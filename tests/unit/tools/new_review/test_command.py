"""`new-review`: a review that runs as it is written, from an example or a file; never in place of one, and never a half."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import coppice
from coppice.cli import main
from coppice.extract.outcome import extract_outcome
from coppice.plan import plan
from coppice.pool.analysis import pool_analysis
from coppice.review.strict_yaml import load

from .shapes import EFFECTS, NAMES, SHAPES

POOLED = (
    "four cells", "arms of one trial", "means and words", "hazard ratios", "Fisher's z", "true positives", "decimal commas",
    "several measures and times", "a row an arm", "RevMan's export", "a title above", "authors and years", "person-years",
    "vaccine efficacy in percent", "two lines of names", "effects that differ in no one column",
)  # fmt: skip
FILES = {"Snakefile", ".gitignore", ".github/workflows/review.yml", "config/config.yaml"}


def written(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def pooled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Yield the result of each analysis of a review, by the steps of the workflow."""
    monkeypatch.chdir(folder)
    review = plan.load([Path("config/config.yaml")], {})
    extracts = {
        unit: extract_outcome(review.unit("extract", study=unit[0], outcome=unit[1])) for unit in review.extracts
    }
    for name in review.review.analyses:
        reads = [extracts[unit] for unit in review.reads("pool", analysis=name)]
        yield pool_analysis(review.unit("pool", analysis=name), reads)


def test_without_a_file_it_has_an_example_that_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["new-review", str(tmp_path / "mine")]) == 0
    assert written(tmp_path / "mine") == FILES | {"config/studies/EXAMPLE.yaml"}
    (result,) = pooled(tmp_path / "mine", monkeypatch)
    assert [effect["study"] for effect in result["effects"]] == ["EXAMPLE"]


def test_its_snakefile_has_eight_lines_and_plans_the_workflow(tmp_path: Path) -> None:
    main(["new-review", str(tmp_path / "mine")])
    assert len((tmp_path / "mine" / "Snakefile").read_text("utf-8").splitlines()) == 8
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--dry-run", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path / "mine", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", POOLED)
def test_a_table_becomes_a_review_that_pools_all_its_studies(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(SHAPES[name].text, "utf-8")
    assert main(["new-review", str(tmp_path / "mine"), "--from", str(file)]) == 0
    assert "to be corrected" not in capsys.readouterr().out
    assert (tmp_path / "mine" / "config" / "table.csv").read_bytes() == file.read_bytes()
    (result,) = pooled(tmp_path / "mine", monkeypatch)
    assert len(result["effects"]) == SHAPES[name].rows


def test_each_guess_is_a_comment_above_its_key(tmp_path: Path) -> None:
    file = tmp_path / "two_tests.csv"
    file.write_text(SHAPES["two tests a sample"].text, "utf-8")
    main(["new-review", str(tmp_path / "mine"), "--from", str(file)])
    lines = (tmp_path / "mine" / "config" / "config.yaml").read_text("utf-8").splitlines()
    for key in ("columns:", "study:", "yi:", "test:", "measure:", "profile:"):
        place = next(index for index, line in enumerate(lines) if line.strip().startswith(key))
        assert lines[place - 1].strip().startswith("#"), key


def test_the_sheet_that_looks_like_a_table_is_taken_and_the_others_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["Written by", "a colleague"])
    book.active.append(["in", "haste"])
    sheet = book.create_sheet("All trials")
    sheet.append(["Study", "log OR", "SE"])
    for name, (effect, error) in zip(NAMES, EFFECTS, strict=True):
        sheet.append([name, effect, error])
    book.save(tmp_path / "table.xlsx")
    assert main(["new-review", str(tmp_path / "mine"), "--from", str(tmp_path / "table.xlsx")]) == 0
    config = load(tmp_path / "mine" / "config" / "config.yaml", "config").data
    assert (config["sheet"], config["analyses"]) == ("All trials", {"effect": {"measure": "OR"}})
    (result,) = pooled(tmp_path / "mine", monkeypatch)
    assert len(result["effects"]) == len(NAMES)


def test_columns_that_make_no_figure_are_said_and_the_rest_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "table.csv"
    file.write_text("study,VE,score\nAsh,80,3\nElm,71,5\nFir,64,2\n", "utf-8")
    assert main(["new-review", str(tmp_path / "mine"), "--from", str(file)]) == 0
    said = capsys.readouterr().out
    assert "look at: no columns were recognised that make a figure: name them here" in said
    assert "VE looks like the efficacy of a vaccine, 1 - RR, and no columns were recognised" in said
    assert load(tmp_path / "mine" / "config" / "config.yaml", "config").data["columns"] == {
        "only": True,
        "study": "study",
    }


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "table.csv", "holds no table"),
        (b"a,b\n1,2\n3,4\n", "table.csv", "no column names the studies; the columns are a, b"),
        (b"x", "table.xlsx", "not an .xlsx file"),
        (
            b"x",
            "table.docx",
            "is neither a table (.csv, .tsv, .xlsx, .ods, .parquet) nor a file that `coppice import` reads",
        ),
    ],
)
def test_a_file_that_holds_no_studies_is_refused_in_one_line_and_nothing_is_written(
    content: bytes, name: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert main(["new-review", str(tmp_path / "mine"), "--from", str(file)]) == 1
    said = capsys.readouterr().err
    assert message in said and len(said.splitlines()) == 1
    assert written(tmp_path) == {name}


def test_references_become_records_to_be_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "library.json"
    file.write_text(
        '[{"id": "ash2020", "type": "article-journal", "title": "A trial", "DOI": "10.1000/x", "author": [{"family": "Ash"}], '
        '"issued": {"date-parts": [[2020]]}}]',
        "utf-8",
    )
    assert main(["new-review", str(tmp_path / "mine"), "--from", str(file)]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    review = plan.load([Path("config/config.yaml")], {}).review
    assert sorted(study.label for study in review.studies) == ["Ash 2020", "Example (2024)"]


def test_a_folder_that_holds_a_review_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["new-review", str(tmp_path)])
    before = {file: (tmp_path / file).read_bytes() for file in written(tmp_path)}
    assert main(["new-review", str(tmp_path)]) == 1
    assert "holds a review already" in capsys.readouterr().err
    assert {file: (tmp_path / file).read_bytes() for file in written(tmp_path)} == before


def test_files_of_a_repository_are_left_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", "utf-8")
    assert main(["new-review", str(tmp_path)]) == 0
    assert (tmp_path / ".gitignore").read_text("utf-8") == "mine\n"
    assert ".gitignore: is there already" in capsys.readouterr().out
    assert written(tmp_path) == FILES | {"config/studies/EXAMPLE.yaml"}


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("coppice.tools.new_review.command.write_all", full)
    assert main(["new-review", str(tmp_path / "mine")]) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-review", str(tmp_path / "mine"), "--from", str(tmp_path / "none.csv")]) == 1
    assert "none.csv: no such file" in capsys.readouterr().err


def test_the_workflow_that_github_runs_calls_the_release_of_this_library(tmp_path: Path) -> None:
    main(["new-review", str(tmp_path / "mine")])
    job = load(tmp_path / "mine" / ".github" / "workflows" / "review.yml", "review.yml").data["jobs"]["review"]
    assert job["uses"] == f"OWNER/coppice/.github/workflows/review.yml@v{coppice.__version__}"
