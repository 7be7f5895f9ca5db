"""Small-study effects against R's, on published meta-analyses.

small_study.json is written by small_study.R: metafor's regtest, ranktest, trimfill, selmodel, fsn and tes, and for the tests
that metafor does not have the regressions of their papers by lm(). The data: the BCG trials (Colditz et al. 1994), magnesium
in myocardial infarction (Egger et al. 2001), antibiotics in ventilated patients (D'Amico et al. 2009), passive smoking
(Hackshaw 1998), teachers' expectations (Raudenbush 1985) and practice facilitation (Baskerville et al. 2012), the example of
the paper on the beta model.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from coppice.explore.small_study.doi_plot import doi_plot
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.excess import excess
from coppice.explore.small_study.fail_safe import fail_safe
from coppice.explore.small_study.likelihood import Likelihood
from coppice.explore.small_study.pet_peese import pet_peese
from coppice.explore.small_study.rank import begg, schwarzer
from coppice.explore.small_study.regression import (
    arcsine,
    arcsine_random,
    deeks,
    egger,
    egger_mixed,
    egger_smd,
    harbord,
    macaskill,
    peters,
    regress,
    thompson_sharp,
)
from coppice.explore.small_study.selection import beta, step_function
from coppice.explore.small_study.trim_and_fill import trim_and_fill
from coppice.explore.small_study.weights import StepFunction
from coppice.pool import pool

CASES = json.loads((Path(__file__).parent / "small_study.json").read_text(encoding="utf-8"))["cases"]
SAME = 1e-8
SOLVER = 1e-6  # metafor stops REML, and uniroot() the limit of its test of excess significance, about here
# metafor integrates the expected power numerically, and the statistic squares a difference of near numbers
INTEGRAL = {"expected": {"rel": 1e-5}, "p": {"rel": 1e-5}, "chi2": {"rel": 5e-3}, "p_chi2": {"rel": 1e-3}}
INEXACT = 2e-3  # selmodel()'s search for the maximum of the beta model, with integrals by integrate()
DISTINCT = 1e-3  # of log-likelihoods of two maxima
OPTIMISER = 2e-4  # optim() and the numerical Hessian of selmodel()
LINES = {
    "egger": egger,
    "egger_mixed": egger_mixed,
    "egger_smd": egger_smd,
    "thompson_sharp": thompson_sharp,
    "harbord": harbord,
    "peters": peters,
    "macaskill": macaskill,
    "deeks": deeks,
    "arcsine": arcsine,
    "arcsine_random": arcsine_random,
}


def evidence(case):
    model = pool(case["yi"], case["vi"], profile="metafor", inference="wald")
    columns = {
        name: np.array(case[name], dtype=float) for name in ("events_e", "n_e", "events_c", "n_c") if name in case
    }
    return Evidence(
        case["measure"],
        0.0,
        np.array(case["yi"]),
        np.array(case["vi"]),
        np.column_stack(list(columns.values())) if len(columns) == 4 else None,
        np.column_stack([columns["n_e"], columns["n_c"]]) if "n_e" in columns else None,
        "REML",
        "wald",
        0.95,
        model.random["estimate"],
        model.heterogeneity["tau2"],
        model.heterogeneity["I2"],
    )


def having(name):
    return pytest.mark.parametrize(
        "case", [pytest.param(case, id=key) for key, case in CASES.items() if case.get(name)]
    )


@pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name in LINES for case in CASES.values() if case.get(name)]
)
def test_a_regression_test_is_that_of_r(name, case):
    expected, found = case[name], regress(LINES[name](evidence(case)))
    close = {"rel": SOLVER if name == "egger_mixed" else SAME, "abs": 1e-12}
    for key in ("estimate", "se", "statistic", "p"):
        assert found[key] == pytest.approx(expected[key], **close), key
    if "limit" in found:
        assert found["limit"]["estimate"] == pytest.approx(expected["limit"], **close)
    if "tau2" in found:
        assert found["tau2"] == pytest.approx(expected["tau2"], rel=SOLVER, abs=1e-9)


@having("egger")
def test_eggers_tests_are_those_of_regtest(case):
    classic, mixed = regress(egger(evidence(case))), regress(egger_mixed(evidence(case)))
    assert classic["statistic"] == pytest.approx(case["egger"]["regtest_z"], rel=SAME)
    assert classic["limit"]["estimate"] == pytest.approx(case["egger"]["regtest_limit"], rel=SAME, abs=1e-12)
    assert mixed["statistic"] == pytest.approx(case["egger_mixed"]["regtest_z"], rel=1e-4)  # regtest() is not tightened


@having("begg")
def test_beggs_test_is_that_of_ranktest(case):
    found = begg(evidence(case), {})
    assert [found["tau"], found["p"]] == pytest.approx([case["begg"]["tau"], case["begg"]["p"]], rel=SAME)


@having("schwarzer")
def test_schwarzers_test_is_kendalls_tau_of_the_standardised_counts(case):
    found, expected = schwarzer(evidence(case), {}), case["schwarzer"]
    assert [found[key] for key in ("tau", "p", "odds_ratio")] == pytest.approx(
        [expected[key] for key in ("tau", "p", "odds_ratio")], rel=SAME
    )


@having("trim_and_fill")
def test_trim_and_fill_is_that_of_trimfill(case):
    found = trim_and_fill(evidence(case), {})
    for name, expected in case["trim_and_fill"].items():
        if expected is None:
            assert "skipped" in found[name]
            continue
        assert (found[name]["missing"], found[name]["side"]) == (expected["missing"], expected["side"]), name
        assert found[name]["missing_se"] == pytest.approx(expected["missing_se"], rel=SAME)
        for key in ("estimate", "se", "tau2"):
            assert found[name][key] == pytest.approx(expected[key], rel=1e-5, abs=1e-9), (
                name,
                key,
            )  # trimfill() is not tightened
        filled = expected["filled"] if isinstance(expected["filled"], list) else [expected["filled"]]
        assert sorted(item["yi"] for item in found[name]["filled"]) == pytest.approx(sorted(filled), abs=1e-5)
    assert found["R0"]["p_missing"] == pytest.approx(case["trim_and_fill"]["R0"]["p_missing"])


@having("peese")
def test_pet_and_peese_are_the_intercepts_of_their_regressions(case):
    if case["measure"] == "SMD":
        pet, peese = case["egger_smd"], case["peese_smd"]
    else:
        pet, peese = case["egger"], case["peese"]
    found = pet_peese(evidence(case), {})
    for name, expected in (("PET", pet), ("PEESE", peese)):
        assert [found[name]["estimate"], found[name]["se"]] == pytest.approx(
            [expected["limit"], expected["limit_se"]], rel=SAME, abs=1e-12
        )


@having("fail_safe")
def test_fail_safe_numbers_are_those_of_fsn(case):
    found, expected = fail_safe(evidence(case), {}), case["fail_safe"]
    assert [found[key] for key in ("rosenthal", "rosenberg", "orwin")] == [
        expected[key] for key in ("rosenthal", "rosenberg", "orwin")
    ]
    assert found["orwin_target"] == pytest.approx(expected["orwin_target"])


@having("excess")
def test_the_test_of_excess_significance_is_that_of_tes(case):
    found, expected = excess(evidence(case), {}), case["excess"]
    assert found["observed"] == expected["observed"]
    for key, close in INTEGRAL.items():
        if expected.get(key) is not None:
            assert found[key] == pytest.approx(expected[key], **close), key
    if expected.get("limit") is not None:
        assert found["limit"] == pytest.approx(expected["limit"], rel=1e-3)


def likelihood_of(case, steps):
    """Return our log-likelihood at metafor's maximum."""
    here, expected = evidence(case), case["step"]
    sign = 1.0 if here.estimate > 0 else -1.0
    weights = expected["weights"] if isinstance(expected["weights"], list) else [expected["weights"]]
    model = Likelihood(sign * here.yi, here.vi, StepFunction(sign * here.yi, here.vi, steps))
    return model.at(np.array([sign * expected["estimate"], expected["tau2"], *weights])).value


