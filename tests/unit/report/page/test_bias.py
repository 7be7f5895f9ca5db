"""The risk of bias is printed as people judged it, a sign and a word for each light."""

from __future__ import annotations

import pytest
from tests.unit.report import fixtures

from coppice.report.page import bias, page, tables
from coppice.report.page.html_elements import plain

JUDGED = {"tool": "RoB 2", "domains": {"D1": "low", "D2": "high"}, "overall": "some concerns"}


@pytest.fixture
def judged(changed):
    spec = fixtures.specification()
    spec["studies"][0]["risk_of_bias"] = JUDGED
    return changed(spec=spec)


def test_without_judgements_nothing_is_proposed(review):
    assert plain(bias.risk_of_bias(review)) == "Risk of bias: not assessed for any study."


def test_each_domain_has_its_judgement_and_the_others_are_named(judged):
    text = plain(bias.risk_of_bias(judged))
    assert "E1910 (Litzow 2024) + low × high − some concerns" in text
    assert "Not assessed: TOWER (Kantarjian 2017) and AALL1331 (Brown 2021)." in text
    assert "Domain Low Some concerns High D1 Randomisation process 1 0 0" in text
    assert "D2 Deviations from the intended interventions 0 0 1 Overall 0 1 0" in text


def test_the_limits_name_the_studies_that_nobody_judged(judged):
    assert "Risk of bias in TOWER (Kantarjian 2017) and AALL1331 (Brown 2021)" in plain(page.limits(judged))


def test_outcomes_that_were_judged_by_themselves_have_their_own_row(changed):
    spec = fixtures.specification()
    own = {"domains": {"D1": "high", "D2": "high"}, "overall": "high"}
    spec["studies"][0]["risk_of_bias"] = JUDGED | {"by_outcome": {"os": own}}
    review = changed(spec=spec)
    text = plain(bias.risk_of_bias(review))
    assert f"E1910 (Litzow 2024): {review.outcome('os')} × high × high × high" in text
    assert "Number of outcomes of studies by risk-of-bias judgement (RoB 2)." in text
    facts = tables.risk_of_bias(review, spec["studies"][0]["risk_of_bias"])
    assert facts == (
        f"RoB 2: some concerns overall (D1: low; D2: high); {review.outcome('os')}: high overall (D1: high; D2: high)"
    )


def test_a_tool_without_an_overall_judgement_prints_none(review):
    assert (
        tables.risk_of_bias(review, {"tool": "RoB 1", "domains": {"Blinding": "low"}, "overall": None})
        == "RoB 1: Blinding: low"
    )
