"""Dose-response curves against dosresmeta and mixmeta in R, pinned in dose_response.json with their versions.

Where R's optimiser stops at a lower likelihood than ours, the test shows that.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coppice.core.dose_options import CASE_CONTROL, GREENLAND_LONGNECKER, HAMLING
from coppice.pool.multivariate.doses.covariance import (
    covariance_of,
    expected_cases,
    greenland_longnecker,
    pseudo_counts,
)
from coppice.pool.multivariate.doses.model import StudyDoses, fit_curve
from coppice.pool.multivariate.doses.shapes import Curve, default_knots

CASES: dict[str, Any] = {
    case["name"]: case for case in json.loads((Path(__file__).parent / "dose_response.json").read_text())
}
REVIEWS = [name for name in CASES if name != "cc_ex"]
DESIGNS = {"cc": "case_control", "ci": "cumulative_incidence", "ir": "incidence_rate"}
MODELS = [
    (name, key)
    for name in REVIEWS
    for key in CASES[name]["output"]
    if key[:3] in ("lin", "qua", "spl")
    and (name in ("fish_ra", "milk_ov_cc") or "error" in CASES[name]["output"][key] or "reml_gl" in key)
]
# optima of the likelihood that mixmeta does not reach: those of the ratio of two random terms at the bound
BETTER_THAN_R = ("alcohol_esoph_cc quadratic",)


def rows(name: str) -> dict[int, dict[str, Any]]:
    data = CASES[name]["input"]
    ids = np.array(data["id"])
    keys = ("dose", "cases", "n", "logrr", "se")
    return {
        int(own): {key: np.array(data[key], dtype=float)[ids == own] for key in keys}
        | {"design": DESIGNS[np.array(data["type"])[ids == own][0]]}
        for own in dict.fromkeys(ids)
    }


def studies(name: str, method: str) -> list[StudyDoses]:
    """Return the studies with R's covariances, so that the models alone are compared."""
    made = []
    for own, row in rows(name).items():
        if method == "indep":
            covariance = np.diag(row["se"][1:] ** 2)
        else:
            key = {"gl": "covariance_gl", "h": "covariance_hamling"}[method]
            covariance = np.array(CASES[name]["output"][key][f"study_{own}"])
        made.append(StudyDoses(str(own), row["dose"][1:], row["dose"][0], row["logrr"][1:], covariance))
    return made


