"""What metafor gives for the same subsets is in tests/reference/test_explore.py."""

import json
import subprocess
import sys

import numpy as np

from coppice.explore.resampling.gosh import gosh
from coppice.explore.resampling.gosh_part import gosh_part

OUTLIER = 2


def example(k, seed=1):
    generator = np.random.default_rng(seed)
    yi, vi = generator.normal(0, 0.2, k), generator.uniform(0.02, 0.06, k)
    yi[OUTLIER] = 2.0
    return yi, vi, [{"study": f"S{index}", "label": f"S{index}"} for index in range(k)]


def test_all_subsets_of_two_or_more_are_taken_up_to_twenty_effects():
    yi, vi, _ = example(9)
    found = gosh(yi, vi)
    assert len(found.fits.k) == 2**9 - 1 - 9 and not found.sampled and found.fits.k.min() == 2
    masks = found.masks(0, len(found.fits.k))
    assert len(np.unique(masks, axis=0)) == len(masks)
    assert np.array_equal(masks.sum(axis=1), found.fits.k)


def test_beyond_that_a_sample_is_drawn_which_its_seed_repeats():
    yi, vi, _ = example(23)
    found, again, other = (gosh(yi, vi, most=5000, seed=seed) for seed in (1, 1, 2))
    assert found.sampled and len(found.fits.k) == 5000 and found.fits.k.min() >= 2
    assert np.array_equal(found.fits.estimate, again.fits.estimate)
    assert not np.array_equal(found.fits.estimate, other.fits.estimate)
    assert np.array_equal(found.masks(0, 5000).sum(axis=1), found.fits.k)
    assert np.array_equal(found.subsets(np.array([0, 7, 3000, 4999])), found.masks(0, 5000)[[0, 7, 3000, 4999]])


def test_the_subsets_with_an_outlier_are_the_heterogeneous_ones():
    yi, vi, effects = example(8)
    part = gosh_part(effects, yi, vi, tau2="REML", options={"clusters": False})
    assert max(part["studies"], key=lambda row: row["I2_with"] - row["I2_without"])["study"] == f"S{OUTLIER}"
    assert sum(map(sum, part["cloud"]["counts"])) == part["subsets"] == part["of"]
    assert part["clusters"] == {"skipped": "switched off"}


def test_every_cluster_method_points_at_the_outlier():
    yi, vi, effects = example(10)
    clusters = gosh_part(effects, yi, vi, tau2="REML", options={})["clusters"]
    for method in ("k_means", "dbscan", "mixture"):
        assert clusters[method]["points_at"] == [f"S{OUTLIER}"], method
        assert (
            sum(cluster["points"] for cluster in clusters[method]["clusters"]) + clusters[method]["noise"] == 2**10 - 11
        )


def test_nothing_that_is_slow_to_import_is_imported_without_need():
    code = "import sys, json, coppice.explore.command, coppice.explore.resampling.gosh, coppice.explore.multiverse.multiverse; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"sklearn", "statsmodels", "pandas", "matplotlib", "scipy.stats", "scipy.optimize"} & set(
        json.loads(done.stdout)
    )
