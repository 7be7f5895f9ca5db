"""What single studies and other choices do to one analysis: influence diagnostics and the multiverse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from coppice.measures import MEASURES
from coppice.report import words
from coppice.report.html import Html, bullets, join, paragraph
from coppice.report.review import Analysis
from coppice.report.tables import TAU2, Row, table

Part = Mapping[str, Any]
NAMES = {
    "measure": "measure",
    "extract": "way of making effects",
    "route": "route",
    "studies": "studies",
    "risk_of_bias": "risk of bias",
    "tau2": "between-study variance",
    "inference": "interval",
}
MAIN = "as analysed"
DIAGNOSTICS = {
    "rstudent": "Residual",
    "dffits": "DFFITS",
    "cook_d": "Cook's D",
    "cov_ratio": "Covariance ratio",
    "tau2_del": f"{TAU2} without",
    "QE_del": "Q without",
    "hat": "Leverage",
}
MARKED = (
    "Marked are studies with |DFFITS| above 3/√(k − 1), a Cook's distance above the median of chi-squared on 1 degree of "
    "freedom, a leverage above 3/k or |DFBETAS| above 1; with few studies the marks say little."
)
LEAST_SHARE = 0.0005  # of the variance; below it a choice is said to leave the estimate where it is


def influence(analysis: Analysis) -> Html | None:
    """Build the table of the influence diagnostics; None where there are none."""
    rows = analysis.explore.get("influence")
    if not isinstance(rows, list) or not rows:
        return None

    def shown(row: Part) -> Row:
        numbers = [
            words.variance(row.get(name), analysis.style)
            if name == "tau2_del"
            else analysis.style.number(row.get(name), 2)
            for name in DIAGNOSTICS
        ]
        return [row.get("label") or row["study"], *numbers, "marked" if row.get("influential") else words.DASH]

    caption = f"{analysis.title}: what each study does to the model. Residuals are studentised, with the study deleted. {MARKED}"
    columns = ["Study", *DIAGNOSTICS.values(), "Influential"]
    numeric = range(1, len(DIAGNOSTICS) + 1)
    return table(caption, columns, map(shown, rows), numeric=tuple(numeric), name=f"table-influence-{analysis.name}")


def multiverse(analysis: Analysis) -> Html | None:
    """Build what the other choices give: agreement, range, a table of each choice, and what could not be combined."""
    found = analysis.explore.get("multiverse") or {}
    if not found.get("summary"):
        return None
    impossible = [_impossible(item) for item in found["impossible"]]
    listed = (paragraph("Not possible, or no analysis of its own:"), bullets(impossible)) if impossible else ()
    return join([part for part in (paragraph(*_sentences(analysis, found)), _table(analysis, found), *listed) if part])


def _sentences(analysis: Analysis, found: Part) -> Iterator[str]:
    summary, varied = found["summary"], _varied(found)
    number = summary["specifications"]
    yield (
        f"Combining {words.listed([NAMES[name] for name in varied])} in every possible way gives "
        f"{words.count(number, 'analysis', 'analyses')}, the main one among them."
    )
    if summary["same_direction"] is not None:
        yield (
            f"{_of(summary['same_direction'], number)} {_are(summary['same_direction'])} on the same side of no effect as the main analysis, and "
            f"{_of(summary['significant_same_direction'], number).lower()} {_are(summary['significant_same_direction'])} so with an interval that excludes no effect."
        )
    for code, spread in summary["range"].items():
        ends = [
            analysis.style.number(spread["display"][name], words.decimals(MEASURES[code])) for name in ("low", "high")
        ]
        median = analysis.style.number(spread["display"]["median"], words.decimals(MEASURES[code]))
        yield f"The {MEASURES[code].name} lies between {ends[0]} and {ends[1]}, with a median of {median}."
    below = analysis.style.percent(100 * summary["position"], 0)
    yield f"{below} of these estimates lie below that of the main analysis, {words.value(analysis, found['specifications'][0]['estimate'])}."
    if moved := summary["moved_by"]:
        name, share = max(moved["shares"].items(), key=lambda item: item[1])
        yield f"The choice that moves the estimate most is that of the {NAMES[name]}: alone it explains {analysis.style.percent(100 * share, 0)} of the variance between the analyses."


def _varied(found: Part) -> list[str]:
    return [name for name in NAMES if len(found["choices"][name]) > 1]


def _of(number: int, total: int) -> str:
    return (
        "All"
        if number == total != words.PAIR
        else "Both"
        if number == total
        else "None"
        if number == 0
        else f"{number} of {total}"
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _table(analysis: Analysis, found: Part) -> Html:
    """Build the table of the choices: the range of the estimates with each value."""
    body = [_row(analysis, found, name, str(value)) for name in _varied(found) for value in found["choices"][name]]
    caption = f"{analysis.title}: what other choices give. An estimate is the median over the analyses with that choice, with the lowest and the highest."
    columns = ("Choice", "Value", "Analyses", "Estimate (range)", "Interval excludes no effect", "Variance explained")
    return table(caption, columns, body, numeric=(2, 3, 4, 5), name=f"table-multiverse-{analysis.name}")


def _row(analysis: Analysis, found: Part, name: str, value: str) -> Row:
    rows = [row for row in found["specifications"] if row["choices"][name] == value]
    share = (found["summary"]["moved_by"] or {"shares": {}})["shares"].get(name)
    is_main = " (main analysis)" if found["choices"][name][0] == value and value != MAIN else ""
    shown = f"{_value(name, value)}{is_main}"
    explained = words.DASH if share is None else "0%" if share < LEAST_SHARE else analysis.style.percent(100 * share, 1)
    measures = {row["choices"]["measure"] for row in rows}
    start = [words.first_upper(NAMES[name]), shown, len(rows)]
    if len(measures) != 1:
        return [*start, words.DASH, words.DASH, explained]
    measure = MEASURES[measures.pop()]
    estimates = [measure.scale.back(row["estimate"]) for row in rows]
    low, middle, high = min(estimates), median(estimates), max(estimates)
    excluding = sum(row["p"] < 1 - float(analysis.pool.get("level") or 0.95) for row in rows)
    printed = analysis.style.estimate(middle, low, high, words.decimals(measure))
    return [*start, printed, f"{excluding} of {len(rows)}", explained]


def _value(name: str, value: str) -> str:
    """Name a choice as the other tables do: a route in words, a method of the interval as it is written."""
    if value == MAIN or name not in ("route", "inference"):
        return value
    return words.route(value) if name == "route" else words.INTERVALS.get(value, value)


def _quoted(text: str) -> str:
    return f"\N{LEFT SINGLE QUOTATION MARK}{text}\N{RIGHT SINGLE QUOTATION MARK}"


def _impossible(item: Part) -> str:
    choices = [
        f"{NAMES[name]} {_quoted(_value(name, value))}" for name, value in item["choices"].items() if value != MAIN
    ]
    number = words.count(item["combinations"], "combination")
    return f"{', '.join(choices) or 'as analysed'}: {item['reason']} ({number})."
