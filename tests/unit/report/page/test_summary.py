"""The summary of findings gives what the results hold and proposes no judgement."""

from __future__ import annotations

import dataclasses

import pytest
from tests.unit.report import fixtures

from coppice.report import contents
from coppice.report.page import abstract, prisma, sentences, summary
from coppice.report.page.absolute import Baseline
from coppice.report.page.html_elements import plain


def judged(changed, level, **parts):
    spec = fixtures.specification()
    spec["analyses"][0] |= {
        "certainty": {"level": level, "reasons": ["imprecision"]},
        "baselines": [{"name": "first relapse", "risk": 0.36, "time": "3 years"}],
    }
    return changed(spec=spec, **parts)


def test_what_nobody_judged_has_no_column_and_a_missing_baseline_risk_is_explained(review):
    text = plain(summary.summary_of_findings(review))
    assert "Certainty" not in text and "Plain-language summary" not in text
    assert "* No baseline risk is available." in text


def test_an_outcome_that_nobody_judged_is_not_assessed_beside_one_that_was(changed):
    review = judged(changed, "low")
    other = dataclasses.replace(review.analyses[0], name="other", certainty=None)
    text = plain(summary.summary_of_findings(dataclasses.replace(review, analyses=(*review.analyses, other))))
    assert "low (imprecision)" in text
    assert "not assessed not stated: certainty not assessed" in text


def test_a_hazard_ratio_at_a_stated_time_becomes_patients_per_thousand(changed):
    text = plain(summary.summary_of_findings(judged(changed, "low")))
    # 1 - 0.64^0.62, 1 - 0.64^0.41, 1 - 0.64^0.94
    assert "first relapse, by 3 years: 360 on chemotherapy, 242 (167 to 343) on blinatumomab" in text
    assert "low (imprecision)" in text


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("high", "Blinatumomab reduces events (overall survival)"),
        ("moderate", "Blinatumomab probably reduces events"),
        ("low", "Blinatumomab may reduce events"),
        ("very low", "very uncertain"),
    ],
)
def test_the_words_follow_the_certainty(changed, level, words):
    assert words in summary.plain_statement(judged(changed, level).analyses[0])


def test_the_abstract_says_what_was_not_assessed(review):
    text = abstract.limits(review)
    assert text.startswith(
        "Not assessed: risk of bias and certainty of the evidence. Not stated: flow of records and date of the last search."
    )


def test_the_checklist_has_the_42_items_of_prisma_2020_once_each():
    numbers = [item.number for item in prisma.CHECKLIST]
    assert len(numbers) == len(set(numbers)) == 42
    assert {number.rstrip("abcdef") for number in numbers} == {str(number) for number in range(1, 28)}


def test_the_checklist_for_abstracts_has_its_12_items_and_finds_what_the_abstract_says(review, changed):
    assert [item.number for item in prisma.ABSTRACT] == [str(number) for number in range(1, 13)]
    missing = [item.number for item in prisma.ABSTRACT if not item.is_supplied(review)]
    assert missing == ["1", "3", "4", "5", "10", "11", "12"]
    spec = fixtures.specification()
    spec["review"] |= {
        "title": "Blinatumomab: a systematic review", "eligibility": "Randomised trials", "searched": "2026-01-05",
        "interpretation": "It agrees with others", "support": "A grant", "registration": "CRD1",
    }  # fmt: skip
    for study in spec["studies"]:
        study["risk_of_bias"] = {"tool": "RoB 2", "domains": {"D1": "low"}, "overall": "low"}
    complete = changed(spec=spec)
    assert [item.number for item in prisma.ABSTRACT if not item.is_supplied(complete)] == []
    text = plain(abstract.abstract(complete))
    for said in (
        "Randomised trials",
        "2026-01-05",
        "Risk of bias was assessed with RoB 2",
        "It agrees with others",
        "A grant",
        "CRD1",
    ):
        assert said in text


def test_the_checklist_points_only_to_sections_that_exist():
    assert {item.section for item in prisma.CHECKLIST} - {None} <= {*contents.SECTIONS, "main"}


def test_the_checklist_prints_what_is_missing_as_not_assessed(review):
    text = plain(prisma.checklist(review, contents.SECTIONS))
    assert "16a Flow of records not stated" in text
    assert "12 Effect measures Methods" in text


