"""p-uniform* against R's puniform, on published meta-analyses: p_uniform.json has inputs, estimates and the version."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.likelihood import Likelihood
from coppice.explore.small_study.p_uniform import p_uniform
from coppice.explore.small_study.weights import OwnSide

CASES = json.loads((Path(__file__).parent / "p_uniform.json").read_text(encoding="utf-8"))["cases"]
EACH = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
SEARCH = 3e-5  # of nlminb() and uniroot() in puni_star(), whose likelihood is below ours
STATISTICS = 1e-6
NAMES = {
    "estimate": "est",
    "ci_low": "ci.lb",
    "ci_high": "ci.ub",
    "tau2": "tau2",
    "tau2_low": "tau2.lb",
    "tau2_high": "tau2.ub",
}
TESTS = {"statistic": "L.0", "p": "pval.0", "statistic_het": "L.het", "p_het": "pval.het"}


def fitted(case):
    yi, vi = np.array(case["yi"]), np.array(case["vi"])
    data = Evidence("GEN", 0.0, yi, vi, None, None, "REML", "wald", 0.95, float(yi.mean()), 0.0, 0.0)
    return p_uniform(data, {"alternative": "greater" if case["side"] == "right" else "less"})


@EACH
def test_estimates_limits_and_tests_are_those_of_puni_star(case):
    part, expected = fitted(case), case["ML"]
    assert part["significant"] == expected["ksig"]
    for ours, theirs in NAMES.items():
        if part[ours] is None:  # the profile is flat: the mean runs away where every study is significant
            assert case["name"] == "synthetic_all_significant"
        else:
            assert part[ours] == pytest.approx(expected[theirs], abs=SEARCH), ours
    for ours, theirs in TESTS.items():
        assert part[ours] == pytest.approx(expected[theirs], abs=STATISTICS), ours


@EACH
def test_the_likelihood_is_at_least_as_high_as_at_the_fit_of_puni_star(case):
    sign = 1.0 if case["side"] == "right" else -1.0
    yi, vi = sign * np.array(case["yi"]), np.array(case["vi"])
    theirs = Likelihood(yi, vi, OwnSide(yi, vi, 0.025)).at(np.array([sign * case["ML"]["est"], case["ML"]["tau2"]]))
    assert fitted(case)["log_likelihood"] >= theirs.value - 1e-12


def test_tau2_has_no_upper_limit_where_every_study_is_just_significant():
    """There puni_star() stops its search at 0.13; the profile likelihood never falls by what a limit needs.

    As tau2 and the distance of the mean grow together, the density of a study beyond its threshold tends to an exponential
    one with the same rate for all, whose likelihood at its own maximum is the limit of the profile.
    """
    case = next(case for case in CASES if case["name"] == "synthetic_all_significant")
    part, yi = fitted(case), np.array(case["yi"])
    assert part["significant"] == len(yi) and part["tau2_high"] is None
    excess = yi - ndtri(0.975) * np.sqrt(case["vi"])
    rate = len(yi) / excess.sum()
    limit = len(yi) * (np.log(rate) - 1.0)
    needed = float(ndtri(0.975)) ** 2
    assert 2.0 * (part["log_likelihood"] - limit) < needed
    model = Likelihood(yi, np.array(case["vi"]), OwnSide(yi, np.array(case["vi"]), 0.025))
    falls = [
        2.0
        * (
            part["log_likelihood"]
            - max(model.at(np.array([mu, tau2])).value for mu in -tau2 * rate - np.linspace(0, 3, 61))
        )
        for tau2 in (0.134172067852035, 0.5, 1.0)
    ]
    assert falls == sorted(falls) and falls[-1] < needed
