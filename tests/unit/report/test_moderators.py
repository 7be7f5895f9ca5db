"""What the report says of moderators and of dependent effects."""

import copy

from coppice.report import html, moderators
from coppice.report.methods import differences

from . import fixtures

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
    "warnings": ["Without every moderator and so left out of the meta-regression: A."],
}


def test_a_meta_regression_gives_its_test_and_what_it_explains(changed):
    (analysis,) = changed(moderators=PART).analyses
    text = moderators.sentence(analysis)
    assert text.startswith("Meta-regression of 12 effects on dose: F = 7.50 on 1 and 10 df, p = 0.02")
    assert "explain 65%" in text and "left out of the meta-regression: A." in text
    table = html.plain(str(moderators.coefficients(analysis)))
    assert "dose" in table and "0.028" in table


def test_a_reason_stands_where_there_is_no_meta_regression(changed):
    (analysis,) = changed(reasons={"moderators": "2 effects are too few"}).analyses
    assert moderators.sentence(analysis) == "There is no meta-regression: 2 effects are too few."
    assert moderators.coefficients(analysis) is None


def test_dependent_effects_are_told_with_other_correlations(changed):
    pooled = copy.deepcopy(fixtures.pooled())
    line = {key: pooled["random"][key] for key in ("estimate", "ci_low", "ci_high")}
    review = changed(
        settings=pooled["settings"] | {"dependence": "che", "rho": 0.6, "inference": "CR2"},
        heterogeneity=pooled["heterogeneity"] | {"tau2_between": 0.1, "tau2_within": 0.2},
        over_rho=[{"rho": 0.0, **line}, {"rho": 0.8, **line}],
    )
    text = html.plain(str(moderators.dependence(review.analyses[0])))
    assert "correlated by 0.6 within a study" in text and "with 0.8" in text


def test_the_variance_of_subgroups_is_said_as_it_was_set(changed):
    levels = {"by": "setting", "levels": [], "test": None}
    own = changed(subgroups=levels)
    shared = changed(subgroups=levels, settings=fixtures.pooled()["settings"] | {"subgroup_tau2": "common"})
    assert "variance of their own" in differences(own)[0].text
    assert "share one between-study variance" in differences(shared)[0].text
