"""The GRADE worksheet: facts from the results, nothing judged, and the authors' judgement beside them."""

from __future__ import annotations

import re

import pytest
from tests.unit.report import fixtures

from coppice.report.data.data_tables import grade_worksheet
from coppice.report.page import grade, grade_facts
from coppice.report.page.html_elements import plain

ROB_2 = {"tool": "RoB 2", "domains": {"D1": "low"}, "overall": "low"}


@pytest.fixture
def judged(changed):
    """Return the small review with judgements of its studies and of its certainty."""
    spec = fixtures.specification()
    spec["studies"][0]["risk_of_bias"] = ROB_2 | {"overall": "high"}
    own = {"os": {"domains": {"D1": "some concerns"}, "overall": "some concerns"}}
    spec["studies"][1]["risk_of_bias"] = ROB_2 | {"by_outcome": own}
    certainty = {"level": "low", "reasons": ["serious imprecision", "risk of bias of one trial", "as agreed"]}
    spec["analyses"][0] |= {"certainty": certainty, "important": 0.8}
    pool = fixtures.pooled()
    for effect, weight in zip(pool["effects"], (20.0, 50.0, 30.0), strict=True):
        effect |= {"weight_random": weight}
    pool["effects"][0]["reported"] |= {"events_e": 17, "events_c": 40}
    return changed(spec=spec, pool=pool)


def facts(review):
    return {name: " ".join(lines) for name, lines, _ in grade_facts.rows(review, review.analyses[0])}


def test_risk_of_bias_is_given_by_weight_and_for_the_outcome_where_it_was_judged(judged):
    text = facts(judged)["Risk of bias"]
    assert "overall judgement: some concerns in one study (50% of the weight), high in one study (20% of the weight)." in text  # fmt: skip
    assert "Judged for this outcome: 1 of 2 judgements" in text
    assert "Not assessed: AALL1331 (Brown 2021) (30% of the weight)." in text


def test_inconsistency_has_the_directions_heterogeneity_and_the_prediction_interval(judged):
    text = facts(judged)["Inconsistency"]
    for part in ("below 1: 3, above: 0", "τ² is 0.014", "I² is 31%", "0.29 to 1.34", "p = 0.27"):
        assert part in text


def test_imprecision_has_the_interval_the_events_and_the_optimal_information_size(judged):
    text = facts(judged)["Imprecision"]
    assert "HR 0.62 (95% CI 0.41 to 0.94); the interval excludes 1 (no difference)." in text
    assert "Patients: 837. Events: 57 in the 1 of 3 studies whose effect is from counts." in text
    assert "Optimal information size for a hazard ratio of 0.80: 631 events." in text
    assert "10.2307/2531021" in text


def test_studies_whose_counts_alone_enter_a_glmm_count_in_every_domain(judged):
    """A study without an event in either arm has no effect, and is in the model."""
    (analysis,) = judged.analyses
    before = facts(judged)
    analysis.pool["settings"]["likelihood"] = "binomial"
    analysis.pool["excluded"][0]["reported"] = {"events_e": 0, "n_e": 20, "events_c": 0, "n_c": 22}
    after = facts(judged)
    assert "BEIJING" in after["Risk of bias"] and "BEIJING" not in before["Risk of bias"]
    assert "Patients: 879. Events: 57 in the 2 of 4 studies" in after["Imprecision"]
    assert after["Publication bias"].startswith("Every study of the analysis was pooled.")
    counted = [sum(int(part) for part in re.findall(r": (\d+)", text["Study design"])) for text in (before, after)]
    assert counted == [3, 4]


def test_the_p_value_of_an_adjusted_estimate_is_no_test_of_small_study_effects():
    from coppice.report.page.grade_facts import _p_of

    assert _p_of({"estimate": 0.2, "p": 0.01, "predictor": "the standard error"}) == 0.01  # a slope
    assert _p_of({"estimate": 0.2, "p": 0.01, "test": {"p": 0.6}}) == 0.6  # a selection model
    assert _p_of({"estimate": 0.2, "p": 0.01, "p_small": 0.3}) == 0.3  # limit meta-analysis
    assert _p_of({"estimate": 0.2, "p": 0.01}) is None  # PET-PEESE and p-uniform*


def test_small_study_tests_come_with_what_they_may_be_used_for(changed, judged, tmp_path):
    assert "Not pooled: BEIJING (Qi 2024)." in facts(judged)["Publication bias"]
    (analysis,) = judged.analyses
    analysis.explore["small_study"] = {"egger": {"name": "Egger's test", "p": 0.04}, "begg": {"name": "Begg's test", "skipped": "few"}}  # fmt: skip
    text = facts(judged)["Publication bias"]
    assert "Tests of small-study effects: Egger's test p = 0.04" in text
    assert "a large p value does not rule out bias" in text
    analysis.explore["small_study"] = {"egger": {"name": "Egger's test", "skipped": "few"}}
    assert "No test of small-study effects may be used with three effects." in facts(judged)["Publication bias"]


def test_the_judgement_is_left_empty_and_the_reasons_of_the_authors_stand_beside_their_domains(judged):
    rows = {name: text for name, _, text in grade_facts.rows(judged, judged.analyses[0])}
    assert rows["Imprecision"] == "serious imprecision"
    assert rows["Risk of bias"] == "risk of bias of one trial"
    assert rows["Inconsistency"] == ""
    assert rows["Certainty of the evidence"] == "low (as agreed)"
    html = grade.worksheet(judged, judged.analyses[0])
    assert html.count('<td class="why">\N{NO-BREAK SPACE}</td>') == len(rows)


def test_what_may_raise_the_certainty_is_asked_only_where_a_study_is_not_randomised(changed):
    assert "Upgrading" not in facts(changed())
    spec = fixtures.specification()
    spec["studies"][0]["design"] = "matched-cohort"
    assert "HR 0.62" in facts(changed(spec=spec))["Upgrading"]


def test_certainty_that_nobody_judged_is_not_assessed(review):
    assert grade_facts.rows(review, review.analyses[0])[-1][2] == "not assessed"
    assert "not assessed" in plain(grade.worksheet(review, review.analyses[0]))


def test_there_is_no_worksheet_without_a_pooled_effect(changed):
    review = changed(effects=[], random=None)
    assert grade.worksheet(review, review.analyses[0]) is None


def test_the_worksheet_is_one_of_the_tables(judged):
    frame = grade_worksheet(judged)
    assert frame.columns == ("analysis", "title", "domain", "facts", "judgement", "judged_by_authors")
    assert {row[4] for row in frame.rows} == {None}
    assert [row[2] for row in frame.rows] == list(facts(judged))
