"""Covidence's tables for RevMan Web, with the columns of Cochrane's data extraction templates: a row per arm."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.tools.import_file.review_packages import config_in, imported_into, record_in, zipped

from coppice.tools.import_file.imported import NotImported

RESULTS = """\
Study,Reviewer Name,Outcome,Time point,Arm,Intervention,Events,N,Mean,SD,SE,CI start,CI end
Abel 2001,Consensus,Death,1 year,Placebo,Placebo,9,50,,,,,
Abel 2001,Consensus,Death,1 year,Drug,Drug,5,50,,,,,
Abel 2001,Ann,Death,1 year,Drug,Drug,6,50,,,,,
Abel 2001,Consensus,Pain,,Drug,Drug,,50,4.10,2,,,
Abel 2001,Consensus,Pain,,Placebo,Placebo,,50,5,,0.3,,
Baker 2004,Consensus,Death,1 year,Drug,Drug,3,40,,,,,
Baker 2004,Consensus,Death,1 year,Usual care,Usual care,6,41,,,,,
Cole 2010,Consensus,Death,1 year,Drug,Drug,3,40,,,,,
Cole 2010,Consensus,Death,1 year,Placebo,Placebo,6,41,,,,,
Cole 2010,Consensus,Death,1 year,Both,Drug and diet,6,41,,,,,
"""
INFORMATION = """\
Study,Reviewer Name,Year,Study design,Char: Methods,Covariate: Age
Abel 2001,Consensus,2001,Randomised controlled trial,Two centres,adults
Baker 2004,Consensus,2004,Non-randomised study,,children
"""
BIAS = (
    "Study,Reviewer Name,Outcome,Time point,Domain (judgement): Bias arising from the randomization process,"
    "Domain (judgement): Bias due to deviations from intended interventions,Domain (judgement): Bias due to missing outcome data,"
    "Domain (judgement): Bias in measurement of the outcome,Domain (judgement): Bias in selection of the reported result,"
    "Domain (judgement): Overall bias\n"
    "Abel 2001,Consensus,Death,1 year,Low risk,Low risk,Low risk,Low risk,Some concerns,Some concerns\n"
    "Abel 2001,Consensus,Pain,,Low risk,Low risk,Low risk,High risk,Low risk,High risk\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "review"
    path.mkdir()
    return path


def test_two_arms_of_a_study_become_a_figure_of_the_consensus_alone(folder: Path) -> None:
    lines = imported_into(folder, "results.csv", RESULTS.encode())
    record = record_in(folder, "Abel-2001")
    assert record["arms"] == {"experimental": {"name": "Drug"}, "control": {"name": "Placebo"}}
    death, pain = (outcome["reported"] for outcome in record["outcomes"].values())
    assert len(death) == 1
    assert [death[0][key] for key in ("events_e", "n_e", "events_c", "n_c")] == [5, 50, 9, 50]
    assert death[0]["source"]["at"] == "results.csv, Death at 1 year, rows 3 and 2"
    assert [pain[0][key] for key in ("mean_e", "sd_e", "mean_c", "se_c")] == [4.1, 2, 5, 0.3]
    analyses = config_in(folder)["analyses"]
    assert {key: (item["measure"], item["include"]["study"]) for key, item in analyses.items()} == {
        "death-at-1-year": ("RR", ["Abel-2001", "Baker-2004"]),
        "pain": ("MD", ["Abel-2001"]),
    }
    assert "left out: results.csv: rows of single reviewers (1); only those of the Consensus are read" in lines
    assert any("Cole 2010, Death at 1 year: 3 arms (Drug, Placebo, Drug and diet)" in line for line in lines)


def test_the_other_tables_add_to_the_records(folder: Path) -> None:
    imported_into(folder, "results.csv", RESULTS.encode())
    imported_into(folder, "information.csv", INFORMATION.encode())
    imported_into(folder, "bias.csv", BIAS.encode())
    abel, baker = record_in(folder, "Abel-2001"), record_in(folder, "Baker-2004")
    assert (abel["design"], abel["year"], abel["characteristics"]) == (
        "randomised",
        2001,
        {"methods": "Two centres", "age": "adults"},
    )
    assert (baker["design"], baker["year"]) == (None, 2004)
    judged = abel["risk_of_bias"]["by_outcome"]
    assert {key: item["overall"] for key, item in judged.items()} == {
        "death-at-1-year": "some concerns",
        "pain": "high",
    }


def test_all_tables_in_one_zip_file_are_read_together(folder: Path) -> None:
    content = zipped(
        {
            "Study results.csv": RESULTS.encode(),
            "Risk of bias.csv": BIAS.encode(),
            "Study information.csv": INFORMATION.encode(),
        }
    )
    imported_into(folder, "covidence.zip", content)
    abel = record_in(folder, "Abel-2001")
    assert (abel["design"], set(abel["risk_of_bias"]["by_outcome"])) == ("randomised", {"death-at-1-year", "pain"})


REFUSED = {
    "no consensus": (
        RESULTS.replace("Consensus", "Ben"),
        "has no row whose reviewer is 'Consensus' (rows of Ann, Ben)",
    ),
    "a number in words": (RESULTS.replace(",5,50", ",five,50"), "row 3, column 'Events': 'five' is not a number"),
    "half a file": (RESULTS[:-20], "the file may be cut short"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_line(folder: Path, name: str) -> None:
    text, message = REFUSED[name]
    with pytest.raises(NotImported) as refusal:
        imported_into(folder, "results.csv", text.encode())
    assert message in str(refusal.value)
    assert list(folder.iterdir()) == []
