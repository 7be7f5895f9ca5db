"""Permutation tests, exact and drawn."""

import itertools

import numpy as np
import pytest
from tests.unit.pool.fixtures import EXTRACTS, FIVE, extract, spec

from coppice.pool.analysis import pool_analysis
from coppice.pool.kernel.permutation import distinct_orders, permutation_test
from coppice.pool.models.regression import Design, regress

YI, VI = (np.array([value[index] for value in FIVE.values()]) for index in (0, 1))
GROUP = [0.0, 0.0, 1.0, 1.0, 1.0]


def test_arrangements_that_give_the_same_design_count_once():
    design = np.column_stack([np.ones(5), GROUP])
    found = permutation_test(YI, VI, design=design, tau2="DL")
    assert found.exact and found.permutations == distinct_orders(np.array([0, 0, 1, 1, 1])) == 10


@pytest.mark.parametrize("inference", ["wald", "HKSJ"])
def test_exact_p_values_are_those_of_every_order_done_one_by_one(inference):
    def statistics(order):
        design = Design(
            np.column_stack([np.ones(5), np.array(GROUP)[list(order)], np.arange(5)[list(order)]]),
            ("intercept", "a", "b"),
        )
        part = regress(YI, VI, design, profile="metafor", tau2="DL", inference=inference).part
        return np.array([*(abs(row["statistic"]) for row in part["coefficients"]), part["QM"]])

    observed = statistics(range(5))
    every = np.array([statistics(order) for order in itertools.permutations(range(5))])
    expected = (every >= observed * (1 - 1e-8)).mean(axis=0)
    design = np.column_stack([np.ones(5), GROUP, np.arange(5)])
    found = permutation_test(YI, VI, design=design, tau2="DL", inference=inference)
    assert [*found.p, found.p_omnibus] == pytest.approx(expected, rel=1e-12)


def test_drawn_p_values_are_near_the_exact_ones(monkeypatch):
    exact = permutation_test(YI, VI, tau2="DL")
    monkeypatch.setattr("coppice.pool.kernel.permutation.MOST_EXACT", 10)
    drawn = permutation_test(YI, VI, tau2="DL", draws=20_000, seed=7)
    assert exact.seed is None and drawn.seed == 7 and drawn.permutations == 20_001
    assert drawn.p == pytest.approx(exact.p, abs=4 * (exact.p[0] / 20_000) ** 0.5)


def test_given_weights_go_with_their_studies():
    design = np.column_stack([np.ones(5), [1.0, 2.0, 3.0, 4.0, 5.0]])
    found = permutation_test(YI, VI, design=design, tau2="GENQ", moment_weights=1 / VI)
    classic = permutation_test(YI, VI, design=design, tau2="DL")
    assert found.p == pytest.approx(classic.p) and found.p_omnibus == pytest.approx(classic.p_omnibus)


def test_an_analysis_has_both_tests_where_it_asks_for_them():
    asked = spec(FIVE, moderators="age", permutation=True)
    for study, age in zip(asked["studies"], [10, 20, 30, 40, 50], strict=True):
        study["values"] = {"age": age}
    result = pool_analysis(asked, EXTRACTS)
    assert result["permutation"] == {"p": pytest.approx(2 / 32), "permutations": 32, "exact": True, "seed": None}
    part = result["moderators"]
    assert part["permutation"]["permutations"] == 120
    # one moderator alone is all of them together
    assert part["coefficients"][1]["p_permutation"] == part["permutation"]["QM_p"]


def test_without_an_overall_model_the_pooled_effect_is_not_tested():
    result = pool_analysis(spec(FIVE, overall=False, permutation={"draws": 99}), EXTRACTS)
    assert result["permutation"] is None and "two effects or more" in result["reasons"]["permutation"]


def test_a_single_proportion_has_no_null_effect_to_test():
    extracts = [extract(name, yi, vi, measure="PLO") for name, (yi, vi) in FIVE.items()]
    result = pool_analysis(spec(FIVE, measure="PLO", permutation=True), extracts)
    assert result["permutation"] is None and "no effect of 0" in result["reasons"]["permutation"]
