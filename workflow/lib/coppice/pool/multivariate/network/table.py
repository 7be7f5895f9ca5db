"""A pooled network as a table: one row per contrast of a study, then one row per comparison through the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coppice.core.contracts.network import NetworkResult
from coppice.pool.csv_table import csv_table, displayed

Row = dict[str, Any]
COLUMNS = (
    "analysis", "measure", "row", "study", "label", "one", "other", "k", "yi", "vi", "se", "ci_low", "ci_high", "p",
    "prediction_low", "prediction_high", "estimate_display", "ci_low_display", "ci_high_display", "route", "report",
)  # fmt: skip


def rows(result: NetworkResult) -> Iterator[Row]:
    """Yield the rows of a pooled network, each with the columns that it has a value for."""
    measure = result["measure"]
    for effect in result["effects"]:
        one, other = effect["treatments"]
        own = {key: value for key, value in effect.items() if key in COLUMNS}
        yield (
            own
            | {"row": "effect", "one": one, "other": other, "se": effect["vi"] ** 0.5}
            | displayed(measure, effect, "yi")
        )
    for comparison in result["comparisons"]:
        one, other = comparison["treatments"]
        for kind in ("common", "random"):
            part: Any = comparison[kind]
            if part is None:  # of common effects alone
                continue
            own = {key: value for key, value in part.items() if key in COLUMNS}
            about = {"row": kind, "one": one, "other": other, "k": comparison["k"], "yi": part["estimate"]}
            yield own | about | displayed(measure, part)


def table(result: NetworkResult) -> str:
    """Return the pooled network as CSV."""
    return csv_table(COLUMNS, result, rows(result))
