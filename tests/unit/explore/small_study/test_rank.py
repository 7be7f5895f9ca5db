"""Kendall's tau and the noncentral hypergeometric distribution, against their definitions."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import kendalltau, nchypergeom_fisher

from coppice.explore.small_study.evidence import evidence_of
from coppice.explore.small_study.part import ENTRIES
from coppice.explore.small_study.rank import kendall, noncentral_moments


@pytest.mark.parametrize("order", list(permutations(range(5)))[::7])
def test_the_exact_p_value_is_that_of_all_orders(order):
    found = kendall(np.arange(5.0), np.array(order, dtype=float))
    expected = kendalltau(range(5), order, method="exact")
    assert found["exact"] and [found["tau"], found["p"]] == pytest.approx(list(expected), abs=1e-14)


def test_ties_are_corrected_for_as_in_scipy():
    x, y = np.array([1.0, 2, 2, 3, 5, 5, 7, 8, 9, 10, 11]), np.array([3.0, 1, 4, 4, 6, 2, 8, 8, 9, 7, 12])
    found = kendall(x, y)
    expected = kendalltau(x, y, method="asymptotic")
    assert not found["exact"] and [found["tau"], found["p"]] == pytest.approx(list(expected), rel=1e-12)


def test_the_moments_are_those_of_fishers_noncentral_hypergeometric_distribution():
    tables = np.array([[3.0, 20, 5, 25], [0, 12, 4, 9]])
    mean, variance = noncentral_moments(tables, 0.6)
    for at, (a, n1, c, n2) in enumerate(tables):
        known = nchypergeom_fisher(n1 + n2, n1, a + c, 0.6)
        assert [mean[at], variance[at]] == pytest.approx([known.mean(), known.var()], rel=1e-9)


def test_tables_of_very_many_events_are_not_weighed_one_by_one():
    effects = [
        {"yi": yi, "vi": 0.1 + yi, "reported": {"events_e": 10**12, "n_e": 10**13, "events_c": 10**12, "n_c": 10**13}}
        for yi in (0.1, 0.2, 0.4)
    ]
    main = {"estimate": 0.2, "inference": "wald"}
    pooled = {
        "measure": "OR",
        "effects": effects,
        "random": main,
        "heterogeneity": None,
        "settings": {"tau2": "DL"},
        "level": 0.95,
    }
    schwarzer = ENTRIES["schwarzer"]
    assert "more than 10,000,000" in str(schwarzer.why_not(evidence_of(pooled)))
