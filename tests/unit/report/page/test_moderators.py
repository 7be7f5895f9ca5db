"""What the report says of moderators and of dependent effects."""

import copy

from tests.unit.report import fixtures

from coppice.report.page import dependence, html_elements, moderators
from coppice.report.page.methods import differences, models
from coppice.report.page.moderators import term

PART = {
    "formula": "dose",
    "k": 12,
    "QM": 7.5,
    "QM_df": 1,
    "QM_df2": 10.0,
    "QM_p": 0.02,
    "R2": 64.6,
    "tau2": 0.111,
    "I2": 71.9,
    "coefficients": [
        {"name": "intercept", "estimate": 0.3, "ci_low": 0.1, "ci_high": 0.5, "p": 0.01},
        {"name": "dose", "estimate": -0.028, "ci_low": -0.048, "ci_high": -0.008, "p": 0.02},
    ],
    "warnings": ["Left out of the meta-regression, because a moderator is missing: A."],
}


def test_a_meta_regression_gives_its_test_and_what_it_explains(changed):
    (analysis,) = changed(moderators=PART).analyses
    text = moderators.sentence(analysis)
    assert text.startswith("Meta-regression of 12 effects on dose: F = 7.50 on 1 and 10 df, p = 0.02")
    assert "explain 65%" in text and "Left out of the meta-regression, because a moderator is missing: A." in text
    table = html_elements.plain(str(moderators.coefficients(analysis)))
    assert "dose" in table and "0.028" in table


def test_a_reason_stands_where_there_is_no_meta_regression(changed):
    (analysis,) = changed(reasons={"moderators": "2 effects are too few"}).analyses
    assert moderators.sentence(analysis) == "No meta-regression is reported: 2 effects are too few."
    assert moderators.coefficients(analysis) is None


def test_dependent_effects_are_told_with_other_correlations(changed):
    pooled = copy.deepcopy(fixtures.pooled())
    line = {key: pooled["random"][key] for key in ("estimate", "ci_low", "ci_high")}
    review = changed(
        settings=pooled["settings"] | {"dependence": "che", "rho": 0.6, "inference": "CR2"},
        heterogeneity=pooled["heterogeneity"] | {"tau2_between": 0.1, "tau2_within": 0.2},
        over_rho=[{"rho": 0.0, **line}, {"rho": 0.8, **line}],
    )
    text = html_elements.plain(str(dependence.handled(review.analyses[0])))
    assert "correlated at 0.6 within a study" in text and "at 0.8" in text


def test_the_variance_of_subgroups_is_said_as_it_was_set(changed):
    levels = {"by": "setting", "levels": [], "test": None}
    own = changed(subgroups=levels)
    shared = changed(subgroups=levels, settings=fixtures.pooled()["settings"] | {"subgroup_tau2": "common"})
    assert "separate between-study variances" in next(differences(own)).text
    assert "share one between-study variance" in next(differences(shared)).text


def test_the_coefficients_come_with_their_standard_error_and_inflation(changed):
    rows = [
        {"name": "intercept", "estimate": 0.3, "se": 0.1, "ci_low": 0.1, "ci_high": 0.5, "p": 0.0001},
        {"name": "alloc[T.random]", "estimate": -0.2, "se": 0.06, "ci_low": -0.3, "ci_high": -0.1, "p": 0.02},
    ]
    part = PART | {"coefficients": rows, "vif": {"alloc[T.random]": 7.25}, "QE": 26.2, "QE_df": 9, "QE_p": 0.0019}
    (analysis,) = changed(moderators=part).analyses
    table = html_elements.plain(str(moderators.coefficients(analysis)))
    assert "SE 95% CI p VIF intercept 0.300 0.100 0.100 to 0.500 < 0.001 –" in table
    assert "alloc: random −0.200 0.060 −0.300 to −0.100 0.02 7.25" in table
    text = moderators.sentence(analysis)
    assert "Residual heterogeneity: QE = 26.20 on 9 df, p = 0.002." in text
    assert "The variance inflation factor of alloc: random is above 5" in text


def test_the_mean_effect_over_the_range_of_a_single_moderator_is_predicted(changed):
    rows = [
        {"value": value, "estimate": 0.0, "ci_low": -0.1, "ci_high": 0.1, "pi_low": -0.5, "pi_high": 0.5}
        for value in (13.0, 34.0, 55.0)
    ]
    (analysis,) = changed(moderators=PART | {"predictions": rows}).analyses
    table = html_elements.plain(str(moderators.places(analysis)))
    assert "dose 13 1.00 0.90 to 1.11 0.61 to 1.65" in table and "dose 55" in table


def test_the_variance_is_told_by_level(changed):
    pooled = fixtures.pooled()
    review = changed(
        settings=pooled["settings"] | {"dependence": "multilevel", "inference": "CR2"},
        heterogeneity=pooled["heterogeneity"]
        | {"tau2_between": 0.1, "tau2_within": 0.2, "I2_between": 63.3, "I2_within": 31.9},
    )
    text = html_elements.plain(str(dependence.handled(review.analyses[0])))
    assert "63% of the total variance lies between studies and 32% within studies; the rest is sampling error" in text


def test_the_terms_of_a_formula_read_as_a_reader_knows_them():
    assert term("C(deltype, contr.treatment('general'))[T.covert]") == "deltype: covert"
    assert term("age:alloc[T.random]") == "age:alloc: random"
    assert term("intercept") == "intercept"


def test_a_cluster_robust_regression_shows_the_degrees_of_freedom_of_each_coefficient(changed):
    rows = [
        {"df": 7.66, **PART["coefficients"][0]},
        dict.fromkeys(("df", "ci_low", "ci_high", "p")) | {"name": "dose", "estimate": 0.2},
    ]
    part = PART | {"studies": 6, "inference": "CR2", "coefficients": rows, "QM": None, "QM_p": None, "QM_df2": None}
    over = [{"rho": rho, "coefficients": [{**PART["coefficients"][0]}]} for rho in (0.0, 0.8)]
    (analysis,) = changed(moderators=part | {"over_rho": over}).analyses
    text = moderators.sentence(analysis)
    assert (
        "12 effects of 6 studies, cluster-robust (CR2), on dose: no test of all moderators together is available"
        in text
    )
    shown = html_elements.plain(str(moderators.coefficients(analysis)))
    assert "7.7" in shown and "\N{EN DASH}" in shown
    assert "Correlation 0.8" in html_elements.plain(str(moderators.correlations(analysis)))


def test_aggregated_effects_are_told_with_other_correlations(changed):
    pooled = copy.deepcopy(fixtures.pooled())
    line = {key: pooled["random"][key] for key in ("estimate", "ci_low", "ci_high")}
    settings = pooled["settings"] | {"dependence": "aggregate", "rho": 0.6}
    review = changed(settings=settings, over_rho=[{"rho": 0.5, **line}])
    text = html_elements.plain(str(dependence.handled(review.analyses[0])))
    assert "by combining them into one effect per study, correlated at 0.6 within a study." in text and "at 0.5" in text
    assert any("combined into one, assuming a correlation of 0.6" in item.text for item in models(review))


def test_the_methods_of_a_three_level_model_are_its_own(changed):
    settings = fixtures.pooled()["settings"] | {"dependence": "che", "rho": 0.6, "inference": "CR2"}
    said = " ".join(item.text for item in models(changed(settings=settings)))
    assert "three-level model" in said and "cluster-robust (CR2)" in said and "Q-profile" not in said
