"""Diagnostic accuracy against R: mada's reitsma (Reitsma et al. 2005) and metafor's rma.mv; diagnostic.json names versions.

Published data of mada: Dementia (Mitchell 2009), Skin tests and Smoking; two made-up ones with empty cells and of four studies.
The exact model has no R package with quadrature in two dimensions: its likelihood is compared with sums over a fine grid,
its estimates with lme4's glmer (1.1.31, by Laplace's approximation, so loosely).
"""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, gammaln

from coppice.pool.multivariate.diagnostic.binomial import Likelihood, factor, fit_binomial
from coppice.pool.multivariate.diagnostic.bivariate import Designs
from coppice.pool.multivariate.diagnostic.counts import Accuracy, accuracy, corrected
from coppice.pool.multivariate.diagnostic.normal import fit_normal
from coppice.pool.multivariate.diagnostic.point import area, curve_at, hsroc, region

CASES = {case["name"]: case for case in json.loads((Path(__file__).parent / "diagnostic.json").read_text())["cases"]}
CLOSE = 1e-6
LOOSE_VARIANCES = 2e-5  # what rma.mv and mada differ by in the covariance between studies
BETTER = 1e-12
FLIP = np.array([1.0, -1.0])  # from the false positive rate to specificity
# lme4::glmer(cbind(y, n - y) ~ 0 + sens + spec + (0 + sens + spec | study), binomial), bobyqa: logits, variances, covariance
GLMER = {
    "dementia": [1.427642, 2.198471, 0.8502554, 1.287211, -0.5969861],
    "skin_tests": [-1.112152, 3.604644, 1.941583, 2.110362, -0.7507706],
    "smoking": [2.672452, 2.522993, 2.470192, 1.151159, -0.7619006],
    "synthetic_small_k4": [1.715604, 1.961831, 0.3596788, 0.3330716, -0.1664118],
}
LAPLACE = 0.04  # by how much Laplace's approximation moves the variances of few small studies


def studies_of(name: str) -> Accuracy:
    data = CASES[name]["data"]
    return accuracy([dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)])


def one(data: Accuracy) -> Designs:
    return Designs.of(np.ones((data.k, 1)))


def cases(part: str) -> list:
    return [
        pytest.param(name, row, id=f"{name}-{row['zero_cells']}-{row['method']}")
        for name, case in CASES.items()
        for row in case[part]
    ]


@pytest.mark.parametrize(("name", "row"), cases("reitsma"))
def test_the_normal_model_its_curve_and_its_region_agree_with_mada(name, row):
    data = studies_of(name)
    fit = fit_normal(corrected(data, row["zero_cells"])[0], one(data), method=row["method"])
    psi = np.array(row["psi"]) * np.outer(FLIP, FLIP)
    assert fit.params == pytest.approx(FLIP * row["coef"], rel=CLOSE)
    assert fit.cov_params == pytest.approx(np.array(row["vcov"]) * np.outer(FLIP, FLIP), rel=CLOSE)
    assert fit.between == pytest.approx(psi, rel=CLOSE)
    logits, cov = fit.at(np.ones(1))
    parameters = hsroc(logits, fit.between)
    if not fit.between.any():
        assert parameters is None  # nothing varies between studies, so that there is no curve
        return
    theirs = row["hsroc"]
    ours = [parameters[key] for key in ("Theta", "Lambda", "beta", "sigma2_theta", "sigma2_alpha")]
    assert ours == pytest.approx(
        [theirs[key] for key in ("Theta", "Lambda", "beta", "sigma2theta", "sigma2alpha")], rel=CLOSE, abs=CLOSE
    )
    fpr, sens = (np.array(side) for side in row["sroc"])
    assert expit(curve_at(parameters, np.log(fpr / (1 - fpr)))) == pytest.approx(sens, rel=CLOSE)
    # mada takes the area by trapezia from 0.01 to 0.99, as a mean over that range
    grid = np.arange(1, 100) / 100
    assert np.trapezoid(expit(curve_at(parameters, np.log(grid / (1 - grid)))), grid) / 0.99 == pytest.approx(
        row["auc"], rel=CLOSE
    )
    edge = np.array(region(logits, cov, 0.95))
    for point in row["ellipse"]:  # each of its points is on our edge, to the distance of that edge's own points
        assert np.min(np.hypot(*(edge - point).T)) < 0.01


