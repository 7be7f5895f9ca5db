"""Effects in different units are refused before they are computed with."""

from __future__ import annotations

import pytest

from coppice.pool.comparable import FARTHEST, MOST_APART, check_comparable


def effects(*values: tuple[float, float]) -> list[dict[str, object]]:
    return [{"study": name, "yi": yi, "vi": vi} for name, (yi, vi) in zip("ABC", values, strict=False)]


@pytest.mark.parametrize(
    "values",
    [
        [],
        [(1e19, 1e-39)],
        [(0, 1), (0, 0.9 * MOST_APART)],
        [(0.0, 1.0), (0.9 * FARTHEST, 1.0)],
        [(0.3, 0.1), (-1e6, 3)],
    ],
)
def test_effects_that_sixteen_digits_can_hold_together_are_pooled(values: list[tuple[float, float]]) -> None:
    check_comparable(effects(*values))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([(0, 1), (0, 2 * MOST_APART), (0, 3)], r"the variances of A \(1\) and B \(2e\+12\) are too far apart"),
        ([(0, 1), (2 * FARTHEST, 1)], r"the effects of A \(0\) and B \(2e\+12\) are too far apart"),
    ],
)
def test_effects_of_which_one_would_vanish_are_refused_by_name(values: list[tuple[float, float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_comparable(effects(*values))
