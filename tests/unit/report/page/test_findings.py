"""What the checks found is in the report, each finding once."""

from __future__ import annotations

from tests.unit.report import fixtures

from coppice.report.page import findings
from coppice.report.page.html_elements import plain

FINDING = {"check": "survival_v_hazard_ratio", "severity": "warning", "study": "TOWER", "outcome": "os", "figure": 0, "sentence": "0.71 and 0.5 do not agree.", "accepted": "other cut"}  # fmt: skip


def test_findings_of_the_specification_are_listed_once(changed):
    review = changed(spec=fixtures.specification() | {"findings": [FINDING, dict(FINDING)]})
    text = plain(findings.findings(review))
    assert text.count("0.71 and 0.5 do not agree.") == 1
    assert (
        "TOWER (Kantarjian 2017) Overall survival survival v hazard ratio warning 0.71 and 0.5 do not agree. other cut"
        in text
    )


def test_without_findings_the_report_says_so(review):
    assert findings.NOTHING in findings.findings(review)


def test_the_sentence_of_a_finding_names_outcomes_in_words_and_keeps_the_keys_of_reports(review):
    item = {"study": "TOWER", "outcome": "os", "check": "p_repeated", "sentence": "ash2019 prints p = 0.05 for os"}
    assert findings.sentence_of(review, item) == "ash2019 prints p = 0.05 for overall survival"
