"""Regression tests by their own properties; R's numbers are in tests/reference."""

import numpy as np
import pytest

from coppice.explore.small_study.entry import CannotFit
from coppice.explore.small_study.evidence import evidence_of
from coppice.explore.small_study.regression import Line, egger, harbord, inference_of, regress

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
