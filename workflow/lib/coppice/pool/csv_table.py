"""A pooled result as CSV: UTF-8, a header, 12 significant digits, text guarded against spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice.core.csv_cell import escape_formula
from coppice.core.measures import MEASURES
from coppice.core.printing import back
from coppice.jobs import canonical_json


def csv_table(columns: Sequence[str], result: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows of a result as CSV, each below the columns that it has a value for, with the analysis and its measure."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        full = {"analysis": result["analysis"], "measure": result["measure"], **row}
        writer.writerow(_cell(full.get(column)) for column in columns)
    return text.getvalue()


def displayed(measure: str, part: Mapping[str, Any], estimate: str = "estimate") -> dict[str, Any]:
    """Return the columns of an estimate and its limits as they are printed, on the scale of the measure."""
    names = {"estimate": estimate, "ci_low": "ci_low", "ci_high": "ci_high"}
    return {f"{name}_display": back(MEASURES[measure], part[key]) for name, key in names.items()}


def _cell(value: Any) -> Any:
    return "" if value is None else escape_formula(canonical_json.rounded(value))
