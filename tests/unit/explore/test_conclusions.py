"""What would overturn a conclusion: E-values, the fragility index and tests of equivalence."""

from __future__ import annotations

import math

import pytest
from tests.unit.draw.fixtures import BCG

from coppice.explore.analysis import explore_analysis
from coppice.explore.e_values import COMMON, e_value, of_hazard_ratio
from coppice.explore.fragility import ARMS, CELLS
from coppice.extract.route import Options
from coppice.extract.routes.two_by_two import DEFINITIONS, formula
from coppice.pool import pool

REML = {"profile": "metafor", "tau2": "REML", "inference": "wald"}


def pooled(yi, vi, measure, reported=None, **options):
    model = pool(yi, vi, measure=measure, **(REML | options))
    labels = [f"S{index}" for index in range(len(yi))]
    return {
        "measure": measure,
        "k": len(yi),
        "level": 0.95,
        "random": model.random,
        "heterogeneity": model.heterogeneity,
        "settings": model.settings.as_dict(),
        "reasons": model.reasons,
        "excluded": [],
        "effects": [
            {"study": label, "label": label, "population": label, "yi": y, "vi": v, "reported": figure}
            for label, y, v, figure in zip(labels, yi, vi, reported or [{}] * len(yi), strict=True)
        ],
    }


def of_tables(tables, measure, **options):
    figures = [dict(zip(CELLS, table, strict=True)) for table in tables]
    effects = [formula(DEFINITIONS[measure])(figure, Options()) for figure in figures]
    return pooled([e.yi for e in effects], [e.vi for e in effects], measure, figures, **options)


def line(estimate, low, high, measure="RR", **more):
    """Return a pooled result with a line that is given as printed."""
    logs = {name: math.log(value) for name, value in (("estimate", estimate), ("ci_low", low), ("ci_high", high))}
    random = {**logs, "se": 0.1, "df": None, "inference": "wald", **more}
    return {"measure": measure, "random": random, "reasons": {}, "settings": {}, "effects": [], "level": 0.95}


def explored(result, code, options=True):
    off = dict.fromkeys(("leave_one_out", "cumulative", "influence", "gosh", "small_study", "what_if"), False)
    return explore_analysis({"analysis": "x", "explore": off | {code: options}}, result)[code]


BCG_TABLES = [(a, n1, c, n2) for _, _, _, a, n1, c, n2 in BCG]


def test_the_e_values_of_hammond_and_horn_1958_are_those_that_the_readme_of_r_package_evalue_prints():
    part = explored(line(10.73, 8.02, 14.36), "e_values")
    assert part["estimate"] == pytest.approx(20.94777, abs=5e-6)
    assert part["limit"] == pytest.approx(15.52336, abs=5e-6)
    below = explored(line(1 / 10.73, 1 / 14.36, 1 / 8.02), "e_values")
    assert (below["estimate"], below["limit"]) == pytest.approx((part["estimate"], part["limit"]))


def test_an_interval_that_includes_no_effect_has_an_e_value_of_1():
    assert explored(line(1.2, 0.9, 1.6), "e_values")["limit"] == 1.0


@pytest.mark.parametrize("measure", ["OR", "HR"])
def test_a_rare_outcome_has_the_e_value_of_a_risk_ratio_and_a_common_one_a_smaller_one(measure):
    rare = explored(line(3.0, 2.0, 4.5, measure), "e_values", {"rare": True})
    common = explored(line(3.0, 2.0, 4.5, measure), "e_values")
    assert rare["estimate"] == pytest.approx(3.0 + math.sqrt(6.0))
    assert 1 < common["risk_ratio"] < rare["risk_ratio"]


def test_conversions_of_common_outcomes_are_symmetrical_about_no_effect():
    assert COMMON["odds"].risk_ratio(math.log(4.0)) == pytest.approx(2.0)
    for hr in (1.3, 2.0, 8.0):
        expected = (1 - 0.5 ** math.sqrt(hr)) / (1 - 0.5 ** math.sqrt(1 / hr))
        assert of_hazard_ratio(math.log(hr)) == pytest.approx(expected)
        assert of_hazard_ratio(-math.log(hr)) == pytest.approx(1 / expected)


def test_a_standardised_difference_is_converted_by_0_91():
    result = line(1, 1, 1, "SMD") | {"random": {"estimate": 0.5, "ci_low": 0.2, "ci_high": 0.8}}
    assert explored(result, "e_values")["estimate"] == pytest.approx(e_value(math.exp(0.455)))


@pytest.mark.parametrize(
    ("result", "options", "reason"),
    [
        (line(2, 1, 3, "MD"), True, "MD has no conversion to a risk ratio"),
        (line(2, 1.1, 3), {"all_randomised": True}, "every study is randomised"),
        (line(2, 1.1, 3) | {"random": None, "reasons": {"random": "why"}}, True, "why"),
    ],
)
def test_e_values_are_left_out_with_the_reason(result, options, reason):
    assert explored(result, "e_values", options)["skipped"].startswith(reason)


def test_the_bcg_trials_have_the_fragility_index_that_the_help_of_stata_metafrag_prints():
    """28 by REML: 8 events more and 9 fewer in the arms of one trial, 11 more in the first arm of another."""
    part = explored(of_tables(BCG_TABLES, "RR"), "fragility")
    assert part["index"] == 28 and part["excludes_null"]
    assert sorted((item["arm"], item["events"]) for item in part["changes"]) == [
        ("control", -9),
        ("experimental", 8),
        ("experimental", 11),
    ]
    assert len({item["study"] for item in part["changes"]}) == 2
    assert part["ci_low"] < 0 <= part["ci_high"]
    assert part["patients"] == sum(table[1] + table[3] for table in BCG_TABLES)


