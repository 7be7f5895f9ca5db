import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.multivariate.engine import Term, fit_multivariate

YI = [0.5, 0.1, 0.9, -0.2, 0.4, 0.3]
VI = [0.1, 0.2, 0.05, 0.1, 0.3, 0.15]
STUDIES = ["a", "a", "b", "b", "c", "c"]
OUTCOMES = ["os", "efs", "os", "efs", "os", "efs"]
POLE = (
    [
        1,
        1,
        1,
        2,
        2,
        2,
        3,
        3,
        3,
        4,
        4,
        5,
        5,
        5,
        6,
        6,
        6,
        7,
        8,
        8,
        9,
        9,
        10,
        10,
        11,
        11,
        11,
        12,
        12,
        12,
        13,
        13,
        14,
        14,
        14,
        15,
        15,
        15,
    ],
    [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 1, 2, 3, 1, 2, 3, 2, 2, 3, 1, 3, 1, 3, 1, 2, 3, 1, 2, 3, 1, 2, 1, 2, 3, 1, 2, 3],
    [
        0.1581162453,
        0.8823179585,
        1.9757061825,
        -1.511211747,
        0.1063471512,
        1.5547306602,
        -0.0931394038,
        0.6453937141,
        0.9475802504,
        0.075626595,
        0.9890276647,
        0.6773016914,
        0.3113644332,
        1.0202545103,
        -0.2885926402,
        1.0527787777,
        1.6034891652,
        1.3085199514,
        0.7405851012,
        0.1701021326,
        -0.6642776552,
        0.2715885403,
        0.2225088619,
        1.5344657713,
        -0.3563402559,
        -0.0223238587,
        0.9691416397,
        -0.0693198479,
        0.4942665315,
        1.0112851906,
        1.3941157187,
        0.0433002966,
        1.5868940521,
        0.3512505116,
        -0.2768219137,
        1.5803442885,
        1.2170155113,
        0.4443316552,
    ],
    [
        0.1772624853,
        0.2071390803,
        0.2182872725,
        0.2630124874,
        0.1350110698,
        0.1049006069,
        0.2687015897,
        0.1520371919,
        0.2323306269,
        0.0200557412,
        0.2493502007,
        0.172209031,
        0.2936896656,
        0.1477381562,
        0.2623753793,
        0.1129508336,
        0.2606189468,
        0.2853852,
        0.2443923721,
        0.0228728545,
        0.2881120679,
        0.0678507952,
        0.2182832374,
        0.183140899,
        0.0974391611,
        0.101212753,
        0.0692657918,
        0.0313221262,
        0.0399793116,
        0.0860567112,
        0.2922527252,
        0.1173801854,
        0.1546190417,
        0.1190653197,
        0.0789329736,
        0.2369097636,
        0.2514180561,
        0.1906194554,
    ],
)  # 38 effects on three outcomes, of which studies lack some; made at random
MEANS = np.array([[1.0, 0.0], [0.0, 1.0]] * 3)


def test_one_random_intercept_per_effect_is_the_random_effects_model():
    fit = fit_multivariate(YI, VI, [Term(group=range(6))])
    univariate = pool(YI, VI, tau2="REML")
    assert fit.params[0] == pytest.approx(univariate.params[0], rel=1e-9)
    assert fit.components[0].tau2[0] == pytest.approx(univariate.tau2, rel=1e-8)
    assert fit.q == pytest.approx(univariate.heterogeneity["Q"], rel=1e-12)


def test_a_missing_effect_is_left_out_with_its_row_of_everything():
    whole = fit_multivariate(
        [*YI, np.nan], [*VI, np.nan], [Term(group=[*STUDIES, "d"], levels=[*OUTCOMES, "os"], structure="UN")]
    )
    alone = fit_multivariate(YI, VI, [Term(group=STUDIES, levels=OUTCOMES, structure="UN")])
    np.testing.assert_array_equal(whole.params, alone.params)
    assert whole.kept.tolist() == [True] * 6 + [False]


def test_blocks_and_the_whole_matrix_are_the_same_sampling_covariance():
    block = np.array([[0.1, 0.05], [0.05, 0.2]])
    term = Term(group=STUDIES, levels=OUTCOMES, structure="CS")
    by_block = fit_multivariate(YI, [block] * 3, [term], design=MEANS)
    whole = fit_multivariate(YI, np.kron(np.eye(3), block), [term], design=MEANS)
    np.testing.assert_array_equal(by_block.params, whole.params)


