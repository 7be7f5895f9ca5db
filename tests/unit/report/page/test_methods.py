"""The methods say the settings that were used, and cite."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.report import fixtures

from coppice.pool.kernel.tau2 import ESTIMATORS
from coppice.report.page import methods
from coppice.report.page.methods import source_of
from coppice.report.page.references import works


def said(review):
    return " ".join(statement.text for statement in methods.methods(review))


def test_the_settings_of_the_result_are_said(review):
    text = said(review)
    assert "restricted maximum likelihood (REML)" in text
    assert "Hartung-Knapp-Sidik-Jonkman" in text
    assert "profile cochrane2025" in text


def test_another_estimator_changes_the_sentence(changed):
    text = said(changed(settings={"tau2": "DL", "inference": "wald", "prediction": "none", "profile": "revman5"}))
    assert "DerSimonian-Laird (DL)" in text
    assert "\N{LEFT SINGLE QUOTATION MARK}Wald\N{RIGHT SINGLE QUOTATION MARK}" in text
    assert "Prediction intervals" not in text


def test_heterogeneity_about_mantel_haenszel_is_said(changed):
    settings = {"tau2": "DL", "inference": "wald", "prediction": "none", "common": "MH"}
    sentence = "Where the common effect was estimated by the Mantel-Haenszel method"
    assert sentence in said(changed(settings=settings | {"profile": "revman5"}))
    assert sentence not in said(changed(settings=settings | {"profile": "metafor"}))
    assert sentence not in said(changed(settings=settings | {"profile": "meta", "tau2": "REML"}))


def test_analyses_with_other_settings_are_said_apart(changed):
    spec = fixtures.specification()
    review = changed(spec=spec)
    other = fixtures.pooled() | {"settings": {"tau2": "PM", "inference": "wald"}}
    both = replace(
        review, analyses=(review.analyses[0], replace(review.analyses[0], title="Event-free survival", pool=other))
    )
    text = said(both)
    assert "Overall survival: effects were pooled" in text
    assert "Event-free survival: effects were pooled" in text


def test_the_route_that_was_taken_is_explained_with_its_source(review):
    assert "Route \N{LEFT SINGLE QUOTATION MARK}hazard ratio with CI" in said(review)


@pytest.mark.parametrize("name", sorted(ESTIMATORS))
def test_every_estimator_is_said_with_its_source(name):
    statement = methods.estimator(name, "Effects")
    assert name in statement.text
    assert statement.cites == (ESTIMATORS[name].source,)


def test_a_fixed_variance_is_said_to_be_set():
    assert methods.estimator("0.05", "Effects").text.endswith("set to 0.05.")


def test_a_setting_without_words_of_its_own_is_said_all_the_same(changed):
    settings = {"tau2": "REML", "inference": "HKSJ", "prediction": "t_k-1", "new_option": "x"}
    assert "Further settings: new option x." in said(changed(settings=settings))


def test_a_source_of_a_registry_becomes_the_works_that_it_names():
    source = "Hartung & Knapp 2001, doi:10.1002/sim.1009; Sidik & Jonkman 2002, doi:10.1002/sim.1262"
    assert works(source) == ["hartung2001", "sidik2002"]
    assert works("Nobody 1999; Nowhere 2:3") == ["Nobody 1999; Nowhere 2:3"]
    assert works("prisma") == ["prisma"]


def test_the_source_of_a_route_is_cited_as_works_each_with_its_doi(review):
    counts = works(
        source_of("Deeks JJ. Review Manager, 2010; Cochrane Handbook 2019, 10.4; 10.1002/9781119536604.ch10")
    )
    assert counts == ["Deeks JJ. Review Manager, 2010", "handbook2019"]
    route = next(said for said in methods.methods(review) if "hazard ratio with CI" in said.text)
    assert [key for source in route.cites for key in works(source)] == ["parmar1998"]
    assert "Parmar" not in route.text


@pytest.mark.parametrize(
    ("elsewhere", "looked_up"),
    [
        ({}, "each quote was searched for in its text, and each number of the result in the quote."),
        ({"sources/a.txt": 2}, "in the quote, except for two results from texts that are not available here."),
        ({"sources/a.txt": 3, "sources/b.txt": 1}, "the quotes were not looked up in this run, as their texts are not available here."),
    ],
)  # fmt: skip
def test_the_share_of_results_with_a_quote_is_given_and_whether_these_were_looked_up(review, elsewhere, looked_up):
    counts = {"figures": 12, "quoted": 4, "elsewhere": elsewhere}
    (statement,) = methods.evidence(replace(review, spec={**review.spec, "evidence": counts}))
    assert statement.text.startswith("The words of the source are quoted for 4 of the 12 recorded results (33%); ")
    assert statement.text.endswith(looked_up)


def test_a_review_without_quotes_says_nothing_of_them(review):
    assert list(methods.evidence(review)) == []
