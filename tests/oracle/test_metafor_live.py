"""Live comparison with metafor on the datasets of metadat: every estimator of tau2 with every inference.

metafor's tolerances are tightened. Where an estimate of tau2 differs nevertheless, ours must be the better solution of
the estimator's own equation, and the cases that may are named here. metafor's own iterated DerSimonian-Laird estimate is
another estimator, and the last test says why; ours is compared with its generalised method of moments.
"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from scipy.special import chdtri

from coppice.pool.kernel.heterogeneity import heterogeneity, q_profile
from coppice.pool.kernel.inference import INFERENCES, infer
from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.likelihood import log_likelihood, score
from coppice.pool.kernel.moments import moments
from coppice.pool.kernel.prediction import predict
from coppice.pool.kernel.profile_mean import profile_mean
from coppice.pool.kernel.tau2 import ESTIMATORS, estimate_tau2

HERE = Path(__file__).parent
TAU2 = 1e-6  # relative
REST = 1e-7  # relative
# at two of three peaks of the likelihood or at a boundary that metafor's steps miss; each is proved to be the better one
BETTER_HERE: set[tuple[str, str]] = set()
PREDICTION_OF = {"wald": "normal", "t": "t_k-1", "HKSJ": "HKSJ_k-1"}  # metafor predicts as it infers
ENDLESS = 1e90  # a limit on the scale of the model that says nothing
ELSEWHERE = {"PL"}  # an interval that is not the estimate and a multiple of a standard error: a test of its own
LINE = ("estimate", "se", "ci_low", "ci_high", "statistic", "p")

pytestmark = pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with metafor, metadat and jsonlite")


@pytest.fixture(scope="module")
def cases():
    done = subprocess.run(["Rscript", "metafor_live.R"], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def equation(data, method, tau2):
    """Return how badly tau2 solves the estimator's equation: 0 is a solution, more is worse."""
    at = np.array([tau2])
    if method in ("REML", "ML"):
        return -log_likelihood(data, at, restricted=method == "REML")[0]
    target = chdtri(data.df, 0.5) if method == "PMM" else data.df
    return float(abs(data.at(at).q() - target)[0]) if method in ("PM", "PMM", "EB") else None


def same_tau2(data, method, ours, theirs):
    """Return whether two estimates agree: to TAU2, or both at the boundary as far as metafor goes there."""
    typical = float(heterogeneity(data, np.zeros(1)).typical_variance[0])
    return ours == pytest.approx(theirs, rel=TAU2, abs=1e-10 * typical)


def given_of(case, method):
    """Return the weights of the estimator that takes given ones, those of metafor_live.R."""
    return 1 / np.sqrt(case["vi"]) if method == "GENQ" else None


def close(value):
    return pytest.approx(value, rel=REST, abs=1e-12)


def test_there_are_at_least_sixty_datasets(cases):
    assert len(cases) >= 60


def test_every_estimator_and_every_inference_is_compared(cases):
    for name, case in cases.items():
        assert set(case["methods"]) == set(ESTIMATORS), name
        compared = set().union(*(part["lines"] for part in case["methods"].values() if "lines" in part))
        assert compared == set(INFERENCES) - ELSEWHERE, name
    assert len(BETTER_HERE) <= 10


def test_tau2_is_metafors_or_the_better_solution_in_the_named_cases(cases):
    different = []
    for name, case in cases.items():
        for method, expected in case["methods"].items():
            data = studies(case["yi"], case["vi"], moment_weights=given_of(case, method))
            ours = float(estimate_tau2(data, method).tau2[0])
            if "failed" in expected or not same_tau2(data, method, ours, expected["tau2"]):
                theirs = expected.get("tau2")
                if theirs is not None:
                    assert equation(data, method, ours) is not None, (name, method, ours, theirs)
                    assert equation(data, method, ours) <= equation(data, method, theirs), (name, method, ours, theirs)
                different.append((name, method))
    assert set(different) == BETTER_HERE