def test_one_study_has_no_variance_between_studies_and_says_so():
    fit = fit_multivariate(YI[:2], VI[:2], [Term(group=["a", "a"])])
    assert fit.components[0].tau2.tolist() == [0.0]
    assert fit.warnings == ("All effects are of one study, so the variance between groups is set to 0.",)


def test_an_outcome_of_one_study_has_no_variance_and_no_correlation():
    fit = fit_multivariate(
        YI[:5], VI[:5], [Term(group=list("aabcd"), levels=["os", "efs", "os", "os", "os"], structure="UN")]
    )
    assert fit.components[0].tau2[1] == 0.0
    assert fit.warnings[0] == "One study alone has efs, so the variance of that is set to 0."


def test_identical_effects_have_a_variance_of_exactly_zero():
    fit = fit_multivariate([0.3] * 6, VI, [Term(group=STUDIES), Term(group=range(6), name="effect")])
    assert [component.tau2[0] for component in fit.components] == [0.0, 0.0]
    assert fit.converged


def test_a_correlation_at_its_bound_is_exactly_one_and_named():
    yi = [0.1, 0.12, 0.9, 0.88, -0.8, -0.79, 0.3, 0.31]
    fit = fit_multivariate(yi, [0.05] * 8, [Term(group=list("aabbccdd"), levels=["os", "efs"] * 4, structure="UN")])
    assert fit.components[0].rho == pytest.approx(1.0, abs=1e-15)
    assert fit.warnings == (
        "A correlation between groups of study is estimated at its bound, as happens with few groups.",
    )


def test_a_search_that_stops_at_a_pole_goes_on_from_inside():
    """rma.mv (metafor 3.8-1, struct = "UN", method = "ML") has the log-likelihood -31.6577420537 on these data."""
    studies, outcomes, yi, vi = POLE
    se = np.sqrt(vi)
    same = np.equal.outer(studies, studies)
    covariance = np.outer(se, se) * np.where(np.eye(len(se), dtype=bool), 1.0, 0.3 * same)
    design = np.eye(3)[np.array(outcomes) - 1]
    fit = fit_multivariate(
        yi, covariance, [Term(group=studies, levels=outcomes, structure="UN")], design=design, method="ML"
    )
    assert fit.log_likelihood == pytest.approx(-31.6577420536, abs=1e-9)


def test_variances_and_correlations_can_be_fixed():
    fit = fit_multivariate(
        YI, VI, [Term(group=STUDIES, levels=OUTCOMES, structure="HCS", rho=0.5, tau2=[0.2, 0.3])], design=MEANS
    )
    np.testing.assert_allclose(fit.components[0].covariance, [[0.2, 0.5 * np.sqrt(0.06)], [0.5 * np.sqrt(0.06), 0.3]])
    assert fit.parameters == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"structure": "UNN"}, "no structure of random effects is called 'UNN'"),
        ({"rho": -0.9, "structure": "AR", "levels": [1, 2, 3] * 2, "tau2": -1.0}, "must be a number of at least 0"),
        ({"rho": 1.5, "structure": "CS"}, "must be from -1 to 1, not 1.5"),
        ({"structure": "CAR"}, "CAR needs levels that are numbers"),
    ],
)
def test_a_term_that_contradicts_itself_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        fit_multivariate(YI, VI, [Term(**({"group": STUDIES, "levels": OUTCOMES} | change))])


@pytest.mark.parametrize(
    ("sampling", "message"),
    [
        ([0.1] * 5, "needs \\(6,\\) or \\(6, 6\\)"),
        ([-0.1] + [0.1] * 5, "a sampling variance is negative"),
        (np.full((6, 6), 0.1) + np.triu(np.full((6, 6), 0.1)), "not symmetric"),
        ([np.eye(2), np.eye(2)], "are of 4 effects, not of 6"),
    ],
)
def test_a_sampling_covariance_that_is_none_is_refused(sampling, message):
    with pytest.raises(ValueError, match=message):
        fit_multivariate(YI, sampling, [Term(group=STUDIES)])


def test_a_design_that_is_not_of_full_rank_is_refused():
    with pytest.raises(ValueError, match="not of full rank"):
        fit_multivariate(YI, VI, design=np.ones((6, 2)))
