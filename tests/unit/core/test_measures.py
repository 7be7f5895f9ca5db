"""measures: scales that lead there and back."""

import math

import pytest

from coppice.core.measures import MEASURES, double_arcsine_back, double_root_back


def double_arcsine(x: float, n: float) -> float:
    return (math.asin(math.sqrt(x / (n + 1))) + math.asin(math.sqrt((x + 1) / (n + 1)))) / 2


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_each_scale_leads_back(measure: object) -> None:
    assert measure.scale.back(measure.scale.forward(0.37)) == pytest.approx(0.37)  # type: ignore[attr-defined]
    assert measure.back(measure.scale.forward(0.37)) == pytest.approx(0.37)  # type: ignore[attr-defined]


@pytest.mark.parametrize("n", [1, 5, 22, 190, 10_000])
def test_the_double_arcsine_of_a_study_leads_back_to_its_proportion(n: int) -> None:
    """Miller 1978: the inverse at the study's own n is exact."""
    for x in {0, 1, n // 3, n - 1, n}:
        assert double_arcsine_back(double_arcsine(x, n), n) == pytest.approx(x / n, abs=1e-9)


def test_beyond_its_range_the_double_arcsine_leads_to_the_ends() -> None:
    assert double_arcsine_back(-0.2, 30) == 0
    assert double_arcsine_back(1.6, 30) == 1


def test_the_double_root_of_a_rate_leads_back() -> None:
    for x, t in ((9, 1412.5), (0, 88.0), (23, 1380.0)):
        value = (math.sqrt(x / t) + math.sqrt((x + 1) / t)) / 2
        assert double_root_back(value, t) == pytest.approx(x / t, abs=1e-12)


def test_without_a_size_the_limit_for_large_ones_is_used() -> None:
    assert MEASURES["PFT"].back(0.6) == pytest.approx(math.sin(0.6) ** 2)
    assert MEASURES["PFT"].back(0.6, 1e9) == pytest.approx(math.sin(0.6) ** 2, rel=1e-6)


def test_interval_limits_beyond_the_scale_stay_within_the_measure() -> None:
    assert MEASURES["PAS"].back(-0.1) == 0
    assert MEASURES["PAS"].back(2.0) == 1
    assert MEASURES["IRS"].back(-0.1) == 0
    assert MEASURES["PLO"].back(-800) == pytest.approx(0, abs=1e-300)
