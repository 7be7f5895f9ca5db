import json
from pathlib import Path

import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.dependence.covariance import aggregate, correlated
from coppice.pool.dependence.multilevel import multilevel
from coppice.pool.dependence.robust import cluster_robust

REFERENCE = Path(__file__).parents[3] / "reference" / "metafor.json"
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


def test_a_joint_test_of_one_coefficient_is_its_own_test():
    design = np.column_stack([np.ones(7), np.arange(7.0)])
    found = cluster_robust(Y, 0.1 + V, STUDY, design=design)
    test = found.wald([[0.0, 1.0]])
    assert [test.f, test.df, test.df2] == pytest.approx([found.statistic[1] ** 2, 1, found.df[1]])
    assert test.p == pytest.approx(found.p[1])
    assert found.combination([0.0, 1.0]) == pytest.approx(
        {key: getattr(found, key)[1] for key in ("estimate", "se", "df", "statistic", "p", "ci_low", "ci_high")}
    )


def test_the_mean_at_a_value_does_not_depend_on_where_a_moderator_is_centred():
    dose = np.array([1.0, 2.0, 1.0, 3.0, 2.0, 4.0, 5.0])
    plain, centred = (
        cluster_robust(Y, 0.1 + V, STUDY, design=np.column_stack([np.ones(7), dose - middle])) for middle in (0.0, 3.0)
    )
    assert plain.combination([1.0, 3.0]) == pytest.approx(centred.combination([1.0, 0.0]))


def test_a_level_of_one_study_shows_no_variance_between_clusters():
    design = np.column_stack([np.ones(7), [name == "C" for name in STUDY]])
    for method in ("CR1", "CR2"):
        found = cluster_robust(Y, 0.1 + V, STUDY, design=design, method=method)
        assert found.supports([1.0, 0.0]) and not found.supports([0.0, 1.0])
        assert found.wald([[0.0, 1.0]]).f is None


def test_the_sampling_errors_of_different_studies_are_independent():
    with pytest.raises(ValueError, match="different studies must be independent"):
        multilevel(Y, np.full((7, 7), 0.01) + np.diag(V), STUDY)


def test_options_that_do_not_exist_are_refused():
    with pytest.raises(ValueError, match="did you mean 'CR2'"):
        cluster_robust(Y, V, STUDY, method="CR3")
    with pytest.raises(ValueError, match="rho"):
        correlated(V, STUDY, 1.2)
    with pytest.raises(ValueError, match="REML or ML"):
        multilevel(Y, V, STUDY, method="DL")
