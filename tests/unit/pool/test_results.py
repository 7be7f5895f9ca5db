import subprocess
import sys

import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.kernel.bootstrap import confidence_draws_of_tau2
from coppice.pool.kernel.inference import INFERENCES, infer
from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.likelihood import log_likelihood

YI = [-0.94, -0.36, -0.27, -1.11, -0.63]
VI = [0.063, 0.040, 0.042, 0.097, 0.065]


OF_REML = [name for name, entry in INFERENCES.items() if entry.tau2 in (None, "REML")]


@pytest.mark.parametrize("name", OF_REML)
def test_statsmodels_and_the_kernel_give_the_same_numbers(name):
    model = pool(YI, VI, profile="metafor", inference=name)
    kernel = infer(studies(YI, VI), np.array([model.tau2]), method=name)
    for key in ("estimate", "se", "ci_low", "ci_high", "statistic", "p"):
        assert model.random[key] == pytest.approx(float(getattr(kernel, key)[0, 0]), rel=1e-11), key


KR_YI, KR_VI = [0.3, -0.5, 1.1], [0.04, 0.02, 0.5]


def test_the_results_object_speaks_as_those_of_statsmodels_do():
    model = pool(YI, VI)
    assert model.params.shape == model.bse.shape == model.tvalues.shape == model.pvalues.shape == (1,)
    assert model.tvalues[0] == pytest.approx(model.params[0] / model.bse[0])
    assert model.conf_int().tolist() == [[model.random["ci_low"], model.random["ci_high"]]]
    assert model.conf_int(alpha=0.2)[0, 0] > model.random["ci_low"]
    assert "REML" in model.summary()
    assert model.model.params[0] == model.params[0]


@pytest.mark.parametrize(("yi", "vi"), [([0.1, 0.2], [0.1]), ([[0.1, 0.2]], [[0.1, 0.1]])])
def test_effects_without_a_variance_each_are_refused(yi, vi):
    with pytest.raises(ValueError, match="a variance for each effect"):
        pool(yi, vi)


def test_no_study_gives_nothing_and_says_why():
    model = pool([], [])
    assert (model.random, model.common, model.prediction, model.heterogeneity) == (None,) * 4
    assert set(model.reasons) == {"random", "common", "prediction", "heterogeneity"}


def test_one_study_gives_its_own_effect_with_a_wald_interval():
    model = pool(YI[:1], VI[:1])
    assert model.random["estimate"] == model.common["estimate"] == pytest.approx(YI[0])
    assert model.random["inference"] == "wald" and model.random["se"] == pytest.approx(VI[0] ** 0.5)
    assert model.heterogeneity is None and model.prediction is None and model.alternatives["HKSJ"] is None
    assert {"heterogeneity", "prediction", "inference"} <= set(model.reasons)


def test_two_studies_get_a_wald_interval_and_no_prediction_from_the_default_profile():
    model = pool(YI[:2], VI[:2])
    assert model.random["inference"] == "wald" and model.prediction is None
    assert "more than two studies" in model.reasons["inference"]


def test_the_fallback_belongs_to_the_profile_and_not_to_the_inference():
    assert pool(YI[:2], VI[:2], inference="HKSJ").random["inference"] == "wald"
    assert pool(YI[:2], VI[:2], profile="metafor", inference="HKSJ").random["inference"] == "HKSJ"


def test_no_variance_between_studies_gives_a_wald_interval_in_the_default_profile():
    model = pool([0.5, 0.52, 0.49], [0.1, 0.2, 0.1])
    assert model.tau2 == 0 and model.random["inference"] == "wald"


def test_an_interval_narrower_than_walds_is_warned_of():
    # three trials with risk ratios 0.55, 0.54 and 0.53
    model = pool(np.log([0.55, 0.54, 0.53]), [0.07] * 3, profile="metafor", inference="HKSJ")
    assert any("narrower" in text for text in model.warnings) and any("below" in text for text in model.warnings)


def test_an_interval_wider_than_walds_is_not():
    model = pool(YI, VI)
    assert model.random["inference"] == "HKSJ" and model.warnings == ()


@pytest.mark.parametrize("name", ["HKSJ-adhoc", "HKSJ-ci"])
def test_the_corrected_intervals_are_never_narrower_than_walds(name):
    model = pool(np.log([0.55, 0.54, 0.53]), [0.07] * 3, profile="metafor", inference=name)
    wald = model.alternatives["wald"]
    assert model.random["ci_high"] - model.random["ci_low"] >= wald["ci_high"] - wald["ci_low"] - 1e-12


def test_identical_effects_have_an_answer_under_every_inference():
    for name in OF_REML:
        model = pool([0.3] * 4, [0.1, 0.2, 0.3, 0.4], profile="metafor", inference=name)
        assert model.random["estimate"] == pytest.approx(0.3) and model.heterogeneity["I2"] == 0


def test_a_study_with_nearly_all_the_weight_decides():
    model = pool([0.3, 5.0, -5.0], [1e-6, 10, 10])
    assert model.common["estimate"] == pytest.approx(0.3, abs=1e-5)


