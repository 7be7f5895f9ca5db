"""The special functions of the standard library beside those of scipy, and beside closed forms where scipy is not exact."""

from __future__ import annotations

import math

import pytest
from scipy.special import hyp2f1, stdtrit

from coppice.core import special_functions
from coppice.core.special_functions import NEARLY_NORMAL, gamma_ratio, gauss_half, t_quantile

RTOL = 1e-12  # results have as many digits
PROBABILITIES = (0.02, 0.3, 0.6, 0.7499, 0.7501, 0.8, 0.95, 0.975, 0.995, 0.9999995, 1 - 1e-9, 1 - 1e-12, 1 - 1e-15)


@pytest.mark.parametrize("df", [0.5, 1, 1.5, 2, 3, 4, 5, 7.3, 10, 28, 29.5, 99, 199, 201, 500, 5e3, 1.1e4, 1e6, 1e9])
def test_quantiles_of_t_are_those_of_scipy(df: float) -> None:
    for p in PROBABILITIES:
        assert t_quantile(p, df) == pytest.approx(float(stdtrit(df, p)), rel=RTOL), p


@pytest.mark.parametrize("p", [0.5 + 1e-9, 0.5000001, 0.51, 0.75, 0.9, 0.99999])
def test_quantiles_of_t_on_one_and_two_degrees_of_freedom_are_the_closed_forms(p: float) -> None:
    exact = math.tan(math.pi * (p - 0.5)) if p < 0.75 else 1 / math.tan(math.pi * (1 - p))
    assert t_quantile(p, 1) == pytest.approx(exact, rel=RTOL)
    assert t_quantile(p, 2) == pytest.approx((2 * p - 1) * math.sqrt(2 / (4 * p * (1 - p))), rel=RTOL)


def test_quantiles_of_t_go_on_where_the_expansion_begins() -> None:
    for p in PROBABILITIES:
        below, above = t_quantile(p, NEARLY_NORMAL * (1 - 1e-13)), t_quantile(p, NEARLY_NORMAL)
        assert below == pytest.approx(above, rel=RTOL)


def test_the_median_of_t_is_0_and_its_quantiles_are_symmetrical() -> None:
    assert t_quantile(0.5, 3) == 0.0
    assert t_quantile(0.25, 3) == -t_quantile(0.75, 3)


@pytest.mark.parametrize("n", [5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 41, 41.5])
def test_the_hypergeometric_function_is_that_of_scipy(n: float) -> None:
    c = (n - 2) / 2
    for r in (0, 1e-6, 1e-3, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999999):
        assert gauss_half(1 - r**2, c) == pytest.approx(float(hyp2f1(0.5, 0.5, c, 1 - r**2)), rel=RTOL), r


def test_the_ratio_of_gamma_functions_goes_on_where_its_series_begins() -> None:
    assert gamma_ratio(100.0) == pytest.approx(math.gamma(100.5) / math.gamma(100.0), rel=1e-14)


@pytest.mark.parametrize("df", [1, 2, 3, 4, 7, 29, 39, 99, 150, 199, 500, 999])
def test_quantiles_of_t_take_a_dozen_steps_at_most(df: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the last steps are rounding errors of about 1e-15 they went round in a circle, ten thousand times."""
    steps = []
    probabilities = special_functions.t_probabilities
    monkeypatch.setattr(special_functions, "t_probabilities", lambda *of: steps.append(of) or probabilities(*of))
    for p in (*PROBABILITIES, *(position / 97 for position in range(1, 97))):
        steps.clear()
        t_quantile(p, df)
        assert len(steps) <= 12, p
