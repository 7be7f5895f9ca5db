import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coppice.explore.resampling import subsets
from coppice.explore.resampling.resample import pool_subsets
from coppice.explore.resampling.subsets import fit_subsets
from coppice.pool.profiles import settings as model_settings


def all_masks(k):
    return (np.arange(1, 2**k)[:, None] >> np.arange(k)) & 1


def fitted(yi, vi, masks, **options):
    return fit_subsets(yi, vi, lambda begin, end: masks[begin:end], len(masks), **options)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(2, 7), st.sampled_from([0.0, 0.1, 1.0, 5.0]), st.sampled_from([0.1, 1.0, 3.0])
)
def test_every_subset_is_that_of_the_kernel(seed, k, between, spread):
    generator = np.random.default_rng(seed)
    vi = np.exp(generator.normal(-2, spread, k))
    yi = generator.normal(0.3, np.sqrt(vi + between))
    masks = all_masks(k)
    masks = masks[masks.sum(axis=1) > 1]
    found, slow = fitted(yi, vi, masks), pool_subsets(yi, vi, masks > 0, model_settings({"profile": "metafor"}))
    scale = vi.min()
    assert found.tau2 == pytest.approx(slow["tau2"], rel=1e-7, abs=1e-9 * scale)
    assert found.estimate == pytest.approx(slow["estimate"], rel=1e-8, abs=1e-10)
    q, i2, h2 = found.QE, found.I2, found.H2
    assert q == pytest.approx(slow["Q"], rel=1e-8, abs=1e-9)
    assert i2 == pytest.approx(slow["I2"], rel=1e-7, abs=1e-8)
    assert h2 == pytest.approx(1 / (1 - i2 / 100), rel=1e-6)


@pytest.mark.parametrize("estimator", ["DL", "PM", "ML", 0.2])
def test_other_estimators_take_the_kernel(estimator):
    generator = np.random.default_rng(5)
    yi, vi, masks = generator.normal(0, 1, 6), generator.uniform(0.05, 0.4, 6), all_masks(6)
    found = fitted(yi, vi, masks, tau2=estimator)
    slow = pool_subsets(yi, vi, masks > 0, model_settings({"profile": "metafor", "tau2": estimator}))
    assert found.estimate == pytest.approx(slow["estimate"], rel=1e-10, abs=1e-12)


def test_a_likelihood_with_two_peaks_is_solved_at_the_higher_one():
    yi, vi = [-0.1, 0.0, 0.1, 8.0, -7.0], [0.0001, 0.0002, 0.0001, 9.0, 8.0]
    masks = all_masks(5)
    masks = masks[masks.sum(axis=1) > 1]
    slow = pool_subsets(yi, vi, masks > 0, model_settings({"profile": "metafor"}))
    assert fitted(yi, vi, masks).tau2 == pytest.approx(slow["tau2"], rel=1e-7, abs=1e-12)


def test_one_effect_has_no_heterogeneity():
    found = fitted([0.5, 1.0], [0.1, 0.2], np.eye(2))
    assert list(found.estimate) == pytest.approx([0.5, 1.0]) and not found.tau2.any() and not found.I2.any()


def test_the_number_of_processors_changes_nothing(monkeypatch):
    generator = np.random.default_rng(7)
    yi, vi, masks = generator.normal(0, 1, 13), generator.uniform(0.05, 0.4, 13), all_masks(13)
    results = []
    for number in (1, 3):
        monkeypatch.setattr(subsets, "cores", lambda number=number: number)
        results.append(fitted(yi, vi, masks))
    assert np.array_equal(results[0].tau2, results[1].tau2) and np.array_equal(results[0].I2, results[1].I2)


def test_memory_beyond_the_result_does_not_grow_with_the_number_of_subsets():
    def beyond(n):
        generator = np.random.default_rng(9)
        yi, vi = generator.normal(0, 1, 15), generator.uniform(0.05, 0.4, 15)
        codes = np.arange(3, 3 + n)
        tracemalloc.start()
        fit_subsets(yi, vi, lambda begin, end: (codes[begin:end, None] >> np.arange(15)) & 1, n)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most - 6 * 8 * n

    assert beyond(30_000) < 1.5 * beyond(10_000)
