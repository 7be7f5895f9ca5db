"""Trim and fill, by its own properties; metafor's numbers are in tests/reference."""

import numpy as np
import pytest

from coppice.explore.small_study.entry import CannotFit
from coppice.explore.small_study.trim_and_fill import fill, missing_side, standard_error, trim_and_fill

from .pooled import evidence

# a funnel whose small studies lie to the right
VI = np.array([0.01, 0.012, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.35, 0.4])
YI = np.array([0.10, 0.12, 0.05, 0.15, 0.30, 0.35, 0.20, 0.60, 0.75, 0.90, 1.10, 1.00])


def test_missing_studies_are_opposite_to_small_ones_and_change_sides_with_the_arms():
    ahead, back = evidence(YI, VI), evidence(-YI, VI)
    assert (missing_side(ahead), missing_side(back)) == ("left", "right")
    one, other = fill(ahead, "L0"), fill(back, "L0")
    assert one["missing"] == other["missing"] > 0
    assert one["estimate"] < ahead.estimate and one["estimate"] == pytest.approx(-other["estimate"])
    assert [item["yi"] for item in one["filled"]] == pytest.approx([-item["yi"] for item in other["filled"]])


def test_a_symmetrical_funnel_misses_nothing_and_keeps_its_estimate():
    yi = np.array([0.1, 0.1, 0.0, 0.2, -0.1, 0.3, -0.2, 0.4, -0.3, 0.5])
    vi = np.array([0.01, 0.01, 0.04, 0.04, 0.09, 0.09, 0.16, 0.16, 0.25, 0.25])
    symmetrical = evidence(yi, vi)
    for name in ("L0", "R0"):
        found = fill(symmetrical, name)
        assert (found["missing"], found["filled"]) == (0, [])
        assert found["estimate"] == pytest.approx(symmetrical.estimate)


def test_each_filled_study_mirrors_a_trimmed_one_with_its_variance():
    found = fill(evidence(YI, VI), "L0")
    largest = np.argsort(YI)[-found["missing"] :]
    centres = [(YI[at] + item["yi"]) / 2 for at, item in zip(largest, found["filled"], strict=True)]
    assert np.ptp(centres) < 1e-12
    assert [item["vi"] for item in found["filled"]] == list(VI[largest])


def test_an_estimator_without_a_solution_is_left_out_with_the_reason():
    found = trim_and_fill(evidence(np.concatenate([YI[:3], YI[3:] + 50.0]), VI), {})
    assert all("missing" in part or part["skipped"] for part in found.values())


def test_the_standard_error_of_r0_is_its_formula():
    assert standard_error("R0", 10, 3) == pytest.approx(8**0.5)
    assert issubclass(CannotFit, ValueError)
