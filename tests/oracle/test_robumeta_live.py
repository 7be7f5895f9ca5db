"""Live comparison of cluster-robust inference (CR2) with robumeta, with its weights, and with clubSandwich."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.correlated_effects import correlated_effects
from coppice.pool.dependence.robust import cluster_robust
from coppice.pool.hierarchical_effects import hierarchical_effects

HERE = Path(__file__).parent
CLOSE = 1e-9  # what is left where moderators are nearly collinear

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with robumeta and clubSandwich")


@pytest.fixture(scope="module")
def sets():
    done = subprocess.run(["Rscript", "robumeta.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def column(values):
    return pytest.approx(np.atleast_1d(np.asarray(values, dtype=float)), rel=CLOSE)


def test_small_sample_inference_is_that_of_robumeta_and_clubsandwich(sets):
    assert len(sets) == 7
    for name, case in sets.items():
        design = np.asarray(case["design"], dtype=float).reshape(len(case["yi"]), -1)
        found = cluster_robust(
            case["yi"], 1.0 / np.asarray(case["weights"]), case["cluster"], design=design, method="CR2"
        )
        for key in ("estimate", "se", "df", "ci_low", "ci_high", "p"):
            assert getattr(found, key) == column(case[key]), (name, key)
        assert found.se == column(case["club_se"]) and found.df == column(case["club_df"]), name


def test_the_correlated_effects_model_is_that_of_robumeta_with_its_tau2_by_moments(sets):
    cases = {name: case for name, case in sets.items() if case["correlated"]}
    assert len(cases) == 3
    for name, case in cases.items():
        design = np.asarray(case["design"], dtype=float).reshape(len(case["yi"]), -1)
        found = correlated_effects(case["yi"], case["vi"], case["cluster"], rho=case["rho"], design=design)
        assert found.sigma2[0] == pytest.approx(case["tau2"], rel=CLOSE), name
        assert 1.0 / np.diag(found.covariance) == column(case["weights"]), name
        for key in ("estimate", "se", "df", "ci_low", "ci_high", "p"):
            assert getattr(found.robust, key) == column(case[key]), (name, key)


def test_the_hierarchical_effects_model_is_that_of_robumeta_with_both_variances_by_moments(sets):
    """In one of them the variance within studies is below 0, and set to 0."""
    cases = {name: case for name, case in sets.items() if not case["correlated"]}
    assert len(cases) == 4 and any(case["omega2"] == 0 for case in cases.values())
    for name, case in cases.items():
        design = np.asarray(case["design"], dtype=float).reshape(len(case["yi"]), -1)
        found = hierarchical_effects(case["yi"], case["vi"], case["cluster"], design=design)
        assert found.sigma2 == pytest.approx([case["tau2"], case["omega2"]], rel=CLOSE), name
        assert 1.0 / np.diag(found.covariance) == column(case["weights"]), name
        for key in ("estimate", "se", "df", "ci_low", "ci_high", "p"):
            assert getattr(found.robust, key) == column(case[key]), (name, key)
