"""The figures of a Bayesian model: nothing is cut or covered, and each shows what it says."""

import pytest
from tests.unit.draw.fixtures import bcg
from tests.unit.draw.rendered import assert_clean, printed

from coppice.core.measures import MEASURES
from coppice.draw.figures.posterior import draw_posterior
from coppice.draw.figures.robustness import draw_robustness
from coppice.draw.figures.robustness_lines import robustness_lines
from coppice.draw.figures.shrinkage import draw_shrinkage
from coppice.pool.models.bayes.part import bayes_part

REQUESTS = {
    "flat": {"tau_prior": {"half_normal": 0.5}},
    "normal": {"tau_prior": {"turner2015": {"outcome": "any"}}, "mu_prior": {"mean": 0, "sd": 2}},
    "improper": {"tau_prior": "jeffreys"},
}


def with_bayes(request, k=13):
    result = bcg()
    effects = result["effects"][:k]
    part, _ = bayes_part(effects, request, MEASURES["OR"], level=0.95, thresholds={})
    return result | {"effects": effects, "bayes": part, "display": None}


@pytest.mark.parametrize("k", [1, 2, 13])
@pytest.mark.parametrize("request_", ["flat", "normal"])
@pytest.mark.parametrize("draw", [draw_posterior, draw_shrinkage])
def test_nothing_is_cut_or_covered(draw, request_, k):
    assert_clean(draw(with_bayes(REQUESTS[request_], k), title="BCG against tuberculosis", favours=["BCG", "no BCG"]))


def test_the_legend_names_a_prior_that_is_proper_alone():
    assert "Prior" in printed(draw_posterior(with_bayes(REQUESTS["flat"])))
    assert "Prior" not in printed(draw_posterior(with_bayes(REQUESTS["improper"])))


def test_each_study_stands_twice_and_the_mean_once():
    texts = printed(draw_shrinkage(with_bayes(REQUESTS["flat"])))
    assert sum("given all studies" in text for text in texts) == 13
    assert texts.count("Mean effect") == 1 and texts.count("Effect in a new study") == 1


def test_the_robustness_strip_has_a_bayesian_line_where_there_is_a_model():
    result = with_bayes(REQUESTS["flat"])
    labels = [line.label for line in robustness_lines(result, {})]
    assert "Bayesian, half-normal(0.5) prior" in labels
    assert not any("Bayesian" in line.label for line in robustness_lines(bcg(), {}))
    assert any("shortest credible interval" in text for text in printed(draw_robustness(result, {})))
