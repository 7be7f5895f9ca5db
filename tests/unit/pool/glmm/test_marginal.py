"""The likelihood of a study with its random effect integrated out, against scipy's quadrature."""

import numpy as np
import pytest
from scipy.integrate import trapezoid
from scipy.special import logsumexp
from scipy.stats import binom, nchypergeom_fisher, norm, poisson

from coppice.pool.models.glmm.counts import Table
from coppice.pool.models.glmm.fit import fit
from coppice.pool.models.glmm.quadrature import EXACT, Rule

NONE = NOTHING = np.empty((1, 0))


def column(*values):
    return np.array([values], dtype=float)


def expit(value):
    return 1 / (1 + np.exp(-value))


def of_one(events, total, likelihood):
    return Table(column(events), column(total), NONE, NONE, likelihood).model(None)


def value(model, mean, tau, more=NOTHING):
    return model.terms(column(mean), np.array([tau]), more, EXACT).value[0, 0]


def integral(conditional, mean, tau):
    """Return the log of the integral over the random effect: of so smooth a function the sum of a fine grid is exact."""
    z = np.linspace(-30, 30, 60_001)
    return np.log(trapezoid(conditional(mean + tau * z) * norm.pdf(z), z))


@pytest.mark.parametrize("tau", [0.0, 0.1, 1.0, 4.0])
@pytest.mark.parametrize(("x", "n"), [(0, 10), (0, 2000), (3, 40), (40, 40), (700, 1500)])
def test_binomial_study_is_integrated_to_eight_digits(x, n, tau):
    expected = integral(lambda eta: binom.pmf(x, n, expit(eta)), -2.0, tau)
    assert value(of_one(x, n, "binomial"), -2.0, tau) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("tau", [0.0, 0.5, 3.0])
@pytest.mark.parametrize(("x", "t"), [(0, 100.0), (0, 1e4), (7, 900.0)])
def test_poisson_study_is_integrated_to_eight_digits(x, t, tau):
    expected = integral(lambda eta: poisson.pmf(x, t * np.exp(eta)), -4.0, tau)
    assert value(of_one(x, t, "poisson"), -4.0, tau) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("tau", [0.0, 0.8, 2.0])
@pytest.mark.parametrize("table", [(0, 30, 4, 31), (5, 20, 0, 25), (3, 40, 6, 38), (0, 50, 0, 60)])
def test_exact_conditional_likelihood_is_fishers_noncentral_hypergeometric(table, tau):
    a, n1, c, n2 = table
    model = Table(*(column(v) for v in table), "binomial").model("CM.EL")
    expected = integral(
        lambda eta: nchypergeom_fisher.pmf(a, n1 + n2, a + c, n1, np.exp(eta)) if a + c else 1.0, -0.4, tau
    )
    assert value(model, -0.4, tau) == pytest.approx(expected, abs=1e-7)


def test_fixed_study_effects_take_the_level_that_makes_the_study_most_likely():
    a, n1, c, n2 = 2, 50, 7, 45
    model = Table(*(column(v) for v in (a, n1, c, n2)), "binomial").model("UM.FS")

    def at(level):
        def pmf(eta):
            return binom.pmf(a, n1, expit(level + eta / 2)) * binom.pmf(c, n2, expit(level - eta / 2))

        return integral(pmf, -1.0, 0.7)

    levels = np.linspace(-3.5, -1.0, 26)
    best = max(at(level) for level in levels)
    assert value(model, -1.0, 0.7) >= best
    assert value(model, -1.0, 0.7) == pytest.approx(best, abs=0.01)


@pytest.mark.parametrize("table", [(0, 50, 0, 60), (2, 50, 7, 45)])
def test_random_study_effects_are_integrated_in_two_dimensions(table):
    a, n1, c, n2 = table
    model = Table(*(column(v) for v in table), "binomial").model("UM.RS")
    gamma, sigma, mean, tau = -2.0, 0.9, -0.5, 0.8

    grid = np.linspace(-12, 12, 1201)
    z, w = grid[:, None], grid[None, :]
    level, effect = gamma + sigma * w, mean + tau * z
    arms = binom.pmf(a, n1, expit(level + effect / 2)) * binom.pmf(c, n2, expit(level - effect / 2))
    expected = np.log(trapezoid(trapezoid(arms * norm.pdf(z) * norm.pdf(w), grid), grid))
    assert value(model, mean, tau, column(gamma, sigma)) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("code", ["UM.FS", "UM.RS", "CM.EL", "CM.AL", None])
def test_score_and_hessian_are_the_slopes_of_the_likelihood(code):
    arms = [column(v) for v in ((2, 50, 7, 45) if code else (2, 50))]
    model = Table(*(arms if code else [*arms, NONE, NONE]), "binomial").model(code)
    more = column(-2.0, 0.9) if code == "UM.RS" else NOTHING
    place = np.concatenate([[-1.0, 0.7], more[0]])

    def at(parameters):
        return model.terms(column(parameters[0]), parameters[1:2], parameters[None, 2:], EXACT)

    terms, step = at(place), 1e-5
    for index in range(len(place)):
        shift = step * np.eye(len(place))[index]
        up, down = at(place + shift), at(place - shift)
        assert (up.value - down.value)[0, 0] / (2 * step) == pytest.approx(terms.score[0, 0, index], abs=1e-7)
        assert (up.score - down.score)[0, 0] / (2 * step) == pytest.approx(terms.hessian[0, 0, index], abs=1e-6)


def test_many_meta_analyses_at_once_are_those_one_by_one():
    from coppice.pool.models.glmm.fit import fit

    generator = np.random.default_rng(3)
    n = generator.integers(20, 200, (6, 5)).astype(float)
    x = generator.binomial(n.astype(int), 0.05).astype(float)
    used = generator.random((6, 5)) < 0.9
    none = np.empty((6, 0))
    together = fit(Table(x, n, none, none, "binomial").model(None), used)
    for row in range(6):
        alone = fit(Table(x[[row]], n[[row]], NONE, NONE, "binomial").model(None), used[[row]])
        assert together.coefficients[row] == pytest.approx(alone.coefficients[0], rel=1e-8)
        assert together.tau[row] == pytest.approx(alone.tau[0], abs=1e-6)


def test_log_sum_exp_of_a_large_table_does_not_overflow():
    model = Table(column(900), column(5000), column(1100), column(5000), "binomial").model("CM.EL")
    terms = model.terms(column(40.0), np.zeros(1), NOTHING, EXACT)
    assert np.isfinite(terms.value).all()
    assert logsumexp(terms.value) < -1000


def test_a_search_by_a_coarse_rule_ends_at_the_maximum_within_the_error_of_the_rule():
    generator = np.random.default_rng(3)
    n = generator.integers(50, 251, (2, 20, 5)).astype(float)
    events = [generator.binomial(totals.astype(int), 0.03).astype(float) for totals in n]
    model = Table(events[0], n[0], events[1], n[1], "binomial").model("UM.RS")
    used = np.ones((20, 5), dtype=bool)
    coarse = fit(model, used, rule=Rule(9, hermite=True, close=1e-6))
    exact = fit(model, used)
    assert coarse.is_converged.all() and exact.is_converged.all()
    assert coarse.value == pytest.approx(exact.value, abs=1e-3)
    assert coarse.coefficients == pytest.approx(exact.coefficients, abs=5e-3)
