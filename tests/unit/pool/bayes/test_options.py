import numpy as np
import pytest

from coppice.pool.models.bayes.empirical import RHODES, RHODES_COMPARISONS, TURNER, TURNER_COMPARISONS
from coppice.pool.models.bayes.options import PRIORS, bayes_of, tau_prior


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("half_norml", "half_normal"),
        ("half_normal", "needs scale"),
        ({"half_normal": 0}, "above 0"),
        ({"half_normal": -1}, "above 0"),
        ({"half_normal": float("nan")}, "above 0"),
        ({"half_t": 0.5}, "needs scale and df"),
        ({"half_normal": 0.5, "half_cauchy": 0.5}, "one prior of tau"),
        ({"log_normal": {"mean": -2, "sd": 0}}, "above 0"),
        ({"turner2015": {"outcome": "pain", "comparison": "any"}}, "no comparison 'any'"),
        ({"turner2015": {"outcome": "pains", "comparison": TURNER_COMPARISONS[0]}}, "did you mean 'pain'"),
        ({"turner2015": {"outcome": "pain"}}, "needs outcome and comparison"),
        ({"rhodes2015": {"outcome": "mental health", "comparison": "non-pharmacological"}}, "log_student_t"),
        ({"jeffreys": 1}, "no parameters"),
    ],
)
def test_parameters_that_can_not_be_are_refused(value, message):
    with pytest.raises(ValueError, match=message):
        tau_prior(value)


@pytest.mark.parametrize(
    ("prior", "mu", "needs"),
    [
        ("uniform", None, 3),
        ("uniform", {"mean": 0, "sd": 4}, 2),
        ("jeffreys", None, 2),
        ("jeffreys", {"mean": 0, "sd": 4}, 1),
        ({"half_normal": 0.5}, None, 1),
    ],
)
def test_an_improper_prior_needs_enough_effects(prior, mu, needs):
    options = bayes_of({"tau_prior": prior, "mu_prior": mu})
    assert options.why_improper(needs) is None
    assert "improper" in (options.why_improper(needs - 1) or "")


def test_turners_table_has_the_values_of_the_paper():
    """Turner et al. 2015, doi:10.1002/sim.6381, Table IV and the general setting of the text."""
    prior = tau_prior({"turner2015": {"outcome": "all-cause mortality", "comparison": TURNER_COMPARISONS[0]}})
    assert prior.parameters == (-3.95, 1.34)
    assert tau_prior({"turner2015": {"outcome": "any"}}).parameters == (-2.56, 1.74)
    assert len(TURNER) == 16 and all(len(row) == len(TURNER_COMPARISONS) for row in TURNER.values())


def test_the_empirical_tables_are_additive_in_outcome_and_comparison():
    """Their models have no interaction, so that a slip of the pen shows, as the one that was left out of Rhodes' table."""
    for table in (TURNER, {name: row for name, row in RHODES.items() if None not in row}):
        means = np.array([[cell[0] for cell in row] for row in table.values()])
        fitted = means.mean(axis=0) + means.mean(axis=1, keepdims=True) - means.mean()
        assert np.abs(means - fitted).max() < 0.02
    assert all(len(row) == len(RHODES_COMPARISONS) for row in RHODES.values())


def test_every_prior_has_a_source():
    assert all(option.source for option in PRIORS.values())
