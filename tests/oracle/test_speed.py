"""The kernel against the loop in R, and its memory: 10,000 meta-analyses of 10 studies in one call."""

import shutil
import subprocess
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.kernel.heterogeneity import heterogeneity, q_profile
from coppice.pool.kernel.inference import infer
from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.prediction import predict
from coppice.pool.kernel.tau2 import estimate_tau2

HERE = Path(__file__).parent
AT_LEAST = 300  # times as fast as the loop over rma(), confint() and predict()


def pool_all(n):
    """REML, HKSJ, prediction interval, Q-profile interval and heterogeneity of n meta-analyses."""
    generator = np.random.default_rng(1)
    data = studies(generator.normal(0, 0.4, (n, 10)), generator.uniform(0.02, 0.3, (n, 10)))
    tau2 = estimate_tau2(data, "REML").tau2
    return infer(data, tau2, method="HKSJ"), predict(data, tau2), q_profile(data, 0.95), heterogeneity(data, tau2)


def seconds(n):
    start = time.perf_counter()
    pool_all(n)
    return time.perf_counter() - start


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor")
def test_ten_thousand_meta_analyses_are_three_hundred_times_as_fast_as_in_r(record_property):
    ours = min(seconds(10_000) for _ in range(3))
    done = subprocess.run(["Rscript", "speed.R"], cwd=HERE, capture_output=True, text=True, check=True)
    ratio = float(done.stdout) * 10_000 / ours
    record_property("times as fast as R", ratio)
    assert ratio >= AT_LEAST, ratio


def test_memory_grows_no_faster_than_the_number_of_meta_analyses():
    def peak(n):
        tracemalloc.start()
        pool_all(n)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(8_000) < 4.5 * peak(2_000)
