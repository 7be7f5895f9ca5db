"""Bayesian models against exact values: the example data of bayesmeta 3.4, and two made-up sets, under eight priors each.

bayes.json has the numbers of an adaptive quadrature that was run beside the package (Roever 2020,
doi:10.18637/jss.v093.i06), whose own intervals are good to 1e-3. Where a moment does not exist, that quadrature stopped at
some number; the test asks for no number instead. A mode that it missed by more than its tolerance has a lower density than ours.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from coppice.pool.models.bayes.fit import posterior, summaries, summary
from coppice.pool.models.bayes.options import bayes_of

CASES = json.loads(Path(__file__).with_name("bayes.json").read_text())["cases"]
FITS = [
    pytest.param(case, fit, id=f"{case['name']}-{fit['tau_prior']}-{'normal' if fit['mu_prior'] else 'flat'}")
    for case in CASES
    for fit in case["fits"]
]
TOLERANCE = 1e-6


def same(ours, theirs):
    assert np.asarray(ours) == pytest.approx(np.asarray(theirs), rel=TOLERANCE, abs=1e-9)


def compare(ours, theirs, distribution):
    same(ours.median[0], theirs["median"])
    same(ours.central[0], theirs["central95"])
    same(ours.shortest[0], theirs["shortest95"])
    for name in ("mean", "sd"):
        if np.isfinite(value := getattr(ours, name)[0]):
            same(value, theirs[name])
    if ours.mode[0] != pytest.approx(theirs["mode"], rel=TOLERANCE):
        heights = distribution.log_density(np.array([[ours.mode[0], theirs["mode"]]]))
        assert heights[0, 0] >= heights[0, 1] - 1e-13
        assert ours.mode[0] == pytest.approx(theirs["mode"], abs=1e-5)


def fitted(case, fit):
    options = bayes_of({"tau_prior": fit["tau_prior"], "mu_prior": fit["mu_prior"]})
    item = posterior(case["yi"], np.square(case["sei"]), options)
    return item, summaries(item, case["level"])


@pytest.mark.parametrize(("case", "fit"), [item for item in FITS if "error" not in item.values[1]["exact"]])
def test_a_posterior_agrees_with_adaptive_quadrature(case, fit):
    exact = fit["exact"]
    item, ours = fitted(case, fit)
    compare(ours.tau, exact["tau"], item.tau)
    compare(ours.mu, exact["mu"], item.mu)
    compare(ours.new, exact["theta_new"], item.new)
    quantiles = exact["tau"]["quantiles"]
    same(item.tau.quantile(np.array([quantiles["p"]]))[0], quantiles["q"])
    same(1 - item.mu.cdf(np.zeros((1, 1)))[0, 0], exact["mu"]["p_gt_0"])
    same(1 - item.new.cdf(np.zeros((1, 1)))[0, 0], exact["theta_new"]["p_gt_0"])
    same(item.shares()[0], exact["mean_weights"])
    for index, study in enumerate(exact.get("shrinkage", ())):
        effect = item.of_study(index)
        compare(summary(effect, 1, case["level"]), study | {"mean": np.nan, "sd": np.nan}, effect)
        same([value[0] for value in effect.moments()], [study["mean"], study["sd"]])
    if exact["log_marginal_likelihood"] is not None:
        same(item.log_marginal[0], exact["log_marginal_likelihood"])
        same(np.exp(item.log_without_tau() - item.log_marginal)[0], exact["bf_tau0"])
    if exact["bf_mu0"] is not None:
        prior = -0.5 * (np.log(2 * np.pi * 16) + 0.0)
        same(np.exp(item.log_density_of_mu(0.0)[0] - prior), exact["bf_mu0"])


@pytest.mark.parametrize(("case", "fit"), [item for item in FITS if "error" in item.values[1]["exact"]])
def test_an_improper_posterior_is_refused_where_the_package_fails(case, fit):
    with pytest.raises(ValueError, match="the posterior is improper: the improper uniform prior of tau"):
        fitted(case, fit)


INFINITE = {
    ("hinks2010_lor_k3", "uniform"): ("mean", "sd"),
    ("synthetic_k2", "jeffreys"): ("mean", "sd"),
    ("hinks2010_lor_k3", "jeffreys"): ("sd",),
    ("synthetic_k4_homogeneous", "uniform"): ("sd",),
}


@pytest.mark.parametrize(("name", "prior"), INFINITE)
def test_a_moment_that_does_not_exist_has_no_number(name, prior):
    case = next(item for item in CASES if item["name"] == name)
    ours = fitted(case, {"tau_prior": prior, "mu_prior": None})[1]
    for part in (ours.tau, ours.mu, ours.new):
        missing = [item for item in ("mean", "sd") if np.isnan(getattr(part, item)[0])]
        assert tuple(missing) == INFINITE[name, prior]
