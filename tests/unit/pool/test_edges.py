"""The policy for the edges: what is answered where the data do not give a model. docs/edges.md is its table."""

import re
from pathlib import Path

import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.analysis import pool_analysis
from coppice.pool.kernel.inference import INFERENCES
from coppice.pool.profiles import PROFILES
from coppice.pool.stratified import counts

from .fixtures import extract, spec

TESTS = Path(__file__).parent
TABLE = TESTS.parents[2] / "docs/edges.md"
YI = np.array([-0.94, -0.36, -0.27, -1.11, -0.63])
VI = np.array([0.063, 0.040, 0.042, 0.097, 0.065])
PARTS = ("random", "common", "prediction", "heterogeneity")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("k", range(6))
def test_every_profile_answers_for_every_number_of_studies(profile, k):
    model = pool(YI[:k], VI[:k], profile=profile)
    for part in PARTS:
        assert (getattr(model, part) is None) == bool(model.reasons.get(part)), part
    for part in ("random", "common"):
        if k:
            assert np.isfinite(
                [getattr(model, part)[key] for key in ("estimate", "se", "ci_low", "ci_high", "p")]
            ).all()


@pytest.mark.parametrize("factor", [1e6, 1e-12])
def test_the_answer_does_not_depend_on_the_unit(factor):
    small, large = pool(YI, VI), pool(YI * factor, VI * factor**2)
    for key in ("estimate", "se", "ci_low", "ci_high"):
        assert large.random[key] == pytest.approx(small.random[key] * factor, rel=1e-9)
    assert large.random["p"] == pytest.approx(small.random["p"], rel=1e-9)
    assert large.heterogeneity["I2"] == pytest.approx(small.heterogeneity["I2"], rel=1e-8)


@pytest.mark.parametrize("shift", [-3.0, 10.0])
def test_adding_a_constant_to_every_effect_adds_it_to_the_estimate(shift):
    moved, model = pool(YI + shift, VI), pool(YI, VI)
    assert moved.random["estimate"] - shift == pytest.approx(model.random["estimate"], abs=1e-9)
    assert moved.tau2 == pytest.approx(model.tau2, rel=1e-8)


def test_no_heterogeneity_leaves_a_prediction_interval_on_t():
    model = pool([0.5, 0.52, 0.49], [0.1, 0.2, 0.1])
    assert model.tau2 == 0 and model.prediction["df"] == 2 and "tau2 is estimated as 0" in model.reasons["inference"]


def test_two_studies_have_an_i2_and_a_warning():
    model = pool(YI[:2], VI[:2])
    assert model.heterogeneity["I2"] is not None and "two studies" in model.warnings[0]


def test_identical_effects_give_an_interval_of_no_width_and_say_so():
    model = pool([0.5, 0.5, 0.5], [0.25, 0.5, 1.0], profile="metafor", inference="HKSJ")
    assert model.random["ci_low"] == pytest.approx(0.5)
    assert [text for text in model.warnings if "HKSJ" in text] == list(model.warnings[:2])
    assert len(model.warnings) == 3 and "interval is empty" in model.warnings[2]


@pytest.mark.parametrize("vi", [0.0, np.inf, np.nan])
def test_a_variance_that_can_not_be_used_is_refused(vi):
    with pytest.raises(ValueError, match="variances"):
        pool([0.1, 0.2], [0.1, vi])


def test_no_events_at_all_leave_the_common_effect_to_inverse_variance():
    none = counts([0, 0], [10, 12], [0, 0], [11, 9])
    model = pool([0.0, 0.0], [4.0, 4.0], data=none, measure="RR", profile="revman5")
    assert model.common["method"] == "IV" and model.warnings


@pytest.mark.parametrize("inference", [name for name, entry in INFERENCES.items() if entry.tau2 in (None, "REML")])
def test_a_study_with_ninety_nine_percent_of_the_weight_is_no_trouble(inference):
    model = pool([0.3, 0.5, -0.2], [1e-5, 0.1, 0.1], profile="metafor", inference=inference)
    assert model.weights_common[0] > 99 and np.isfinite([model.random["ci_low"], model.random["ci_high"]]).all()


def test_the_probability_beyond_a_threshold_is_that_of_the_predictive_distribution():
    model = pool(YI, VI)
    assert model.probability_beyond(model.prediction["high"]) == pytest.approx(0.025, rel=1e-9)
    assert model.probability_beyond(model.prediction["low"]) == pytest.approx(0.975, rel=1e-9)
    assert pool(YI[:2], VI[:2]).probability_beyond(0.0) is None


def test_the_profiles_give_the_models_of_their_tools():
    # rma(yi, vi) and rma(yi, vi, method = "DL") of metafor 3.8-1
    assert pool(YI, VI, profile="metafor").random["inference"] == "wald"
    assert pool(YI, VI, profile="metafor").prediction["method"] == "normal"
    assert pool(YI, VI, profile="dersimonian1986").settings.tau2 == "DL"
    assert pool(YI, VI, profile="iqwig6").settings.tau2 == "PM"


def test_a_three_level_model_of_two_studies_rests_on_one_degree_of_freedom_and_says_so():
    extracts = [extract("A", 0.1, 0.1), extract("B", 0.3, 0.1)]
    result = pool_analysis(spec("AB", dependence={"method": "multilevel"}), extracts)
    assert result["random"]["df"] == pytest.approx(1.0)
    assert any(text.startswith("Fewer than 4 degrees of freedom: the pooled effect") for text in result["warnings"])
    assert any("only the sum of the variances" in text for text in result["warnings"])


def test_a_three_level_model_of_one_study_is_that_study_combined():
    both = extract("A", 0.1, 0.1)
    both["measures"]["HR"]["candidates"] += extract("A", 0.3, 0.1)["measures"]["HR"]["candidates"]
    both["measures"]["HR"]["chosen"] = [0, 1]
    result = pool_analysis(spec("A", dependence={"method": "che", "rho": 0.5}), [both])
    assert result["k"] == 1 and result["random"]["estimate"] == pytest.approx(0.2)
    assert result["effects"][0]["vi"] == pytest.approx(0.1 * 0.75)
    assert "There is only one study, so a three-level model can't be fitted" in result["warnings"][-1]


def test_a_limit_too_large_to_print_is_null_where_it_is_back_transformed():
    result = pool_analysis(spec("AB"), [extract("A", 700.0, 1e4), extract("B", 710.0, 1e4)])
    assert result["random"]["ci_high"] > 710 and result["display"]["random"]["ci_high"] is None


def named_tests():
    """The tests that the table names: (file, beginning of the function's name)."""
    for line in TABLE.read_text("utf-8").split("# What a profile")[0].splitlines():
        cells = line.split("|")
        if len(cells) != 5 or not re.match(r" *(tests/|(\w+/)*test_)", cells[3]):
            continue
        for part in cells[3].split(";"):
            file, names = part.strip().split(": ")
            folder = TESTS.parents[2] if file.startswith("tests/") else TESTS
            for name in names.split(", "):
                yield folder / f"{file}.py", f"def test_{name.strip()}"


def test_every_row_of_the_table_names_tests_that_there_are():
    found = list(named_tests())
    assert len(found) >= 18
    assert [name for file, name in found if name not in file.read_text("utf-8")] == []
