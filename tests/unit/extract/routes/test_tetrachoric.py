"""extract.tetrachoric: the correlation behind a two-by-two table."""

import math

import pytest
from scipy.stats import multivariate_normal

from coppice.extract.route import NotEstimable, Options
from coppice.extract.routes.tetrachoric import correlation, tetrachoric
from coppice.extract.routes.two_by_two import Table

TABLES = [(4, 119, 11, 128), (62, 13536, 248, 12619), (8, 2, 5, 5), (40, 10, 10, 40), (97, 3, 2, 98)]


@pytest.mark.parametrize("cells", TABLES)
def test_the_bivariate_normal_at_the_correlation_has_the_tables_probability(cells: tuple[int, ...]) -> None:
    t = Table(*map(float, cells))
    h, k, r = correlation(t)
    probability = multivariate_normal.cdf([-h, -k], [0, 0], [[1, r], [r, 1]], abseps=1e-12, releps=1e-12)
    assert probability == pytest.approx(t.a / t.n, abs=1e-9)  # what scipy's integration reaches


def test_even_margins_have_a_closed_form() -> None:
    """With both cuts at the median P(both) = 1/4 + asin(r) / (2 pi) (Sheppard 1899)."""
    effect = tetrachoric({"events_e": 40, "n_e": 50, "events_c": 10, "n_c": 50}, Options())
    assert effect.yi == pytest.approx(math.sin(2 * math.pi * (0.4 - 0.25)), abs=1e-12)


def test_an_empty_cell_is_refused() -> None:
    with pytest.raises(NotEstimable, match="empty cell"):
        tetrachoric({"events_e": 0, "n_e": 50, "events_c": 10, "n_c": 50}, Options())
