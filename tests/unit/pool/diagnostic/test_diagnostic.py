"""One diagnostic analysis: what enters, what is added to empty cells, what is said where a model has no answer."""

import numpy as np
import pytest
from tests.unit.pool.diagnostic.counted import NAMES, SOUND, TABLES, pooled

from coppice.core.contracts.diagnostic import DiagnosticExplored
from coppice.explore.diagnostic import explore_diagnostic
from coppice.jobs.canonical_json import rounded
from coppice.pool.multivariate.diagnostic.counts import accuracy, corrected, exact_interval
from coppice.pool.multivariate.diagnostic.point import consequences, hsroc, region, summary_point
from coppice.pool.multivariate.diagnostic.table import table
from coppice.tools.schema.results import fixed_of


@pytest.mark.parametrize(
    ("rule", "concerned"),
    [("zeros", [True, False]), ("if_any", [True, True]), ("all", [True, True]), ("none", [False, False])],
)
def test_a_rule_for_empty_cells_adds_a_half_to_the_studies_that_it_names(rule, concerned):
    data = accuracy([dict(zip(NAMES, counts, strict=True)) for counts in ((12, 0, 0, 20), (30, 4, 3, 55))])
    changed, which = corrected(data, rule)
    assert which.tolist() == concerned
    assert (changed.correct - data.correct).tolist() == [[0.5 * item] * 2 for item in concerned]
    assert (changed.wrong - data.wrong).tolist() == [[0.5 * item] * 2 for item in concerned]


def test_without_an_empty_cell_the_rule_of_mada_adds_nothing():
    data = accuracy([dict(zip(NAMES, counts, strict=True)) for counts in SOUND])
    assert not corrected(data, "if_any")[1].any()


def test_the_exact_interval_is_that_of_clopper_and_pearson():
    # R: binom.test(48, 60)$conf.int, and the closed forms (alpha/2)^(1/n) for all and none
    low, high = exact_interval(np.array([48.0, 10.0, 0.0]), np.array([60.0, 10.0, 10.0]), 0.95)
    assert low == pytest.approx([0.6766996, 0.025**0.1, 0.0], abs=1e-6)
    assert high == pytest.approx([0.8921589, 1.0, 1 - 0.025**0.1], abs=1e-6)


def test_the_exact_model_takes_empty_cells_as_they_are_and_the_normal_one_says_what_was_added():
    exact, normal = pooled(TABLES), pooled(TABLES, diagnostic={"model": "normal", "zero_cells": "zeros"})
    assert exact["settings"]["zero_cells"] == "none"
    assert not any(effect["corrected"] for effect in exact["effects"])
    assert [effect["corrected"] for effect in normal["effects"]] == [True, *[False] * 6]
    assert any(text.startswith("0.5 was added to each cell of 1 of 7 studies") for text in normal["warnings"])


def test_a_normal_model_without_a_rule_says_why_it_has_no_logit():
    result = pooled(TABLES, diagnostic={"model": "normal", "zero_cells": "none"})
    assert result["point"] is None
    assert "an empty cell, whose logit is infinite" in result["reasons"]["point"]


@pytest.mark.parametrize("tables", [[], SOUND[:1], SOUND[:2]])
def test_fewer_than_three_studies_are_shown_and_not_summarised(tables):
    result = pooled(tables)
    assert (result["k"], result["point"]) == (len(tables), None)
    assert result["reasons"]["point"]
    explored = explore_diagnostic({"analysis": "a"}, result)
    assert set(explored["leave_one_out"]) == set(explored["multiverse"]) == {"skipped"}


def test_a_sensitivity_of_100_percent_in_every_study_is_answered_with_a_reason():
    result = pooled([(12, 1, 0, 20), (30, 4, 0, 55), (8, 1, 0, 33), (45, 6, 0, 80)])
    assert "the sensitivity is 100% in each of 4 studies" in result["reasons"]["point"]


def test_several_thresholds_and_few_studies_are_warned_of():
    result = pooled([(*counts, threshold) for counts, threshold in zip(SOUND[:4], (5, 5, "10 mm", 20), strict=True)])
    assert any("used 3 thresholds (5, 10 mm, 20)" in text for text in result["warnings"])
    assert any("4 studies are fewer than the 5 parameters" in text for text in result["warnings"])


def test_one_threshold_is_not_warned_of():
    assert not any("threshold" in text for text in pooled([(*counts, 5) for counts in SOUND])["warnings"])


