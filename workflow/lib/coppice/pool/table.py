"""The pooled result as a table: a row an effect, then a row a summary."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.csv_cell import inert
from coppice.jobs import canonical_json

Row = dict[str, Any]
COLUMNS = (
    "analysis",
    "measure",
    "row",
    "study",
    "label",
    "subgroup",
    "k",
    "yi",
    "vi",
    "se",
    "ci_low",
    "ci_high",
    "p",
    "inference",
    "estimate_display",
    "ci_low_display",
    "ci_high_display",
    "weight_common",
    "weight_random",
    "tau2",
    "I2",
    "Q",
    "route",
    "report",
)


def rows(result: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the rows of a pooled result, each with the columns that it has a value for."""
    shown = result["display"]
    for effect, printed in zip(result["effects"], shown["effects"], strict=True):
        own = {key: effect.get(key) for key in COLUMNS if key in effect}
        yield own | {"row": "effect", "se": effect["vi"] ** 0.5} | _printed(printed)
    levels = (result["subgroups"] or {"levels": []})["levels"]
    for level, printed in zip(levels, shown["subgroups"], strict=True):
        yield from _summaries(level, printed, ("subgroup ", f" by {result['subgroups']['by']}"), level["level"])
    yield from _summaries(result, shown, ("", ""), None)


def _summaries(
    part: Mapping[str, Any], shown: Mapping[str, Any], around: tuple[str, str], level: str | None
) -> Iterator[Row]:
    """Yield the common, random and prediction rows of a model that has them, with what stands around their names."""
    before, after = around
    found = part["heterogeneity"] or {}
    for line in ("common", "random"):
        if part[line] is not None:
            extra = {key: found.get(key) for key in ("tau2", "I2", "Q")} if line == "random" else {}
            values = {key: part[line].get(key) for key in ("se", "ci_low", "ci_high", "p", "inference")}
            yield {
                "row": f"{before}{line}{after}",
                "subgroup": level,
                "k": part["k"],
                "yi": part[line]["estimate"],
                **values,
                **extra,
                **_printed(shown[line]),
            }
    if part["prediction"] is not None:
        limits, printed = part["prediction"], shown["prediction"]
        yield {
            "row": f"{before}prediction{after}",
            "subgroup": level,
            "k": part["k"],
            "ci_low": limits["low"],
            "ci_high": limits["high"],
            "ci_low_display": printed["low"],
            "ci_high_display": printed["high"],
        }


def _printed(part: Mapping[str, Any]) -> Row:
    return {f"{key}_display": value for key, value in part.items()}


def _cell(value: Any) -> Any:
    return "" if value is None else inert(canonical_json.rounded(value))


def table(result: Mapping[str, Any]) -> str:
    """Return the pooled result as CSV: UTF-8, a header, 12 significant digits, text guarded against spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows(result):
        full = {"analysis": result["analysis"], "measure": result["measure"], **row}
        writer.writerow([_cell(full.get(column)) for column in COLUMNS])
    return text.getvalue()
