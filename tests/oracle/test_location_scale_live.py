"""Live comparison of location-scale models with rma(scale = ) of metafor.

nlminb() stops near the maximum, and metafor takes its Hessian by numerical differentiation: estimates agree to about 1e-5,
and our log-likelihood is nowhere below.
"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.models.location_scale import location_scale
from coppice.pool.profiles import settings

HERE = Path(__file__).parent
CLOSE = 2e-5  # of nlminb(), relative to the standard error of a coefficient
OF_HESSIAN = 1e-4  # of standard errors, by numerical differentiation

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor")


@pytest.fixture(scope="module")
def r():
    done = subprocess.run(["Rscript", "location_scale.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def fitted(case, method):
    effects = [
        {"label": str(i), "year": None, "yi": yi, "vi": vi, "values": {n: c[i] for n, c in case["columns"].items()}}
        for i, (yi, vi) in enumerate(zip(case["yi"], case["vi"], strict=True))
    ]
    formulas = [" + ".join([value] if isinstance(value, str) else value or []) for value in (case["x"], case["z"])]
    options = settings({"tau2": method})
    spec = {"moderators": formulas[0] or None, "scale_moderators": formulas[1]}
    return location_scale(effects, spec, options, options.as_dict())


@pytest.mark.parametrize("method", ["REML", "ML"])
def test_coefficients_tests_and_likelihoods_are_those_of_rma(r, method):
    compared = 0
    for name, case in r.items():
        theirs, (part, reason) = case[method], fitted(case, method)
        if "error" in theirs:
            continue
        assert part is not None, (name, reason)
        se = np.array(theirs["se_alpha"], dtype=float)
        ours = {key: [row[key] for row in part["scale"]] for key in ("estimate", "se", "ci_low", "ci_high")}
        assert part["log_likelihood"] >= theirs["ll"] - 1e-9, name
        assert ours["estimate"] == pytest.approx(theirs["alpha"], abs=CLOSE * se.max()), name
        assert ours["se"] == pytest.approx(theirs["se_alpha"], rel=OF_HESSIAN), name
        assert [*ours["ci_low"], *ours["ci_high"]] == pytest.approx(theirs["ci"], abs=2 * OF_HESSIAN * se.max()), name
        assert [row["estimate"] for row in part["location"]] == pytest.approx(np.atleast_1d(theirs["beta"]), abs=CLOSE)
        assert [row["se"] for row in part["location"]] == pytest.approx(np.atleast_1d(theirs["se"]), abs=CLOSE), name
        assert part["QS"] == pytest.approx(theirs["QS"], rel=2 * OF_HESSIAN, abs=1e-6), name
        assert part["log_likelihood"] == pytest.approx(theirs["ll"], abs=1e-7), name
        assert part["test"]["statistic"] == pytest.approx(2 * (theirs["ll"] - theirs["ll_one"]), abs=1e-6), name
        compared += 1
    assert compared >= 4
