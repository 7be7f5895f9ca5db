"""Pooled results against metafor's on the same effects: the shipped review's analyses and the 13 BCG trials.

metafor.json is written by metafor.R, with metafor's tolerances tightened.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from coppice.explore.resampling.resample import leave_one_out, pool_subsets
from coppice.pool import pool
from coppice.pool.profiles import settings

CASES = json.loads((Path(__file__).parent / "metafor.json").read_text(encoding="utf-8"))["cases"]
SAME = 1e-8
# metafor finds its Q-profile limits by uniroot(), and stops just above tau2 = 0 where the maximum is at 0
SOLVER = {"rel": 1e-7, "abs": 1e-9}
LINE = ("estimate", "se", "ci_low", "ci_high", "statistic", "p")


def close(value):
    return pytest.approx(value, rel=SAME, abs=1e-12)


def model_of(case, **options):
    return pool(case["yi"], case["vi"], profile="metafor", **options)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_common_effect_and_q_are_those_of_metafor(case):
    model = model_of(case)
    assert [model.common[key] for key in LINE] == close([case["common"][key] for key in LINE])
    assert [model.heterogeneity[key] for key in ("Q", "df", "p")] == close([case[key] for key in ("Q", "Q_df", "Q_p")])


@pytest.mark.parametrize("estimator", CASES["efs"]["random"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_heterogeneity_is_that_of_metafor(case, estimator):
    expected, found = case["random"][estimator], model_of(case, tau2=estimator).heterogeneity
    for key in ("tau2", "tau2_se", "I2", "H2"):
        assert found[key] == pytest.approx(expected[key], **SOLVER), key
    for key in ("tau2_low", "tau2_high"):
        assert found[key] == pytest.approx(expected[key], **SOLVER), key


@pytest.mark.parametrize("inference", CASES["efs"]["random"]["REML"]["inference"])
@pytest.mark.parametrize("estimator", CASES["efs"]["random"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_estimates_intervals_tests_and_predictions_are_those_of_metafor(case, estimator, inference):
    expected = case["random"][estimator]["inference"][inference]
    model = model_of(case, tau2=estimator, inference=inference)
    assert [model.random[key] for key in LINE] == close([expected[key] for key in LINE])
    if inference != "HKSJ-adhoc":  # no registered prediction interval uses its variance
        assert model.prediction["low"] == close(expected["pi_low"])
        assert model.prediction["high"] == close(expected["pi_high"])


@pytest.mark.parametrize("case", [case for case in CASES.values() if case["leave_one_out"]])
def test_leaving_one_out_gives_what_metafor_gives_without_that_study(case):
    rows = pool_subsets(
        case["yi"], case["vi"], leave_one_out(len(case["yi"])), settings({"profile": "metafor", "inference": "HKSJ"})
    )
    for index, expected in enumerate(case["leave_one_out"]):
        for key, value in expected.items():
            assert rows[key][index] == pytest.approx(value, **SOLVER), key


def test_the_pinned_cases_cover_every_analysis_of_the_shipped_review():
    shipped = {"efs", "efs_children", "os", "os_children", "mrd", "hsct", "infection", "crs"}
    assert shipped <= set(CASES)
    assert all(np.isfinite(case["yi"]).all() for case in CASES.values())
