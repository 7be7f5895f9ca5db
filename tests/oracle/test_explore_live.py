"""Live comparison with metafor's influence(), baujat(), cumulative and GOSH models on the datasets of metadat."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from coppice.explore.resampling.cumulative import PRECISION, added_in, order_by
from coppice.explore.resampling.gosh import gosh
from coppice.explore.resampling.influence import influence
from coppice.explore.resampling.resample import leave_one_out, pool_subsets
from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.likelihood import log_likelihood
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.profiles import settings

HERE = Path(__file__).parent
SAME = {"rel": 1e-7, "abs": 1e-8}  # metafor stops just above tau2 = 0 where the maximum is at 0
TAU2 = 1e-6  # to which tau2 agrees, and what is a multiple of it
DIAGNOSTICS = ("rstudent", "dffits", "cook_d", "cov_ratio", "QE_del", "hat", "dfbetas", "baujat_x", "baujat_y")
MOST_DIFFERENT = 3  # datasets on which metafor stops short of the maximum of a likelihood

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor, metadat and jsonlite")


@pytest.fixture(scope="module")
def cases():
    done = subprocess.run(["Rscript", "explore_live.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def is_same_likelihood(case, used, ours, theirs):
    """Return whether tau2 agrees in every subset; where it does not, ours must have the higher likelihood."""
    data = studies(case["yi"], case["vi"], used=used)
    theirs = np.array(theirs)
    agree = np.isclose(ours, theirs, rtol=TAU2, atol=1e-9)
    higher = log_likelihood(data, ours, restricted=True) >= log_likelihood(data, theirs, restricted=True)
    assert np.all(agree | higher)
    return bool(agree.all())


def test_influence_is_metafors_wherever_tau2_is(cases):
    assert len(cases) >= 30
    different = []
    for name, case in cases.items():
        used = leave_one_out(len(case["yi"]))
        without = estimate_tau2(studies(case["yi"], case["vi"], used=used), "REML").tau2
        for inference in ("wald", "HKSJ"):
            found, expected = (
                influence(case["yi"], case["vi"], settings({"profile": "metafor", "inference": inference})),
                case[inference],
            )
            if not is_same_likelihood(case, used, without, expected["tau2_del"]):
                different.append(name)
                continue
            for key in DIAGNOSTICS:
                assert getattr(found, key) == pytest.approx(np.array(expected[key], dtype=float), **SAME), (name, key)
    assert len(set(different)) <= MOST_DIFFERENT, different


def test_cumulative_models_are_metafors(cases):
    different = []
    for name, case in cases.items():
        effects = [{"study": str(index), "vi": v} for index, v in enumerate(case["vi"])]
        for by, rows in (("year", case["cumulative"]), (PRECISION, case["precision"]["rows"])):
            used = added_in(order_by(effects, by))[1:]
            found = pool_subsets(case["yi"], case["vi"], used, settings({"profile": "metafor", "inference": "HKSJ"}))
            if not is_same_likelihood(case, used, found["tau2"], [row["tau2"] for row in rows]):
                different.append(name)
                continue
            for step, row in enumerate(rows):
                close = {key: pytest.approx(value, **SAME) for key, value in row.items() if value is not None}
                close["H2"] = pytest.approx(row["H2"], rel=TAU2)  # 1 + tau2 over the typical variance
                assert {key: found[key][step] for key in close} == close, (name, by, step)
    assert len(set(different)) <= MOST_DIFFERENT, different


def test_every_subset_is_the_model_of_metafor(cases):
    small = {name: case for name, case in cases.items() if case["gosh"]}
    assert len(small) > 1
    for name, case in small.items():
        found = gosh(case["yi"], case["vi"]).fits
        for key, values in case["gosh"].items():
            assert getattr(found, key) == pytest.approx(np.array(values), **SAME), (name, key)