def selected(found, expected):
    for key in ("estimate", "se"):
        assert found[key] == pytest.approx(expected[key], rel=OPTIMISER, abs=2e-5), key
    assert found["tau2"] == pytest.approx(expected["tau2"], rel=1e-3, abs=1e-5)
    weights = expected["weights"] if isinstance(expected["weights"], list) else [expected["weights"]]
    assert [item["estimate"] for item in found["weights"]] == pytest.approx(weights, rel=OPTIMISER)
    assert [found["test"]["statistic"], found["test"]["p"]] == pytest.approx(
        [expected["statistic"], expected["p"]], rel=OPTIMISER, abs=1e-6
    )


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=key) for key, case in CASES.items() if case["step"].get("estimate") is not None]
)
def test_the_step_function_model_and_its_profile_intervals_are_those_of_selmodel(case):
    steps = case["step"]["steps"]
    steps = steps if isinstance(steps, list) else [steps]
    found = step_function(evidence(case), {"steps": steps})
    if found["log_likelihood"] > likelihood_of(case, steps) + DISTINCT:
        assert case is CASES["egger2001"]  # two maxima: metafor stops at the lower one
        return
    selected(found, case["step"])
    assert [found["tau2_low"], found["tau2_high"]] == pytest.approx(case["step"]["tau2_limits"], rel=1e-4, abs=1e-6)
    for weight, limits in zip(found["weights"], case["step"]["weights_limits"], strict=True):
        for key, limit in zip(("ci_low", "ci_high"), limits, strict=True):
            if limit is not None:  # confint() fails on some
                assert weight[key] == pytest.approx(limit, rel=1e-4), key


