"""Sentences that authors write, beside results that do or do not support them."""

from __future__ import annotations

import copy
import math

import pytest

from coppice.jobs import canonical_json
from coppice.report.claims import may_claim, named, overclaims, sentences_of
from coppice.report.page import findings
from coppice.report.page.html_elements import plain
from coppice.report.read import read_review

from . import fixtures

WIDE, FEWER, NARROW = (0.80, 0.50, 1.28), (0.62, 0.41, 0.94), (0.99, 0.90, 1.08)
# a sentence, and the checks that find something in it where the interval is wide; then where it excludes no difference
SENTENCES = [
    ("There was no difference in overall survival.", {"claim_of_no_difference"}, {"claim_of_no_difference"}),
    ("Blinatumomab had no effect on overall survival.", {"claim_of_no_difference"}, {"claim_of_no_difference"}),
    ("Blinatumomab does not improve overall survival.", {"claim_of_no_difference"}, {"claim_of_no_difference"}),
    ("Overall survival was similar in both groups.", {"claim_of_no_difference"}, {"claim_of_no_difference"}),
    ("Blinatumomab had no statistically significant effect on mortality.", {"claim_of_no_difference"}, {"claim_of_no_difference"}),
    ("Blinatumomab improves overall survival.", {"claim_of_difference"}, set()),
    ("Blinatumomab reduces death.", {"claim_of_difference"}, set()),
    ("Blinatumomab reduced mortality by a third.", {"claim_of_difference"}, set()),
    ("Overall survival was significantly longer with blinatumomab.", {"claim_of_difference"}, set()),
    ("Overall survival was improved by blinatumomab.", {"claim_of_difference"}, set()),
    ("There was a significant difference in overall survival.", {"claim_of_difference"}, set()),
    ("Blinatumomab leads to fewer deaths.", {"claim_of_difference"}, set()),
    ("Blinatumomab is superior to chemotherapy.", {"claim_of_difference"}, set()),
    ("The benefit on overall survival is greater in first relapse.", {"claim_on_subgroups"}, {"claim_on_subgroups"}),
    ("Blinatumomab improves overall survival only in first relapse.", {"claim_of_difference", "claim_on_subgroups"}, {"claim_on_subgroups"}),
    # no claims: hedged, negated, about methods, one study or other evidence
    ("Blinatumomab may reduce death.", set(), set()),
    ("Blinatumomab probably improves overall survival.", set(), set()),
    ("It is uncertain whether blinatumomab improves overall survival.", set(), set()),
    ("The interval for overall survival includes no difference.", set(), set()),
    ("There is no evidence of a difference in overall survival.", set(), set()),
    ("This does not show that there is no difference in overall survival.", set(), set()),
    ("The data on overall survival are compatible with no effect and with a large one.", set(), set()),
    ("No trial of overall survival reported whether blinatumomab reduces harms.", set(), set()),
    ("Leaving out one study increases the heterogeneity of overall survival.", set(), set()),
    ("Patients with reduced renal function were not eligible for overall survival.", set(), set()),
    ("In TOWER blinatumomab improved overall survival.", set(), set()),
    ("A meta-analysis (10.1158/1078-0432.CCR-25-1034) found that blinatumomab reduces death.", set(), set()),
    ("Does blinatumomab reduce death?", set(), set()),
    ("Overall survival was the primary outcome of all trials.", set(), set()),
    ("The follow-up is longer in first relapse.", set(), set()),
    ("The test does not show that the effect on overall survival is greater in first relapse.", set(), set()),
]  # fmt: skip


def names(review):
    return {item["check"] for item in overclaims(review)}


def spec_with(**about):
    spec = fixtures.specification()
    spec["review"] |= about
    spec["analyses"][0]["event"] = "death"
    return spec


@pytest.mark.parametrize(("sentence", "wide", "excluding"), SENTENCES)
def test_a_claim_is_a_finding_where_the_interval_does_not_support_it(changed, sentence, wide, excluding):
    spec = spec_with(interpretation=sentence)
    assert names(changed(spec=spec, random=fixtures.estimated(*WIDE))) == wide
    assert names(changed(spec=spec, random=fixtures.estimated(*FEWER))) == excluding


