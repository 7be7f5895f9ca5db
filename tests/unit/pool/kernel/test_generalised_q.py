"""The distribution of a weighted sum of chi-squared variables, and the interval of tau2 that rests on it."""

import numpy as np
import pytest
from scipy import stats
from tests.unit.pool.fixtures import FIVE

from coppice.pool import pool
from coppice.pool.kernel.generalised_q import generalised_q_interval, upper_tail
from coppice.pool.kernel.kernel import studies

YI, VI = (np.array([value[index] for value in FIVE.values()]) for index in (0, 1))


@pytest.mark.parametrize("count", [1, 2, 5, 40, 150])
def test_equal_weights_give_the_chi_squared_distribution(count):
    for ratio in (1e-4, 0.1, 0.9, 1.0, 1.1, 2.0, 5.0):
        q = ratio * count
        assert upper_tail(np.full(count, 3.0), 3.0 * q) == pytest.approx(stats.chi2.sf(q, count), rel=1e-12, abs=1e-200)


def test_pairs_of_weights_give_a_sum_of_exponential_variables():
    rates = 1 / (2 * np.array([1.0, 0.001, 30.0]))
    for q in (0.01, 1.0, 50.0, 900.0):
        others = [np.prod([rate / (rate - own) for rate in rates if rate != own]) for own in rates]
        expected = sum(share * np.exp(-own * q) for own, share in zip(rates, others, strict=True))
        assert upper_tail(np.array([1.0, 1.0, 0.001, 0.001, 30.0, 30.0]), q) == pytest.approx(expected, rel=1e-11)
    assert upper_tail(np.ones(3), 0.0) == 1.0


def test_the_interval_holds_its_tails_in_simulated_data():
    data = studies(YI, VI)
    weights = 1 / np.sqrt(data.vi)
    low, high = (limit[0] for limit in generalised_q_interval(data, weights, 0.4))
    q = data.project(weights).q()[0]
    generator = np.random.default_rng(11)
    assert low > 0
    for limit, above in ((low, 0.3), (high, 0.7)):
        simulated = studies(generator.normal(0, np.sqrt(VI + limit), (40_000, 5)), VI)
        drawn = simulated.project(np.broadcast_to(weights, simulated.yi.shape)).q()
        assert (drawn >= q).mean() == pytest.approx(above, abs=0.009)


def test_each_code_takes_its_own_weights():
    def limits(**options):
        spread = pool(YI, VI, **options).heterogeneity
        return spread["tau2_low"], spread["tau2_high"]

    by_errors = limits(tau2="GENQ", weights=1 / np.sqrt(VI), tau2_interval="GENQ")
    assert limits(tau2_interval="J") == pytest.approx(by_errors)
    assert limits(tau2_interval="BJ") == pytest.approx(limits(tau2="GENQ", weights=1 / VI, tau2_interval="GENQ"))


def test_studies_that_are_not_used_do_not_count():
    used = np.array([[True, True, True, True, False], [True] * 5])
    found = generalised_q_interval(studies(YI, VI, used=used), np.where(used, 1 / VI, 0.0).T, 0.95)
    alone = generalised_q_interval(studies(YI[:4], VI[:4]), 1 / VI[:4, None], 0.95)
    assert [found[0][0], found[1][0]] == pytest.approx([alone[0][0], alone[1][0]], rel=1e-9)


def test_given_weights_are_needed_for_their_interval():
    with pytest.raises(ValueError, match="tau2: GENQ alone"):
        pool(YI, VI, tau2_interval="GENQ")
