"""What the rows of a forest plot answer, and the result that the page saves."""

import json
import re

from coppice.jobs import canonical_json
from coppice.report.page import download
from coppice.report.page.forest_rows import row, row_of_excluded, rows
from coppice.report.page.outcome_tables import weight


def test_a_row_answers_with_the_result_as_reported_its_source_and_its_route(review, analysis):
    answer = row(review, analysis, analysis.effects[0])
    assert answer["title"] == "E1910 (Litzow 2024)"
    assert answer["estimate"] == "HR 0.44 (0.25 to 0.77)"
    assert answer["facts"] == [
        ["Reported", "HR 0.44 (95% CI 0.25 to 0.76)"],
        ["Source", "Litzow et al. 2024, abstract Results"],
        ["Read in", "a journal's page"],
        ["Route", "hazard ratio with CI"],
        ["Weight", weight(analysis, analysis.effects[0])],
    ]
    assert answer["targets"] == ["study-e1910", "table-effects-os"]


def test_a_row_answers_with_the_quote_of_its_source(review, analysis):
    effect = analysis.effects[0]
    quoted = {**effect, "source": {**effect["source"], "quote": "hazard ratio, 0.44"}}
    assert ["Quote", "\N{LEFT SINGLE QUOTATION MARK}hazard ratio, 0.44\N{RIGHT SINGLE QUOTATION MARK}"] in row(
        review, analysis, quoted
    )["facts"]


def test_the_rows_are_in_the_order_of_the_effects(review, analysis):
    data = json.loads(re.search(">(.*)<", str(rows(review, analysis)))[1])
    excluded = [item.get("label") or item["study"] for item in analysis.pool["excluded"]]
    assert [each["title"] for each in data["rows"]] == [effect["label"] for effect in analysis.effects] + excluded


def test_a_study_that_is_not_pooled_answers_with_the_reason(analysis):
    answer = row_of_excluded(analysis, {"study": "TOWER", "label": "TOWER (2017)", "reason": "no interval was read"})
    assert answer == {
        "title": "TOWER (2017)",
        "estimate": "Not pooled",
        "facts": [["Why", "No interval was read"]],
        "targets": ["study-tower", "analysis-os-excluded"],
    }


def test_without_a_forest_plot_there_are_no_rows(review, analysis):
    analysis.figures["forest"].unlink()
    assert rows(review, analysis) is None


def test_the_saved_result_is_that_of_the_file(review, analysis, tmp_path):
    block = str(download.result(review, analysis))
    assert json.loads(re.search(">(.*)<", block)[1]) == canonical_json.read(tmp_path / "results/pool/os.json")
    assert 'data-name="os.json"' in block
