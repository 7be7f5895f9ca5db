"""Live comparison of combined p values with sumlog() and sumz() of metap."""

import json
import shutil
import subprocess

import numpy as np
import pytest
from scipy.special import ndtr

from coppice.explore.combined_p import fisher, stouffer

SCRIPT = (
    "suppressMessages({library(metap); library(jsonlite)}); p <- fromJSON(commandArgs(TRUE)[1]); "
    "cat(toJSON(list(fisher = c(sumlog(p)$p), stouffer = c(sumz(p)$p)), digits = NA, auto_unbox = TRUE))"
)


def has_metap() -> bool:
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", "library(metap)"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not has_metap(), reason="needs R with metap")
@pytest.mark.parametrize("k", [2, 7, 40])
def test_fisher_and_stouffer_are_those_of_metap(k):
    z = np.random.default_rng(k).normal(0.4, 1.1, k)
    done = subprocess.run(
        ["Rscript", "-e", SCRIPT, json.dumps(ndtr(-z).tolist())], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout)
    assert fisher(z)[1] == pytest.approx(theirs["fisher"], rel=1e-9)
    assert stouffer(z)[1] == pytest.approx(theirs["stouffer"], rel=1e-9)
