"""Subgroups of dependent effects, within studies and between them."""

import pytest
from tests.unit.pool.dependence.test_moderators import review

from coppice.jobs import canonical_json
from coppice.pool.analysis import pool_analysis
from coppice.pool.subgroups import wald_test
from coppice.pool.table import table


def grouped(**changes):
    wanted, extracts = review()
    return pool_analysis(wanted | {"moderators": None, "subgroups": "outcome"} | changes, extracts)


def test_each_level_has_its_own_three_level_model():
    found = grouped()
    alone = review()
    for extract in alone[1]:
        extract["measures"]["MD"]["chosen"] = [1]
    alone = pool_analysis(alone[0] | {"moderators": None}, alone[1])
    level = found["subgroups"]["levels"][1]
    assert level["level"] == "AL" and level["k"] == 5
    assert level["random"] == pytest.approx(alone["random"])
    assert level["heterogeneity"] == pytest.approx(alone["heterogeneity"])
    assert canonical_json.dumps(found) and table(found)


def test_one_model_for_all_levels_shares_its_variances_and_tests_as_the_regression_does():
    found = grouped(model={"profile": "metafor", "subgroup_tau2": "common"})
    wanted, extracts = review()
    regression = pool_analysis(wanted | {"moderators": "outcome"}, extracts)["moderators"]
    levels, test = found["subgroups"]["levels"], found["subgroups"]["test"]
    assert len({level["heterogeneity"]["tau2"] for level in levels}) == 1
    assert levels[0]["heterogeneity"]["tau2"] == pytest.approx(regression["tau2"], rel=1e-7)
    assert [test["Q"], test["df"], test["df2"], test["p"]] == pytest.approx(
        [regression[key] for key in ("QM", "QM_df", "QM_df2", "QM_p")], rel=1e-6
    )
    difference = levels[0]["random"]["estimate"] - levels[1]["random"]["estimate"]
    assert difference == pytest.approx(regression["coefficients"][1]["estimate"], rel=1e-7)


def test_the_test_of_differences_knows_that_a_study_is_in_both_levels():
    found = grouped()["subgroups"]
    assert found["test"]["method"] == "wald, CR2" and found["test"]["statistic"] == "F"
    assert found["test"]["df"] == 1 and 1 < found["test"]["df2"] < 5
    assert found["test_common"] is None and wald_test([], line="random") is None


def test_without_an_overall_model_the_weights_are_those_within_levels():
    found = grouped(overall=False)
    assert found["random"] is None and "over_rho" not in found
    for level in ("PD", "AL"):
        assert sum(item["weight_random"] for item in found["effects"] if item["subgroup"] == level) == pytest.approx(
            100
        )


def test_a_level_of_one_study_has_no_subtotal_and_is_not_tested():
    wanted, extracts = review()
    extracts[0]["measures"]["MD"]["candidates"][0]["characteristics"] = {"outcome": "other"}
    for variances in ("separate", "common"):
        model = {"profile": "metafor", "subgroup_tau2": variances}
        found = pool_analysis(wanted | {"moderators": None, "subgroups": "outcome", "model": model}, extracts)
        alone = found["subgroups"]["levels"][0]
        assert (
            alone["level"] == "other"
            and alone["random"] is None
            and alone["reasons"]["random"] == "a subtotal needs more than one study"
        )
        assert found["subgroups"]["test"]["df"] == 1
        assert (
            "Left out of the cluster-robust test" in found["warnings"][-1]
            and "one study: other." in found["warnings"][-1]
        )
