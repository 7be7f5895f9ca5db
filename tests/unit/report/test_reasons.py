"""Why a figure gave no effect is said in words, by the route that lacks least."""

from __future__ import annotations

import pytest

from coppice.report.reasons import reason


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("survival_se: se_e, se_c not reported; survival_ci: ci_e, ci_c, ci_scale not reported", "standard error not reported"),
        ("counts: events_e, n_e, events_c, n_c not reported", "events and number of patients not reported"),
        ("no route from rmst_difference to a hazard ratio", "no route from rmst difference to a hazard ratio"),
        ("survival_se: the survival is 1, so its logarithm of minus the logarithm is infinite", "survival_se: the survival is 1, so its logarithm of minus the logarithm is infinite"),
        (None, "no reason given"),
    ],
)  # fmt: skip
def test_reasons_read_as_words(given, said):
    assert reason(given) == said


def test_observed_minus_expected_is_not_taken_for_a_field_of_an_arm():
    assert (
        reason("logrank_oe_v: o_minus_e, v not reported") == "observed minus expected events and variance not reported"
    )