def test_an_outcome_says_its_absolute_numbers_and_where_the_risk_comes_from(changed):
    text = plain(summary.in_absolute_numbers(judged(changed, "low").analyses[0]))
    assert text.startswith("Number of patients with an event per 1,000 (95% CI); baseline risk from the configuration:")
    assert "360 on chemotherapy, 242 (167 to 343) on blinatumomab" in text


def test_without_a_risk_an_outcome_says_no_absolute_numbers(analysis):
    assert summary.in_absolute_numbers(analysis) is None


def test_an_event_is_called_what_the_configuration_calls_it(changed):
    spec = fixtures.specification()
    spec["analyses"][0] |= {
        "event": "death",
        "baselines": [{"name": "first line", "risk": 0.1, "time": "3 years", "source": "a registry"}],
    }
    analysis = changed(spec=spec).analyses[0]
    assert "Number of patients with death per 1,000" in plain(summary.in_absolute_numbers(analysis))
    assert "the hazard of death was" in sentences.result(changed(spec=spec), analysis)


def test_each_number_beyond_what_is_possible_is_marked(changed):
    spec = fixtures.specification()
    spec["analyses"][0] |= {"measure": "RD"}
    analysis = changed(spec=spec).analyses[0]
    part = {"estimate": 0.6, "ci_low": -0.7, "ci_high": 0.9}
    said = summary.absolute_effect(analysis, part, Baseline("first relapse", 0.5, None, "a registry"))
    dagger = "\N{DAGGER}"
    assert said == f"first relapse: 500 on chemotherapy, 1,000{dagger} (0{dagger} to 1,000{dagger}) on blinatumomab"


def test_the_abstract_names_the_fallback_of_the_interval_and_when_it_is_taken(changed):
    review = changed(random=fixtures.estimated(0.62, 0.41, 0.94, "wald"), heterogeneity={"tau2": 0.0})
    tau2 = "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO}"
    assert f"confidence intervals by Wald where {tau2} is 0." in plain(abstract.abstract(review))


def test_the_abstract_names_analyses_whose_studies_all_enter_another(review):
    part = dataclasses.replace(
        review.analyses[0], title="Children", pool=review.analyses[0].pool | {"effects": review.analyses[0].effects[:2]}
    )
    (said,) = abstract.shared(dataclasses.replace(review, analyses=(*review.analyses, part)))
    assert "Children" in said
    assert "also contribute to" in said


def by_subgroup(changed):
    """Return a review whose analysis has estimates of its subgroups only, with risks in the arms."""
    effects = [fixtures.effect(study) for study in fixtures.HAZARD_RATIOS]
    for item, risk in zip(effects, (0.1, 0.2, 0.4), strict=True):
        item |= {"subgroup": "adds" if risk < 0.4 else "replaces", "risks": {"control": {"risk": risk}}}
    levels = [
        {"level": "adds", "k": 2, "random": fixtures.estimated(2.0, 0.5, 3.0)},
        {"level": "replaces", "k": 1, "random": fixtures.estimated(0.5, 0.25, 1.0)},
    ]
    spec = fixtures.specification()
    spec["analyses"][0] |= {"measure": "RR"}
    return changed(
        spec=spec, random=None, effects=effects, subgroups={"by": "contrast", "levels": levels, "test": None}
    )


def test_without_an_overall_estimate_each_subgroup_has_its_relative_and_absolute_effect(changed):
    text = plain(summary.summary_of_findings(by_subgroup(changed)))
    assert "adds: RR 2.00 (0.50 to 3.00)" in text
    assert "adds: median observed risk: 150 on chemotherapy, 300 (75 to 450) on blinatumomab" in text
    assert "lowest" not in text
    every = plain(summary.in_absolute_numbers(by_subgroup(changed).analyses[0]))
    assert "adds: lowest observed risk: 100 on chemotherapy, 200 (50 to 300) on blinatumomab" in every
    assert "adds: highest observed risk: 200 on chemotherapy, 400 (100 to 600) on blinatumomab" in every
    assert "replaces: observed risk: 400 on chemotherapy, 200 (100 to 400) on blinatumomab" in text


def test_the_table_says_what_is_compared_and_what_its_codes_stand_for(review):
    text = plain(summary.summary_of_findings(review))
    assert text.startswith("Summary of findings: blinatumomab versus chemotherapy.")
    assert "Relative effect or difference (95% CI)" in text
    assert "CI: confidence interval; HR: hazard ratio." in text
