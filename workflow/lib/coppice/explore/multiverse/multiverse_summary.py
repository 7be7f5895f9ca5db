"""Summary of the specifications of a multiverse: agreement, range, and which choice moves the estimate most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from coppice.core.contracts.explore import (
    MeasureSummary,
    MovedBy,
    MultiverseSummary,
    RangeOfEstimates,
    Specification,
)
from coppice.core.measures import MEASURES
from coppice.pool.kernel.kernel import Array

DIGITS = 9  # decimals of a share: beyond them are rounding errors, which differ between processors


def summarised(
    rows: Sequence[Specification], choices: Mapping[str, Sequence[str]], level: float
) -> MultiverseSummary | None:
    """Summarise the rows of a multiverse, the main analysis first; None without rows.

    Counts of directions and of significance are None where the measure has no null; significance is by the intervals of
    the `level`, and never shown as a verdict. `position` and `moved_by` are among the rows on the main analysis's
    measure.
    """
    if not rows:
        return None
    sides = [_side(row) for row in rows]
    same = None if None in sides else np.array(sides) == sides[0]
    significant = np.array([row["p"] < 1.0 - level for row in rows])
    by_measure = {
        code: _of_measure([row for row in rows if _measure(row) == code], sides[0], choices) for code in _measures(rows)
    }
    return {
        "specifications": len(rows),
        "same_direction": None if same is None else int(same.sum()),
        "significant": None if same is None else int(significant.sum()),
        "significant_same_direction": None if same is None else int((significant & same).sum()),
        "range": {code: _range([row for row in rows if _measure(row) == code], code) for code in _measures(rows)},
        "position": _position(rows),
        "moved_by": by_measure[_measure(rows[0])]["moved_by"],
        "by_measure": by_measure,
    }


def _side(row: Specification) -> float | None:
    """Return on which side of the null an estimate lies, -1, 0 or 1; None where its measure has no null."""
    null = MEASURES[_measure(row)].null
    return None if null is None else float(np.sign(row["estimate"] - null))


def _of_measure(
    rows: Sequence[Specification], main: float | None, choices: Mapping[str, Sequence[str]]
) -> MeasureSummary:
    """Summarise the rows of one measure, beside the side on which the main analysis lies."""
    sides = [_side(row) for row in rows]
    return {
        "specifications": len(rows),
        "same_direction": None if main is None or None in sides else sum(side == main for side in sides),
        "moved_by": moved_by(rows, choices),
    }


def _measure(row: Specification) -> str:
    return str(row["choices"]["measure"])


def _measures(rows: Sequence[Specification]) -> list[str]:
    return list(dict.fromkeys(map(_measure, rows)))


def _range(rows: Sequence[Specification], code: str) -> RangeOfEstimates:
    """Return the lowest, the median and the highest estimate of one measure, and the widest reach of its intervals."""
    estimates = np.array([row["estimate"] for row in rows])
    spread = {
        "low": float(estimates.min()),
        "median": float(np.median(estimates)),
        "high": float(estimates.max()),
        "ci_low": min(row["ci_low"] for row in rows),
        "ci_high": max(row["ci_high"] for row in rows),
    }
    back = {name: MEASURES[code].scale.back(value) for name, value in spread.items()}
    display = {name: value if math.isfinite(value) else None for name, value in back.items()}
    return cast(RangeOfEstimates, {**spread, "display": display})


def _position(rows: Sequence[Specification]) -> float:
    """Return the share of the specifications of the main analysis's measure that lie below it, ties by half, 0 to 1."""
    main = rows[0]["estimate"]
    estimates = np.array([row["estimate"] for row in rows if _measure(row) == _measure(rows[0])])
    close = np.isclose(estimates, main, rtol=1e-9, atol=1e-12)
    return float((((estimates < main) & ~close).sum() + 0.5 * close.sum()) / len(estimates))


def moved_by(rows: Sequence[Specification], choices: Mapping[str, Sequence[str]]) -> MovedBy | None:
    """Decompose the variance between the specifications of one measure; None where they do not vary.

    `shares` has, of each choice with several values, the share of the variance that it explains alone; `together` that
    which all explain without interactions. Shares do not add up to it where combinations are missing.
    """
    values = np.array([row["estimate"] for row in rows])
    centred = values - values.mean()
    total = float(centred @ centred)
    if total <= 1e-20 * max(1.0, float(values @ values)):
        return None
    indicators = {name: _indicators([row["choices"][name] for row in rows]) for name in choices}
    several = {name: columns for name, columns in indicators.items() if columns.shape[1]}
    shares = {name: round(_explained(columns, centred) / total, DIGITS) for name, columns in several.items()}
    return {
        "of": "estimate",
        "shares": shares,
        "together": round(_explained(np.concatenate(list(several.values()), axis=1), centred) / total, DIGITS),
    }


def _indicators(values: Sequence[str]) -> Array:
    """Return a column for each value but the first (n, values - 1)."""
    others = list(dict.fromkeys(values))[1:]
    return np.array([[float(value == name) for name in others] for value in values])


def _explained(columns: Array, centred: Array) -> float:
    """Return the sum of squares that indicator columns and a constant explain."""
    design = columns - columns.mean(axis=0)
    fitted = design @ np.linalg.lstsq(design, centred, rcond=None)[0]
    return float(fitted @ fitted)
