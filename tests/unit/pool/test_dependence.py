import json
from pathlib import Path

import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.dependence import aggregate, correlated, shared_control
from coppice.pool.multilevel import multilevel, over_rho
from coppice.pool.robust import cluster_robust

REFERENCE = Path(__file__).parents[2] / "reference" / "metafor.json"
BCG = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]["bcg_rr"]
YI, VI = np.array(BCG["yi"]), np.array(BCG["vi"])
TAU2 = BCG["random"]["REML"]["tau2"]
Y = np.array([0.1, 0.3, -0.2, 0.5, 0.6, 0.9, 0.2])
V = np.array([0.04, 0.05, 0.03, 0.06, 0.05, 0.08, 0.04])
STUDY = ["A", "A", "B", "C", "C", "C", "D"]


def test_cr1_is_metafors_robust():
    # robust(rma(yi, vi), cluster = trial) on the BCG trials: var 0.032106, z -3.98776, interval 0.3312324 to 0.7231565
    found = cluster_robust(YI, VI + TAU2, range(13), method="CR1")
    assert found.covariance[0, 0] == pytest.approx(0.032106, abs=5e-7)
    assert found.statistic[0] == pytest.approx(-3.98776, abs=5e-6)
    assert np.exp([found.ci_low[0], found.ci_high[0]]) == pytest.approx([0.3312324, 0.7231565], abs=5e-8)


def test_cr2_with_satterthwaite_is_metafors_by_clubsandwich():
    # the same with clubSandwich = TRUE: var 0.03229357, df 11.04125, z -3.97616, interval 0.3295991 to 0.7267400
    found = cluster_robust(YI, VI + TAU2, range(13), method="CR2")
    assert found.covariance[0, 0] == pytest.approx(0.03229357, abs=5e-9)
    assert found.df[0] == pytest.approx(11.04125, abs=5e-6)
    assert found.statistic[0] == pytest.approx(-3.97616, abs=5e-6)
    assert np.exp([found.ci_low[0], found.ci_high[0]]) == pytest.approx([0.3295991, 0.7267400], abs=5e-8)


def test_effects_of_a_study_are_correlated_and_others_are_not():
    found = correlated(V, STUDY, 0.5)
    assert found[0, 1] == pytest.approx(0.5 * np.sqrt(V[0] * V[1])) and found[0, 2] == 0
    assert np.diag(found) == pytest.approx(V)


def test_two_equal_effects_that_agree_count_as_one_when_perfectly_correlated():
    one = aggregate([0.2, 0.2], [0.1, 0.1], ["A", "A"], rho=0.999999)
    assert one.yi[0] == pytest.approx(0.2) and one.vi[0] == pytest.approx(0.1, rel=1e-5)


def test_uncorrelated_effects_are_combined_by_inverse_variance():
    found = aggregate(Y, V, STUDY, rho=0.0)
    assert found.cluster == ("A", "B", "C", "D")
    alone = pool(Y[3:6], V[3:6], profile="metafor").common
    assert [found.yi[2], found.vi[2] ** 0.5] == pytest.approx([alone["estimate"], alone["se"]])


def test_a_plain_mean_weighs_the_effects_equally():
    assert aggregate(Y, V, STUDY, rho=0.3, weighted=False).yi[2] == pytest.approx(Y[3:6].mean())


def test_one_effect_a_study_makes_the_multilevel_model_the_random_effects_model():
    found, plain = multilevel(Y, V, range(7)), pool(Y, V, profile="metafor")
    assert found.sigma2.sum() == pytest.approx(plain.tau2, rel=1e-8)
    assert found.params[0] == pytest.approx(plain.params[0], rel=1e-9)


def test_results_for_a_range_of_correlations_come_together():
    found = over_rho(Y, V, STUDY, rhos=(0.0, 0.5))
    assert list(found) == [0.0, 0.5] and found[0.0].bse[0] != found[0.5].bse[0]


def test_a_shared_control_arm_gives_its_own_variance_as_covariance():
    arm = {"events_c": 10, "n_c": 50}
    assert shared_control(arm, measure="OR") == pytest.approx(1 / 10 + 1 / 40)
    assert shared_control(arm, measure="RR") == pytest.approx(1 / 10 - 1 / 50)
    assert shared_control(arm, measure="RD") == pytest.approx(0.2 * 0.8 / 50)


def test_options_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="did you mean 'CR2'"):
        cluster_robust(Y, V, STUDY, method="CR3")
    with pytest.raises(ValueError, match="rho"):
        correlated(V, STUDY, 1.2)
    with pytest.raises(ValueError, match="REML or ML"):
        multilevel(Y, V, STUDY, method="DL")
