"""RevMan's table of "Data and analyses": comparisons, totals, subtotals and studies."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.tools.import_file.review_packages import config_in, imported_into, record_in, table

from coppice.tools.import_file.imported import NotImported

HEADER = [
    "Comparison Number",
    "Outcome Number",
    "Subgroup Number",
    "Name",
    "Data Type",
    "Statistical Method",
    "Effect Measure",
    "Analysis Model",
    "Events 1",
    "Mean 1",
    "SD 1",
    "Total 1",
    "Events 2",
    "Mean 2",
    "SD 2",
    "Total 2",
    "Effect Estimate",
    "SE",
    "CI Start",
    "CI End",
    "Weight",
    "Q",
    "P(Q)",
    "I²(Q)",
    "Tau²",
    "Z",
    "P(Z)",
    "Qint",
    "P(Qint)",
    "I²(Qint)",
    "df",
    "Group Label 1",
    "Group Label 2",
    "Left Graph Label",
    "Right Graph Label",
    "Year of study",
    "User defined order",
]
LABELS = "Drug,Placebo,Favours drug,Favours placebo,,"
LINES = [
    f"1,0,0,Drug or placebo{',' * 33}",
    f"1,1,0,Death,DIC,MH,RR,Random,15,,,140,24,,,141,0.63,,0.34,1.15,100,0.2,0.9,0,0,1.5,0.13,0.1,0.7,0,2,{LABELS}",
    f"1,1,1,low dose,DIC,MH,RR,Random,8,,,90,15,,,91,0.54,,0.24,1.2,60,0.01,0.9,0,0,1.5,0.13,,,,1,{LABELS}",
    f"1,1,1,Abel 2001,,,,,5,0,0,50,9,0,0,50,0.55,0.52,0.2,1.54,30{',' * 15}2001,1",
    f"1,1,1,Baker 2004,,,,,3,0,0,40,6,0,0,41,0.51,0.67,0.14,1.91,30{',' * 15}2004,2",
    f"1,1,2,high dose,DIC,MH,RR,Random,7,,,50,9,,,50,0.78,,0.31,1.93,40,0,1,0,0,0.5,0.59,,,,0,{LABELS}",
    f"1,1,2,Cole 2010,,,,,7,0,0,50,9,0,0,50,0.78,0.46,0.31,1.93,40{',' * 15}2010,3",
]


def content(*lines: str, encoding: str = "utf-8") -> bytes:
    """Return a table of these lines."""
    return "\n".join([",".join(HEADER), *lines, ""]).encode(encoding)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "review"
    path.mkdir()
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_totals_and_subtotals_are_compared_and_never_studies_in_any_encoding(folder: Path, encoding: str) -> None:
    lines = imported_into(folder, "export.csv", content(*LINES, encoding=encoding))
    assert any("Windows-1252" in line for line in lines) is (encoding == "cp1252")
    analysis = config_in(folder)["analyses"]["a1_1"]
    assert analysis["include"] == {"study": ["Abel-2001", "Baker-2004", "Cole-2010"]}
    assert (analysis["subgroups"], analysis["favours"]) == ("subgroup", ["drug", "placebo"])
    assert (analysis["stored"]["estimate"], analysis["stored"]["tau2"], analysis["stored"]["df"]) == (0.63, 0, 2)
    assert list(analysis["stored"]["subgroups"]) == ["low dose", "high dose"]
    figure = record_in(folder, "Cole-2010")["outcomes"]["a1_1"]["reported"][0]
    assert (figure["events_e"], figure["n_c"], figure["source"]["at"]) == (7, 50, "Analysis 1.1, subgroup 2")


def test_ratios_of_the_generic_inverse_variance_are_kept_as_they_are_printed(folder: Path) -> None:
    lines = [
        "1,1,0,Death,GIV,IV,Hazard Ratio,Fixed,,,,0,,,,0,0.7,,0.5,0.98,100,,,,,,,,,,1,,,,,,",
        "1,1,0,Abel 2001,,,,,,,,0,,,,0,0.7,0.1717,0.5,0.98,100,,,,,,,,,,,,,,,2001,1",
        "1,2,0,Days,GIV,IV,Mean Difference,Fixed,,,,0,,,,0,-2,,-4,0,100,,,,,,,,,,1,,,,,,",
        "1,2,0,Abel 2001,,,,,,,,0,,,,0,-2,1.02,-4,0,100,,,,,,,,,,,,,,,2001,1",
    ]
    imported_into(folder, "export.csv", content(*lines))
    outcomes = record_in(folder, "Abel-2001")["outcomes"]
    ratio, difference = (outcomes[key]["reported"][0] for key in ("a1_1", "a1_2"))
    assert (ratio["statistic"], ratio["estimate"], ratio["se_log"]) == ("hazard_ratio", 0.7, 0.1717)
    assert (difference["statistic"], difference["yi"], difference["sei"]) == ("effect", -2, 1.02)


def test_a_study_that_would_be_lost_shows_in_the_totals(folder: Path) -> None:
    lines = imported_into(
        folder, "export.csv", content(*[line.replace(",2001,1", ",,") for line in (LINES[0], LINES[1], *LINES[3:])])
    )
    assert "note: Analysis 1.1: Total 1 is 140, and its studies add up to 90" in lines


REFUSED = {
    "half a file": (content(*LINES)[:-120], "the file may be cut short"),
    "a row before its outcome": (content(*LINES[3:]), "no outcome 1.1 with its data type before this row"),
    "a number in words": (
        content(LINES[1], LINES[3].replace(",50,9", ",fifty,9")),
        "column 'Total 1': 'fifty' is not a number",
    ),
    "two rows of totals": (content(LINES[1], LINES[1]), "a second row of totals of 1.1"),
    "no outcome": (content(LINES[0]), "has no row of an outcome"),
    "null characters": (content(*LINES).replace(b"Death", b"De\0th"), "none of the files that can be imported"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_line(folder: Path, name: str) -> None:
    text, message = REFUSED[name]
    with pytest.raises(NotImported) as refusal:
        imported_into(folder, "export.csv", text)
    assert message in str(refusal.value)
    assert list(folder.iterdir()) == []


def test_a_table_of_other_columns_is_not_taken_for_it(folder: Path) -> None:
    with pytest.raises(NotImported, match="none of the files"):
        imported_into(folder, "data.csv", table(["study", "yi"], [{"study": "Abel", "yi": 1}]))
