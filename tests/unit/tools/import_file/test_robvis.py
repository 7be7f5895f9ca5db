"""Tables of the risk of bias, which are joined to the studies of a review by their labels."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from tests.unit.tools.import_file.review_packages import counts, imported_into, package, record_in, settings

from coppice.tools.import_file.imported import NotImported

ROB_2 = "Study,D1,D2,D3,D4,D5,Overall\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "review"
    path.mkdir()
    rows = [counts("Abel 2001", 5, 50, 9, 50), counts("Baker 2004a", 3, 40, 6, 41)]
    imported_into(path, "CD1.zip", package(rows, [settings()]))
    return path


def test_judgements_are_joined_by_label_and_the_others_are_listed_with_the_nearest(folder: Path) -> None:
    content = f"{ROB_2}ABEL 2001,Low,some concerns,L,Low risk,Low,Some concerns\nBaker 2004,High,Low,Low,Low,Low,High\n"
    lines = imported_into(folder, "rob.csv", content.encode())
    assert record_in(folder, "Abel-2001")["risk_of_bias"] == {
        "tool": "RoB 2",
        "domains": {"D1": "low", "D2": "some concerns", "D3": "low", "D4": "low", "D5": "low"},
        "overall": "some concerns",
    }
    assert "note: 'ABEL 2001' is study Abel-2001: check that it is the same" in lines
    assert "left out: no study 'Baker 2004' in the review; the nearest is 'Baker 2004a'" in lines
    assert imported_into(folder, "rob.csv", content.encode())[0] == "nothing has changed"


def test_the_lines_of_a_record_that_people_wrote_stay_as_they_are(folder: Path) -> None:
    file = folder / "config/studies/Abel-2001.yaml"
    text = f"# written by hand\n{file.read_text('utf-8')}risk_of_bias: null\nnote: odd\n"
    file.write_text(text, "utf-8")
    imported_into(folder, "rob.csv", f"{ROB_2}Abel 2001,Low,Low,Low,Low,Low,Low\n".encode())
    before, after = text.split("risk_of_bias: null\n")
    written = file.read_text("utf-8")
    assert written.startswith(before + "risk_of_bias:\n") and written.endswith(after)


def test_a_judgement_that_people_edited_is_not_overwritten(folder: Path) -> None:
    content = f"{ROB_2}Abel 2001,Low,Low,Low,Low,Low,Low\n"
    imported_into(folder, "rob.csv", content.encode())
    file = folder / "config/studies/Abel-2001.yaml"
    file.write_text(file.read_text("utf-8").replace("D1: low", "D1: high"), "utf-8")
    lines = imported_into(folder, "rob.csv", content.replace("2001,Low", "2001,Some concerns").encode())
    assert record_in(folder, "Abel-2001")["risk_of_bias"]["domains"]["D1"] == "high"
    assert any("risk_of_bias, domains, D1: the record has high, rob.csv has some concerns" in line for line in lines)


def test_rows_by_outcome_are_judgements_of_the_outcomes(folder: Path) -> None:
    content = (
        "study_name,outcome,timepoint,D1,D2,D3,D4,D5,DS,Overall\n"
        "Abel 2001,death,1 year,low,low,low,low,low,NA,low\n"
        "Abel 2001,pain,1 year,high,low,low,low,low,NA,high\n"
    )
    lines = imported_into(folder, "rob.csv", content.encode())
    judged = record_in(folder, "Abel-2001")["risk_of_bias"]
    assert {key: item["overall"] for key, item in judged["by_outcome"].items()} == {"a1_1": "low"}
    assert "left out: Abel 2001: no outcome 'pain' in its record; the nearest is 'a1_1'" in lines


TOOLS = {
    "ROBINS-I": ("Study,D1,D2,D3,D4,D5,D6,D7,Overall", "Low,Serious,Low,Low,NI,Low,Critical,Critical"),
    "QUADAS-2": ("Study,D1,D2,D3,D4,Overall", "Low,Some concerns,Low,High,High"),
    "QUIPS": ("Study,D1,D2,D3,D4,D5,D6,Overall", "Low,Moderate,Low,High,Low,Low,High"),
    "RoB 1": ("Study,Random.sequence.generation,Allocation.concealment,Other.bias", "Low,Unclear,High"),
    "tool not stated": ("Study,D1,D2,D3,Overall", "good,poor,fair,fair"),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_tool_is_read_from_domains_and_judgements_and_named(folder: Path, tool: str) -> None:
    header, judgements = TOOLS[tool]
    lines = imported_into(folder, "rob.csv", f"{header}\nAbel 2001,{judgements}\n".encode())
    assert record_in(folder, "Abel-2001")["risk_of_bias"]["tool"] == tool
    assert any(f"the tool is read as {tool}" in line for line in lines)


def test_a_workbook_of_the_same_form_is_read_too(folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["notes of the team"])
    sheet = book.create_sheet("RoB")
    for row in (["Study", "D1", "D2", "D3", "D4", "D5", "Overall"], ["Abel 2001", *["Low"] * 6]):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    imported_into(folder, "rob.xlsx", content.getvalue())
    assert record_in(folder, "Abel-2001")["risk_of_bias"]["overall"] == "low"


REFUSED = {
    "none of the studies": (
        f"{ROB_2}Study 1,Low,Low,Low,Low,Low,Low\n",
        "rob.csv: no study 'Study 1' in the review; the nearest is '",
    ),
    "a study twice": (
        f"{ROB_2}Abel 2001,Low,Low,Low,Low,Low,Low\nAbel 2001,Low,Low,Low,Low,Low,Low\n",
        "row 3, column 'Study': a second row of 'Abel 2001'; a column 'outcome' tells",
    ),
    "half a row": (f"{ROB_2}Abel 2001,Low,Lo", "row 2: 3 cells under 7 columns: the file may be cut short"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_joined_is_refused_in_a_line(folder: Path, name: str) -> None:
    text, message = REFUSED[name]
    with pytest.raises(NotImported) as refusal:
        imported_into(folder, "rob.csv", text.encode())
    assert message in str(refusal.value)
    assert "risk_of_bias" not in record_in(folder, "Abel-2001")


def test_judgements_without_a_review_ask_for_its_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotImported, match="adds to a review that is there; name its folder: --to DIR"):
        imported_into(tmp_path / "empty", "rob.csv", f"{ROB_2}Abel 2001,Low,Low,Low,Low,Low,Low\n".encode())
