"""The likelihood of selection models against its definition, and its maximum against what must hold there."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import chi2, norm

from coppice.explore.small_study.entry import CannotFit, outside
from coppice.explore.small_study.likelihood import Likelihood
from coppice.explore.small_study.selection import beta, fit, standard_errors, step_function
from coppice.explore.small_study.weights import CENSORED, FIXED, Beta, StepFunction

from .pooled import evidence

RANDOM = np.random.default_rng(7)
VI = RANDOM.gamma(2.0, 0.04, 30) + 0.01
YI = RANDOM.normal(0.25, np.sqrt(VI + 0.03))
MODELS = {"step": StepFunction(YI, VI, (0.025, 0.5)), "beta": Beta(YI, VI)}
THETA = {"step": np.array([0.2, 0.05, 0.6, 0.3]), "beta": np.array([0.2, 0.05, 0.8, 1.7])}


def weight(name, p, delta):
    if name == "step":
        return 1.0 if p <= 0.025 else delta[0] if p <= 0.5 else delta[1]
    p = np.clip(p, CENSORED, 1 - CENSORED)
    return p ** (delta[0] - 1) * (1 - p) ** (delta[1] - 1)


@pytest.mark.parametrize("name", MODELS)
def test_the_likelihood_is_its_definition_by_numerical_integration(name):
    theta = THETA[name]
    expected = 0.0
    for y, v in zip(YI, VI, strict=True):
        known = norm(theta[0], np.sqrt(v + theta[1]))
        cuts = np.sort([*(np.sqrt(v) * norm.isf([0.025, 0.5])), *(np.sqrt(v) * norm.isf([CENSORED, 1 - CENSORED]))])
        points = [known.mean() - 12 * known.std(), *cuts, known.mean() + 12 * known.std()]
        whole = sum(
            quad(
                lambda t, v=v, known=known: weight(name, norm.sf(t / np.sqrt(v)), theta[FIXED:]) * known.pdf(t),
                a,
                b,
                epsabs=1e-13,
            )[0]
            for a, b in zip(points, points[1:], strict=False)
        )
        expected += np.log(weight(name, norm.sf(y / np.sqrt(v)), theta[FIXED:])) + known.logpdf(y) - np.log(whole)
    assert Likelihood(YI, VI, MODELS[name]).at(theta).value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", MODELS)
def test_the_derivatives_are_those_of_the_likelihood(name):
    model, theta, size = Likelihood(YI, VI, MODELS[name]), THETA[name], 1e-5
    point = model.at(theta)
    for at in range(len(theta)):
        shift = np.zeros(len(theta))
        shift[at] = size
        up, down = model.at(theta + shift), model.at(theta - shift)
        assert point.gradient[at] == pytest.approx((up.value - down.value) / (2 * size), rel=1e-6, abs=1e-6)
        assert point.hessian[at] == pytest.approx((up.gradient - down.gradient) / (2 * size), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_at_the_maximum_the_slope_is_zero_and_no_other_place_nearby_is_higher(name):
    model = Likelihood(YI, VI, MODELS[name])
    best = fit(model, 0.03)
    inside = best.at != 0
    assert np.abs(best.gradient[inside] * np.maximum(best.at[inside], 0.01)).max() < 1e-6
    for _ in range(20):
        near = best.at * np.exp(RANDOM.normal(0, 0.1, len(best.at)))
        assert model.at(near).value <= best.value + 1e-12


def test_without_selection_the_model_is_the_random_effects_model():
    model = Likelihood(YI, VI, MODELS["beta"])
    value = model.at(np.array([0.2, 0.05, 1.0, 1.0])).value
    assert value == pytest.approx(norm.logpdf(YI, 0.2, np.sqrt(VI + 0.05)).sum(), rel=1e-12)


def test_a_profile_interval_ends_where_the_likelihood_has_fallen_by_half_the_quantile():
    found = step_function(evidence(YI, VI), {})
    model = Likelihood(YI, VI, StepFunction(YI, VI, (0.025,)))
    fixed = np.array([False, False, True])
    for end in ("ci_low", "ci_high"):
        at = model.maximise(np.array([0.2, 0.03, found["weights"][0][end]]), fixed)
        assert 2 * (found["log_likelihood"] - at.value) == pytest.approx(chi2.isf(0.05, 1), rel=1e-6)


def test_exchanging_the_arms_negates_the_estimate_and_keeps_the_rest():
    for run in (step_function, beta):
        ahead, back = run(evidence(YI, VI), {}), run(evidence(-YI, VI), {})
        assert (ahead["alternative"], back["alternative"]) == ("greater", "less")
        assert [ahead["estimate"], ahead["ci_high"]] == pytest.approx([-back["estimate"], -back["ci_low"]], rel=1e-8)
        assert (ahead["ci_low"] is None) == (back["ci_high"] is None)  # the likelihood of the beta model is flat there
        assert ahead["tau2"] == pytest.approx(back["tau2"], rel=1e-6, abs=1e-12)


def test_selection_that_was_simulated_is_taken_back_without_bias():
    truth, off = np.array([0.1, 0.02, 0.2]), []
    for seed in range(12):
        random = np.random.default_rng(seed)
        vi = random.gamma(2.0, 0.05, 2000) + 0.02
        yi = random.normal(truth[0], np.sqrt(vi + truth[1]))
        seen = random.random(2000) < np.where(norm.sf(yi / np.sqrt(vi)) < 0.025, 1.0, truth[2])
        best = fit(Likelihood(yi[seen], vi[seen], StepFunction(yi[seen], vi[seen], (0.025,))), 0.02)
        off.append((best.at - truth) / standard_errors(best))
    # the mean of 12 standard normal deviates is beyond 1 in one of 2,000 cases
    assert np.abs(np.mean(off, axis=0)).max() < 1.0 and 0.5 < np.std(off) < 1.5


def test_an_interval_without_a_study_is_named():
    with pytest.raises(CannotFit, match=r"between 0 and 0\.025"):
        step_function(evidence(np.abs(YI) * 0.01, VI), {})


def test_a_model_that_runs_away_comes_with_a_caution_and_an_ordinary_one_does_not():
    yi = np.array([0.534, 0.67, 0.715, 0.783, 0.818, 0.914, 1.037, 1.055, 1.136, 1.144,
                   1.197, 1.23, 1.179, 1.346, 1.368, 1.406, 1.333, 1.366, 1.444, 1.499])  # fmt: skip
    found = beta(evidence(yi, 0.05 + 0.024 * np.arange(20)), {})
    assert found["estimate"] > yi.max() and max(weight["estimate"] for weight in found["weights"]) > 100
    assert "above the largest effect of any study" in found["caution"] and "beyond 100" in found["caution"]
    assert "caution" not in step_function(evidence(YI, VI), {})


@pytest.mark.parametrize(("estimate", "side"), [(1.5, "above the largest"), (-0.5, "below the smallest")])
def test_an_estimate_outside_the_effects_says_on_which_side(estimate, side):
    assert side in outside(estimate, np.array([0.0, 1.0]), "The mean")["caution"]
    assert outside(0.5, np.array([0.0, 1.0]), "The mean") == {}
