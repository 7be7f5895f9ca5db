"""The multivariate engine against metafor's rma.mv, live: structures, REML and ML, missing outcomes, crossed terms."""

import json
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.multivariate.engine import Term, fit_multivariate

CLOSE = 1e-6
STRUCTURES, METHODS = ("UN", "HCS", "CS", "DIAG", "ID", "AR", "HAR", "CAR"), ("REML", "ML")
FLAT = 1e-9  # of a likelihood: a search that stops within it of the maximum is off by more than CLOSE


@pytest.fixture(scope="module")
def live():
    script = Path(__file__).parent / "multivariate.R"
    done = subprocess.run(["Rscript", str(script)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def agrees(data, model, covariance):
    """Say in what a model differs from R's; nothing where it agrees, or has the higher likelihood."""
    terms = [Term(group=data["study"], levels=data["outcome"], structure=model["struct"])]
    if model["crossed"]:
        terms.append(Term(group=data["site"], name="site"))
    levels = sorted(set(data["outcome"]))
    design = np.array([[outcome == level for level in levels] for outcome in data["outcome"]], dtype=float)
    fit = fit_multivariate(data["yi"], covariance, terms, design=design, method=model["method"])
    gain = fit.log_likelihood - model["ll"]
    wrong = [] if fit.converged and gain > -FLAT else [("likelihood", gain)]
    if abs(gain) <= 1e-11:
        different = np.abs(np.concatenate([fit.params, fit.bse]) - np.concatenate([model["beta"], model["se"]]))
        if different.max() > 10 * CLOSE * max(fit.bse):
            wrong.append(("estimates", different.max() / max(fit.bse)))
    if abs(fit.q / model["q"] - 1) > 1e-9:
        wrong.append(("Q", fit.q / model["q"] - 1))
    return wrong


def test_random_designs_have_metafors_estimates_or_a_higher_likelihood(live):
    wrong, compared = [], []
    for number, data in enumerate(live["sets"]):
        se = np.sqrt(data["vi"])
        same = np.equal.outer(data["study"], data["study"])
        covariance = np.outer(se, se) * np.where(np.eye(len(se), dtype=bool), 1.0, same * data["rho"])
        lowest = -1 / (len(set(data["outcome"])) - 1)  # below it one correlation of all pairs gives no covariance
        for model in filter(None, data["models"]):
            if model["struct"] in ("CS", "HCS") and model["rho"] < lowest - CLOSE:
                continue
            compared.append((model["struct"], model["method"], model["crossed"]))
            wrong += [(number, model["struct"], model["method"], *each) for each in agrees(data, model, covariance)]
    assert wrong == []
    assert set(compared) == {*product(STRUCTURES, METHODS, [False]), *product(["CS"], METHODS, [True])}
    assert len(compared) > 60


def test_the_bivariate_model_of_berkey_1998_has_metafors_estimates(live):
    data = live["berkey"]
    for model in data["models"]:
        assert agrees(data | {"site": None}, model | {"crossed": False}, np.array(data["V"])) == []
