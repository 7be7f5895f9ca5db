import json
from pathlib import Path

import numpy as np
import pytest
from tests.unit.pool.fixtures import EXTRACTS, FIVE, spec

from coppice.core.errors import BadInput
from coppice.jobs import canonical_json
from coppice.pool.analysis import pool_analysis
from coppice.pool.kernel.permutation import permutation_test
from coppice.pool.models.regression import design_of, regress

REFERENCE = Path(__file__).parents[3] / "reference" / "metafor.json"
BCG = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]["bcg_rr"]
RESIDUAL = (0.016680068320648, 0.784835254575497)  # of tau2 beyond latitude
LATITUDE = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
ALLOCATION = ["random"] * 4 + ["alternate"] * 2 + ["random"] * 3 + ["systematic"] * 4
YI, VI = np.array(BCG["yi"]), np.array(BCG["vi"])


@pytest.fixture(scope="module")
def design():
    return design_of("ablat + alloc", {"ablat": LATITUDE, "alloc": ALLOCATION})


# rma(yi, vi, mods = ~ ablat + alloc) of metafor 3.8-1: coefficients, SE, QE, QM, its p, tau2, R2, I2, and the prediction at
# latitude 33 with random allocation: mean, SE, lower confidence and prediction limits
EXPECTED = {
    ("wald", "REML"): (
        [0.293194356003, -0.0272757562981, -0.267491211513, 0.0584612869283],
        [0.404994640792, 0.00919931974612, 0.350428507972, 0.379510602382],
        [26.2034364916, 11.0606124554, 0.0114025957301, 0.144594297359, 53.8396139092, 70.1102488506],
        [-0.874396813348, 0.191259037775, -1.2492576391, -1.70864718206],
    ),
    ("HKSJ", "REML"): (
        [0.293194356003, -0.0272757562981, -0.267491211513, 0.0584612869283],
        [0.418842621874, 0.00951387207098, 0.362410709365, 0.392487207781],
        [26.2034364916, 3.44710676348, 0.0650069792437, 0.144594297359, 53.8396139092, 70.1102488506],
        [-0.874396813348, 0.197798757737, -1.32184868996, -1.84401196209],
    ),
    ("HKSJ", "DL"): (
        [0.307831797776, -0.0276460433726, -0.257779500284, 0.0433345008132],
        [0.408241226727, 0.00925762711749, 0.351275973028, 0.381326551523],
        [26.2034364916, 3.62185769292, 0.0581086814318, 0.117832381427, 61.8369344764, 65.6533599978],
        [-0.862267133803, 0.194197891034, -1.30157328401, -1.75444425932],
    ),
}


@pytest.mark.parametrize("key", EXPECTED)
def test_a_meta_regression_is_that_of_metafor(design, key):
    coefficients, errors, tests, predicted = EXPECTED[key]
    found = regress(YI, VI, design, profile="metafor", inference=key[0], tau2=key[1])
    assert found.params == pytest.approx(coefficients, rel=1e-9)
    assert found.bse == pytest.approx(errors, rel=1e-9)
    assert [found.part[name] for name in ("QE", "QM", "QM_p", "tau2", "R2", "I2")] == pytest.approx(tests, rel=1e-9)
    at = found.predict([1, 33, 1, 0])
    assert [at[name] for name in ("estimate", "se", "ci_low", "pi_low")] == pytest.approx(predicted, rel=1e-9)


def test_variance_inflation_factors_are_those_of_metafor(design):
    factors = regress(YI, VI, design, profile="metafor").vif()
    assert list(factors.values()) == pytest.approx([1.0151, 1.7224, 1.7111], abs=5e-5)


def test_a_contrast_of_one_coefficient_is_that_coefficient(design):
    found = regress(YI, VI, design)
    assert found.contrast([0, 1, 0, 0])["se"] == pytest.approx(found.bse[1], rel=1e-12)
    assert found.contrast([0, 1, 0, 0])["ci_low"] == pytest.approx(found.conf_int()[1, 0], rel=1e-12)


def test_new_values_become_rows_of_the_same_design(design):
    rows = design.rows({"ablat": [33], "alloc": ["random"]})
    assert rows.tolist() == [[1, 33, 1, 0]]


def test_a_category_that_no_study_has_is_refused_rather_than_taken_for_the_first(design):
    with pytest.raises(ValueError, match="can't be ablat 33, alloc randomised"):
        design.rows({"ablat": [33], "alloc": ["randomised"]})


def test_formulas_take_interactions_and_transformations():
    values = {"ablat": LATITUDE, "alloc": ALLOCATION}
    assert len(design_of("ablat * alloc", values).names) == 6
    assert "intercept" not in design_of("0 + alloc", values).names


