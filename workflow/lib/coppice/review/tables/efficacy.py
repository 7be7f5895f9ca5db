"""Vaccine efficacy as tables have it: in percent, or as a fraction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coppice.review.tables.values import is_na, plain

Fields = dict[str, Any]


def are_fractions(cells: Iterable[Any]) -> bool:
    """Return whether a column of efficacies, of which none is above 1, holds fractions and not percentages."""
    texts = [plain(cell).replace(",", ".") for cell in cells if not is_na(cell, number=True)]
    try:
        return bool(texts) and max(map(float, texts)) <= 1
    except ValueError:  # percent signs, or what is refused where it is read
        return False


def in_percent(fields: Fields) -> Fields:
    """Return the fields of a row with its efficacy and limits as percentages, which are fractions in the table."""
    if "efficacy" not in fields:
        return fields
    ours = {name: fields[name] for name in ("efficacy", "ci", "ci_limit") if name in fields}
    return fields | {
        name: [times_100(limit) for limit in value] if isinstance(value, list) else times_100(value)
        for name, value in ours.items()
    }


def times_100(value: float) -> float:
    """Return a fraction as a percentage, without the digits of rounding."""
    return float(f"{100 * value:.12g}")
