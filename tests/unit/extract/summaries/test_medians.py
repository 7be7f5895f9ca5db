"""extract.medians and extract.skewed_medians: mean and SD from medians."""

import math
import random
from collections.abc import Callable
from statistics import NormalDist, fmean, quantiles, stdev
from typing import Any

import pytest

from coppice.extract.route import NotEstimable
from coppice.extract.summaries.medians import Summary, luo_mean, normal_data, shi_sd, skewness, wan_mean, wan_sd
from coppice.extract.summaries.skewed_medians import box_cox_estimation, quantile_estimation


def summaries(values: list[float]) -> list[Summary]:
    """The three scenarios: range, quartiles, both."""
    n, (q1, median, q3) = len(values), quantiles(values, n=4, method="inclusive")
    low, high = min(values), max(values)
    return [Summary(n, median, low=low, high=high), Summary(n, median, q1, q3), Summary(n, median, q1, q3, low, high)]


def test_quantile_estimation_gives_the_published_example() -> None:
    """estmeansd's README: median 4, range 2 to 9, n = 100; the last digits are its optimiser's."""
    mean, sd, family = quantile_estimation(Summary(100, 4, low=2, high=9))
    assert (mean, sd) == pytest.approx((4.347284, 1.502171), abs=2e-5)
    assert family == "log-normal"


def test_the_box_cox_method_gives_the_published_example() -> None:
    """estmeansd's README: mean 4.204881 and SD 1.277236, by a simulation of its own; here by quadrature."""
    mean, sd, _ = box_cox_estimation(Summary(100, 4, low=2, high=9))
    assert mean == pytest.approx(4.204881, abs=0.02)
    assert sd == pytest.approx(1.277236, abs=0.03)


def test_the_box_cox_method_is_exact_for_a_log_normal_summary() -> None:
    z = NormalDist().inv_cdf((0.75 * 2001 - 0.125) / 2001.25)
    s = Summary(2001, math.exp(1), math.exp(1 - 0.4 * z), math.exp(1 + 0.4 * z))
    mean, sd, exponent = box_cox_estimation(s)
    expected = math.exp(1 + 0.4**2 / 2)
    assert float(exponent.removeprefix("exponent ")) == pytest.approx(0, abs=1e-9)
    assert (mean, sd) == pytest.approx((expected, expected * math.sqrt(math.expm1(0.4**2))), rel=1e-6)


def test_luos_weights_are_those_of_the_paper() -> None:
    """Luo 2018, equations 7, 11 and 15, at n = 16 (16^0.75 = 8)."""
    assert luo_mean(Summary(16, 10, low=4, high=20)) == pytest.approx(12 / 3 + 2 * 10 / 3)
    assert luo_mean(Summary(16, 10, 7, 15)) == pytest.approx((0.7 + 0.39 / 16) * 11 + (0.3 - 0.39 / 16) * 10)
    w1, w2 = 2.2 / 10.2, 0.7 - 0.72 / 16**0.55
    assert luo_mean(Summary(16, 10, 7, 15, 4, 20)) == pytest.approx(w1 * 12 + w2 * 11 + (1 - w1 - w2) * 10)


def test_wans_means_are_those_of_the_paper() -> None:
    assert wan_mean(Summary(16, 10, low=4, high=20)) == pytest.approx((4 + 20 + 20) / 4)
    assert wan_mean(Summary(16, 10, 7, 15)) == pytest.approx((7 + 10 + 15) / 3)
    assert wan_mean(Summary(16, 10, 7, 15, 4, 20)) == pytest.approx((4 + 14 + 20 + 30 + 20) / 8)


@pytest.mark.parametrize("n", [25, 101, 401])
@pytest.mark.parametrize("scenario", [0, 1, 2])
def test_mean_and_sd_of_normal_data_are_met_on_average(n: int, scenario: int) -> None:
    """300 samples: the mean within 0.03, the SD within 4 %, where each paper's simulations find less than 3 %."""
    source = random.Random(n)
    found = [summaries([source.gauss(10, 2) for _ in range(n)])[scenario] for _ in range(300)]
    means, sds = zip(*map(normal_data, found), strict=True)
    assert fmean(means) == pytest.approx(10, abs=0.09)
    assert fmean(sds) == pytest.approx(2, rel=0.04)
    assert fmean(map(wan_sd, found)) == pytest.approx(2, rel=0.04)


