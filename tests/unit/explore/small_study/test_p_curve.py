"""p-curve: its tests under the hypotheses that they test, and their combination."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, ncx2, norm

from coppice.explore.small_study.entry import CannotFit
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.p_curve import HALF, LOW_POWER, effect_of, p_curve, power, verdict


def curve(z, **options):
    yi = np.asarray(z, dtype=float)
    data = Evidence("GEN", 0.0, yi, np.ones_like(yi), None, None, "REML", "wald", 0.95, float(yi.mean()), 0.0, 0.0)
    return p_curve(data, options)


def test_the_shares_of_the_curve_are_those_of_the_papers_by_scipy():
    """p/0.05 without an effect; with a power of 33%, by noncentral chi-squared, as in the authors' app."""
    z = np.array([2.0, 2.1, 2.3, 2.6, 3.1, 4.0])
    part = curve([*z, 1.0, -3.0])
    p = 2 * norm.sf(z)
    noncentral = effect_of(LOW_POWER) ** 2
    assert ncx2.sf(norm.ppf(0.975) ** 2, 1, noncentral) == pytest.approx(LOW_POWER, abs=1e-12)
    above = ncx2.sf(z**2, 1, noncentral)
    for level, name in ((0.05, "full"), (HALF, "half")):
        inside = p < level
        share = ncx2.sf(norm.ppf(1 - level / 2) ** 2, 1, noncentral)
        for expected, tests in ((p[inside] / level, "right_skew"), (1 - above[inside] / share, "flatness")):
            combined = norm.ppf(expected).sum() / np.sqrt(inside.sum())
            assert part[tests][name]["z"] == pytest.approx(combined, abs=1e-9)
            assert part[tests][name]["p"] == pytest.approx(norm.cdf(combined), abs=1e-12)
    assert (part["significant"], part["below_half"]) == (6, int((p < HALF).sum()))
    share = ncx2.sf(norm.ppf(1 - HALF / 2) ** 2, 1, noncentral) / LOW_POWER
    assert part["right_skew"]["binomial"] == pytest.approx(binom.sf(part["below_half"] - 1, 6, 0.5))
    assert part["flatness"]["binomial"] == pytest.approx(binom.cdf(part["below_half"], 6, share))


@pytest.mark.parametrize(("distance", "test"), [(0.0, "right_skew"), (effect_of(LOW_POWER), "flatness")])
def test_p_values_are_uniform_where_the_hypothesis_holds(distance, test):
    random = np.random.default_rng(14)
    z = random.normal(distance, 1.0, 400_000)
    z = np.abs(z)[np.abs(z) > norm.ppf(0.975)][:12_000].reshape(
        -1, 10
    )  # also results on the other side, as in the papers
    values = np.array([curve(row, alternative="greater")[test]["full"]["p"] for row in z])
    assert abs(values.mean() - 0.5) < 4 * np.sqrt(1 / 12 / len(values))
    assert abs((values < 0.1).mean() - 0.1) < 4 * np.sqrt(0.09 / len(values))


def test_the_power_of_no_effect_is_the_level():
    assert power(0.0) == pytest.approx(0.05)


def test_strong_effects_have_evidential_value_and_p_values_just_below_the_threshold_none():
    assert curve([3.0, 3.5, 4.0, 5.0, 2.8])["verdict"] == "evidential value"
    flat = curve([1.97, 1.98, 1.99, 2.0, 2.01, 2.02])
    assert flat["verdict"] == "no adequate evidence" and flat["right_skew"]["half"] is None
    assert "prefer a selection model" in flat["advice"]


def test_the_other_side_is_left_out_and_can_be_the_welcome_one():
    z = [-2.5, -3.0, -2.2, 2.4]
    assert curve(z)["significant"] == 3 and curve(z)["alternative"] == "less"
    assert curve(z, alternative="greater")["significant"] == 1


def test_without_a_significant_study_there_is_no_curve():
    with pytest.raises(CannotFit, match="no study is significant"):
        curve([0.5, 1.0, -1.0])


@pytest.mark.parametrize(
    ("full", "half", "expected"),
    [(0.4, 0.04, "evidential value"), (0.09, 0.09, "evidential value"), (0.01, 0.2, "undecided")],
)
def test_the_rule_of_evidential_value_rests_on_the_half_curve(full, half, expected):
    loose = {"full": {"p": 0.9}, "half": {"p": 0.9}, "binomial": 0.9}
    tight = {"full": {"p": full}, "half": {"p": half}, "binomial": 0.5}
    assert verdict({"right_skew": tight, "flatness": loose}) == expected
