"""Live comparison of three-level models with rma.mv() of metafor, and of CR1 and CR2 with metafor and clubSandwich.

nlminb() stops near the maximum, so that a variance component agrees to about 1e-5 at best and never reaches 0; the proof
that ours is the better one is the log-likelihood, which is nowhere below.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from coppice.pool.dependence.multilevel import multilevel

HERE = Path(__file__).parent
CLOSE = 2e-6  # what is left of nlminb's tolerance in estimates and standard errors

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor and clubSandwich")


@pytest.fixture(scope="module")
def sets():
    done = subprocess.run(["Rscript", "dependence.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_three_level_models_and_their_robust_inference_are_those_of_r(sets):
    for name, data in sets.items():
        for expected in data["models"].values():
            where = (name, expected["method"], expected["rho"])
            fit = {
                robust: multilevel(
                    data["yi"], data["vi"], data["study"], rho=expected["rho"], method=expected["method"], robust=robust
                )
                for robust in ("CR1", "CR2")
            }
            ours = fit["CR2"]
            assert ours.log_likelihood >= expected["ll"] - 1e-11, where
            assert ours.sigma2.tolist() == pytest.approx(expected["sigma2"], rel=1e-5, abs=1e-7), where
            assert float(ours.params[0]) == pytest.approx(expected["estimate"], rel=CLOSE), where
            assert float(ours.bse[0]) == pytest.approx(expected["se"], rel=CLOSE), where
            assert [float(ours.robust.se[0]), float(ours.robust.df[0])] == pytest.approx(
                [expected["cr2_se"], expected["cr2_df"]], rel=CLOSE
            ), where
            assert float(fit["CR1"].robust.se[0]) == pytest.approx(expected["cr1_se"], rel=CLOSE), where
            assert float(fit["CR1"].robust.ci_low[0]) == pytest.approx(expected["cr1_low"], rel=CLOSE), where
