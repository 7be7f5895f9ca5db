"""Every recorded result of a study is traced to its report and place, with where it was analysed or why it was not."""

from __future__ import annotations

import re
from dataclasses import replace

from coppice.report.page import trace
from coppice.report.page.html_elements import plain
from coppice.report.report_data import ReviewView


def cells(table: str) -> list[list[str]]:
    """Return the cells of the body of a table, row by row."""
    body = table.partition("<tbody>")[2]
    return [
        [plain(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", body)
    ]


def test_an_analysed_result_links_to_its_analysis_and_names_where_it_was_read(review):
    table = trace.trace(review, "TOWER")
    assert '<a href="#analysis-os">Overall survival</a>' in table
    assert cells(table)[0] == [
        "Overall survival", "HR 0.71 (95% CI 0.55 to 0.93)", "Overall survival", "all", "Kantarjian et al. 2017",
        "abstract Results", "a journal's page", "primary",
    ]  # fmt: skip


def test_a_result_that_gives_no_effect_has_the_reason(review):
    *_, last = cells(trace.trace(review, "TOWER"))
    assert last[1] == "median 7.7 v 4.0 months"
    assert last[2] == "no: no hazard ratio can be computed from median survival"


def test_a_candidate_beside_the_chosen_one_is_marked(review):
    rows = cells(trace.trace(review, "E1910"))
    assert [row[2] for row in rows] == ["Overall survival", "no: another result was chosen"]


def test_a_result_without_a_place_is_not_recorded_rather_than_blank(review):
    extract = dict(review.extracts["TOWER", "os"])
    extract["unused"] = [extract["unused"][0] | {"source": {}}]
    bare = replace(review, extracts={("TOWER", "os"): extract})
    assert cells(trace.trace(bare, "TOWER"))[-1][5:] == ["not recorded"] * 3


def test_a_study_without_recorded_results_has_no_table(review):
    assert trace.trace(review, "BEIJING") is None


def test_a_part_of_the_patients_is_named_and_all_of_them_are_all(review):
    assert trace.whose(review, "TOWER", {"population": "TOWER", "label": None}) == "all"
    assert trace.whose(review, "TOWER", {"population": "TOWER/adults", "label": None}) == "TOWER/adults"
    assert trace.whose(review, "TOWER", {"population": "TOWER/adults", "label": "adults"}) == "adults"


def test_a_quote_stands_below_its_result_and_a_text_that_is_not_here_is_named_as_that():
    source = {"text": "sources/a.txt", "quote": "HR <0.70>"}
    assert "\u201cHR &lt;0.70&gt;\u201d" in trace.quote(source) and trace.quote({}) is None
    here, elsewhere = (
        ReviewView({"evidence": {"elsewhere": names}}, (), {}, {}) for names in ({}, {"sources/a.txt": 1})
    )
    assert trace.quoted_text(here, source).endswith(">sources/a.txt</span>")
    assert trace.quoted_text(elsewhere, source).endswith(">sources/a.txt (not available here)</span>")
    assert trace.quoted_text(here, {}) is None
