import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.likelihood import log_likelihood, score
from coppice.pool.kernel.tau2 import ESTIMATORS, estimate_tau2, tau2

YI = np.array([-0.94, -0.36, -0.27, -1.11, -0.63])
VI = np.array([0.063, 0.040, 0.042, 0.097, 0.065])

WITHOUT_WEIGHTS = [method for method in ESTIMATORS if method != "GENQ"]  # that one needs weights from outside

data_sets = st.integers(2, 12).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(-3, 3), min_size=k, max_size=k), st.lists(st.floats(1e-3, 10), min_size=k, max_size=k)
    )
)


@pytest.mark.parametrize("method", WITHOUT_WEIGHTS)
def test_an_estimate_does_not_depend_on_the_order_of_the_studies(method):
    assert tau2(YI[::-1], VI[::-1], method=method).tau2 == pytest.approx(tau2(YI, VI, method=method).tau2, rel=1e-12)


@pytest.mark.parametrize("method", WITHOUT_WEIGHTS)
@pytest.mark.parametrize("factor", [1e-12, 1e6])
def test_an_estimate_scales_with_the_square_of_the_effects(method, factor):
    scaled = tau2(YI * factor, VI * factor**2, method=method).tau2
    assert scaled == pytest.approx(float(tau2(YI, VI, method=method).tau2) * factor**2, rel=1e-9)


@pytest.mark.parametrize("method", WITHOUT_WEIGHTS)
def test_many_meta_analyses_at_once_give_what_each_gives_alone(method):
    generator = np.random.default_rng(1)
    yi, vi = generator.normal(0, 0.5, (4, 3, 7)), generator.uniform(0.01, 0.5, (4, 3, 7))
    together = tau2(yi, vi, method=method).tau2
    assert together.shape == (4, 3)
    assert together[2, 1] == pytest.approx(float(tau2(yi[2, 1], vi[2, 1], method=method).tau2), rel=1e-12)


@pytest.mark.parametrize("method", WITHOUT_WEIGHTS)
def test_studies_that_are_not_used_are_as_if_they_were_not_there(method):
    used = np.array([True, False, True, True, True])
    yi = np.where(used, YI, np.nan)
    assert tau2(yi, VI, method=method, used=used).tau2 == pytest.approx(
        float(tau2(YI[used], VI[used], method=method).tau2)
    )


@pytest.mark.parametrize("method", WITHOUT_WEIGHTS)
def test_identical_effects_have_no_variance_between_them(method):
    assert tau2([0.3] * 4, [0.1, 0.2, 0.3, 0.4], method=method).tau2 == 0


@pytest.mark.parametrize("method", WITHOUT_WEIGHTS)
def test_one_study_has_no_estimate_and_is_given_zero(method):
    found = tau2([0.3], [0.1], method=method)
    assert found.tau2 == 0 and np.isnan(found.se)


@pytest.mark.parametrize("method", ["PM", "EB", "DLIT"])
def test_paule_mandel_brings_q_to_its_degrees_of_freedom(method):
    data = studies(YI, VI)
    assert data.at(estimate_tau2(data, method).tau2).q() == pytest.approx(len(YI) - 1, rel=1e-12)


@settings(deadline=None)  # a grid of thousands of points takes as long as the machine is busy
@given(data_sets)
@pytest.mark.parametrize("restricted", [True, False])
def test_no_point_of_a_fine_grid_has_a_higher_likelihood(restricted, drawn):
    data = studies(*drawn)
    best = estimate_tau2(data, "REML" if restricted else "ML").tau2
    height = log_likelihood(data, best, restricted=restricted)[0]
    grid = np.concatenate([[0.0], np.geomspace(1e-8, 1e3, 400)])
    assert height >= max(log_likelihood(data, np.array([t]), restricted=restricted)[0] for t in grid) - 1e-9


# Six precise studies agree and five imprecise ones do not: one peak near 0 for the first, one far out for the others.
TWO_PEAKS = (
    np.array([0.0, 0.002, -0.002, 0.001, -0.001, 6.0, -7.0, 8.0, -6.5, 7.5]),
    np.array([1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 1.0, 1.0, 1.0, 1.0, 1.0]),
)


def peaks(yi, vi, *, restricted=True):
    data = studies(yi, vi)
    grid = np.concatenate([[0.0], np.geomspace(1e-9, 1e3, 4000)])
    slope = np.array([score(data, np.array([t]), restricted=restricted)[0] for t in grid])
    inner = grid[1:][(slope[:-1] > 0) & (slope[1:] <= 0)]
    return ([0.0] if slope[0] <= 0 else []) + list(inner)


def test_the_higher_of_two_peaks_is_found_whichever_it_is():
    yi, vi = TWO_PEAKS
    seen = set()
    for stretch in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.7, 1.0):
        stretched = np.where(vi > 0.1, yi * stretch, yi)
        found = peaks(stretched, vi)
        data = studies(stretched, vi)
        heights = [log_likelihood(data, np.array([t]), restricted=True)[0] for t in found]
        best = found[int(np.argmax(heights))]
        assert estimate_tau2(data, "REML").tau2[0] == pytest.approx(best, rel=1e-2, abs=1e-8)
        if len(found) > 1:
            seen.add(int(np.argmax(heights)))
    assert seen == {0, 1}


def test_a_fixed_value_is_taken_as_it_is():
    assert tau2(YI, VI, method=0.04).tau2 == 0.04


def test_a_misspelt_estimator_is_refused_with_the_nearest_name():
    with pytest.raises(ValueError, match="did you mean 'REML'"):
        tau2(YI, VI, method="RMEL")


@pytest.mark.parametrize("vi", [0.0, -1.0, np.nan, np.inf])
def test_a_variance_that_is_not_positive_and_finite_is_refused(vi):
    with pytest.raises(ValueError, match="variances"):
        tau2(YI, [vi, *VI[1:]])


def test_given_weights_give_metafors_generalised_q_estimate():
    # metafor 3.8-1: rma(yi, vi, weights = c(10, 40, 25, 8, 30), method = "GENQ")$tau2
    found = tau2(YI, VI, method="GENQ", moment_weights=[10, 40, 25, 8, 30])
    assert found.tau2 == pytest.approx(0.0347787974683544, rel=1e-10)
    assert found.se == pytest.approx(0.0686002750613699, rel=1e-10)


def test_equal_weights_are_hedges_and_inverse_variances_are_dersimonian_and_lairds():
    assert tau2(YI, VI, method="GENQ", moment_weights=[3.0] * 5).tau2 == pytest.approx(
        float(tau2(YI, VI, method="HE").tau2)
    )
    assert tau2(YI, VI, method="GENQ", moment_weights=1 / VI).tau2 == pytest.approx(
        float(tau2(YI, VI, method="DL").tau2)
    )


@pytest.mark.parametrize("given", [None, [1, 2, 0, 1, 1]])
def test_given_weights_must_be_there_and_above_zero(given):
    with pytest.raises(ValueError, match="weights"):
        tau2(YI, VI, method="GENQ", moment_weights=given)
