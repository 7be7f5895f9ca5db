import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.multivariate.engine import (
    Term,
    correlation_interval,
    correlation_test,
    fit_multivariate,
    variance_interval,
)

RNG = np.random.default_rng(3)
STUDIES = [study for study in range(8) for _ in range(3)]
OUTCOMES = ["os", "efs", "pfs"] * 8
COMMON = np.repeat(RNG.normal(0, 0.5, size=8), 3)
YI = COMMON + RNG.normal(0, 0.4, size=24)
VI = np.full(24, 0.05)
MEANS = np.eye(3)[[0, 1, 2] * 8]


def test_the_profile_interval_of_one_variance_is_that_of_the_random_effects_model():
    yi, vi = YI[::3], VI[::3]
    interval = variance_interval(fit_multivariate(yi, vi, [Term(group=range(8))]))
    univariate = pool(yi, vi, tau2="REML", tau2_interval="PL").heterogeneity
    assert univariate is not None
    assert interval.low == pytest.approx(univariate["tau2_low"], rel=1e-6)
    assert interval.high == pytest.approx(univariate["tau2_high"], rel=1e-6)


def test_the_correlation_of_a_pair_does_not_depend_on_the_order_of_the_levels():
    fit = fit_multivariate(YI, VI, [Term(group=STUDIES, levels=OUTCOMES, structure="UN")], design=MEANS)
    one = correlation_interval(fit, pair=("efs", "pfs"))
    other = correlation_interval(fit, pair=("pfs", "efs"))
    assert one.estimate == pytest.approx(fit.components[0].correlation[1, 2], abs=1e-12)
    assert (one.low, one.high) == pytest.approx((other.low, other.high), abs=1e-6)


def test_at_the_end_of_an_interval_the_test_of_that_correlation_has_p_of_5_percent():
    fit = fit_multivariate(YI, VI, [Term(group=STUDIES, levels=OUTCOMES, structure="CS")], design=MEANS)
    interval = correlation_interval(fit)
    assert interval.low is not None
    test = correlation_test(fit, rho=interval.low)
    assert test is not None
    assert test[1] == pytest.approx(0.05, rel=1e-6)


def test_a_fixed_correlation_has_no_interval_and_no_test():
    fit = fit_multivariate(YI, VI, [Term(group=STUDIES, levels=OUTCOMES, structure="CS", rho=0.5)], design=MEANS)
    assert correlation_interval(fit).low is None
    assert correlation_test(fit) is None
