"""A pooled diagnostic analysis as a table: one row per study, then the summary points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coppice.core.contracts.diagnostic import DiagnosticResult
from coppice.pool.csv_table import csv_table

Row = dict[str, Any]
SIDES = ("sensitivity", "specificity")
COLUMNS = (
    "analysis", "measure", "row", "study", "label", "subgroup", "k", "tp", "fp", "fn", "tn", "threshold",
    "sensitivity", "sensitivity_ci_low", "sensitivity_ci_high", "specificity", "specificity_ci_low",
    "specificity_ci_high", "dor", "dor_ci_low", "dor_ci_high", "route", "report",
)  # fmt: skip


def _spread(part: Any, names: tuple[str, ...]) -> Row:
    row: Row = {}
    for name in names:
        row |= {name: part[name]["estimate"], **{f"{name}_{key}": part[name][key] for key in ("ci_low", "ci_high")}}
    return row


def rows(result: DiagnosticResult) -> Iterator[Row]:
    """Yield the rows, each with the columns that it has a value for."""
    for effect in result["effects"]:
        own = {key: value for key, value in effect.items() if key in COLUMNS}
        yield own | {"row": "study"} | _spread(effect, SIDES)
    if result["point"] is not None:
        yield {"row": "summary", "k": result["k"]} | _spread(result["point"], (*SIDES, "dor"))
    for level in (result["subgroups"] or {"levels": []})["levels"]:
        yield {"row": "subgroup", "subgroup": level["level"], "k": level["k"]} | _spread(
            level["point"], (*SIDES, "dor")
        )


def table(result: DiagnosticResult) -> str:
    """Return the pooled analysis as CSV."""
    return csv_table(COLUMNS, result, rows(result))
