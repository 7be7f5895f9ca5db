"""A pooled multivariate analysis as a table: a row for each effect of a study, then one for each outcome and model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coppice.core.contracts.multivariate import MultivariateResult
from coppice.pool.csv_table import csv_table, displayed

Row = dict[str, Any]
COLUMNS = (
    "analysis", "measure", "row", "study", "label", "outcome", "k", "yi", "vi", "se", "ci_low", "ci_high", "p",
    "prediction_low", "prediction_high", "tau2", "estimate_display", "ci_low_display", "ci_high_display", "route",
    "report",
)  # fmt: skip


def rows(result: MultivariateResult) -> Iterator[Row]:
    """Yield the rows of a pooled multivariate analysis, each with the columns that it has a value for."""
    measure = result["measure"]
    for effect in result["effects"]:
        own = {key: value for key, value in effect.items() if key in COLUMNS}
        yield own | {"row": "effect", "se": effect["vi"] ** 0.5} | displayed(measure, effect, "yi")
    for item in result["outcomes"]:
        for model in ("common", "random", "alone"):
            part: Any = item[model]
            about = {"row": model, "outcome": item["outcome"], "k": item["k"], "yi": part["estimate"]}
            own = {key: value for key, value in part.items() if key in COLUMNS}
            more = (
                {key: item[key] for key in ("prediction_low", "prediction_high", "tau2")} if model == "random" else {}
            )
            yield own | about | more | displayed(measure, part)


def table(result: MultivariateResult) -> str:
    """Return the pooled multivariate analysis as CSV."""
    return csv_table(COLUMNS, result, rows(result))