@pytest.mark.parametrize("place", ["notes", "interpretation", "implications", "note"])
def test_every_text_of_the_authors_is_looked_at(changed, place):
    spec, text = spec_with(), "Blinatumomab reduces death."
    if place == "note":
        spec["analyses"][0]["note"] = text
    else:
        spec["review"][place] = [text]
    (item,) = overclaims(changed(spec=spec, random=fixtures.estimated(*WIDE)))
    assert (item["study"], item["outcome"]) == (None, "os")
    assert text in item["sentence"]
    assert "HR 0.80 (0.50 to 1.28)" in item["sentence"]


def test_no_difference_may_be_claimed_where_the_interval_is_within_what_does_not_matter(changed):
    spec = spec_with(interpretation="There was no difference in overall survival.")
    assert names(changed(spec=spec, random=fixtures.estimated(*NARROW))) == set()
    spec["analyses"][0]["important"] = 0.95
    (item,) = overclaims(changed(spec=spec, random=fixtures.estimated(*NARROW)))
    assert "the interval reaches beyond 0.95 to 1.05" in item["sentence"]


def test_a_difference_without_a_smallest_important_one_is_never_none(changed):
    spec = spec_with(interpretation="There was no difference in overall survival.")
    spec["analyses"][0]["measure"] = "MD"
    (item,) = overclaims(changed(spec=spec, random=fixtures.estimated(*NARROW)))
    assert "not configured (`important`)" in item["sentence"]


def test_a_finding_is_accepted_with_a_reason_for_the_review_or_for_a_note(changed):
    spec, reason = spec_with(interpretation="Blinatumomab reduces death."), "the trial that was planned for it shows so"
    spec["review"]["accept"] = {"claim_of_difference": reason}
    review = changed(spec=spec, random=fixtures.estimated(*WIDE))
    assert [item["accepted"] for item in overclaims(review)] == [reason]
    assert reason in plain(findings.findings(review))
    spec = spec_with()
    spec["analyses"][0] |= {"note": "Blinatumomab reduces death.", "accept": {"claim_of_difference": reason}}
    assert [item["accepted"] for item in overclaims(changed(spec=spec, random=fixtures.estimated(*WIDE)))] == [reason]


def test_an_accepted_claim_that_nobody_makes_is_a_finding(changed):
    assert names(changed(spec=spec_with(accept={"claim_of_cause": "planned"}))) == {"accept_unused"}


def test_a_subgroup_claim_is_supported_by_a_small_p_of_the_test(changed):
    spec = spec_with(interpretation="The benefit on overall survival is greater in first relapse.")
    pool = fixtures.pooled()
    pool["subgroups"]["test"] |= {"p": 0.012, "Q": 8.8}
    assert names(changed(spec=spec, pool=pool)) == set()
    pool["subgroups"] = None
    spec["review"]["interpretation"] = "The benefit on overall survival is greater in some subgroups."
    (item,) = overclaims(changed(spec=spec, pool=pool))
    assert "there is no test of subgroup differences" in item["sentence"]


def test_an_effect_of_one_subgroup_alone_is_named_with_both_intervals(changed):
    spec = spec_with(interpretation="Blinatumomab reduces death in first relapse.")
    pool = fixtures.pooled() | {"random": fixtures.estimated(*WIDE)}
    level = next(item for item in pool["subgroups"]["levels"] if item["level"] == "first relapse")
    level["random"] = fixtures.estimated(0.55, 0.35, 0.86)
    (item,) = overclaims(changed(spec=spec, pool=pool))
    assert item["check"] == "claim_from_one_subgroup"
    assert "HR 0.55 (0.35 to 0.86)" in item["sentence"]
    assert "HR 0.80 (0.50 to 1.28)" in item["sentence"]
    assert "p = 0.27" in item["sentence"]


@pytest.mark.parametrize(
    ("sentence", "is_causal"),
    [
        ("Blinatumomab reduces death.", True),
        ("The fewer deaths are due to blinatumomab.", True),
        ("Blinatumomab causes fewer deaths.", True),
        ("Blinatumomab was associated with fewer deaths.", False),
        ("Death was observed for four years.", False),
    ],
)
def test_causal_words_are_findings_for_studies_that_are_not_randomised(changed, sentence, is_causal):
    spec = spec_with(interpretation=sentence)
    assert names(changed(spec=spec)) == set()
    spec["studies"][0]["design"] = "matched-cohort"
    review = changed(spec=spec)
    assert names(review) == ({"claim_of_cause"} if is_causal else set())
    assert not is_causal or "1 of 3 pooled studies is not randomised" in overclaims(review)[0]["sentence"]