def test_everything_given_tau2_is_metafors(cases):
    for name, case in cases.items():
        for method, expected in case["methods"].items():
            data = studies(case["yi"], case["vi"], moment_weights=given_of(case, method))
            found = estimate_tau2(data, method)
            if "failed" in expected or not same_tau2(data, method, float(found.tau2[0]), expected["tau2"]):
                continue
            spread = heterogeneity(data, found.tau2)
            assert [found.se[0], spread.i2[0], spread.h2[0]] == pytest.approx(
                [expected["tau2_se"], expected["I2"], expected["H2"]], rel=TAU2, abs=1e-7
            ), (name, method)
            for inference, line in expected["lines"].items():
                ours = infer(data, found.tau2, method=inference)
                values = {key: getattr(ours, key)[0, 0] for key in LINE}
                endless = [key for key in LINE if line[key] is None]  # R's qt is infinite at hardly any df
                assert all(abs(values[key]) > ENDLESS for key in endless), (name, method, inference)
                kept = [key for key in LINE if key not in endless]
                assert [values[key] for key in kept] == [close(line[key]) for key in kept], (name, method, inference)
                if inference in PREDICTION_OF:
                    interval = predict(data, found.tau2, method=PREDICTION_OF[inference])
                    assert [interval.low[0], interval.high[0]] == [close(line["pi_low"]), close(line["pi_high"])], name
            if expected["hts"]:
                riley = predict(data, found.tau2, method="HTS")
                assert [riley.low[0], riley.high[0]] == [close(limit) for limit in expected["hts"]], (name, method)


def test_the_profile_likelihood_interval_falls_by_the_quantile_in_r_too(cases):
    for name, case in cases.items():
        limits = [limit[0] for limit in profile_mean(studies(case["yi"], case["vi"]))[:2]]
        theirs = case["methods"]["ML"]["profile"]
        assert limits == [close(theirs["ci_low"]), close(theirs["ci_high"])], name


def test_q_and_the_common_effect_are_metafors(cases):
    for name, case in cases.items():
        data = studies(case["yi"], case["vi"])
        zero = np.zeros(1)
        spread, common = heterogeneity(data, zero), infer(data, zero, method="wald")
        assert [spread.q[0], spread.p[0]] == [close(case["Q"]), close(case["Q_p"])], name
        assert [common.estimate[0, 0], common.se[0, 0]] == [close(case["common"]), close(case["common_se"])], name


def test_the_q_profile_interval_is_metafors_and_ours_solves_its_equation(cases):
    for name, case in cases.items():
        data = studies(case["yi"], case["vi"])
        limits = [limit[0] for limit in q_profile(data, 0.95)]
        if np.isnan(limits).all():  # no tau2 brings Q into its range: metafor prints the null set as 0 to 0
            assert data.at(np.zeros(1)).q()[0] < chdtri(data.df, 0.975)[0], name
            assert [case["tau2_low"], case["tau2_high"]] == [0, 0], name
            continue
        assert limits == pytest.approx([case["tau2_low"], case["tau2_high"]], rel=1e-6, abs=1e-9), name
        for limit, tail in zip(limits, (0.025, 0.975), strict=True):
            if limit > 0:
                assert data.at(np.array([limit])).q()[0] == pytest.approx(float(chdtri(data.df, tail)[0]), rel=1e-9), (
                    name
                )


def test_the_score_is_zero_at_every_inner_maximum(cases):
    for name, case in cases.items():
        data = studies(case["yi"], case["vi"])
        for restricted, method in ((True, "REML"), (False, "ML")):
            tau2 = estimate_tau2(data, method).tau2
            if tau2[0] > 0:
                information = float((data.at(tau2).weights ** 2).sum())
                step = score(data, tau2, restricted=restricted)[0] / information
                assert abs(step) <= 1e-10 * tau2[0], name


def test_the_iterated_dersimonian_laird_estimate_solves_the_equation_that_metafors_does_not(cases):
    # DerSimonian & Kacker (2007), equation 6: with the weights w the estimate is (Q - tr(PV)) / tr(P). metafor 3.8-1 iterates
    # (Q - (k - 1)) / tr(P), where k - 1 is the expectation of Q without heterogeneity for w = 1 / vi alone, and ends too low
    compared = 0
    for name, case in cases.items():
        data = studies(case["yi"], case["vi"])
        ours = estimate_tau2(data, "DLIT").tau2
        if case["dlit"] is None or ours[0] == 0:  # metafor's iteration did not end
            continue
        own = [float(moments(data, data.at(np.array([tau2])).weights)[0]) for tau2 in (ours[0], case["dlit"])]
        assert own[0] == pytest.approx(ours[0], rel=1e-9), name
        assert own[1] != pytest.approx(case["dlit"], rel=0.1) and case["dlit"] < ours[0], name
        compared += 1
    assert compared > 40
