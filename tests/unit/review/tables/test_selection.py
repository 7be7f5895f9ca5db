"""Which part of a table is read: sheets, header rows, rows and columns; and what is told of the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.review.tables.test_table import effects, figures, load, load_file, problems, write_xlsx

from coppice.core.errors import BadInput
from coppice.plan import check, pooled

COUNTS = "study,events_e,n_e,events_c,n_c"
LONG = f"""{COUNTS},measure_name,time,SE,units
A,4,123,11,139,deaths,6,0.2,mg
A,9,123,19,139,deaths,12,0.3,mg
A,7,123,12,139,relapses,6,0.1,g
B,5,120,10,130,deaths,6,0.2,mg
B,6,120,14,130,deaths,12,0.4,
"""
DEATHS = {
    "where": {"measure_name": "Deaths", "time": 12},
    "columns": {"ignore": ["measure_name", "time", "SE", "units"]},
}


def notes(folder: Path, content: str | bytes, measure: str = "RR", **config: Any) -> list[str]:
    return [
        note.split("studies.csv", 1)[-1].lstrip(": ") for note in load(folder, content, measure, **config).review.notes
    ]


def test_rows_are_selected_by_the_values_of_columns_whatever_their_capitals_and_digits(tmp_path: Path) -> None:
    assert [figure["events_e"] for figure in figures(load(tmp_path, LONG, **DEATHS))] == [9, 6]


def test_several_values_and_empty_cells_select_rows(tmp_path: Path) -> None:
    where = {"time": [6, "12"], "units": None}
    columns = {"ignore": ["measure_name", "time", "SE", "units"]}
    assert [figure["events_e"] for figure in figures(load(tmp_path, LONG, where=where, columns=columns))] == [6]


def test_columns_that_the_map_does_not_name_are_left_out(tmp_path: Path) -> None:
    names = ("study", "events_e", "n_e", "events_c", "n_c")
    columns = {name: name for name in names} | {"only": True}
    review = load(tmp_path, LONG, where=DEATHS["where"], columns=columns)
    assert review.review.studies[0].characteristics == {}


def test_what_is_left_out_is_told_in_the_console_and_in_the_report(tmp_path: Path) -> None:
    review = load(tmp_path, LONG, **DEATHS).review
    assert [note.split("studies.csv: ")[1] for note in review.notes] == [
        "2 of 5 rows read, by `where`",
        "columns not read: measure_name, time, SE, units",
    ]
    found = [item["sentence"] for item in check.of_review(review) if item["check"] == "table_note"]
    assert found == list(review.notes)
    assert set(pooled.at_the_end(review, tmp_path)) >= {f"note: {note}" for note in review.notes}


def test_a_table_that_is_read_as_it_stands_has_no_notes(tmp_path: Path) -> None:
    assert load(tmp_path, f"{COUNTS}\nA,4,123,11,139\n").review.notes == ()


def test_a_study_may_be_named_by_several_columns(tmp_path: Path) -> None:
    text = f"author,year,drug,{COUNTS.removeprefix('study,')}\nLi,2001,x,4,123,11,139\nLi,2001,y,5,120,11,139\nLi,2004,x,5,99,7,98\n"
    review = load(tmp_path, text, columns={"study": ["author", "year", "drug"]}).review
    assert [study.label for study in review.studies] == ["Li 2001 x", "Li 2001 y", "Li 2004 x"]
    assert [study.study for study in review.studies] == ["Li-2001-x", "Li-2001-y", "Li-2004-x"]
    assert [study.year for study in review.studies] == [2001, 2001, 2004]


def test_parts_of_a_study_with_one_control_arm_are_told(tmp_path: Path) -> None:
    text = f"drug,{COUNTS}\nx,A,4,123,11,139\ny,A,5,120,11,139\nx,B,5,99,11,139\n"
    assert notes(tmp_path, text, columns={"study": ["study", "drug"]}) == [
        "A x, A y (rows 2, 3) have the same control arm, whose patients enter with each; a column 'split_c' with the number of comparisons shares them out"
    ]


@pytest.mark.parametrize("numbers", ["1234", "0123", ["7", "12", "30", "31"]])
def test_a_first_column_that_counts_the_rows_is_left_out_with_a_note(tmp_path: Path, numbers: list[str]) -> None:
    rows = "".join(f"{number},{study},4,123,11,139\n" for number, study in zip(numbers, "ABCD", strict=True))
    assert notes(tmp_path, f",{COUNTS}\n{rows}") == [
        "the first column, which has no name, counts the rows and is not read"
    ]


def test_columns_without_a_name_are_told_once(tmp_path: Path) -> None:
    rows = "".join(f"{study},4,123,x,11,139,y,1\n" for study in "ABCD")
    text = f"study,events_e,n_e,,events_c,n_c,,setting\n{rows}"
    assert problems(tmp_path, text) == [
        ":1: columns 4, 7: have no name in the header; write one, or leave out all that the map does not name: `columns: {only: true}`"
    ]


def test_columns_without_a_name_do_no_harm_where_only_those_of_the_map_are_read(tmp_path: Path) -> None:
    names = ("study", "events_e", "n_e", "events_c", "n_c")
    text = "study,events_e,n_e,,events_c,n_c,SE,SE\nA,4,123,x,11,139,1,1\n"
    columns = {name: name for name in names} | {"only": True}
    assert notes(tmp_path, text, columns=columns) == ["column 4 without a name not read", "columns not read: SE, SE"]


def test_a_column_of_other_texts_is_no_misspelt_field(tmp_path: Path) -> None:
    review = load(tmp_path, f"{COUNTS},measured,units\nA,4,123,11,139,smell,mg\n").review
    assert review.studies[0].characteristics == {"measured": "smell", "units": "mg"}


TITLED = [["Table 2. Deaths", None, None, None, None], ["Study", "Aspirin", None, "Placebo", None]]
NAMES = ["", "deaths", "n", "deaths", "n"]
JOINED = {"events_e": "Aspirin deaths", "n_e": "Aspirin n", "events_c": "Placebo deaths", "n_c": "Placebo n"}


def test_names_in_two_rows_are_joined_below_a_title(tmp_path: Path) -> None:
    file = tmp_path / "studies.xlsx"
    write_xlsx(file, [*TITLED, NAMES, ["A", 4, 123, 11, 139], ["B", 5, 120, 12, 130]])
    review = load_file(file, "RR", header=[2, 3], columns=JOINED)
    assert figures(review)[0] == {"statistic": "counts", "events_e": 4, "n_e": 123, "events_c": 11, "n_c": 139}
    assert [note.split("xlsx: ")[1] for note in review.review.notes] == [
        "row 1 above the names of the columns not read"
    ]


def test_a_title_and_names_in_two_rows_are_named_as_what_they_are(tmp_path: Path) -> None:
    file = tmp_path / "studies.xlsx"
    write_xlsx(file, [*TITLED, NAMES, ["A", 4, 123, 11, 139], ["B", 5, 120, 12, 130]])
    with pytest.raises(
        BadInput, match=r"is a title and not the names of the columns: 'Table 2\. Deaths'; .* `header: 2`"
    ):
        load_file(file)
    write_xlsx(file, [*TITLED[1:], NAMES, ["A", 4, 123, 11, 139], ["B", 5, 120, 12, 130]])
    with pytest.raises(BadInput, match=r"names groups of columns, and row 2 the columns; write `header: \[1, 2\]`"):
        load_file(file)


def test_the_sheet_that_the_configuration_names_is_read(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["remember the milk"])
    sheet = book.create_sheet("Main outcome ")
    for row in (COUNTS.split(","), ["A", 4, 123, 11, 139]):
        sheet.append(row)
    book.save(tmp_path / "studies.xlsx")
    assert figures(load_file(tmp_path / "studies.xlsx", sheet="main outcome"))[0]["n_c"] == 139
    with pytest.raises(BadInput, match="has no sheet 'Main outcomes'; did you mean 'Main outcome '"):
        load_file(tmp_path / "studies.xlsx", sheet="Main outcomes")


def test_the_only_outcome_of_a_table_is_that_of_the_only_analysis(tmp_path: Path) -> None:
    review = load(tmp_path, f"{COUNTS},outcome\nA,4,123,11,139,All‐cause mortality at day 28\n").review
    assert review.studies[0].outcomes["effect"]["definition"] == "All‐cause mortality at day 28"
    assert "the only outcome of the table, is read as 'effect'" in review.notes[0]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (f"{COUNTS}\nÄrzte,4,123,11,139\n".encode("cp1252"), "is not UTF-8; it was read as Windows-1252, as in row 2: 'Ärzte,4,123,'. If letters are wrong, save the table as 'CSV UTF-8'"),
        (f"{COUNTS}\nÄrzte,4,123,11,139\n".encode("utf-16"), "is UTF-16 text, and was read as such"),
        (f"{COUNTS}\nÄrzte,4,123,11,139\n".encode("utf-16-le"), "is UTF-16 text, and was read as such"),
        (f"{COUNTS}\nÄrzte,4,123,11,139\n".encode("utf-16-be"), "is UTF-16 text, and was read as such"),
    ],
)  # fmt: skip
def test_text_that_is_not_utf_8_is_read_and_told_once(tmp_path: Path, text: bytes, note: str) -> None:
    assert load(tmp_path, text).review.studies[0].label == "Ärzte"
    assert notes(tmp_path, text) == [note]


def test_several_rows_of_a_study_are_told_with_the_columns_that_tell_them_apart(tmp_path: Path) -> None:
    found = problems(tmp_path, f"{COUNTS},drug\nA,4,123,11,139,x\nA,5,120,11,139,y\nB,5,120,11,139,y\n")
    assert found[-1].startswith(":3: study: a second counts of this study and outcome, the first in row 2")
    assert (
        "differ in drug: `columns: {study: [study, drug]}` makes each a study, `where: {drug: ...}` reads some"
        in found[-1]
    )


def test_many_columns_that_differ_within_a_study_have_one_line(tmp_path: Path) -> None:
    text = f"{COUNTS},a,b,c,d,report\nA,4,123,11,139,1,2,3,4,p\nA,4,123,12,139,2,3,4,5,q\n"
    assert problems(tmp_path, text) == [
        ":1: 4 cells in 4 columns differ within a study, which has one value of each: a, b, c, d; leave out those that are not used: `columns: {only: true}`, or `ignore: [...]` within it"
    ]


@pytest.mark.parametrize(
    ("n", "message"),
    [(19.5, ""), (0.5, "0.5 is not allowed; write a number not below 1")],
)
def test_a_group_with_a_mean_may_have_a_fractional_size(tmp_path: Path, n: float, message: str) -> None:
    text = f"study,m1i,sd1i,n1i,m2i,sd2i,n2i\nA,5,2,20,6,2,{n}\n"
    if message:
        assert message in problems(tmp_path, text, "MD")[0]
    else:
        assert effects(load(tmp_path, text, "MD"), "MD") == [-1.0]