def test_the_changes_lead_to_the_model_that_is_reported_after_them():
    result = of_tables(BCG_TABLES, "OR")
    part = explored(result, "fragility")
    tables = [list(table) for table in BCG_TABLES]
    for item in part["changes"]:
        tables[int(item["study"][1:])][2 * ARMS.index(item["arm"])] += item["events"]
    after = of_tables(tables, "OR")["random"]
    assert [part[name] for name in ("estimate", "ci_low", "ci_high")] == pytest.approx(
        [after[name] for name in ("estimate", "ci_low", "ci_high")], abs=1e-9
    )


def test_a_result_that_includes_no_effect_is_led_out_by_the_shorter_way():
    tables = [(20, 100, 26, 100), (30, 150, 39, 150), (12, 80, 15, 80)]
    part = explored(of_tables(tables, "OR"), "fragility")
    assert not part["excludes_null"] and part["ci_high"] < 0
    assert all((item["arm"] == "experimental") == (item["events"] < 0) for item in part["changes"])


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (line(2, 1.1, 3, "HR"), "HR is not a measure of the counts"),
        (pooled([0.1, 0.2], [0.1, 0.1], "OR"), "not every study reports"),
        (
            pooled([0.1, 0.2], [0.1, 0.1], "OR", [dict(zip(CELLS, (4, 40, 6, 40), strict=True))] * 2),
            "the effect of S0 does not follow from its counts alone",
        ),
    ],
)
def test_a_fragility_index_is_left_out_with_the_reason(result, reason):
    result = result | {"settings": pooled([0.1, 0.2], [0.1, 0.1], "OR")["settings"], "k": 2}
    assert reason in explored(result, "fragility")["skipped"]


def test_equivalence_is_two_one_sided_tests_with_the_standard_error_of_the_model():
    """The example of TOSTmeta() of R's TOSTER: an effect of 0.12 with standard error 0.09, bounds of -0.2 and 0.2."""
    random = {"estimate": 0.12, "se": 0.09, "ci_low": -0.06, "ci_high": 0.3, "df": None, "inference": "wald"}
    part = explored(line(1, 1, 1, "SMD") | {"random": random}, "equivalence", {"important": 0.2})
    assert part["statistic_low"] == pytest.approx(0.32 / 0.09) and part["statistic_high"] == pytest.approx(-0.08 / 0.09)
    normal = lambda z: 0.5 * math.erfc(z / math.sqrt(2.0))  # noqa: E731
    assert part["p_low"] == pytest.approx(normal(0.32 / 0.09)) and part["p_high"] == pytest.approx(normal(0.08 / 0.09))
    assert part["p"] == part["p_high"]
    assert (part["ci_low"], part["ci_high"]) == pytest.approx((0.12 - 1.6448536 * 0.09, 0.12 + 1.6448536 * 0.09))


@pytest.mark.parametrize("important", [0.8, 1.25, {"small": 0.8, "large": 0.5}])
def test_the_bounds_of_a_ratio_lie_alike_on_both_sides_of_no_effect(important):
    part = explored(line(1.02, 0.9, 1.15), "equivalence", {"important": important})
    assert (part["low"], part["high"]) == pytest.approx((math.log(0.8), math.log(1.25)))


def test_the_interval_lies_within_the_bounds_exactly_where_p_is_below_alpha():
    for se in (0.05, 0.08, 0.1, 0.12, 0.15, 0.2):
        for alpha in (0.05, 0.025):
            result = line(1.03, 0.9, 1.2, se=se, df=6)
            part = explored(result, "equivalence", {"important": 0.8, "alpha": alpha})
            inside = part["low"] < part["ci_low"] and part["ci_high"] < part["high"]
            assert inside == (part["p"] < alpha)


@pytest.mark.parametrize(
    ("result", "options", "reason"),
    [
        (line(2, 1.1, 3), True, "the analysis does not say from which size"),
        (line(2, 1.1, 3, inference="PL"), {"important": 0.8}, "the interval of the model has no standard error"),
    ],
)
def test_equivalence_is_left_out_with_the_reason(result, options, reason):
    assert explored(result, "equivalence", options)["skipped"].startswith(reason)


def test_combined_p_values_are_those_of_r_package_metap_1_8():
    """p of 0.01, 0.2, 0.03, 0.6, 0.04 by sumlog() and sumz(); Simes' smallest k p(i) / i by hand."""
    z = [2.3263478740408408, 0.8416212335729143, 1.8807936081512509, -0.2533471031357997, 1.7506860712521692]
    part = explored(pooled(z, [1.0] * 5, "MD"), "combined_p")
    fisher, stouffer, simes = (row["greater"] for row in part["methods"])
    assert fisher == {"statistic": pytest.approx(26.90173, abs=5e-6), "p": pytest.approx(0.002699192, rel=1e-6)}
    assert stouffer == {"statistic": pytest.approx(2.927506, abs=5e-7), "p": pytest.approx(0.001708464, rel=1e-6)}
    assert simes["p"] == pytest.approx(min(5 * 0.01, 5 * 0.03 / 2, 5 * 0.04 / 3, 5 * 0.2 / 4, 0.6))
    assert part["methods"][1]["less"]["p"] == pytest.approx(1 - 0.001708464, rel=1e-6)


def test_what_is_not_requested_has_no_part():
    off = dict.fromkeys(("leave_one_out", "cumulative", "influence", "small_study", "what_if"), False)
    result = explore_analysis({"analysis": "x", "explore": off}, of_tables(BCG_TABLES, "RR"))
    assert not {"e_values", "fragility", "equivalence", "combined_p"} & set(result)