@having("beta")
def test_the_beta_model_is_that_of_selmodel(case):
    found, expected = beta(evidence(case), {}), case["beta"]
    assert found["estimate"] == pytest.approx(expected["estimate"], rel=INEXACT)
    assert found["tau2"] == pytest.approx(expected["tau2"], rel=INEXACT, abs=1e-5)
    assert [item["estimate"] for item in found["weights"]] == pytest.approx(expected["weights"], rel=INEXACT)
    assert found["test"]["statistic"] == pytest.approx(expected["statistic"], rel=INEXACT)
    if expected["se"] is not None:  # no Hessian at the boundary
        assert found["se"] == pytest.approx(expected["se"], rel=1e-2)


def test_the_hackshaw_step_model_prints_as_in_metafors_documentation():
    """The example of selmodel(): steps .025, .10, .50; metafor 3.8 prints these estimates and profile intervals."""
    found = step_function(evidence(CASES["hackshaw1998"]), {"steps": [0.025, 0.1, 0.5]})
    assert [round(item["estimate"], 4) for item in found["weights"]] == [0.4946, 0.2136, 0.0618]
    assert [round(item["ci_low"], 4) for item in found["weights"]] == [0.1513, 0.0549, 0.0073]
    assert [round(item["ci_high"], 4) for item in found["weights"]] == [1.9776, 1.2962, 0.6803]
    assert (round(found["estimate"], 4), round(found["tau2"], 4)) == (0.0020, 0.0096)
    assert found["tau2_high"] == pytest.approx(0.0646, abs=1e-4)  # found by uniroot() with its default tolerance


def test_the_baskerville_beta_model_prints_as_in_metafors_documentation():
    """The example of selmodel() from the paper on the model; metafor 3.8 prints 0.1148, 0.4731, 4.4613, 7.8469 and 0.0198."""
    found = beta(evidence(CASES["baskerville2012"]), {})
    assert [round(found["estimate"], 3), *(round(item["estimate"], 3) for item in found["weights"])] == [
        0.115,
        0.473,
        4.461,
    ]
    assert (round(found["test"]["statistic"], 2), round(found["test"]["p"], 3)) == (7.85, 0.020)


def test_the_doi_plot_of_hackshaw_has_one_point_a_study():
    case = CASES["hackshaw1998"]
    order, z = doi_plot(np.array(case["yi"]), np.array(case["vi"]))
    assert len(set(order.tolist())) == len(z) == 37


@pytest.mark.parametrize(
    ("side", "missing", "estimate", "se", "tau2"),
    [
        ("left", 7, 0.1744711104124, 0.0484317417203, 0.0244557604382),
        ("right", 0, 0.218889231609, 0.0493955340129, 0.0223945309724),
    ],
)
def test_a_chosen_side_of_trim_and_fill_gives_what_metafor_gives_with_side(side, missing, estimate, se, tau2):
    """metafor 3.8: trimfill(rma(yi, vi, data = dat.hackshaw1998), side = side), REML, both with tight control."""
    filled = trim_and_fill(evidence(CASES["hackshaw1998"]), {"side": side})["L0"]
    assert (filled["missing"], filled["side"]) == (missing, side)
    assert [filled[name] for name in ("estimate", "se", "tau2")] == pytest.approx([estimate, se, tau2], rel=SOLVER)
