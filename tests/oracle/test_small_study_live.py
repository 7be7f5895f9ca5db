"""Live comparison of small-study effects with metafor on the datasets of metadat.

The likelihood of a selection model can have several maxima, or none: where ours differs it must be higher, and where we find
none metafor must have stopped at its bound of the weight.
"""

import dataclasses
import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from coppice.explore.small_study.entry import CannotFit
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.excess import excess
from coppice.explore.small_study.fail_safe import fail_safe
from coppice.explore.small_study.likelihood import Likelihood
from coppice.explore.small_study.rank import begg
from coppice.explore.small_study.regression import (
    egger,
    egger_mixed,
    egger_n,
    egger_n_mixed,
    inverse_size,
    regress,
    size,
)
from coppice.explore.small_study.selection import fit
from coppice.explore.small_study.trim_and_fill import trim_and_fill
from coppice.explore.small_study.weights import StepFunction
from coppice.pool.kernel.inference import infer
from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.tau2 import estimate_tau2

BY_SIZE = {"egger_n": egger_n, "inverse_size": inverse_size, "size": size}
HERE = Path(__file__).parent
SAME = 1e-7
SOLVED = 1e-5  # tau2 of metafor's meta-regression and of its trim and fill
LEAST_SETS = 60
MOST_DIFFERENT = 3
BOUND = 99.0  # metafor keeps the weights below 100
INTEGRAL = 1e-2  # metafor's expected power is a numerical integral, which narrow powers escape

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor, metadat and jsonlite")


@pytest.fixture(scope="module")
def cases():
    done = subprocess.run(["Rscript", "small_study.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {name: (evidence(case), case) for name, case in json.loads(done.stdout).items()}


def evidence(case):
    data = studies(case["yi"], case["vi"])
    tau2 = estimate_tau2(data, "REML").tau2
    estimate = float(infer(data, tau2, method="wald").estimate[0, 0])
    yi, vi = np.array(case["yi"]), np.array(case["vi"])
    return Evidence("GEN", 0.0, yi, vi, None, None, "REML", "wald", 0.95, estimate, float(tau2[0]), 0.0)


def test_there_are_enough_datasets(cases):
    assert len(cases) >= LEAST_SETS


def test_eggers_tests_are_metafors(cases):
    for name, (here, case) in cases.items():
        if case["egger"] and np.ptp(here.vi) > 1e-9 * here.vi.max():
            found = regress(egger(here))
            assert [found["statistic"], found["p"], found["limit"]["estimate"]] == pytest.approx(
                [case["egger"][key] for key in ("statistic", "p", "limit")], rel=SAME, abs=1e-10
            ), name
        if case["mixed"]:
            found = regress(egger_mixed(here))
            assert found["tau2"] == pytest.approx(case["mixed"]["tau2"], rel=1e-5, abs=1e-8), name
            assert found["statistic"] == pytest.approx(case["mixed"]["statistic"], rel=SOLVED, abs=1e-6), name


def test_the_regressions_on_the_sample_size_are_metafors(cases):
    compared = 0
    for name, (here, case) in cases.items():
        sized = dataclasses.replace(here, numbers=np.array(case["by_size"]["n"], dtype=float))
        for code, line in BY_SIZE.items():
            expected = case["by_size"]["lines"][code]
            if not expected or np.ptp(sized.numbers) == 0:
                continue
            found = regress(line(sized))
            assert [found["statistic"], found["p"]] == pytest.approx(
                [expected["statistic"], expected["p"]], rel=SAME, abs=1e-10
            ), (name, code)
            if code != "size":
                assert found["limit"]["estimate"] == pytest.approx(expected["limit"], rel=SAME, abs=1e-10), (name, code)
            compared += 1
        if mixed := case["by_size"].get("mixed"):
            found = regress(egger_n_mixed(sized))
            assert found["tau2"] == pytest.approx(mixed["tau2"], rel=SOLVED, abs=1e-8), name
            assert found["statistic"] == pytest.approx(mixed["statistic"], rel=SOLVED, abs=1e-6), name
    assert compared >= 3 * LEAST_SETS


def test_beggs_test_is_metafors(cases):
    for name, (here, case) in cases.items():
        if np.ptp(here.vi) > 0:
            found = begg(here, {})
            assert [found["tau"], found["p"]] == pytest.approx([case["begg"]["tau"], case["begg"]["p"]], rel=SAME), name


def test_trim_and_fill_misses_as_many_studies_on_the_same_side(cases):
    different = []
    for name, (here, case) in cases.items():
        found = trim_and_fill(here, {})
        for kind, expected in case["trim_and_fill"].items():
            if expected and "skipped" not in found[kind] and np.ptp(here.vi) > 0:
                ours = (found[kind]["missing"], found[kind]["side"])
                if ours != (expected["missing"], expected["side"]):
                    different.append((name, kind, ours, expected))
                else:
                    close = expected["missing_se"] and pytest.approx(expected["missing_se"], rel=SAME)
                    assert found[kind]["missing_se"] == close, (name, kind)
    assert len(different) <= MOST_DIFFERENT, different


def test_fail_safe_numbers_are_metafors(cases):
    for name, (here, case) in cases.items():
        found = fail_safe(here, {})
        for kind, expected in case["fail_safe"].items():
            assert found[kind] == expected, (name, kind)


def test_the_test_of_excess_significance_is_metafors(cases):
    for name, (here, case) in cases.items():
        found = excess(here, {})
        assert found["observed"] == case["excess"]["observed"], name
        assert found["expected"] == pytest.approx(case["excess"]["expected"], rel=INTEGRAL), name


def test_the_step_function_model_is_metafors_or_better(cases):
    compared, different = 0, []
    for name, (here, case) in cases.items():
        if case["step"] is None:
            continue
        sign = 1.0 if here.estimate > 0 else -1.0
        model = Likelihood(sign * here.yi, here.vi, StepFunction(sign * here.yi, here.vi, (0.025,)))
        theirs = np.array([sign * case["step"]["estimate"], case["step"]["tau2"], case["step"]["weight"]])
        try:
            ours = fit(model, float(estimate_tau2(studies(here.yi, here.vi), "ML").tau2[0]))
        except CannotFit:
            assert theirs[2] > BOUND, (name, theirs)
            continue
        compared += 1
        assert ours.value >= model.at(theirs).value - 1e-8, (name, ours.at, theirs)
        if ours.at != pytest.approx(theirs, rel=1e-3, abs=1e-4):
            different.append((name, ours.at, theirs))
    assert compared >= LEAST_SETS // 2
    assert len(different) <= MOST_DIFFERENT, different
