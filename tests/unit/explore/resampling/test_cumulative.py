import numpy as np

from coppice.explore.resampling.cumulative import added_in, order_by

EFFECTS = [{"study": name, "vi": vi} for name, vi in (("A", 0.3), ("B", 0.1), ("C", 0.2), ("D", 0.1))]


def test_by_year_is_the_order_of_the_effects():
    assert order_by(EFFECTS, "year") == [0, 1, 2, 3]


def test_by_precision_the_smallest_variance_comes_first_and_ties_stay_in_order():
    assert order_by(EFFECTS, "precision") == [1, 3, 2, 0]


def test_a_column_orders_numbers_then_text_then_what_is_missing():
    assert order_by(EFFECTS, "dose", {"A": None, "B": "high", "C": 10, "D": 2}) == [3, 2, 1, 0]


def test_each_row_adds_one_effect():
    used = added_in([2, 0, 1])
    assert np.array_equal(used, [[False, False, True], [True, False, True], [True, True, True]])
