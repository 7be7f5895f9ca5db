"""A pooled dose-response analysis as a table: a row per study and dose, then a row per printed dose and model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coppice.core.contracts.dose_response import DoseResponseResult
from coppice.pool.csv_table import csv_table, displayed

Row = dict[str, Any]
COLUMNS = (
    "analysis", "measure", "row", "study", "label", "dose", "reference", "cases", "total", "yi", "se", "ci_low",
    "ci_high", "prediction_low", "prediction_high", "estimate_display", "ci_low_display", "ci_high_display", "route",
    "report",
)  # fmt: skip


def rows(result: DoseResponseResult) -> Iterator[Row]:
    """Yield the rows of a pooled dose-response analysis, each with the columns that it has a value for."""
    measure = result["measure"]
    for effect in result["effects"]:
        about = {"row": "dose", **{key: effect[key] for key in ("study", "label", "reference", "route", "report")}}
        for point in effect["points"]:
            yield about | dict(point) | displayed(measure, point, "yi")
    for item in result["predictions"]:
        for model in ("common", "random"):
            part: Any = item[model]
            about = {"row": model, "dose": item["dose"], "reference": result["reference"], "yi": part["estimate"]}
            more = {key: item[key] for key in ("prediction_low", "prediction_high")} if model == "random" else {}
            yield (
                {key: value for key, value in part.items() if key in COLUMNS} | about | more | displayed(measure, part)
            )


def table(result: DoseResponseResult) -> str:
    """Return the pooled dose-response analysis as CSV."""
    return csv_table(COLUMNS, result, rows(result))