def two_outcomes(folder, text, first=WIDE, second=FEWER):
    """Return a review with two outcomes and a text of its authors."""
    spec = spec_with(interpretation=text)
    spec["analyses"].append(copy.deepcopy(spec["analyses"][0]) | {"analysis": "efs", "outcome": "efs", "title": "Event-free survival", "event": None, "pool": "pool/efs.json"})  # fmt: skip
    fixtures.write(folder, spec, fixtures.pooled() | {"random": fixtures.estimated(*first)})
    canonical_json.write(folder / "results/pool/efs.json", fixtures.pooled() | {"random": fixtures.estimated(*second)})
    return read_review(canonical_json.read(folder / "spec.json"), folder / "results")


def test_each_clause_is_held_against_the_outcome_that_it_names(tmp_path):
    text = "Blinatumomab improves event-free survival, but there was no difference in overall survival."
    (item,) = overclaims(two_outcomes(tmp_path, text))
    assert (item["check"], item["outcome"]) == ("claim_of_no_difference", "os")


def test_two_claims_joined_by_and_are_held_against_an_outcome_each(tmp_path):
    text = "Blinatumomab had no effect on overall survival, and improves event-free survival."
    (item,) = overclaims(two_outcomes(tmp_path, text))
    assert (item["check"], item["outcome"]) == ("claim_of_no_difference", "os")


def test_without_an_overall_estimate_a_claim_is_held_against_the_subgroups(changed):
    pool = fixtures.pooled() | {"random": None}
    for level in pool["subgroups"]["levels"]:
        level["random"] = fixtures.estimated(*WIDE)
    review = changed(spec=spec_with(interpretation="Blinatumomab had no effect on overall survival."), pool=pool)
    (item,) = overclaims(review)
    assert item["sentence"].count("HR 0.80 (0.50 to 1.28)") == 3


def test_a_claim_that_names_no_outcome_is_a_finding_only_if_every_main_result_contradicts_it(tmp_path):
    assert names(two_outcomes(tmp_path, "Blinatumomab is superior.")) == set()
    assert names(two_outcomes(tmp_path, "Blinatumomab is superior.", WIDE, WIDE)) == {"claim_of_difference"}


def test_the_longest_title_in_a_text_is_the_one_that_it_names(tmp_path):
    review = two_outcomes(tmp_path, "")
    assert [item.name for item in named(review, "In OS and event-free survival")] == ["os", "efs"]
    assert named(review, "a cost of 5 os") == []


def test_sentences_end_where_the_next_begins_and_not_at_an_abbreviation():
    assert sentences_of("As Litzow et al. Wrote. It fell to 0.62. No more.") == ["As Litzow et al. Wrote.", "It fell to 0.62.", "No more."]  # fmt: skip


def test_nothing_is_claimed_without_an_interval(changed):
    spec = spec_with(interpretation="Blinatumomab reduces death. There was no difference in overall survival.")
    assert names(changed(spec=spec, random=fixtures.estimated(*FEWER) | {"ci_low": None, "ci_high": None})) == set()
    assert names(changed(spec=spec, random=None)) == set()


def test_limits_without_an_important_difference_are_those_of_grade(changed):
    spec = spec_with(interpretation="There was no difference in overall survival.")
    inside = {"ci_low": math.log(0.751), "ci_high": math.log(1.249)}
    assert names(changed(spec=spec, random=fixtures.estimated(*NARROW) | inside)) == set()
    assert names(changed(spec=spec, random=fixtures.estimated(*NARROW) | {"ci_low": math.log(0.749)})) == {"claim_of_no_difference"}  # fmt: skip


def test_texts_without_words_of_a_claim_need_no_result():
    assert not may_claim({"title": "Drug or placebo", "notes": ["A worked example."]}, ["Overall survival.", None])
    assert may_claim({"interpretation": "Drug reduces death."}, [])
    assert may_claim({}, ["There was no difference."])
