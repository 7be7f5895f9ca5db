"""The sensitivity of one analysis to single studies and other choices: influence diagnostics and the multiverse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median
from typing import Any

from coppice.core.measures import MEASURES, Measure
from coppice.core.printing import decimals_of, landmarks
from coppice.core.specifications import without_events
from coppice.explore.multiverse.options import MAIN, MODELS
from coppice.pool.models.glmm.options import GLMM_MODELS
from coppice.report.page import words
from coppice.report.page.html_elements import Html, bullets, join, paragraph
from coppice.report.page.table import Column, Row, analysis_table, number, table
from coppice.report.report_data import AnalysisView

Part = Mapping[str, Any]
NAMES = {
    "measure": "measure",
    "extract": "extraction settings",
    "route": "route",
    "studies": "studies",
    "risk_of_bias": "risk of bias",
    "model": "model",
    "tau2": "between-study variance estimator",
    "inference": "confidence interval method",
    "prior": "prior",
}
DIAGNOSTICS = {
    "rstudent": "Residual",
    "dffits": "DFFITS",
    "cook_d": "Cook's D",
    "cov_ratio": "Covariance ratio",
    "tau2_del": f"{words.TAU2} if omitted",
    "QE_del": "Q if omitted",
    "hat": "Leverage",
}
MARKED = (
    "Studies are flagged as influential with |DFFITS| above 3/√(k − 1), a Cook's distance above the median of chi-squared on 1 degree of "
    "freedom, a leverage above 3/k or |DFBETAS| above 1; with few studies these flags are uninformative."
)
LEAST_SHARE = 0.0005  # of the variance; a choice that explains less prints as 0%


def influence(analysis: AnalysisView) -> Html | None:
    """Build the table of the influence diagnostics; None without any."""

    def diagnostic(name: str) -> Column[Part]:
        def cell(row: Part) -> str:
            value = row.get(name)
            return analysis.style.variance(value) if name == "tau2_del" else analysis.style.number(value, 2)

        return number(DIAGNOSTICS[name], cell)

    columns: list[Column[Part]] = [
        Column("Study", lambda row: row["label"]),
        *map(diagnostic, DIAGNOSTICS),
        Column("Influential", lambda row: "flagged" if row.get("influential") else words.DASH),
    ]
    shows = f": influence diagnostics. Residuals are externally studentised (study deleted). {MARKED}"
    return analysis_table(analysis, "influence", shows, analysis.explored("influence"), columns)


def multiverse(analysis: AnalysisView) -> Html | None:
    """Build the results of the multiverse: agreement, range, a table by choice, and impossible combinations."""
    if "multiverse" not in analysis.explore:
        return None
    result = analysis.explore["multiverse"]
    if "skipped" in result or not result["summary"]:
        return None
    impossible = [_impossible(item) for item in result["impossible"]]
    lead = paragraph("Combinations that are not possible or duplicate another analysis:")
    tables = [_table(analysis, result, code) for code in _measures(result)]
    rest = [lead, bullets(impossible)] if impossible else []
    return join([paragraph(*_sentences(analysis, result)), *tables, *rest])


def _sentences(analysis: AnalysisView, result: Part) -> Iterator[str]:
    """State the number of analyses, and summarise those of each measure."""
    summary, number = result["summary"], result["summary"]["specifications"]
    yield (
        f"All combinations of the choices of {words.listed([NAMES[name] for name in _varied(result)])} give "
        f"{words.count(number, 'analysis', 'analyses')}, including the main analysis."
    )
    if len(summary["by_measure"]) > 1:
        yield "Analyses with different effect measures are not compared with one another."
    for code in _measures(result):
        yield from _of_measure(analysis, result, code, summary["by_measure"][code])


def _of_measure(analysis: AnalysisView, result: Part, code: str, part: Part) -> Iterator[str]:
    summary, measure, number = result["summary"], MEASURES[code], part["specifications"]
    of = f" of the {measure.name}" if len(summary["by_measure"]) > 1 else ""
    if (same := part["same_direction"]) is not None:
        yield f"{_counted(same, number, of)} in the same direction as the main analysis."
    values = [analysis.back(summary["range"][code][name], measure=measure) for name in ("low", "median", "high")]
    low, middle, high = analysis.style.together(values, *_printing(analysis, measure))
    where = f"ranges from {low} to {high}, with a median of {middle}" if number > 1 else f"is {middle}"
    yield f"The {measure.name} {where}."
    if left_out := without_events(row for row in result["specifications"] if row["choices"]["measure"] == code):
        yield left_out
    main = result["specifications"][0]
    if main["choices"]["measure"] == code:
        below = analysis.style.percent(100 * summary["position"], 0)
        yield f"{below} of these estimates lie below that of the main analysis, {words.estimated(analysis, main)}."
    if shares := (part["moved_by"] or {}).get("shares"):
        name, share = max(shares.items(), key=lambda item: item[1])
        yield (
            f"The most influential choice is that of the {NAMES[name]}, which alone explains "
            f"{analysis.style.percent(100 * share, 0)} of the variance between the analyses{of}."
        )


def _measures(result: Part) -> list[str]:
    """Return the measures that have analyses, that of the main analysis first."""
    return [code for code in result["choices"]["measure"] if code in result["summary"]["by_measure"]]


def _varied(result: Part) -> list[str]:
    return [name for name in NAMES if len(result["choices"].get(name, ())) > 1]


def _counted(number: int, total: int, of: str) -> str:
    """Begin a sentence on how many of the analyses have a property; `of` names their measure if there are several."""
    if total == 1 and of:
        return f"The one analysis{of} is{'' if number else ' not'}"
    every = "both are" if total == words.PAIR else "all are"
    share = every if number == total else "none is" if number == 0 else f"{number} of {total} {_are(number)}"
    return words.first_upper(f"of the {words.count(total, 'analysis', 'analyses')}{of}, {share}" if of else share)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _table(analysis: AnalysisView, result: Part, code: str) -> Html:
    """Build the table of the choices for one measure: the range of the estimates with each value."""
    rows = [row for row in result["specifications"] if row["choices"]["measure"] == code]
    is_alone = len(result["summary"]["by_measure"]) == 1
    choices = [(name, str(value)) for name in _varied(result) for value in result["choices"][name] if name != "measure"]
    body = [
        _row(analysis, result, code, (name, value), [row for row in rows if row["choices"][name] == value])
        for name, value in choices
    ]
    caption = (
        f"{analysis.title}{'' if is_alone else f', {MEASURES[code].name}'}: results by choice. Estimates are the median (lowest "
        "to highest) over the analyses with that choice; the limits are the lowest and the highest of their confidence intervals."
    )
    headings = ("Choice", "Value", "Analyses", "Estimate (range)", "Extreme CI limits", "Variance explained")
    name = f"table-multiverse-{analysis.name}{'' if is_alone else f'-{code}'}"
    return table(caption, headings, body, numeric=(2, 3, 4, 5), name=name)


def _row(analysis: AnalysisView, result: Part, code: str, choice: tuple[str, str], rows: list[Part]) -> Row:
    """Return the row of one value of a choice: the results of the analyses of one measure that have it."""
    name, value = choice
    share = (result["summary"]["by_measure"][code]["moved_by"] or {"shares": {}})["shares"].get(name)
    is_main = " (main analysis)" if result["choices"][name][0] == value and value != MAIN else ""
    explained = words.DASH if share is None else "0%" if share < LEAST_SHARE else analysis.style.percent(100 * share, 1)
    start = [words.first_upper(NAMES[name]), f"{_value(name, value)}{is_main}", len(rows)]
    if not rows:
        return [*start, words.DASH, words.DASH, explained]
    measure = MEASURES[code]
    printed = (analysis.back(row["estimate"], measure=measure) for row in rows)
    estimates = [estimate for estimate in printed if estimate is not None]
    middle, least, most = (end(estimates) if estimates else None for end in (median, min, max))
    low = analysis.back(min(row["ci_low"] for row in rows), measure=measure)
    high = analysis.back(max(row["ci_high"] for row in rows), measure=measure)
    printing = _printing(analysis, measure)
    spread = analysis.style.estimate(middle, least, most, *printing)
    return [*start, spread, analysis.style.interval(low, high, *printing), explained]


def _printing(analysis: AnalysisView, measure: Measure) -> tuple[int, tuple[float, ...]]:
    """Return the decimals of a measure and the values that no other prints as."""
    return decimals_of(analysis.pool if measure == analysis.measure else {}, measure), landmarks(measure)


def _value(name: str, value: str) -> str:
    """Name a choice as the other tables do: a route in words, a method of the interval as it is written."""
    if name == "model":
        return f"{MODELS[value].name} ({value})" if value in GLMM_MODELS else MODELS[value].name
    if value == MAIN or name not in ("route", "inference"):
        return value
    return words.route(value) if name == "route" else words.INTERVALS.get(value, value)


def _impossible(item: Part) -> str:
    set_ = {name: value for name, value in item["choices"].items() if value != MAIN}
    choices = [f"{NAMES[name]} {words.quoted(_value(name, value))}" for name, value in set_.items()]
    number = words.count(item["combinations"], "combination")
    return f"{', '.join(choices) or 'as analysed'}: {item['reason']} ({number})."
