"""Files from strangers: refused or made harmless, in a moment and without much memory."""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.bad_input.examples.case import CONFIGURATION, RECORD, yaml_of

from coppice.core import limits
from coppice.core.errors import BadInput, CoppiceError, Problem
from coppice.extract.outcome import extract_outcome
from coppice.plan.plan import load
from coppice.pool.analysis import pool_analysis
from coppice.pool.formula import variables
from coppice.review.strict_yaml import loads
from coppice.review.tables.grid import read_grid

QUICK_SECONDS = 5.0  # of processor time, on a slow machine


@pytest.fixture(autouse=True)
def quick() -> Any:
    begun = time.process_time()
    yield
    assert time.process_time() - begun < QUICK_SECONDS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies/ONE.yaml").write_text(yaml_of(RECORD), "utf-8")
    (tmp_path / "config.yaml").write_text(yaml_of(CONFIGURATION), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal() -> str:
    with pytest.raises(BadInput) as caught:
        load([Path("config.yaml")], {})
    return str(caught.value)


def sparse(file: Path, size: int) -> None:
    with file.open("wb") as opened:
        opened.truncate(size)


@pytest.mark.parametrize("name", ["studies/TWO.yaml", "config.yaml"])
def test_a_file_of_100_mb_is_not_read(folder: Path, name: str) -> None:
    sparse(folder / name, 100_000_000)
    assert f"{name}: larger than 5 MB" in refusal()


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".ods", ".parquet"])
def test_a_table_of_100_mb_is_not_read(tmp_path: Path, suffix: str) -> None:
    sparse(tmp_path / f"studies{suffix}", 100_000_000)
    with pytest.raises(BadInput, match="larger than 50 MB"):
        read_grid(tmp_path / f"studies{suffix}", "studies")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [" + "[]," * limits.YAML_VALUES + "]", "holds more than"),
        ("- " * 100_000, "nested deeper than"),
        ("{a: " * 100_000, "nested deeper than"),
        ("".join(f"k{number}: &a{number} [*a{number}]\n" for number in range(2000)), "anchors and aliases"),
        ("lol0: &a0 [x]\n" + "".join(f"lol{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)), "anchors and aliases"),
        ("a: !!python/object/apply:os.system ['touch touched']", "the tag"),
        ("a: !!python/name:os.system", "the tag"),
        ("a: !!binary aGVsbG8=", "the tag"),
        ("a: " + "9" * 1_000_000, ""),
        ("a: '" + "x" * 4_000_000 + "'", ""),
    ],
    ids=["millions of lists", "deep list", "deep mapping", "cyclic aliases", "billion laughs", "call", "name", "binary", "a million digits", "a long text"],
)  # fmt: skip
def test_a_yaml_bomb_does_not_go_off(folder: Path, text: str, words: str) -> None:
    if not words:  # a long text is only a text
        assert isinstance(loads(text, "f").data["a"], str)
        return
    with pytest.raises(BadInput) as caught:
        loads(text, "f")
    assert words in str(caught.value)
    assert not (folder / "touched").exists()


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/passwd", "../secret.yaml"])
def test_a_link_out_of_the_folder_of_records_is_not_followed(folder: Path, target: str) -> None:
    (folder / "secret.yaml").write_text("token: 12345\n", "utf-8")
    (folder / "studies/TWO.yaml").symlink_to(target)
    assert refusal() == "studies/TWO.yaml: is a link that leads out of the folder of records"


@pytest.mark.parametrize("name", ["sources.yaml", "history.csv"])
@pytest.mark.parametrize("target", ["../secret", "itself"])
def test_sources_and_history_are_not_read_through_a_link_out_of_their_folder(
    folder: Path, name: str, target: str
) -> None:
    (folder / "config.yaml").write_text(yaml_of(CONFIGURATION | {"history": "history.csv"}), "utf-8")
    (folder / "history.csv").write_text("searched,added\n2020-01-01,ONE\n", "utf-8")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(name if target == "itself" else target)
    assert "is a link that leads out of its folder" in refusal()


def test_a_link_that_leads_to_itself_is_not_followed(folder: Path) -> None:
    (folder / "studies/TWO.yaml").symlink_to("TWO.yaml")
    assert refusal() == "studies/TWO.yaml: is a link that leads out of the folder of records"


def test_a_folder_of_records_that_is_a_link_to_itself_is_none(folder: Path) -> None:
    (folder / "studies/ONE.yaml").unlink()
    (folder / "studies").rmdir()
    (folder / "studies").symlink_to("studies")
    assert "studies: no such folder" in refusal()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_a_record_that_is_no_plain_file_is_not_read(folder: Path, make: Callable[[Path], None]) -> None:
    make(folder / "studies/TWO.yaml")
    assert refusal() == "studies/TWO.yaml: is not a plain file"


