"""The pooled result as a table: one row per effect, then one row per summary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coppice.core.contracts.lines import Interval
from coppice.core.contracts.pool import DisplayedLevel, Level, PoolResult
from coppice.pool.csv_table import csv_table

Row = dict[str, Any]
COLUMNS = (
    "analysis", "measure", "row", "study", "label", "subgroup", "k", "yi", "vi", "se", "ci_low", "ci_high", "p",
    "inference", "estimate_display", "ci_low_display", "ci_high_display", "weight_common", "weight_random", "tau2", "I2",
    "Q", "route", "report",
)  # fmt: skip


def rows(result: PoolResult) -> Iterator[Row]:
    """Yield the rows of a pooled result, each with the columns that it has a value for."""
    printed = result["display"]
    for effect, interval in zip(result["effects"], printed["effects"], strict=True):
        own = {key: value for key, value in effect.items() if key in COLUMNS}
        yield own | {"row": "effect", "se": effect["vi"] ** 0.5} | _printed(interval)
    if (subgroups := result["subgroups"]) is not None:
        for level, subtotal in zip(subgroups["levels"], printed["subgroups"], strict=True):
            yield from _summaries(level, subtotal, ("subgroup ", f" by {subgroups['by']}"), level["level"])
    yield from _summaries(result, printed, ("", ""), None)
    if bayes := result.get("bayes"):
        about, prior = {"k": bayes["k"]}, bayes["tau_prior"]["name"]
        for kind, part in (("bayes", bayes["mu"]), ("bayes new study", bayes["new"])):
            limits = {"ci_low": part["shortest"]["low"], "ci_high": part["shortest"]["high"]}
            yield {"row": kind, **about, "yi": part["median"], **limits, "inference": prior}


def _summaries(
    model: Level | PoolResult, printed: DisplayedLevel, around: tuple[str, str], level: str | None
) -> Iterator[Row]:
    """Yield the common, random and prediction rows of a model that has them, with the text around their names."""
    before, after = around
    about = {"subgroup": level, "k": model["k"]}
    lines = (("common", model["common"], printed["common"]), ("random", model["random"], printed["random"]))
    for kind, line, interval in lines:
        if line is None or interval is None:
            continue
        spread = model["heterogeneity"] if kind == "random" else None
        yield {
            "row": f"{before}{kind}{after}",
            **about,
            "yi": line["estimate"],
            **{key: value for key, value in line.items() if key in ("se", "ci_low", "ci_high", "p", "inference")},
            **({} if spread is None else {"tau2": spread["tau2"], "I2": spread["I2"], "Q": spread["Q"]}),
            **_printed(interval),
        }
    limits, printed_limits = model["prediction"], printed["prediction"]
    if limits is not None and printed_limits is not None:
        yield {
            "row": f"{before}prediction{after}",
            **about,
            "ci_low": limits["low"],
            "ci_high": limits["high"],
            "ci_low_display": printed_limits["low"],
            "ci_high_display": printed_limits["high"],
        }


def _printed(interval: Interval) -> Row:
    return {f"{key}_display": value for key, value in interval.items()}


def table(result: PoolResult) -> str:
    """Return the pooled result as CSV."""
    return csv_table(COLUMNS, result, rows(result))