def test_terms_that_determine_one_another_are_refused():
    with pytest.raises(ValueError, match="determine one another"):
        design_of("a + b", {"a": [1, 2, 3, 4], "b": [2, 4, 6, 8]})


def test_few_studies_a_moderator_are_warned_of(design):
    assert "fewer than 10 for each" in regress(YI, VI, design).part["warnings"][0]


def test_exact_permutation_tests_are_those_of_metafor():
    # permutest(exact = TRUE) of metafor 3.8-1: rma(yi, vi, mods = ~ ablat) on the first six trials, rma(yi, vi) on eight
    design = np.column_stack([np.ones(6), LATITUDE[:6]])
    moderated = permutation_test(YI[:6], VI[:6], design=design)
    assert (
        moderated.exact and moderated.permutations == 360
    )  # two trials share a latitude, and exchanging them is no change
    assert moderated.p == pytest.approx([0.80555555556, 0.03888888889], rel=1e-9)
    assert permutation_test(YI[:8], VI[:8]).p == pytest.approx([0.015625])


def test_a_drawn_permutation_test_is_the_same_each_time_and_never_zero():
    design = np.column_stack([np.ones(13), LATITUDE])
    first, second = (permutation_test(YI, VI, design=design, draws=199) for _ in range(2))
    assert first.p.tolist() == second.p.tolist() and not first.exact
    assert first.p.min() >= 1 / 200


def moderated(formula, ages, **asked):
    changed = spec(FIVE, moderators=formula, **asked)
    for study, age in zip(changed["studies"], ages, strict=True):
        study["values"] = {"age": age}
    return pool_analysis(changed, EXTRACTS)


def test_the_moderators_of_an_analysis_are_in_its_result():
    result = moderated("age", [10, 20, 30, 40, 50])
    assert [row["name"] for row in result["moderators"]["coefficients"]] == ["intercept", "age"]
    assert result["moderators"]["QE_df"] == 3 and canonical_json.dumps(result)


def test_predictions_and_contrasts_are_in_the_result_where_they_are_asked_for():
    asked = {"at": [{"age": 25}], "contrasts": {"ten years": {"age": 10}}}
    part = moderated("age", [10, 20, 30, 40, 50], regression=asked)["moderators"]
    intercept, age = (row["estimate"] for row in part["coefficients"])
    assert part["at"][0]["values"] == {"age": 25}
    assert part["at"][0]["estimate"] == pytest.approx(intercept + 25 * age)
    assert part["contrasts"][0]["estimate"] == pytest.approx(10 * age)
    assert part["contrasts"][0]["p"] == pytest.approx(part["coefficients"][1]["p"])


def test_a_moderator_that_is_not_finite_is_named():
    with pytest.raises(BadInput, match=r"'log\(age\)' of the formula 'log\(age\)' is not a finite number"):
        moderated("log(age)", [0, 20, 30, 40, 50])


def test_numbers_taken_as_categories_have_no_line_between_them():
    part = moderated("0 + C(age)", [1, 1, 2, 2, 2], regression={"at": [{"age": 2}]})["moderators"]
    assert part["predictions"] is None
    assert part["at"][0]["estimate"] == pytest.approx(part["coefficients"][1]["estimate"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"at": [{"year": 2000}]}, "needs a value of age"),
        ({"contrasts": {"old": {"ages": 1}}}, "did you mean 'age'"),
    ],
)
def test_what_does_not_fit_the_formula_is_bad_input(asked, message):
    with pytest.raises(BadInput, match=message):
        moderated("age", [10, 20, 30, 40, 50], regression=asked)


def test_studies_without_the_moderator_are_left_out_with_a_warning():
    result = moderated("age", [10, None, 30, 40, 50])
    assert result["moderators"]["k"] == 4 and "B (2020)" in result["moderators"]["warnings"][-1]


def test_too_few_studies_give_no_meta_regression_but_a_reason():
    result = moderated("age", [10, None, None, None, 50])
    assert result["moderators"] is None and "needs at least three" in result["reasons"]["moderators"]


@pytest.mark.parametrize(("formula", "message"), [("agee", "did you mean 'age'"), ("age +", "formula")])
def test_a_wrong_formula_is_bad_input(formula, message):
    with pytest.raises(BadInput, match=message):
        moderated(formula, [10, 20, 30, 40, 50])


def test_the_residual_tau2_has_the_interval_of_confint_in_metafor():
    """confint(rma(yi, vi, mods = ~ ablat)) of metafor."""
    part = regress(YI, VI, design_of("ablat", {"ablat": LATITUDE}), profile="metafor").part
    low, high = RESIDUAL
    assert part["tau2_low"] == pytest.approx(low, rel=1e-6, abs=1e-9)
    assert part["tau2_high"] == pytest.approx(high, rel=1e-6)
