"""The optimal information size beside R's power.prop.test and the formulas of Schoenfeld and Julious."""

from __future__ import annotations

import pytest
from tests.unit.report import fixtures
from tests.unit.report.page.test_informative import analysis

from coppice.report.page.information_size import (
    events_of_hazards,
    information_sizes,
    not_computed,
    two_means,
    two_proportions,
)

RISK = {"name": "a registry", "risk": 0.2, "source": "a registry"}


@pytest.mark.parametrize(
    ("control", "experimental", "n"),
    # power.prop.test(p1 = 0.2, p2 = 0.16, power = 0.8)$n of R 4, and the same with the other risks
    [(0.2, 0.16, 1446.93881449), (0.416, 0.3328, 529.977376115)],
)
def test_two_proportions_need_what_power_prop_test_of_r_says(control, experimental, n):
    assert two_proportions(control, experimental) == pytest.approx(2 * n, rel=1e-6)


def test_a_hazard_ratio_needs_the_events_of_schoenfeld():
    assert events_of_hazards(-0.2231435513142097) == pytest.approx(630.52017118)  # 4 (1.96 + 0.84)^2 / ln(0.8)^2 in R


def test_a_difference_of_means_needs_the_patients_of_julious():
    assert two_means(5, 10) == pytest.approx(2 * 62.7910378748)  # 2 (1.96 + 0.84)^2 10^2 / 5^2 in each arm, in R


@pytest.mark.parametrize(
    ("measure", "important", "needed", "of"),
    [
        ("RR", 0.8, 2894, "a change of the risk from 20.0% (a registry) to 16.0%"),
        ("RR", 1.25, 2894, "a change of the risk from 20.0% (a registry) to 16.0%"),
        ("RD", 0.04, 2894, "a change of the risk from 20.0% (a registry) to 16.0%"),
        ("HR", 0.8, 631, "a hazard ratio of 0.80"),
        ("SMD", 0.5, 126, "a difference of 0.50"),
    ],
)
def test_the_size_is_for_the_smallest_important_difference_at_the_baseline_risk(measure, important, needed, of):
    size = next(information_sizes(analysis(measure, (0.9, 0.8, 0.95), important=important, baselines=(RISK,))))
    assert (size.needed, size.of) == (needed, of)


def test_patients_for_a_hazard_ratio_follow_from_the_events_and_both_risks():
    _, patients = information_sizes(analysis("HR", important=0.8, baselines=(RISK,)))
    assert (patients.needed, patients.unit) == (3470, "patients")  # 630.52 over the mean of 0.2 and 1 - 0.8^0.8


def test_the_standard_deviation_of_a_mean_difference_is_that_within_the_arms():
    pool = fixtures.pooled()
    for effect in pool["effects"]:
        effect["reported"] = {"sd_e": 10.0, "n_e": 11, "sd_c": 10.0, "n_c": 21}
    (size,) = information_sizes(analysis("MD", important=5, pool=pool))
    assert (size.needed, size.of) == (126, "a difference of 5.00 with a standard deviation of 10.00")


@pytest.mark.parametrize(
    ("measure", "important", "reason"),
    [
        ("RR", None, "needs the smallest important difference"),
        ("RR", 0.8, "no baseline risk"),
        ("MD", 5, "no study reports standard deviations"),
        ("IRR", 0.8, "no formula is available for incidence rate ratios"),
    ],
)
def test_where_something_is_missing_the_reason_is_given(measure, important, reason):
    item = analysis(measure, important=important)
    assert reason in str(not_computed(item))
    assert list(information_sizes(item)) == []
