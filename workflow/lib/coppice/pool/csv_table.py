"""A pooled result as CSV: UTF-8, a header, 12 significant digits, text guarded against spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice.core.csv_cell import escape_formula
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


def _cell(value: Any) -> Any:
    return "" if value is None else escape_formula(canonical_json.rounded(value))
