"""Few bytes that ask for very much: told in a moment, or passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_input.examples.case import CONFIGURATION, RECORD, yaml_of

from coppice.core import limits
from coppice.core.errors import BadInput, Problem
from coppice.extract.outcome import extract_outcome
from coppice.plan.plan import load
from coppice.review.tables import read_table
from coppice.review.tables.grid import read_grid
from coppice.review.tables.request import TableRequest

from .test_hostile import REPEATED, folder, ods, quick, refusal, xlsx

__all__ = ["folder", "quick"]  # fixtures

MANY = "".join(f"k{number}: 1\n" for number in range(100_000))
COUNTS = "study,events_e,n_e,events_c,n_c"
WORD = '<table:table-cell office:value-type="string"><text:p>study</text:p></table:table-cell>'


# -- Records -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        yaml_of(RECORD) + MANY,
        yaml_of(RECORD | {"study": "x" * 1_000_000}) + MANY,
        yaml_of(RECORD | {"outcomes": f"{{? {'x' * 1_000_000}\n : {{reported: [{'1, ' * 100_000}]}}}}"}),
        yaml_of(RECORD | {"outcomes": f"{{os: {{reported: [{{statistic: effect, {MANY.replace(chr(10), ', ')}}}]}}}}"}),
        yaml_of(RECORD) + "note: x\n" * 100_000,
    ],
    ids=["keys", "keys of a long id", "figures of a long outcome", "keys of a figure", "one key"],
)
def test_a_record_with_everything_wrong_is_told_the_first_of_it(folder: Path, text: str) -> None:
    (folder / "studies/ONE.yaml").write_text(text, "utf-8")
    assert 1 <= len(refusal().splitlines()) <= limits.FINDINGS + 1


def test_a_configuration_with_everything_wrong_is_not_read_further(folder: Path) -> None:
    (folder / "config.yaml").write_text(MANY + yaml_of(CONFIGURATION | {"analyses": "{os: 1}"}), "utf-8")
    assert "no such key" in refusal()


def test_an_analysis_with_a_long_name_and_nothing_in_it_is_refused(folder: Path) -> None:
    """What is wrong with it is told under a shortened name, and it is still known not to be sound."""
    name = "o" * (limits.ID_LENGTH + 1)
    (folder / "config.yaml").write_text(yaml_of(CONFIGURATION | {"analyses": f"{{{name}: {{}}}}"}), "utf-8")
    assert "'measure' is missing" in refusal()


def test_thousands_of_problems_are_told_with_their_number() -> None:
    error = BadInput(Problem("f", line, "", "wrong") for line in range(limits.PROBLEMS + 5))
    assert str(error).splitlines()[-1] == "... and 5 others like these"
    assert len(str(error).splitlines()) == limits.PROBLEMS + 1 and len(error.problems) == limits.PROBLEMS + 5


def test_a_curve_of_all_mankind_is_not_reconstructed(folder: Path) -> None:
    curve = "times: [0, 5, 9], survival_e: [1, 0.8, 0.5], survival_c: [1, 0.7, 0.4], at_risk_times: [0, 9]"
    curve += ", at_risk_e: [8000000000, 1], at_risk_c: [8000000000, 1]"
    outcomes = f"{{os: {{reported: [{{statistic: km_curve, {curve}, source: {{report: p}}}}]}}}}"
    (folder / "studies/ONE.yaml").write_text(yaml_of(RECORD | {"outcomes": outcomes}), "utf-8")
    extract = extract_outcome(load([Path("config.yaml")], {}).content("extract", study="ONE", outcome="os"))
    assert extract["curves"][0]["skipped"] == f"times are reconstructed for at most {limits.PATIENTS:,} patients"


def test_what_a_check_finds_very_often_is_listed_up_to_a_limit(folder: Path) -> None:
    figures = ", ".join(
        f"{{statistic: hazard_ratio, estimate: {value}, ci: [{value * 0.9}, {value * 1.1}], source: {{report: p}}}}"
        for value in (0.1, 9.0) * 100
    )
    (folder / "studies/ONE.yaml").write_text(
        yaml_of(RECORD | {"outcomes": f"{{os: {{reported: [{figures}]}}}}"}), "utf-8"
    )
    findings = extract_outcome(load([Path("config.yaml")], {}).content("extract", study="ONE", outcome="os"))[
        "findings"
    ]
    assert len(findings) == limits.HITS + 1 and findings[-1]["sentence"].startswith("and more")


# -- Tables ------------------------------------------------------------------------------------------------------------


def table_of(folder: Path, header: str, rows: list[str]) -> None:
    (folder / "studies.csv").write_text("\n".join([header, *rows]), "utf-8")
    parts = CONFIGURATION | {"studies": "studies.csv", "analyses": "{os: {measure: RR}}"}
    (folder / "config.yaml").write_text(yaml_of(parts), "utf-8")


def test_thousands_of_studies_of_the_same_patients_are_told_in_a_moment(folder: Path) -> None:
    table_of(folder, f"{COUNTS},population", [f"S{number},1,9,2,9,adults" for number in range(4_000)])
    assert "have the same patients (adults)" in refusal()


def test_thousands_of_rows_of_one_study_are_told_in_a_moment(folder: Path) -> None:
    table_of(folder, f"{COUNTS},population", [f"A,1,9,2,9,A/{number}" for number in range(4_000)])
    assert f"has 4,000 entries; {limits.FIGURES:,} at most" in refusal()


def test_a_history_of_studies_that_nobody_has_is_told_in_a_moment(folder: Path) -> None:
    (folder / "history.csv").write_text("searched,added\n2020-01-01," + "X Y " * 30_000, "utf-8")
    (folder / "config.yaml").write_text(yaml_of(CONFIGURATION | {"history": "history.csv"}), "utf-8")
    assert "no study 'X'" in refusal()


@pytest.mark.parametrize(
    "cells",
    [
        '<table:table-row table:number-rows-repeated="10000"/>' * 5_000,
        f'<table:table-row table:number-rows-repeated="10000"><table:table-cell {REPEATED}/></table:table-row>' * 500,
    ],
    ids=["rows", "rows of cells"],
)
def test_the_blank_rest_of_a_sheet_costs_nothing_however_often_it_is_repeated(tmp_path: Path, cells: str) -> None:
    cells = cells.replace(' office:value-type="float" office:value="1"', "")
    row = f"<table:table-row>{WORD}</table:table-row>"
    grid = read_grid(ods(tmp_path / "studies.ods", row + row + cells + row), "studies.ods")
    assert [number for number, _ in grid.rows] == [2, 3 + cells.count("number-rows-repeated") * 10_000]


def test_blank_cells_before_others_keep_their_places(tmp_path: Path) -> None:
    blank = '<table:table-cell table:number-columns-repeated="2"/>'
    rows = f"<table:table-row>{WORD * 4}</table:table-row><table:table-row>{blank}{WORD}{blank}</table:table-row>"
    for name in "abcd":
        rows = rows.replace(">study<", f">{name}<", 1)
    grid = read_grid(ods(tmp_path / "studies.ods", rows), "studies.ods")
    assert (grid.header, grid.rows[0][1]) == (("a", "b", "c", "d"), [None, None, "study", None])


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('<text:p>A<text:s text:c="99999999999"/></text:p>', "spaces in a row"),
        ('<text:p>A<text:s text:c="many"/></text:p>', "not an .ods file"),
        ("<text:p>" + "<text:span>" * 20_000 + "A" + "</text:span>" * 20_000 + "</text:p>", "nested deeper than"),
    ],
    ids=["spaces", "many spaces", "spans"],
)
def test_a_cell_of_an_open_document_that_grows_is_refused(tmp_path: Path, cell: str, words: str) -> None:
    row = f'<table:table-row><table:table-cell office:value-type="string">{cell}</table:table-cell></table:table-row>'
    with pytest.raises(BadInput, match=words):
        read_grid(ods(tmp_path / "studies.ods", row), "studies.ods")


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ('<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>', "merges or links more than"),
        ('<mergeCells><mergeCell ref="A2:B900000"/><mergeCell ref="D2:E900000"/></mergeCells>', "merges or links more"),
        ('<hyperlinks><hyperlink ref="A:XFD" location="x"/></hyperlinks>', "merges or links the cells A:XFD"),
    ],
    ids=["merged", "merged twice", "linked"],
)
def test_a_sheet_whose_cells_are_merged_or_linked_without_end_is_refused(
    tmp_path: Path, after: str, words: str
) -> None:
    file = xlsx(tmp_path / "studies.xlsx", f'<row r="1"><c r="A1"><v>1</v></c></row></sheetData>{after}<sheetData>')
    with pytest.raises(BadInput, match=words):
        read_grid(file, "studies.xlsx")


def test_merged_headings_and_links_of_a_table_are_read(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["study", "yi"], ["A", 1], ["B", 2]):
        book.active.append(row)
    book.active.merge_cells("B2:C3")
    book.active["A2"].hyperlink = "https://example.org"
    book.save(tmp_path / "studies.xlsx")
    assert read_grid(tmp_path / "studies.xlsx", "studies.xlsx").rows[0][1] == ["A", 1]


def test_a_whole_number_beyond_all_floats_is_refused_in_a_sheet_too(tmp_path: Path) -> None:
    names = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("study", "yi", "vi"))
    row = f'<c t="inlineStr"><is><t>A</t></is></c><c><v>{"9" * 400}</v></c><c><v>1</v></c>'
    file = xlsx(tmp_path / "studies.xlsx", f'<row r="1">{names}</row><row r="2">{row}</row>')
    problems = read_table(file, "studies.xlsx", TableRequest(measures={"os": frozenset({"HR"})})).problems
    assert [str(item) for item in problems] == [
        "studies.xlsx:2: yi: 400 digits; write a number, or NA for a missing one"
    ]


def test_a_text_of_a_parquet_file_that_is_none_is_refused(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    parts = [None, pyarrow.py_buffer(b"\0\0\0\0\2\0\0\0"), pyarrow.py_buffer(b"\xff\xfe")]
    text = pyarrow.Array.from_buffers(pyarrow.string(), 1, parts)
    parquet.write_table(pyarrow.table({"study": text}), tmp_path / "studies.parquet")
    with pytest.raises(BadInput, match=r"not a \.parquet file"):
        read_grid(tmp_path / "studies.parquet", "studies.parquet")


def test_a_parquet_file_that_holds_a_long_text_once_for_many_rows_is_refused(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    rows = 5_000
    text = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * rows, pyarrow.int32()), ["x" * 100_000])
    parquet.write_table(pyarrow.table({"study": text}), tmp_path / "studies.parquet")
    assert (tmp_path / "studies.parquet").stat().st_size < 1_000_000
    with pytest.raises(BadInput, match="unpacks to more than"):
        read_grid(tmp_path / "studies.parquet", "studies.parquet")
