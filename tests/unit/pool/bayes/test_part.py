"""What a result holds of a Bayesian model."""

import numpy as np
import pytest
from scipy.stats import halfnorm

from coppice.core.measures import MEASURES
from coppice.pool.models.bayes.part import bayes_part
from coppice.tools.schema.results import fixed_of

YI, VI = [-0.94, -0.36, -0.27, -1.11, -0.63], [0.063, 0.040, 0.042, 0.097, 0.065]
HALF_NORMAL = {"tau_prior": {"half_normal": 0.5}}


def part(request=HALF_NORMAL, k=5, measure="OR", **thresholds):
    effects = [
        {"study": f"S{i}", "label": f"Study {i}", "yi": y, "vi": v} for i, (y, v) in enumerate(zip(YI, VI, strict=True))
    ]
    return bayes_part(effects[:k], request, MEASURES[measure], level=0.95, thresholds=thresholds)


@pytest.mark.parametrize(
    "request_", [HALF_NORMAL, HALF_NORMAL | {"mu_prior": {"mean": 0, "sd": 1}}, {"tau_prior": "jeffreys"}]
)
def test_a_part_has_the_form_of_its_contract(request_):
    from coppice.core.contracts.bayes import Bayes

    found, why = part(request_, important=0.8)
    assert why is None
    assert list(fixed_of(Bayes).findings(found, ())) == []


def test_one_study_says_nothing_about_tau():
    found, _ = part(k=1)
    assert found["tau_overlap"] == pytest.approx(1.0, abs=1e-9)
    assert found["tau"]["median"] == pytest.approx(found["tau_prior"]["median"], rel=1e-9)
    assert found["bayes_factors"]["tau_zero"] == pytest.approx(1.0, rel=1e-9)
    low, high = found["mu"]["shortest"].values()
    assert high - low > 2 * 1.96 * VI[0] ** 0.5  # by what the prior expects studies to differ


def test_the_overlap_is_one_less_half_the_absolute_difference_of_the_densities():
    found, _ = part()
    curve = found["densities"]["tau"]
    x = np.array(curve["x"])
    assert np.array(curve["prior"]) == pytest.approx(halfnorm.pdf(x, scale=0.5))
    steps = np.diff(x, prepend=0.0)
    rough = 1 - 0.5 * (np.abs(np.array(curve["prior"]) - curve["posterior"]) * steps).sum()
    assert found["tau_overlap"] == pytest.approx(rough, abs=0.03)


def test_thresholds_are_counted_in_both_directions_and_as_printed():
    found, _ = part(important={"small": 0.8, "large": 0.5}, beyond={"above": [1.0]})
    rows = [(row["threshold"], row["side"], row["of"]) for row in found["beyond"]]
    expected = [
        (0.8, "below", "important"),
        (1.25, "above", "important"),
        (0.5, "below", "large"),
        (2.0, "above", "large"),
    ]
    assert rows == [*((pytest.approx(a), b, c) for a, b, c in expected), (1.0, "above", "beyond")]
    assert found["beyond"][-1]["mu"] == pytest.approx(found["above_null"], rel=1e-9)
    assert found["beyond"][0]["mu"] > found["beyond"][2]["mu"]


def test_bayes_factors_need_proper_priors():
    assert part()[0]["bayes_factors"]["mu_null"] is None
    assert part()[0]["reasons"]["bayes_factors.mu_null"] == "the prior of mu is flat"
    both, _ = part(HALF_NORMAL | {"mu_prior": {"mean": 0, "sd": 1}})
    assert both["bayes_factors"]["mu_null"] < 1 and both["bayes_factors"]["tau_zero"] is not None
    improper, _ = part({"tau_prior": "jeffreys", "mu_prior": {"mean": 0, "sd": 1}})
    assert improper["bayes_factors"] == {"tau_zero": None, "mu_null": None} and improper["tau_overlap"] is None


def test_the_weights_of_the_studies_and_of_the_prior_add_up_to_one():
    found, _ = part(HALF_NORMAL | {"mu_prior": {"mean": 0, "sd": 0.3}})
    assert sum(study["weight"] for study in found["studies"]) + found["prior_weight"] == pytest.approx(1.0)
    assert 0.1 < found["prior_weight"] < 0.9


def test_effects_shrink_towards_the_mean_and_the_less_precise_ones_more():
    found, _ = part()
    for study, yi in zip(found["studies"], YI, strict=True):
        assert abs(study["median"] - found["mu"]["median"]) < abs(yi - found["mu"]["median"])
    shrinkage = [study["shrinkage"] for study in found["studies"]]
    assert np.argsort(shrinkage).tolist() == np.argsort(VI).tolist()


def test_an_improper_posterior_has_a_reason_in_place_of_numbers():
    found, why = part({"tau_prior": "uniform"}, k=2)
    assert found is None and "needs 3 effects, and there are 2" in why
    assert part(k=0) == (None, "no study gives an effect")


def test_a_posterior_without_a_mean_says_so():
    found, _ = part({"tau_prior": "uniform"}, k=3)
    assert found["mu"]["mean"] is None and found["tau"]["sd"] is None
    assert found["reasons"]["mu"] == "the posterior has such heavy tails that it has no mean and no variance"
