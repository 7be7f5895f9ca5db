"""A reported figure is printed as its source printed it."""

from __future__ import annotations

import pytest

from coppice.report.page.reported import printed


@pytest.mark.parametrize(
    ("statistic", "fields", "text"),
    [
        ("hazard_ratio", {"estimate": 0.7, "ci": [0.47, 1.03]}, "HR 0.70 (95% CI 0.47 to 1.03)"),
        ("hazard_ratio", {"estimate": 0.55}, "HR 0.55"),
        ("hazard_ratio", {"estimate": 1.43, "ci": [0.97, 2.13], "inverted": True}, "HR 1.43 (95% CI 0.97 to 2.13; control over experimental)"),
        ("hazard_ratio", {"estimate": 0.7, "ci": [0.5, 0.9], "level": 0.9, "p": 0.03, "sided": 1}, "HR 0.7 (90% CI 0.5 to 0.9; p = 0.03, one-sided)"),
        ("rmst_difference", {"estimate": 72, "ci": [36, 108], "unit": "days"}, "RMST difference 72 days (95% CI 36 to 108)"),
        ("counts", {"events_e": 79, "n_e": 105, "events_c": 33, "n_c": 103}, "79/105 v 33/103"),
        ("counts", {"percent_e": 3, "percent_c": 48}, "3% v 48%"),
        ("counts", {"events_e": 28, "n_e": 30}, "28/30 v not reported"),
        ("survival", {"time": 3, "unit": "years", "survival_e": 0.96, "se_e": 0.012, "survival_c": 0.879, "se_c": 0.021}, "at 3 years: 96.0% (SE 1.2%) v 87.9% (SE 2.1%)"),
        ("survival", {"time": 2, "unit": "years", "survival_e": 1.0}, "at 2 years: 100% v not reported"),
        ("median_survival", {"median_e": 7.7, "median_c": 4.0, "unit": "months"}, "median 7.7 v 4.0 months"),
        ("km_curve", {"at_risk_times": [0, 1], "at_risk_e": [9, 8], "at_risk_c": [9, 7], "unit": "years"}, "numbers at risk at 0, 1 years: 9, 8 v 9, 7"),
        ("km_curve", {"times": [0, 1, 2], "survival_e": [1, 0.9, 0.8], "survival_c": [1, 0.8, 0.7], "at_risk_times": [0, 1], "at_risk_e": [9, 8], "at_risk_c": [9, 7], "unit": "years"}, "curves read at 3 times from 0 to 2 years; numbers at risk at 0, 1 years: 9, 8 v 9, 7"),
        ("km_curve", {"times": [0, 1, 2], "survival_e": [1, 0.9, 0.8], "survival_c": [1, 0.8, 0.7], "n_e": 9, "n_c": 8, "follow_up": [1, 2]}, "curves read at 3 times from 0 to 2; n, experimental arm 9; n, control arm 8; follow-up 1 to 2"),
        ("logrank", {"sided": None}, "log-rank test, no value reported"),
        ("something_new", {"value": 3, "ci": [1, 2]}, "value 3; ci 1 to 2"),
    ],
)  # fmt: skip
def test_each_statistic_has_its_form(statistic, fields, text):
    assert printed(statistic, fields) == text


def test_where_it_was_read_is_not_part_of_the_figure():
    assert "P-X" not in printed("effect", {"yi": 0.1, "source": {"read_in": "P-X"}})


def test_person_time_is_events_in_time_or_rates():
    rates = {"rate_e": 0.16, "rate_c": 0, "unit": "years", "p": 0.038}
    assert printed("person_time", rates) == "rate 0.16 v rate 0 per patient and year (p = 0.038)"
    counts = {"events_e": 3, "time_e": 20.5, "events_c": 5, "time_c": 18, "unit": "years"}
    assert printed("person_time", counts) == "3 in 20.5 v 5 in 18 patient-years"


def test_fields_without_a_form_of_their_own_are_named_in_words():
    assert printed("something", {"events_c": 31, "o_minus_e": -4}) == (
        "events, control arm 31; observed minus expected events \N{MINUS SIGN}4"
    )


def test_an_effect_on_the_scale_of_the_model_names_its_scale():
    said = printed("effect", {"measure": "HR", "yi": -0.356, "sei": 0.2})
    assert said == "log HR \N{MINUS SIGN}0.356 (SE 0.2)"