def test_shis_weights_make_the_sd_the_less_variable_one() -> None:
    source = random.Random(7)
    found = [summaries([source.gauss(0, 1) for _ in range(400)])[2] for _ in range(300)]
    assert stdev(map(shi_sd, found)) < stdev(map(wan_sd, found))


@pytest.mark.parametrize("n", [30, 100, 300])
@pytest.mark.parametrize("scenario", [0, 1, 2])
def test_the_test_for_skewness_keeps_its_level_and_finds_a_log_normal(n: int, scenario: int) -> None:
    """Shi 2023: 5 % of normal samples; 600 samples leave a standard error of 0.9 points."""
    source = random.Random(1000 + n)
    normal = [summaries([source.gauss(0, 1) for _ in range(n)])[scenario] for _ in range(600)]
    skewed = [summaries([source.lognormvariate(0, 1) for _ in range(n)])[scenario] for _ in range(100)]
    level = fmean(skewness(s).is_skewed for s in normal)
    assert 0.02 < level < 0.085
    assert fmean(skewness(s).is_skewed for s in skewed) > (0.5 if n > 30 else 0.15)


SKEWED = {
    "log-normal": lambda source: source.lognormvariate(5, 0.5),
    "exponential": lambda source: source.expovariate(0.1),
    "gamma": lambda source: source.gammavariate(2, 5),
    "Weibull": lambda source: source.weibullvariate(35, 1.5),
}


def errors(method: Callable[[Summary], tuple[Any, ...]], draw: Any, n: int, scenario: int) -> tuple[float, float]:
    """The mean relative errors of mean and SD over 40 samples that the test calls skewed."""
    source, means, sds = random.Random(n), [], []
    while len(means) < 40:
        values = [draw(source) for _ in range(n)]
        s = summaries(values)[scenario]
        if skewness(s).is_skewed:
            mean, sd, *_ = method(s)
            means.append(abs(mean / fmean(values) - 1))
            sds.append(abs(sd / stdev(values) - 1))
    return fmean(means), fmean(sds)


@pytest.mark.parametrize("scenario", [0, 2])
@pytest.mark.parametrize("family", SKEWED)
def test_with_a_range_the_box_cox_method_has_the_better_mean_of_skewed_data(family: str, scenario: int) -> None:
    """In the manner of McGrath 2020, table 2: range, or range and quartiles, of 200 values."""
    assert (
        errors(box_cox_estimation, SKEWED[family], 200, scenario)[0]
        < errors(normal_data, SKEWED[family], 200, scenario)[0]
    )


@pytest.mark.parametrize("method", [box_cox_estimation, quantile_estimation])
def test_with_quartiles_alone_the_methods_for_skewed_data_overstate_the_sd(method: Any) -> None:
    """Why the default keeps the normal formulas there, and says that the data are skewed."""
    for family in ("exponential", "Weibull"):
        assert errors(method, SKEWED[family], 50, 1)[1] > errors(normal_data, SKEWED[family], 50, 1)[1]


@pytest.mark.parametrize(
    ("summary", "reason"),
    [
        (Summary(20, 5), "has no spread"),
        (Summary(20, 5, 6, 7), "do not rise"),
        (Summary(20, 5, 5, 5), "no spread"),
        (Summary(1, 5, 4, 6), "one patient"),
    ],
)
def test_a_summary_that_gives_no_spread_is_refused(summary: Summary, reason: str) -> None:
    with pytest.raises(NotEstimable, match=reason):
        summary.check()


def test_values_below_zero_leave_the_normal_distribution() -> None:
    assert quantile_estimation(Summary(50, 0, -1, 1))[2] == "normal"
    with pytest.raises(NotEstimable, match="positive"):
        box_cox_estimation(Summary(50, 0, -1, 1))
