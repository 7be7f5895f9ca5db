"""PET-PEESE, excess significance, fail-safe N and the Doi plot, against published values and their definitions."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from coppice.explore.small_study.doi_plot import doi_plot, lfk
from coppice.explore.small_study.entry import CannotFit
from coppice.explore.small_study.excess import at_least, excess, power
from coppice.explore.small_study.fail_safe import fail_safe
from coppice.explore.small_study.pet_peese import pet_peese
from coppice.pool import pool

from .pooled import evidence

VI = np.array([0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4])
YI = np.array([0.30, 0.25, 0.42, 0.35, 0.55, 0.60, 0.48, 0.95, 0.80, 1.30])


def test_pet_hands_over_to_peese_where_its_effect_differs_from_none():
    sure = pet_peese(evidence(YI + 1.0, VI), {})
    unsure = pet_peese(evidence(2.0 * np.sqrt(VI) + np.tile([0.05, -0.05], 5), VI), {})
    assert (sure["chosen"], unsure["chosen"]) == ("PEESE", "PET")
    assert sure["estimate"] == sure["PEESE"]["estimate"] and unsure["estimate"] == unsure["PET"]["estimate"]


def test_the_expected_power_is_the_integral_of_the_power_over_true_effects():
    by_hand = quad(
        lambda t: (norm.sf(1.959964 - t / 0.3) + norm.cdf(-1.959964 - t / 0.3)) * norm.pdf(t, 0.4, 0.2), -2, 3
    )[0]
    assert power(np.array([0.09]), 0.4, 0.04)[0] == pytest.approx(by_hand, rel=1e-6)


def test_the_exact_test_sums_the_chances_of_all_outcomes():
    chances = np.array([0.2, 0.5, 0.9])
    two_or_more = 0.2 * 0.5 * 0.1 + 0.2 * 0.5 * 0.9 + 0.2 * 0.5 * 0.9 + 0.8 * 0.5 * 0.9
    assert at_least(2, chances) == pytest.approx(two_or_more) and at_least(0, chances) == 1.0


def test_at_the_limit_estimate_the_test_has_its_own_level():
    here = evidence(YI, VI)
    limit = excess(here, {})["limit"]
    significant = int((np.abs(YI) > 1.959963984540054 * np.sqrt(VI)).sum())
    assert at_least(significant, power(VI, limit, here.tau2)) == pytest.approx(0.10, rel=1e-6)


def test_rosenthals_number_is_that_of_his_formula():
    z = (YI / np.sqrt(VI)).sum()
    assert fail_safe(evidence(YI, VI), {})["rosenthal"] == int(np.ceil(z**2 / norm.isf(0.05) ** 2 - 10))


@pytest.mark.parametrize("kind", ["rosenberg", "general"])
def test_the_fail_safe_number_is_the_fewest_null_studies_with_which_significance_is_lost(kind):
    here = evidence(YI, VI)
    tau2 = here.tau2 if kind == "general" else 0.0
    number = fail_safe(here, {})[kind]
    typical = 1.0 / np.mean(1.0 / VI)

    def p(added):
        model = pool([*YI, *[0.0] * added], [*VI, *[typical] * added], profile="metafor", inference="wald", tau2=tau2)
        return model.random["p"]

    assert p(number) >= 0.05 > p(number - 1)


def test_fail_safe_numbers_advise_against_themselves_and_are_0_without_significance():
    found = fail_safe(evidence(YI - 0.45, VI), {})
    assert found["rosenberg"] == 0 and "advises against" in found["advice"]


@pytest.mark.parametrize(
    ("yi", "sei", "index"),
    [
        ([0.05, 0.08, 0.12, 0.20, 0.55, 0.62, 0.85, 1.10, 1.35, 1.60], [0.08, 0.09, 0.10, 0.12, 0.30, 0.33, 0.40, 0.48, 0.55, 0.62], 6.68755816),
        ([-0.3, -0.1, 0.0, 0.1, 0.2, 0.35], [0.2, 0.18, 0.15, 0.16, 0.19, 0.22], 0.63617512),
    ],
)  # fmt: skip
def test_the_lfk_index_is_that_of_metasens(yi, sei, index):
    """Values of lfkindex() of R's metasens, as printed in the tests of a public web application that compares with it."""
    assert lfk(np.array(yi), np.array(sei) ** 2) == pytest.approx(index, abs=1e-7)


def test_the_doi_plot_does_not_depend_on_the_order_of_the_studies_and_equal_effects_have_none():
    mixed = [3, 1, 9, 0, 4, 2, 8, 6, 5, 7]
    assert lfk(YI[mixed], VI[mixed]) == pytest.approx(lfk(YI, VI), rel=1e-12)
    order, z = doi_plot(YI, VI)
    assert (np.diff(YI[order]) > 0).all() and (np.diff(z) > 0).all()
    with pytest.raises(CannotFit):
        lfk(np.ones(6), VI[:6])
