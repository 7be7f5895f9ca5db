"""Sidik and Jonkman's interval of tau2, by its formula: (k - 1) tau2_SJ over quantiles of chi-squared on k - 1.

Sidik & Jonkman (2005), doi:10.1111/j.1467-9876.2005.00489.x.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from coppice.pool import pool
from coppice.pool.kernel.heterogeneity import tau2_interval
from coppice.pool.kernel.kernel import studies
from coppice.pool.models.regression import design_of, regress

YI = np.array([-0.9, 0.4, -0.2, 1.1, -0.6, 0.3])
VI = np.array([0.02, 0.04, 0.03, 0.09, 0.06, 0.05])
DOSE = [1.0, 3.0, 2.0, 5.0, 4.0, 6.0]


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_limits_are_estimate_times_degrees_of_freedom_over_quantiles_of_chi_squared(level):
    found = pool(YI, VI, profile="metafor", tau2="SJ", tau2_interval="SJ", level=level).heterogeneity
    quantiles = chi2(5).ppf([0.5 + 0.5 * level, 0.5 - 0.5 * level])
    assert [found["tau2_low"], found["tau2_high"]] == pytest.approx(5 * found["tau2"] / quantiles, rel=1e-12)


def test_the_interval_may_go_with_any_estimator():
    limits = [
        pool(YI, VI, profile="metafor", tau2=tau2, tau2_interval="SJ").heterogeneity["tau2_low"]
        for tau2 in ("REML", "SJ")
    ]
    assert limits[0] == limits[1]


def test_moderators_take_their_degrees_of_freedom():
    part = regress(YI, VI, design_of("dose", {"dose": DOSE}), profile="metafor", tau2="SJ", tau2_interval="SJ").part
    assert [part["tau2_low"], part["tau2_high"]] == pytest.approx(4 * part["tau2"] / chi2(4).ppf([0.975, 0.025]))


def test_one_effect_has_no_interval():
    assert all(np.isnan(limit).all() for limit in tau2_interval(studies([0.3], [0.1]), method="SJ"))
