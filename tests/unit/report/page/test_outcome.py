"""The results of one analysis: which headings stand over what, in which order, and what is left out."""

from __future__ import annotations

import re
from dataclasses import replace

from tests.unit.report import fixtures

from coppice.report.page import outcome, sentences
from coppice.report.page.html_elements import plain, tag


def headings(section: str) -> list[str]:
    return re.findall(r"<h4>(.*?)</h4>", section)


def test_an_outcome_has_the_headings_of_what_it_reports_in_reading_order(review, analysis):
    assert headings(outcome.outcome(review, analysis)) == [
        "Estimate in full",
        "Subgroups",
        "GRADE worksheet",
        "Sensitivity analyses",
        "Results included in the analysis",
        "Studies not pooled",
    ]


def test_each_fold_of_an_outcome_has_an_address_of_its_own(review, analysis):
    section = outcome.outcome(review, analysis)
    keys = re.findall(r'<details class="fold" id="analysis-os-([\w-]+)">', section)
    assert keys == ["estimate", "subgroups", "grade", "sensitivity", "included", "excluded"]


def test_heterogeneity_prediction_and_subgroups_have_a_line_each_outside_the_folds(review, analysis):
    visible = plain(re.sub(r"<details.*</details>", "", outcome.outcome(review, analysis), flags=re.DOTALL))
    for line in sentences.spread(analysis):
        assert line in visible


def test_the_result_comes_first_and_the_remark_of_the_authors_after_it(review, analysis):
    text = plain(outcome.outcome(review, analysis))
    assert text.startswith("Overall survival Hazard ratio 0.62 (95% CI 0.41 to 0.94), in favour of blinatumomab.")
    assert text.index("0.62") < text.index("A remark.") < text.index("Heterogeneity") < text.index("yielded a pooled")


def test_nothing_to_say_has_no_heading():
    assert outcome.titled("Heterogeneity", None, None) is None
    assert outcome.titled("Heterogeneity", tag("p", "Some.")) == "<h5>Heterogeneity</h5><p>Some.</p>"


def test_a_funnel_plot_of_few_effects_is_replaced_by_the_reason(review, analysis, tmp_path):
    file = tmp_path / "funnel.svg"
    file.write_text(fixtures.SVG, "utf-8")
    section = outcome.outcome(review, replace(analysis, figures={"funnel": file}))
    assert "A funnel plot is not shown: with fewer than 10 effects, asymmetry cannot be distinguished" in plain(section)
    assert "<img" not in section


def test_a_figure_that_was_not_drawn_is_left_out(review, analysis, tmp_path):
    section = outcome.outcome(review, replace(analysis, figures={"forest": tmp_path / "none.svg"}))
    assert "<img" not in section and "<figure" not in section


def test_studies_that_define_the_outcome_alike_are_named_together(changed):
    spec = fixtures.specification()
    spec["studies"][1]["outcomes"] = {}
    review = changed(spec=spec)
    text = plain(outcome.outcome(review, review.analyses[0]))
    assert "Survival from randomisation: E1910 (Litzow 2024) and AALL1331 (Brown 2021)." in text
    assert "not stated: TOWER (Kantarjian 2017)." in text


def test_definitions_that_no_study_states_are_left_out(changed):
    spec = fixtures.specification()
    for study in spec["studies"]:
        study["outcomes"] = {}
    review = changed(spec=spec)
    assert "Outcome definitions" not in outcome.outcome(review, review.analyses[0])


def test_a_main_estimate_without_another_one_has_no_robustness_strip_on_the_page(review, analysis, tmp_path):
    file = tmp_path / "robustness.svg"
    file.write_text(fixtures.SVG, "utf-8")
    drawn = replace(analysis, figures={"robustness": file})
    assert "figure-robustness" in outcome.outcome(review, drawn)
    alone = {**drawn.pool, "common": None, "alternatives": {"wald": None, "HKSJ": None}}
    assert "figure-robustness" not in outcome.outcome(review, replace(drawn, pool=alone, explore={}))
