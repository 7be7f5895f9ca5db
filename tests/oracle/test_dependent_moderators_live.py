"""Live comparison of three-level meta-regressions and subgroups with rma.mv() and robust(clubSandwich = TRUE) of metafor.

The optimizers of R stop near the maximum, as told in test_dependence_live.py: a variance component agrees to about 1e-5,
and the proof that ours is the better one is the log-likelihood, which is nowhere below.
"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.dependence.model import DependentModel
from coppice.pool.dependence.moderators import regress_dependent
from coppice.pool.dependence.options import Dependence
from coppice.pool.dependence.subgroups import dependent_subgroups
from coppice.pool.models.regression import Design
from coppice.pool.profiles import settings

HERE = Path(__file__).parent
CLOSE = 1e-5  # what is left of R's tolerance in standard errors and degrees of freedom

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor and clubSandwich")


@pytest.fixture(scope="module")
def r():
    done = subprocess.run(["Rscript", "dependent_moderators.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def effects_of(data):
    levels = data.get("level") or [None] * len(data["yi"])
    rows = zip(data["yi"], data["vi"], map(str, data["study"]), levels, strict=True)
    return [{"yi": yi, "vi": vi, "study": study, "subgroup": level} for yi, vi, study, level in rows]


def handling(rho, *, robust="CR2", **model):
    how = Dependence("che", rho, robust, ()) if rho else Dependence("multilevel", None, robust, ())
    return DependentModel(how, settings({"profile": "metafor", **model}))


def close(values, tolerance=CLOSE):
    return pytest.approx(np.ravel(values).tolist(), rel=tolerance, abs=1e-9)


def column(part, key):
    return [row[key] for row in part["coefficients"]]


def test_regressions_in_three_levels_and_their_robust_inference_are_those_of_r(r):
    compared = 0
    for name, data in r["regression"].items():
        matrix = np.asarray(data["design"], dtype=float)
        design = Design(matrix, ("intercept", *(f"x{i}" for i in range(1, matrix.shape[1]))))
        for expected in data["models"].values():
            where = (name, expected["method"], expected["rho"])
            found = {
                robust: regress_dependent(
                    effects_of(data), design, handling(expected["rho"], robust=robust, tau2=expected["method"])
                )
                for robust in ("CR1", "CR2")
            }
            fit, part = found["CR2"].fit, found["CR2"].part
            wald = part["alternatives"]["wald"]
            assert fit.log_likelihood >= expected["ll"] - 1e-10, where
            assert fit.sigma2.tolist() == pytest.approx(expected["sigma2"], rel=1e-4, abs=1e-6), where
            assert column(part, "estimate") == close(expected["estimate"]), where
            assert column(wald, "se") == close(expected["se"]), where
            assert [part["QE"], part["QE_p"]] == close([expected["QE"], expected["QE_p"]], 1e-9), where
            assert [wald["QM"], part["I2"]] == close([expected["QM"], expected["I2"]], 1e-4), where
            for key in ("se", "df", "p", "ci_low", "ci_high"):
                theirs = np.ravel(expected[f"cr2_{key.removeprefix('ci_')}"])
                known = [i for i, row in enumerate(part["coefficients"]) if row["se"] is not None]
                assert [column(part, key)[i] for i in known] == close(theirs[known], 1e-4), (*where, key)
            if part["QM"] is not None:
                theirs = [expected["htz"], *np.ravel(expected["htz_df"]), expected["htz_p"]]
                assert [part[key] for key in ("QM", "QM_df", "QM_df2", "QM_p")] == close(theirs, 2e-4), where
                compared += 1
            other = found["CR1"].part
            if all(row["se"] is not None for row in other["coefficients"]):
                assert column(other, "se") == close(expected["cr1_se"], 1e-4), where
                theirs = [expected["cr1_F"], *np.ravel(expected["cr1_df"]), expected["cr1_Fp"]]
                assert [other[key] for key in ("QM", "QM_df", "QM_df2", "QM_p")] == close(theirs, 2e-4), where
    assert compared >= 16


def test_subgroups_and_the_test_of_differences_are_those_of_r(r):
    for name, data in r["subgroups"].items():
        effects = effects_of(data)
        for variances in ("separate", "common"):
            where = (name, variances)
            part, _, _ = dependent_subgroups(effects, name, handling(data["rho"], subgroup_tau2=variances))
            theirs = data[variances]
            assert [level["random"]["estimate"] for level in part["levels"]] == close(theirs["estimate"]), where
            expected = [theirs[key] for key in ("F", "df", "df2", "p")]
            assert [part["test"][key] for key in ("Q", "df", "df2", "p")] == close(expected, 2e-4), where
            if variances == "common":
                lines = [[level["random"][key] for key in ("se", "df")] for level in part["levels"]]
                assert np.ravel(lines).tolist() == close(np.transpose([theirs["se"], theirs["dfs"]]), 1e-4), where
        part, _, _ = dependent_subgroups(effects, name, handling(data["rho"]))
        for level, expected in zip(part["levels"], data["levels"], strict=True):
            where = (name, level["level"])
            assert [level["level"], level["k"]] == [expected["level"], expected["k"]]
            keys = ("estimate", "se", "df", "ci_low", "ci_high")
            assert [level["random"][key] for key in keys] == close([expected[key] for key in keys], 1e-4), where
            found = level["heterogeneity"]
            variances = [found["tau2_between"], found["tau2_within"], found["Q"]]
            assert variances == pytest.approx([*expected["sigma2"], expected["Q"]], rel=1e-4, abs=1e-6), where
