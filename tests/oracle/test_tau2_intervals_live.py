"""Live comparison of intervals of tau2 with confint() of metafor and with formulas evaluated in R."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.kernel.heterogeneity import tau2_interval
from coppice.pool.kernel.kernel import studies
from coppice.pool.models.regression import design_of, regress

HERE = Path(__file__).parent
LEAST_SETS = 50

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor, metadat and jsonlite")


@pytest.fixture(scope="module")
def cases():
    done = subprocess.run(["Rscript", "tau2_intervals.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_interval_of_the_residual_tau2_is_that_of_confint(cases):
    compared = 0
    for name, case in cases.items():
        if not case["residual"] or None in case["residual"]:
            continue
        part = regress(case["yi"], case["vi"], design_of("x", {"x": case["x"]}), profile="metafor").part
        if part["tau2_low"] is None:  # where no tau2 is in the interval metafor prints its bounds of the search
            assert case["residual"][1] == 0.0, (name, case["residual"])
            continue
        assert [part["tau2_low"], part["tau2_high"]] == pytest.approx(case["residual"], rel=1e-6, abs=1e-9), name
        compared += 1
    assert compared >= LEAST_SETS


def test_the_interval_of_sidik_and_jonkman_is_their_formula_in_r(cases):
    for name, case in cases.items():
        found = tau2_interval(studies(case["yi"], case["vi"]), method="SJ")
        assert [limit[0] for limit in found] == pytest.approx(case["sidik_jonkman"], rel=1e-10), name
    assert len(cases) >= LEAST_SETS
    assert all(np.diff(case["sidik_jonkman"])[0] > 0 for case in cases.values())
