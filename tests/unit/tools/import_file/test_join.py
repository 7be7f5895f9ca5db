"""References and registry records of studies that a review has: joined to them, never made into further studies."""

import shutil
from pathlib import Path

import pytest

from coppice.tools.import_file.additions import with_additions
from coppice.tools.import_file.imported import Imported
from coppice.tools.import_file.join import joined, with_studies_of
from coppice.tools.import_file.registry import read
from coppice.tools.import_file.write import write

FIGURE = {"statistic": "hazard_ratio", "estimate": 0.7, "source": {"report": "p"}}
OWN = {
    "study": "ONE",
    "label": "ONE (Example 2019)",
    "year": 2019,
    "design": "randomised",
    "characteristics": {"registration": "NCT00000101"},
    "reports": {
        "p": {"citation": "Example A. A made-up trial of drug A. J Exampl 2019", "doi": "10.1000/1", "pmid": 11111111}
    },
    "outcomes": {"os": {"reported": [FIGURE]}},
}
OTHER = OWN | {"study": "TWO", "label": "TWO", "characteristics": {}, "reports": {"p": {"citation": "Sample B 2018"}}}


def reference(**report):
    """Return an import of one reference."""
    record = {"study": "Example-2019", "label": "Example 2019", "year": 2019, "design": None}
    return Imported(
        file="a.ris",
        format="references",
        records={
            "Example-2019": {
                **record,
                "reports": {"example2019": {"citation": "Example A. Title. 2019", **report}},
                "outcomes": {},
            }
        },
    )


@pytest.mark.parametrize(
    ("report", "way"),
    [
        ({"citation": "Nobody N. X. 2024", "pmid": "11111111"}, "PubMed number"),
        ({"citation": "Nobody N. Long-term results (NCT00000101). 2024"}, "trial number"),
        ({"citation": "Nobody N. A made-up trial of drug A. Journal 2019"}, "title and year"),
        ({}, "first author and year: check that it is the same"),
    ],
    ids=["PubMed", "registry", "title", "author"],
)
def test_a_reference_is_joined_to_its_study(report, way):
    result = joined(reference(**report), {"ONE": OWN, "TWO": OTHER})
    assert set(result.records) <= {"ONE"}
    assert result.notes == [f"Example 2019 is study ONE, by {way}"]


def test_a_reference_of_no_study_is_a_candidate_once_the_review_has_figures_and_a_study_before():
    new = reference(citation="Nobody N. Something else. 2024", doi="10.1000/9")
    new = Imported(
        **{
            **{name: getattr(new, name) for name in ("file", "format")},
            "records": {"N": new.records["Example-2019"] | {"label": "N", "year": 2024}},
        }
    )
    listed = joined(new, {"ONE": OWN})
    assert not listed.records
    assert listed.left_out == ["candidate, of no study of this review: Nobody N. Something else. 2024 doi:10.1000/9"]
    assert list(joined(new, {"ONE": OWN | {"outcomes": {}}}).records) == ["N"]


def test_a_second_import_of_references_changes_no_byte_of_records_that_people_wrote(tmp_path):
    shutil.copytree(Path("config"), tmp_path / "config")
    file = tmp_path / "list.ris"
    file.write_text(
        "TY  - JOUR\nAU  - Example, A\nTI  - A further report\nPY  - 2025\nAB  - NCT02393859\nDO  - 10.1000/7\nER  - \n"
    )
    record = tmp_path / "config" / "studies" / "20120215.yaml"
    before = record.read_text()
    write(with_studies_of(tmp_path, read(file)), tmp_path)
    after = record.read_text()
    added = [line for line in after.splitlines() if line not in before.splitlines()]
    assert added == ["  example2025: {citation: Example A. A further report. 2025, doi: 10.1000/7}"]
    assert [line for line in after.splitlines() if line not in added] == before.splitlines()
    assert write(with_studies_of(tmp_path, read(file)), tmp_path)[0] == "nothing has changed"
    assert record.read_text() == after


def test_new_reports_are_put_below_those_that_are_there_and_other_changes_are_left_to_the_caller():
    text = "study: ONE # mine\nreports:\n    p: {citation: C}  # the paper\n\n# below\noutcomes: {}\n"
    present = {"study": "ONE", "reports": {"p": {"citation": "C"}}, "outcomes": {}}
    merged = {**present, "reports": {**present["reports"], "q": {"citation": "D"}}}
    assert with_additions(text, present, merged) == text.replace("paper\n", "paper\n    q: {citation: D}\n")
    assert with_additions(text, present, {**merged, "study": "TWO"}) is None


def test_a_second_import_changes_no_byte_where_references_have_nothing_to_be_recognised_by(tmp_path):
    references = "".join(
        f"TY  - RPRT\nTI  - {title}\nER  - \n"
        for title in ("Reply", "Record of one", "Record of two", "Reply to A", "Reply to A")
    )
    file = tmp_path / "list.ris"
    file.write_text(references + "TY  - RPRT\nPY  - 2016\nUR  - https://example.org/a\nER  - \n")
    write(with_studies_of(tmp_path, read(file)), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert len(before) == 8  # the list, six records, and what was imported
    assert write(with_studies_of(tmp_path, read(file)), tmp_path)[0] == "nothing has changed"
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before
