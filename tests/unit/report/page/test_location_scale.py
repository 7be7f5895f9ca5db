"""The page says what the heterogeneity depends on, where a location-scale model was requested."""

from __future__ import annotations

from dataclasses import replace

from coppice.report.page import location_scale
from coppice.report.page.html_elements import plain
from coppice.report.page.outcome import outcome

ROW = {"estimate": -0.92, "se": 0.51, "ci_low": -1.92, "ci_high": 0.09, "statistic": -1.78, "p": 0.074}
PART = {
    "formula": "dose",
    "location_formula": None,
    "k": 48,
    "likelihood": "REML",
    "location": [ROW | {"name": "intercept"}],
    "scale": [ROW | {"name": "intercept"}, ROW | {"name": "dose"}],
    "QS": 3.18,
    "QS_df": 1,
    "QS_p": 0.074,
    "test": {"statistic": 4.27, "df": 1, "p": 0.039},
    "tau2_low": 0.001,
    "tau2_high": 0.126,
    "log_likelihood": -14.65,
    "warnings": ["Few effects."],
}


def with_model(analysis, part, **reasons):
    pool = analysis.pool | {"location_scale": part, "reasons": analysis.pool["reasons"] | reasons}
    return replace(analysis, pool=pool)


def test_tests_range_and_both_tables_are_printed(review, analysis):
    text = plain(outcome(review, with_model(analysis, PART)))
    assert "Location-scale model of 48 effects" in text and "ranges from 0.001 to 0.126" in text
    assert "QS = 3.18 on 1 df, p = 0.07" in text and "likelihood ratio test against one" in text
    assert "dose" in text and "Few effects." in text


def test_a_model_that_is_missing_has_its_reason_and_one_that_was_not_requested_nothing(review, analysis):
    text = plain(outcome(review, with_model(analysis, None, location_scale="the likelihood has no maximum")))
    assert "No location-scale model is reported: the likelihood has no maximum." in text
    assert "ocation-scale" not in plain(outcome(review, analysis))


def test_the_methods_cite_the_paper(analysis):
    (statement,) = location_scale.methods([with_model(analysis, PART), analysis])
    assert "fitted by REML" in statement.text and "10.1002/jrsm.1562" in statement.cites[0]
    assert list(location_scale.methods([analysis])) == []
