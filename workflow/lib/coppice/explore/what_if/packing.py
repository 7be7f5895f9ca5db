"""Numbers of very many models as short texts: equal columns are stored once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from coppice.core.contracts.explore import WhatIf
from coppice.core.number_style import DIGITS
from coppice.pool.kernel.kernel import Array

FIELDS = ("estimate", "ci_low", "ci_high", "prediction_low", "prediction_high", "tau2", "I2")


def packed(models: Iterable[Mapping[str, Array]]) -> tuple[list[list[int]], list[str]]:
    """Return, of each model, the places of its fields among the columns, and the columns."""
    columns: dict[str, int] = {}
    places = [[columns.setdefault(_text(model[name]), len(columns)) for name in FIELDS] for model in models]
    return places, list(columns)


def unpacked(part: WhatIf, choice: int) -> Array:
    """Return the numbers of a choice (subsets, fields): row b - 1 is the subset whose studies are the bits of b.

    NaN is what a subset does not give.
    """
    columns = (part["columns"][place] for place in part["choices"][choice]["columns"])
    return np.array([[float(text) if text else np.nan for text in column.split(",")] for column in columns]).T


def _text(values: Array) -> str:
    """Return a column as text: numbers with the digits of a result file, nothing for one that is not finite."""
    return ",".join([f"{value:.{DIGITS}g}" if np.isfinite(value) else "" for value in (values + 0.0).tolist()])
