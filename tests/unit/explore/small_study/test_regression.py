"""Regression tests by their own properties; R's numbers are in tests/reference."""

import numpy as np
import pytest

from coppice.explore.small_study.entry import CannotFit
from coppice.explore.small_study.evidence import evidence_of
from coppice.explore.small_study.regression import Line, egger, egger_n, harbord, inference_of, regress

from .pooled import bcg, evidence

VI = np.array([0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4])


def test_a_straight_line_gives_its_slope_and_its_value_for_an_infinitely_large_study():
    found = regress(Line(0.2 + 1.5 * np.sqrt(VI), VI, np.sqrt(VI), "standard error", inference="wald"))
    assert [found["estimate"], found["limit"]["estimate"]] == pytest.approx([1.5, 0.2])


def test_eggers_slope_is_the_intercept_of_his_own_form():
    yi = np.array([0.30, 0.25, 0.42, 0.35, 0.55, 0.60, 0.48, 0.95, 0.80, 1.30])
    sei = np.sqrt(VI)
    slope, intercept = np.polyfit(1 / sei, yi / sei, 1)
    found = regress(egger(evidence(yi, VI)))
    assert [found["estimate"], found["limit"]["estimate"]] == pytest.approx([intercept, slope])


def test_harbords_score_is_the_derivative_of_the_likelihood_at_no_effect():
    here = evidence_of(bcg())
    a, n1, c, n2 = here.tables.T
    line = harbord(here)
    assert line.yi / line.vi == pytest.approx(a - n1 * (a + c) / (n1 + n2))


def test_studies_of_one_size_have_no_line():
    with pytest.raises(CannotFit):
        regress(Line(np.arange(4.0), np.ones(4), np.ones(4), "n"))


def test_an_inference_that_has_no_moderators_gives_way_to_hksj():
    assert inference_of(evidence(VI, VI, inference="HKSJ")) == "HKSJ"
    assert inference_of(evidence(VI, VI)) == "wald"


@pytest.mark.parametrize("spread", [1e-4, 1e-6, 1e-7])
def test_studies_of_nearly_one_size_have_the_slope_of_the_centred_sizes(spread):
    """The line is the same with the sizes about their middle, written exactly, where nothing is collinear."""
    yi = np.array([0.30, 0.25, 0.42, 0.35, 0.55, 0.60, 0.48, 0.95, 0.80, 1.30])
    xi = 1.0 + spread * np.arange(10.0) ** 2
    near, centred = (regress(Line(yi, VI, sizes, "n")) for sizes in (xi, (xi - 1.0) * 1e4))
    assert near["estimate"] == pytest.approx(1e4 * centred["estimate"], rel=1e-8)
    for key in ("statistic", "p"):
        assert near[key] == pytest.approx(centred[key], rel=1e-8)


def test_regressions_on_the_sample_size_take_the_patients_of_both_arms_or_those_in_all():
    yi = np.linspace(0.1, 1.0, 10)
    arms = [{"n_e": 20 + i * i, "n_c": 30 + i} for i in range(10)]
    whole = [{"n": arm["n_e"] + arm["n_c"]} for arm in arms]
    found = [regress(egger_n(evidence(yi, VI, reported=rows))) for rows in (arms, whole)]
    assert found[0] == found[1]
    assert found[0]["predictor"] == "1 / sqrt(n)"
    assert evidence(yi, VI).numbers is None
