"""The flow of records in the template of the R package PRISMA2020 (Haddaway et al. 2022, doi:10.1002/cl2.1230)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.tools.import_file.review_packages import counts, imported_into, package, settings

from coppice.tools.import_file.formats import prisma_flow
from coppice.tools.import_file.imported import NotImported

FLOW = """\
data,node,box,description,boxtext,tooltips,url,n
NA,node4,prevstud,Grey title box; Previous studies,Previous studies,Grey title box,prevstud.html,NA
previous_studies,node5,box1,Studies included in previous version,Studies included,,,xxx
database_results,node7,box2,Records identified from: Databases,Databases,,,"1,200"
register_results,node7,box2,Records identified from: Registers,Registers,,,34
citations_results,node9,box11,Citation searching,Citation searching,,,5
duplicates,node8,box3,Duplicate records,Duplicate records,,,234
excluded_other,node8,box3,Other reasons,Other reasons,,,xxx
records_screened,node10,box4,Records screened,Records screened,,,1000
records_excluded,node11,box5,Records excluded,Records excluded,,,900
dbr_sought_reports,node12,box6,Reports sought,Reports sought,,,100
dbr_notretrieved_reports,node13,box7,Reports not retrieved,Reports not retrieved,,,2
dbr_assessed,node14,box8,Reports assessed,Reports assessed,,,98
dbr_excluded,node15,box9,Reports excluded,Reports excluded,,,"Wrong population, 50; Wrong outcome, not measured, 30"
new_studies,node16,box10,New studies,New studies,,,2
new_reports,node16,box10,New reports,New reports,,,18
total_studies,node17,box16,Total studies,Total studies,,,xxx
"""
EXPECTED = {
    "identified": {"databases": 1200, "registers": 34},
    "removed": {"duplicates": 234},
    "screened": 1000,
    "excluded_screening": 900,
    "sought": 100,
    "not_retrieved": 2,
    "assessed": 98,
    "excluded_reports": {"Wrong population": 50, "Wrong outcome, not measured": 30},
    "included_studies": 2,
    "included_reports": 18,
}


def test_the_rows_of_the_template_become_the_counts_of_the_flow() -> None:
    imported = prisma_flow.read(FLOW.encode(), "flow.csv")
    assert imported.config == {"review": {"flow": EXPECTED}}
    assert imported.left_out == [
        "flow.csv: citations_results 5: reports by other methods have no place in the flow; name them in `review.selection`"
    ]


def test_the_total_is_taken_where_there_are_studies_of_an_earlier_version() -> None:
    text = FLOW.replace("Studies included,,,xxx", "Studies included,,,7").replace(
        "Total studies,,,xxx", "Total studies,,,9"
    )
    assert prisma_flow.read(text.encode(), "flow.csv").config["review"]["flow"]["included_studies"] == 9


def test_a_configuration_is_left_as_it_is_and_the_lines_to_add_are_printed(tmp_path: Path) -> None:
    folder = tmp_path / "review"
    folder.mkdir()
    rows = [counts("Abel 2001", 5, 50, 9, 50), counts("Baker 2004", 3, 40, 6, 41)]
    imported_into(folder, "CD1.zip", package(rows, [settings()]))
    before = (folder / "config/config.yaml").read_text("utf-8")
    lines = "\n".join(imported_into(folder, "flow.csv", FLOW.encode()))
    assert (folder / "config/config.yaml").read_text("utf-8") == before
    assert (
        "note: config/config.yaml: is left as it is; add to `review`:\n  flow:\n    identified: {databases: 1200, registers: 34}"
        in lines
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",,1000", ",,many", "row 9, column 'n': 'many' is not a whole number"),
        (",,1000", ",,-3", "row 9, column 'n': '-3' is not a whole number"),
        ("records_excluded", "records_screened", "row 10, column 'data': a second row 'records_screened'"),
    ],
)
def test_what_is_not_a_count_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(NotImported) as refusal:
        prisma_flow.read(FLOW.replace(old, new, 1).encode(), "flow.csv")
    assert str(refusal.value) == f"flow.csv: {message}"


def test_a_template_that_nobody_filled_in_is_refused() -> None:
    with pytest.raises(NotImported, match="no row of the flow has a number"):
        prisma_flow.read(b"data,node,n\nrecords_screened,node10,xxx\n", "flow.csv")