@pytest.mark.parametrize(("name", "row"), cases("rma_mv"))
def test_the_normal_model_agrees_with_rma_mv_or_has_the_higher_likelihood(name, row):
    data = studies_of(name)
    fit = fit_normal(corrected(data, row["zero_cells"])[0], one(data), method=row["method"])
    assert fit.log_likelihood >= row["logLik"] - BETTER * abs(row["logLik"])
    assert fit.params == pytest.approx(FLIP * row["beta"], rel=CLOSE)
    assert fit.cov_params == pytest.approx(np.array(row["vb"]) * np.outer(FLIP, FLIP), rel=LOOSE_VARIANCES)
    assert fit.between == pytest.approx(np.array(row["G"]) * np.outer(FLIP, FLIP), rel=LOOSE_VARIANCES)


def by_grid(data: Accuracy, params: np.ndarray, theta: np.ndarray) -> float:
    """Return the log-likelihood by sums over a fine grid of the random effects, study by study."""
    at = np.linspace(-9.0, 9.0, 501)
    one, other = np.meshgrid(at, at, indexing="ij")
    u = np.einsum("ij,jkl->ikl", factor(theta), np.stack([one, other])) + params[:, None, None]
    prior = np.exp(-0.5 * (one**2 + other**2)) / (2 * np.pi) * (at[1] - at[0]) ** 2
    total = 0.0
    for y, n in zip(data.correct, data.totals, strict=True):
        ways = gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)
        log = sum(ways[i] + y[i] * u[i] - n[i] * np.logaddexp(0.0, u[i]) for i in (0, 1))
        total += float(np.log(np.sum(prior * np.exp(log - log.max()))) + log.max())
    return total


@pytest.mark.parametrize("name", ["skin_tests", "synthetic_zeros", "synthetic_small_k4"])
def test_the_exact_likelihood_is_that_of_direct_quadrature_and_its_gradient_is_its_slope(name):
    data = studies_of(name)
    params, theta = np.array([1.1, 2.2]), np.array([1.3, 0.8, -0.4])
    likelihood = Likelihood(data, one(data))
    value, slope = likelihood.evaluate(np.concatenate([params, theta]))
    assert value == pytest.approx(by_grid(data, params, theta), rel=1e-9)
    at, step = np.concatenate([params, theta]), 1e-5
    ends = [[likelihood.evaluate(at + sign * step * row)[0] for sign in (1, -1)] for row in np.eye(5)]
    assert slope == pytest.approx([(up - down) / (2 * step) for up, down in ends], rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("name", ["skin_tests", "synthetic_zeros", "synthetic_small_k4"])
def test_the_exact_model_is_at_a_maximum_of_the_likelihood_by_direct_quadrature(name):
    data = studies_of(name)
    fit = fit_binomial(data, one(data))
    assert fit.converged
    assert fit.log_likelihood == pytest.approx(by_grid(data, fit.params, fit.theta), rel=1e-8)
    for move in np.vstack([np.eye(5), -np.eye(5)]) * 0.05:
        assert by_grid(data, fit.params + move[:2], fit.theta + move[2:]) < fit.log_likelihood + 1e-8


@pytest.mark.parametrize("name", GLMER)
def test_the_exact_model_is_near_that_of_glmer_which_approximates_the_integral(name):
    data = studies_of(name)
    fit = fit_binomial(data, one(data))
    ours = [*fit.params, fit.between[0, 0], fit.between[1, 1], fit.between[0, 1]]
    assert ours == pytest.approx(GLMER[name], rel=LAPLACE)


def test_more_nodes_do_not_change_the_exact_likelihood():
    data = studies_of("smoking")  # of 51 studies with many empty cells, the hardest
    at = np.array([2.673, 2.523, 1.58, 1.076, -0.465])
    few, many = (Likelihood(data, one(data), nodes).evaluate(at)[0] for nodes in (31, 61))
    assert few == pytest.approx(many, rel=1e-9)


def test_the_area_beneath_a_symmetric_curve_is_that_of_its_odds_ratio():
    # with one odds ratio d at every threshold the area is d / (d - 1)^2 [(d - 1) - ln d]: Walter 2002, doi:10.1002/sim.1099
    d = 30.0
    parameters = {"Lambda": np.log(d), "Theta": 0.0, "beta": 0.0, "sigma2_alpha": 1.0, "sigma2_theta": 1.0}
    assert area(parameters) == pytest.approx(d / (d - 1) ** 2 * ((d - 1) - np.log(d)), rel=1e-9)
