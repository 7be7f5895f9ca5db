"""Roots of many functions at once, against those known in closed form."""

import numpy as np
import pytest

from coppice.pool.kernel.roots import RELATIVE_TOLERANCE, bracketed_root


def test_each_function_has_its_own_root_to_the_last_few_bits():
    squares = np.array([2.0, 3.0, 1e-12, 1e12])
    roots = bracketed_root(lambda x: x**2 - squares, np.zeros(4), np.array([2.0, 9.0, 1.0, 1e9]))
    assert roots == pytest.approx(np.sqrt(squares), rel=4 * RELATIVE_TOLERANCE, abs=0)


def test_a_bracket_without_a_change_of_sign_gives_the_end_with_the_smaller_value():
    low, high = np.array([1.0, -3.0]), np.array([2.0, -1.0])
    assert bracketed_root(lambda x: x**2, low, high).tolist() == [1.0, -1.0]


def test_a_bracket_of_zero_width_is_its_own_root():
    place = np.array([0.7])
    assert bracketed_root(lambda x: x - 5.0, place, place).tolist() == [0.7]


def test_a_jump_is_found_where_the_sign_changes():
    (root,) = bracketed_root(lambda x: np.where(x < 0.3, -1.0, 1.0), np.array([0.0]), np.array([1.0]))
    assert root == pytest.approx(0.3, rel=1e-12)