@pytest.mark.parametrize(
    "study", ["../../x", "/etc/x", "..", ".hidden", "a/b", "a\\b", "CON:", "x\u202etxt", "-rf", "$(id)", "a;b", "é"]
)
def test_an_id_can_not_name_another_place(folder: Path, study: str) -> None:
    quoted = "'" + study + "'"
    (folder / "studies/ONE.yaml").write_text(yaml_of(RECORD | {"study": quoted}), "utf-8")
    assert "does not have the form letters, digits, - and _" in refusal()
    (folder / "studies/ONE.yaml").write_text(yaml_of(RECORD), "utf-8")
    (folder / "config.yaml").write_text(
        yaml_of(CONFIGURATION | {"analyses": f"{{{quoted}: {{measure: HR, outcome: os}}}}"}), "utf-8"
    )
    assert "does not have the form letters, digits, - and _" in refusal()


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('touch touched')",
        "`age`.__class__",
        "age.__class__.__mro__",
        "C(age).__init__",
        "(lambda: 1)()",
        "[age for age in ()]",
        "{open('touched', 'w')}",
        "eval('1')",
        "exec(age)",
        "open(age)",
        "log(__import__)(age)",
        "C(age, contr.treatment(__import__('os').system('true')))",
        "C(age, levels=[1])",
        "age if age else age",
        "age := 1",
        "f'{age}'",
        "age; import os",
        "age @ age",
        "Q('age')",
        "I(age ** 2)",
        "poly(age, 1000000)",
        "age ** 1000000",
        "age^9",
    ],
)
def test_a_formula_is_names_signs_and_four_functions(formula: str) -> None:
    with pytest.raises(ValueError, match=r"^the formula"):
        variables(formula)


@pytest.mark.parametrize(
    "name", ["__import__('os').system('touch touched')", "age); open('touched', 'w'", "a`b", "{age}", "os.system"]
)
def test_a_characteristic_named_as_a_program_is_only_a_name(folder: Path, name: str) -> None:
    """In backticks any name is allowed, and what evaluates formulas must take it for one."""
    (folder / "config.yaml").write_text(
        yaml_of(CONFIGURATION | {"analyses": f'{{os: {{measure: HR, moderators: "`{name}`"}}}}'}), "utf-8"
    )
    (folder / "studies/ONE.yaml").unlink()
    for number, study in enumerate(["A", "B", "C", "D"]):
        record = RECORD | {"study": study, "characteristics": f'{{"{name}": {number}}}'}
        record["outcomes"] = (
            f"{{os: {{reported: [{{statistic: effect, yi: 0.{number}, vi: 0.1, source: {{report: p}}}}]}}}}"
        )
        (folder / f"studies/{study}.yaml").write_text(yaml_of(record), "utf-8")
    found: list[str] = []
    with suppress(CoppiceError):  # a backtick within a name ends it, and what follows is not a formula
        plan = load([Path("config.yaml")], {})
        extracts = [
            extract_outcome(plan.content("extract", study=unit[0], outcome=unit[1]))
            for unit in plan.reads("pool", analysis="os")
        ]
        moderators = pool_analysis(plan.content("pool", analysis="os"), extracts)["moderators"]
        found = [item["name"] for item in moderators["coefficients"]] if moderators else []
    assert found in ([], ["intercept", name])
    assert not (folder / "touched").exists()


def xlsx(file: Path, sheet: str) -> Path:
    from openpyxl import Workbook

    Workbook().save(file)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>'.encode()
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def test_a_sheet_with_one_cell_in_its_last_corner_is_refused(tmp_path: Path) -> None:
    file = xlsx(tmp_path / "studies.xlsx", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(BadInput, match="reaches to row 1048576 and column 16384"):
        read_grid(file, "studies.xlsx")


def ods(file: Path, cells: str) -> Path:
    from odf.opendocument import OpenDocumentSpreadsheet

    OpenDocumentSpreadsheet().save(file)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    body = members["content.xml"].decode()
    table = f'<table:table table:name="studies">{cells}</table:table>'
    assert "<office:spreadsheet/>" in body or "</office:spreadsheet>" in body
    body = body.replace("<office:spreadsheet/>", "<office:spreadsheet></office:spreadsheet>")
    body = body.replace("</office:spreadsheet>", f"{table}</office:spreadsheet>")
    members["content.xml"] = body.encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


REPEATED = 'table:number-columns-repeated="9999"'


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (f'<table:table-row table:number-rows-repeated="9999"><table:table-cell {REPEATED} office:value-type="float" office:value="1"/></table:table-row>', "has more than"),
        ("<table:table-row>" + f'<table:table-cell {REPEATED} office:value-type="float" office:value="1"/>' * 100 + "</table:table-row>", "has more than"),
        ('<table:table-row><table:table-cell office:value-type="float" office:value="x"/></table:table-row>', "a cell that can't be read"),
        ('<table:table-row><table:table-cell office:value-type="float"/></table:table-row>', "a cell that can't be read"),
        ('<table:table-row><table:table-cell table:number-columns-repeated="many" office:value-type="float" office:value="1"/></table:table-row>', "a cell that can't be read"),
    ],
    ids=["a row ten thousand times", "a cell a million times", "a text as a number", "a number without value", "repeated many times"],
)  # fmt: skip
def test_an_open_document_of_repeated_or_broken_cells_is_refused(tmp_path: Path, cells: str, words: str) -> None:
    text = '<table:table-row><table:table-cell office:value-type="string"><text:p>study</text:p></table:table-cell></table:table-row>'
    with pytest.raises(BadInput, match=words):
        read_grid(ods(tmp_path / "studies.ods", text + cells), "studies.ods")


def test_a_table_of_too_many_rows_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coppice.review.tables.grid.TABLE_ROWS", 1000)
    file = tmp_path / "studies.csv"
    file.write_text("study,yi,vi\n" + "A,1,2\n" * 2000, "utf-8")
    with pytest.raises(BadInput, match="has more than"):
        read_grid(file, "studies.csv")


def test_a_message_is_one_printable_line_of_limited_length() -> None:
    line = str(Problem("f", 1, "x\u202e", "bell \u0007, line\nend\u2028" + "x" * 5000))
    assert line.startswith("f:1: x\\u202e: bell \\u0007, line end") and line.isprintable()
    assert len(line) == limits.LINE_LENGTH