@pytest.mark.parametrize(("name", "key"), MODELS)
def test_a_curve_is_that_of_dosresmeta(name: str, key: str) -> None:
    case, expected = CASES[name], CASES[name]["output"][key]
    shape, stage, method, covariance = key.split("_")
    curve = Curve(shape, tuple(case["knots"]) if shape == "spline" else ())
    if "error" in expected:  # R has no fit, as one of its covariances by Hamling's method is not one
        with pytest.raises((ValueError, np.linalg.LinAlgError)):
            fit_curve(studies(name, covariance), curve, stages="two")
        return
    how = "REML" if method == "reml" else "ML"
    stages = {"1stage": "one", "2stage": "two"}[stage]
    fit = fit_curve(studies(name, covariance), curve, stages=stages, method=how, common=method == "fixed")
    if stages == "one" and how == "REML":  # mixmeta leaves the constant log|X'X| / 2 out
        x = np.concatenate([curve.differences(item.doses, item.reference) for item in studies(name, covariance)])
        expected = {**expected, "logLik": expected["logLik"] + 0.5 * np.linalg.slogdet(x.T @ x)[1]}
    if f"{name} {key}".startswith(BETTER_THAN_R) and fit.log_likelihood > expected["logLik"] + 1e-6:
        return
    np.testing.assert_allclose(fit.log_likelihood, expected["logLik"], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(fit.params, expected["coef"], rtol=2e-6)
    np.testing.assert_allclose(fit.cov, expected["vcov"], rtol=1e-6)
    if "Q" in expected and stages == "two":
        np.testing.assert_allclose(fit.engine.q, expected["Q"]["Q"][0], rtol=1e-6)


@pytest.mark.parametrize("name", REVIEWS)
def test_predictions_are_those_of_dosresmeta(name: str) -> None:
    expected = CASES[name]["output"]["predict_quadratic_2stage_reml"]
    if name == "alcohol_esoph_cc":
        return  # of an optimum that is not the highest
    fit = fit_curve(studies(name, "gl"), Curve("quadratic"), stages="two")
    at, error = fit.at(expected["dose"], expected["dose"][0])
    np.testing.assert_allclose(at, expected["pred"], rtol=2e-6, atol=1e-12)
    np.testing.assert_allclose(at - 1.959963984540054 * error, expected["ci.lb"], rtol=2e-6, atol=1e-9)


@pytest.mark.parametrize("name", REVIEWS)
def test_the_knots_of_the_reference_are_percentiles_of_the_doses(name: str) -> None:
    np.testing.assert_allclose(default_knots(CASES[name]["input"]["dose"]), CASES[name]["knots"], rtol=1e-12)


@pytest.mark.parametrize("name", REVIEWS)
def test_cases_of_greenland_and_longnecker_keep_ratios_and_totals_and_r_comes_close(name: str) -> None:
    for own, row in rows(name).items():
        fitted = expected_cases(row["logrr"], row["cases"], row["n"], design=row["design"])
        others = row["n"] - fitted if row["design"] == CASE_CONTROL else row["n"]
        log_ratios = np.log(fitted / others) - np.log(fitted[0] / others[0])
        np.testing.assert_allclose(log_ratios, row["logrr"], rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(fitted.sum(), row["cases"].sum(), rtol=1e-9)
        covariance = greenland_longnecker(row["logrr"], row["se"], row["cases"], row["n"], design=row["design"])
        # dosresmeta stops its iterations at a change below 1e-3 or so
        np.testing.assert_allclose(covariance, CASES[name]["output"]["covariance_gl"][f"study_{own}"], rtol=2e-4)


@pytest.mark.parametrize("name", REVIEWS)
def test_pseudo_counts_of_hamling_keep_what_they_must_and_give_a_covariance_for_each_study(name: str) -> None:
    for row in rows(name).values():
        a, b = pseudo_counts(row["logrr"], row["se"], row["cases"], row["n"], design=row["design"])
        is_cc = row["design"] == CASE_CONTROL
        others = row["n"] - row["cases"] if is_cc else row["n"]
        np.testing.assert_allclose(b[0] / b.sum(), others[0] / others.sum(), rtol=1e-9)
        np.testing.assert_allclose(b.sum() / a.sum(), others.sum() / row["cases"].sum(), rtol=1e-9)
        np.testing.assert_allclose(np.log(a / b) - np.log(a[0] / b[0]), row["logrr"], rtol=1e-9, atol=1e-9)
        own = 1 / a + (1 / b if is_cc else 0)
        np.testing.assert_allclose(own[1:] + own[0], row["se"][1:] ** 2, rtol=1e-9)
        built, method = covariance_of(
            row["logrr"], row["se"], row["cases"], row["n"], design=row["design"], method=HAMLING
        )
        assert method == HAMLING
        assert np.linalg.eigvalsh(built).min() > 0  # R's of the first study of coffee_cancer is not


def test_the_study_of_greenland_and_longnecker_has_their_cases_covariance_and_trend() -> None:
    """Rohan & McMichael 1988, in Greenland & Longnecker 1992, doi:10.1093/oxfordjournals.aje.a116237."""
    case = CASES["cc_ex"]
    data, expected = {key: np.array(value, dtype=float) for key, value in case["input"].items()}, case["output"]
    counted = (data["logrr"], data["cases"], data["n"])
    fitted = expected_cases(*counted, design=CASE_CONTROL)
    np.testing.assert_allclose(fitted, np.array(expected["gl_pseudo_gl"])[:, 0], rtol=1e-6)
    built, _ = covariance_of(
        data["logrr"], data["se"], data["cases"], data["n"], design=CASE_CONTROL, method=GREENLAND_LONGNECKER
    )
    np.testing.assert_allclose(built, expected["gl"], rtol=1e-6)
    study = StudyDoses("1", data["dose"][1:], 0.0, data["logrr"][1:], built)
    fit = fit_curve([study], Curve("linear"), common=True, method="ML")
    np.testing.assert_allclose(fit.params, expected["linear"]["coef"], rtol=1e-6)
    np.testing.assert_allclose(fit.cov, expected["linear"]["vcov"], rtol=1e-6)
