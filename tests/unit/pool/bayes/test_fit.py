import numpy as np
import pytest
from scipy.stats import norm

from coppice.pool.models.bayes import priors
from coppice.pool.models.bayes.fit import bayes_many, posterior, summaries
from coppice.pool.models.bayes.options import BayesOptions, MuPrior, bayes_of, tau_prior

YI = np.array([-0.94, -0.36, -0.27, -1.11, 0.63])
VI = np.array([0.063, 0.040, 0.042, 0.097, 0.065])
PROPER = [
    {"half_normal": 0.5},
    {"half_cauchy": 0.5},
    {"half_t": {"scale": 0.5, "df": 4}},
    {"exponential": 0.3},
    {"bounded_uniform": 1.5},
    {"log_normal": {"mean": -2.5, "sd": 1.7}},
    {"log_student_t": {"location": -3.4, "scale": 2.6, "df": 5}},
    {"inverse_gamma": {"shape": 1.5, "scale": 0.1}},
    {"turner2015": {"outcome": "pain", "comparison": "pharmacological vs pharmacological"}},
    {"rhodes2015": {"outcome": "any"}},
]
IMPROPER = ["uniform", "jeffreys"]


def panels(low, high):
    """Return nodes and weights of Gauss-Legendre's rule on panels of ln tau, none longer than 1/3."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    edges = np.linspace(low, high, 3 * int(high - low) + 4)
    half = 0.5 * np.diff(edges)[:, None]
    return (edges[:-1, None] + half * (nodes + 1)).ravel(), (half * weights).ravel()


def density(x, prior):
    return np.exp(priors.log_density(prior, x[None], VI[None], np.ones((1, len(VI))))[0])


@pytest.mark.parametrize("request_", PROPER, ids=str)
def test_a_proper_prior_integrates_to_its_distribution_function(request_):
    prior = tau_prior(request_)
    points = priors.quantile(prior, np.array([0.2, 0.5, 0.8]))
    assert priors.cdf(prior, points) == pytest.approx([0.2, 0.5, 0.8], abs=1e-12)
    x, weights = panels(*np.log(points[[0, 2]]))
    assert (weights * density(x, prior) * np.exp(x)).sum() == pytest.approx(0.6, abs=1e-9)


@pytest.mark.parametrize("mu", [None, MuPrior(-0.2, 0.7)])
@pytest.mark.parametrize("request_", [*PROPER, *IMPROPER], ids=str)
def test_a_posterior_agrees_with_integration_by_another_rule(request_, mu):
    options = BayesOptions(tau_prior(request_), mu)

    def joint(x):
        """Return the density of ln tau and the effects, with mean and SD of mu."""
        weights = 1 / (VI + np.exp(2 * x)[:, None])
        precision = weights.sum(axis=1) + (0 if mu is None else mu.sd**-2)
        mean = ((weights * YI).sum(axis=1) + (0 if mu is None else mu.mean / mu.sd**2)) / precision
        about = (weights * (YI - mean[:, None]) ** 2).sum(axis=1)
        about = about + (0 if mu is None else (mean - mu.mean) ** 2 / mu.sd**2)
        likelihood = np.sqrt(weights.prod(axis=1) / precision) * np.exp(-0.5 * about)
        return likelihood * density(x, options.tau) * np.exp(x), mean, precision**-0.5

    highest = min(60.0, np.log(priors.upper_bound(options.tau)))
    ours = summaries(posterior(YI, VI, options), 0.9)
    x, weights = panels(-60.0, highest)
    height, mean, sd = joint(x)
    total = (weights * height).sum()
    for point, probability in zip(ours.mu.central[0], (0.05, 0.95), strict=True):
        share = (weights * height * norm.cdf((point - mean) / sd)).sum() / total
        assert share == pytest.approx(probability, abs=2e-8)
    new = (weights * height * norm.cdf((ours.new.median[0] - mean) / np.hypot(sd, np.exp(x)))).sum() / total
    assert new == pytest.approx(0.5, abs=2e-8)
    x, weights = panels(-60.0, np.log(ours.tau.median[0]))
    assert (weights * joint(x)[0]).sum() / total == pytest.approx(0.5, abs=2e-8)


@pytest.mark.parametrize("request_", PROPER, ids=str)
def test_one_study_and_a_flat_prior_of_the_mean_leave_the_prior_of_tau_as_it_is(request_):
    item = posterior(YI[:1], VI[:1], bayes_of({"tau_prior": request_}))
    p = np.array([[0.1, 0.5, 0.9]])
    assert item.tau.quantile(p) == pytest.approx(priors.quantile(item.options.tau, p), rel=1e-9)
    assert summaries(item, 0.95).mu.median[0] == pytest.approx(YI[0])


@pytest.mark.parametrize("request_", [{"half_normal": 0.5}, "jeffreys", {"half_cauchy": 0.5}], ids=str)
def test_shift_and_scale_of_the_effects_carry_over(request_):
    plain = summaries(posterior(YI, VI, bayes_of({"tau_prior": request_})), 0.95)
    scaled = request_ if isinstance(request_, str) else {name: 100 * value for name, value in request_.items()}
    other = summaries(posterior(1e3 + 100 * YI, 1e4 * VI, bayes_of({"tau_prior": scaled})), 0.95)
    assert other.mu.shortest == pytest.approx(1e3 + 100 * plain.mu.shortest, rel=1e-9)
    assert other.tau.shortest == pytest.approx(100 * plain.tau.shortest, rel=1e-8, abs=1e-9)
    assert other.tau.mode == pytest.approx(100 * plain.tau.mode, rel=1e-8)


def test_many_meta_analyses_at_once_equal_each_by_itself():
    yi = np.stack([YI, YI[::-1], YI - 1])
    used = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0], [0, 1, 0, 1, 0]], dtype=bool)
    options = bayes_of({"tau_prior": {"half_normal": 0.5}, "mu_prior": {"mean": 0, "sd": 2}})
    many = bayes_many(yi, VI, options, used=used, complete=True)
    for row in range(3):
        one = summaries(posterior(yi[row][used[row]], VI[used[row]], options), 0.95)
        for name in ("mu", "tau", "new"):
            for ours, theirs in ((getattr(many, name), getattr(one, name)),):
                assert ours.median[row] == pytest.approx(theirs.median[0], rel=1e-9)
                assert ours.shortest[row] == pytest.approx(theirs.shortest[0], rel=1e-9)


@pytest.mark.parametrize("request_", [*PROPER, *IMPROPER], ids=str)
@pytest.mark.parametrize("k", [300])
def test_a_narrow_posterior_is_resolved(request_, k):
    generator = np.random.default_rng(5)
    vi = generator.uniform(0.01, 0.4, k)
    item = posterior(generator.normal(0.3, np.sqrt(vi + 0.09)), vi, bayes_of({"tau_prior": request_}))
    tau = item.tau.quantile(np.array([[0.05, 0.5, 0.95]]))[0]
    assert 0.2 < tau[0] < tau[1] < tau[2] < 0.4
    assert item.grid.accurate.all()


def test_the_shortest_interval_is_no_longer_than_the_central_one_and_as_dense_at_both_ends():
    item = posterior(YI, VI, bayes_of({"tau_prior": "jeffreys"}))
    ours = summaries(item, 0.95)
    for part, distribution in ((ours.mu, item.mu), (ours.tau, item.tau), (ours.new, item.new)):
        (low, high), (left, right) = part.shortest[0], part.central[0]
        assert high - low <= right - left
        ends = np.array([[low, high]])
        assert np.diff(distribution.cdf(ends)) == pytest.approx(0.95, abs=1e-10)
        assert np.diff(distribution.log_density(ends)) == pytest.approx(0, abs=1e-8)
