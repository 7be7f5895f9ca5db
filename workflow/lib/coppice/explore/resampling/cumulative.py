"""The order in which cumulative pooling adds the effects: as they came, by precision, or by a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.contracts.pool import SelectedEffect
from coppice.explore.resampling.options import AS_PUBLISHED, PRECISION
from coppice.pool.kernel.kernel import Array


def order_by(effects: Sequence[SelectedEffect], by: str, values: Mapping[str, Any] | None = None) -> list[int]:
    """Return the positions of the effects in the order in which they are added; ties stay in canonical order.

    "year" is the canonical order: by year, then by id. "precision": the most precise first. Anything else is a column
    of the studies, of which `values` has each study's value: numbers in rising order before text, and missing ones
    last.
    """
    positions = range(len(effects))
    if by == AS_PUBLISHED:
        return list(positions)
    if by == PRECISION:
        return sorted(positions, key=lambda index: effects[index]["vi"])
    column = values or {}
    return sorted(positions, key=lambda index: _rank(column.get(effects[index]["study"])))


def _rank(value: Any) -> tuple[int, float, str]:
    """Return a key that orders numbers, then text, then what is missing."""
    if value is None or value == "":
        return 2, 0.0, ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 1, 0.0, str(value).casefold()
    return 0, float(value), ""


def added_in(order: Sequence[int]) -> Array:
    """Return the subsets that add the effects one at a time in an order (k, k)."""
    used = np.zeros((len(order), len(order)), dtype=bool)
    for step, position in enumerate(order):
        used[step:, position] = True
    return np.asarray(used)