def test_a_misspelt_option_is_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match="did you mean 'inference'"):
        pool(YI, VI, inferense="HKSJ")
    with pytest.raises(ValueError, match="did you mean 'cochrane2025'"):
        pool(YI, VI, profile="cochrane")
    with pytest.raises(ValueError, match="did you mean 'HKSJ'"):
        pool(YI, VI, inference="HSKJ")
    with pytest.raises(ValueError, match="level"):
        pool(YI, VI, level=95)


def test_explore_does_not_import_statsmodels_or_scipy_stats():
    code = (
        "import sys, coppice.explore.command; "
        "print([name for name in ('statsmodels', 'scipy.stats', 'pandas', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.strip() == "[]"


def test_the_profile_likelihood_falls_by_the_quantile_at_both_limits():
    model = pool(YI, VI, tau2="ML", inference="PL", profile="metafor")
    data = studies(YI, VI)
    height = log_likelihood(data, np.array([model.tau2]), restricted=False)[0]
    for limit in (model.random["ci_low"], model.random["ci_high"]):
        grid = np.linspace(0, 2, 200_001)
        total = VI + grid[:, None]
        profile = (-0.5 * (np.log(total) + (np.array(YI) - limit) ** 2 / total).sum(axis=1)).max()
        assert 2 * (height - profile) == pytest.approx(3.841458820694124, abs=1e-6)


def test_profile_likelihood_needs_maximum_likelihood():
    with pytest.raises(ValueError, match="ML alone"):
        pool(YI, VI, inference="PL")


def test_kenward_roger_follows_the_formulas_of_partlett_and_riley():
    # Partlett & Riley (2017), section 2.3.2: the expected information and the adjusted variance, written out
    model = pool(YI, VI, inference="KR")
    w = 1 / (np.array(VI) + model.tau2)
    phi = 1 / w.sum()
    information = 0.5 * (w**2).sum() - phi * (w**3).sum() + 0.5 * (phi * (w**2).sum()) ** 2
    variance = phi + 2 * phi**2 / information * ((w**3).sum() - phi * (w**2).sum() ** 2)
    assert model.random["se"] == pytest.approx(variance**0.5, rel=1e-12)
    assert model.random["df"] == pytest.approx(2 * information / (phi * (w**2).sum()) ** 2, rel=1e-12)


def test_the_bootstrap_prediction_is_the_same_each_time_and_wider_than_the_normal_one():
    first, second = (pool(YI, VI, prediction="bootstrap").prediction for _ in range(2))
    assert first == second
    normal = pool(YI, VI, prediction="normal").prediction
    assert first["high"] - first["low"] > normal["high"] - normal["low"]


def test_tau2_is_drawn_from_its_exact_confidence_distribution():
    yi, vi = np.array(YI), np.array(VI)
    generator = np.random.default_rng(5)
    drawn = confidence_draws_of_tau2(yi, vi, generator, 40_000)
    observed = studies(yi, vi).at(np.zeros(1)).q()[0]
    for tau2 in (0.0, 0.05, 0.3):
        simulated = studies(generator.normal(0, np.sqrt(vi + tau2), (40_000, len(yi))), vi)
        above = (simulated.at(np.zeros(40_000)).q() >= observed).mean()
        assert (drawn <= tau2).mean() == pytest.approx(above, abs=0.012)


def test_limits_and_p_values_are_those_of_the_inference_in_the_result_file():
    for options in ({}, {"inference": "wald"}, {"tau2": "ML", "inference": "PL"}, {"inference": "KR"}):
        model = pool(YI, VI, **options)
        assert model.conf_int()[0] == pytest.approx([model.random["ci_low"], model.random["ci_high"]], rel=1e-9)
        assert model.pvalues[0] == pytest.approx(model.random["p"], rel=1e-7)
        narrower = model.conf_int(alpha=0.5)[0]
        assert model.conf_int()[0, 0] < narrower[0] < narrower[1] < model.conf_int()[0, 1]


def test_without_a_study_there_are_no_coefficients():
    model = pool([], [])
    assert model.params.shape == model.bse.shape == model.pvalues.shape == (0,) and model.conf_int().shape == (0, 2)
    assert "no study gives an effect" in model.summary()


def test_a_meta_regression_is_public_and_sums_itself_up():
    from coppice.pool import design_of, regress

    found = regress(YI, VI, design_of("dose", {"dose": list(range(len(YI)))}))
    text = found.summary()
    assert text.startswith("Meta-regression (k =") and "dose" in text and "QE_df 3" in text
    assert found.conf_int().shape == (2, 2)


def test_kenward_roger_with_the_adjusted_variance_in_its_degrees_of_freedom_is_that_of_r_meta():
    """R's meta 8.4-0, metagen(..., method.random.ci = "KR")."""
    found = pool(KR_YI, KR_VI, profile="metafor", inference="KR-meta")
    assert found.random["df"] == pytest.approx(1.26800295546169, rel=1e-10)
    assert found.random["ci_low"] == pytest.approx(-3.28028261702295, rel=1e-9)
    assert found.random["ci_high"] == pytest.approx(3.5177168657325, rel=1e-9)
    assert any("Kenward" in warning and "differ" in warning for warning in found.warnings)