def test_subgroups_have_summary_points_and_likelihood_ratio_tests_of_each_side():
    result = pooled(SOUND, subgroups="setting", values={"setting": ["a", "b", "a", "b", "a", "b"]})
    parts = result["subgroups"]
    assert [(part["level"], part["k"]) for part in parts["levels"]] == [("a", 3), ("b", 3)]
    tests = parts["tests"]
    assert (tests["both"]["df"], tests["sensitivity"]["df"], tests["specificity"]["df"]) == (2, 1, 1)
    assert tests["both"]["chi2"] >= max(tests["sensitivity"]["chi2"], tests["specificity"]["chi2"]) - 1e-9


@pytest.mark.parametrize("model", ["binomial", "normal"])
def test_a_covariate_of_two_values_is_the_difference_of_the_subgroups(model):
    side = [0, 1, 0, 1, 0, 1]
    about = {"model": model, "zero_cells": "zeros"} if model == "normal" else {"model": model}
    by_level = pooled(SOUND, diagnostic=about, subgroups="late", values={"late": side})["subgroups"]["levels"]
    slope = pooled(SOUND, diagnostic=about, moderators="late", values={"late": side})["regression"]
    for place, name in enumerate(("sensitivity", "specificity")):
        difference = by_level[1]["point"]["logits"][place] - by_level[0]["point"]["logits"][place]
        assert slope[name][1]["estimate"] == pytest.approx(difference, rel=1e-6, abs=1e-8)


def test_one_level_alone_and_too_many_levels_are_answered_with_reasons():
    assert (
        pooled(SOUND, subgroups="x", values={"x": ["a"] * 6})["reasons"]["subgroups"] == "all studies are of one level"
    )
    many = pooled(SOUND, subgroups="x", values={"x": list("abcdef")})
    assert "too few for 6 coefficients" in many["reasons"]["subgroups"]


def test_a_study_without_the_covariate_is_left_out_and_named():
    result = pooled(SOUND, moderators="age", values={"age": [30, None, 40, 50, 35, 60]})
    assert result["regression"]["k"] == 5
    assert any("Study 1" in text for text in result["warnings"])


def test_leaving_a_study_out_is_pooling_the_others_and_every_model_is_compared():
    result = pooled(TABLES)
    explored = explore_diagnostic({"analysis": "a"}, result)
    assert list(fixed_of(DiagnosticExplored).findings(rounded(explored), ())) == []
    without = pooled(TABLES[1:])["point"]
    assert explored["leave_one_out"][0]["sensitivity"]["estimate"] == pytest.approx(
        without["sensitivity"]["estimate"], rel=1e-6
    )
    assert len(explored["multiverse"]) == 7  # the exact model; three rules for empty cells by REML and by ML


def test_what_is_switched_off_is_not_explored():
    explored = explore_diagnostic(
        {"analysis": "a", "explore": {"leave_one_out": False}, "models": False}, pooled(SOUND)
    )
    assert set(explored["leave_one_out"]) == set(explored["multiverse"]) == {"skipped"}


def test_ratios_follow_from_the_point_and_consequences_add_up_to_1000_people():
    point = summary_point(np.array([np.log(9.0), np.log(4.0)]), np.eye(2) * 0.01, 0.95)  # 90% and 80%
    assert point["dor"]["estimate"] == pytest.approx(36)
    assert point["lr_positive"]["estimate"] == pytest.approx(0.9 / 0.2)
    assert point["lr_negative"]["estimate"] == pytest.approx(0.1 / 0.8)
    (row,) = consequences(point, [(0.25, "named")])
    assert [row[name]["estimate"] for name in ("tp", "fn", "fp", "tn")] == pytest.approx([225, 25, 150, 600])
    assert (row["ppv"], row["npv"]) == pytest.approx((225 / 375, 600 / 625))


def test_a_region_without_variation_is_a_point_and_a_curve_needs_variation():
    edge = np.array(region(np.zeros(2), np.zeros((2, 2)), 0.95))
    assert edge == pytest.approx(np.full_like(edge, 0.5))
    assert hsroc(np.zeros(2), np.diag([0.0, 1.0])) is None


def test_two_runs_give_the_same_bytes_whatever_the_order_of_the_extracts():
    assert table(pooled(SOUND)) == table(pooled(SOUND))
