"""Priors as a choice of the multiverse."""

import numpy as np
import pytest
from tests.unit.explore.multiverse.test_multiverse import VI, YI, asked, extracts

from coppice.explore.multiverse.multiverse import multiverse
from coppice.pool import pool
from coppice.pool.models.bayes.fit import bayes_many
from coppice.pool.models.bayes.options import bayes_of

PRIORS = {"narrow": {"tau_prior": {"half_normal": 0.1}}, "wide": {"tau_prior": {"half_normal": 1}}}


def pooled(model):
    return {"settings": model.settings.as_dict(), "level": model.settings.level, "random": model.random}


def result(**options):
    return multiverse(asked(**options), pooled(pool(YI, VI)), extracts())


def test_each_prior_is_one_analysis_of_the_same_effects():
    found = result(prior=PRIORS, tau2=["DL", "PM"], inference=["wald"])
    rows = [row for row in found["specifications"] if row["choices"]["prior"] != "none"]
    assert [row["choices"]["prior"] for row in rows] == ["narrow", "wide"]
    assert found["combinations"] == len(found["specifications"]) + len(found["impossible"]) == 3 * 2 + 2
    fits = bayes_many(YI, VI, bayes_of(PRIORS["wide"]))
    assert rows[1]["estimate"] == pytest.approx(fits.mu.median[0])
    assert [rows[1]["ci_low"], rows[1]["ci_high"]] == pytest.approx(fits.mu.central[0])
    assert rows[1]["tau2"] == pytest.approx(fits.tau.median[0] ** 2)
    assert rows[1]["inference"] == "Bayesian" and rows[0]["se"] < rows[1]["se"]


def test_without_priors_there_is_no_such_choice():
    found = result(tau2=["DL"])
    assert "prior" not in found["choices"] and "Bayesian" not in found["choices"]["tau2"]


def test_priors_are_combined_with_the_choices_of_effects_and_an_improper_posterior_is_impossible():
    found = result(prior={"uniform": {"tau_prior": "uniform"}}, studies={"two": ["S0", "S1"]})
    kinds = [(row["choices"]["studies"], row["choices"]["prior"]) for row in found["specifications"]]
    assert kinds == [("as analysed", "none"), ("as analysed", "uniform"), ("two", "none")]
    (impossible,) = found["impossible"]
    assert impossible["reason"] == "the posterior of these effects is improper" and impossible["combinations"] == 1


def test_p_is_twice_the_smaller_probability_of_a_side():
    row = result(prior=PRIORS)["specifications"][-1]
    assert (row["p"] < 0.05) == (row["ci_low"] > 0 or row["ci_high"] < 0)
    assert np.isfinite([row[name] for name in ("se", "p", "I2", "tau2")]).all()
