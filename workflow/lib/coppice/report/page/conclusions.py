"""What it would take to overturn a conclusion, in a line each: E-values, the fragility index, tests of equivalence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from coppice.explore.options import EXPLORATIONS
from coppice.report.page import words
from coppice.report.page.html_elements import Html, bullets
from coppice.report.page.references import Statement
from coppice.report.report_data import AnalysisView

Part = Mapping[str, Any]
METHODS = {
    "e_values": "E-values state how strongly an unmeasured confounder would have to be associated with both treatment and outcome, as risk ratios, to explain the pooled effect away.",
    "fragility": "The fragility index is the number of patients whose event status has to change for the confidence interval to cross no difference, each change being the one that moves it farthest.",
    "equivalence": "Equivalence was examined by two one-sided tests of the pooled effect against the smallest important effects, with the standard error of the main model.",
    "combined_p": "One-sided p values of the effects were combined by the methods of Fisher, Stouffer and Simes, which test whether any study has an effect in a direction.",
}


def lines(analysis: AnalysisView) -> Html | None:
    """Build the list of what was requested; None without any."""
    explored: Part = analysis.explore
    items = [sentence(analysis, explored[code]) for code, sentence in SENTENCES.items() if code in explored]
    return bullets(items) if items else None


def requested(analyses: Iterable[AnalysisView]) -> Iterator[Statement]:
    """Say how each of the methods works that some analysis used."""
    explored: list[Part] = [analysis.explore for analysis in analyses]
    for code, text in METHODS.items():
        if any("skipped" not in part[code] for part in explored if code in part):
            yield Statement(text, (EXPLORATIONS[code].source,))


def _e_values(analysis: AnalysisView, part: Part) -> str:
    if "skipped" in part:
        return f"E-values are not given: {_ended(part)}"
    number, both = analysis.style.number, "with both treatment and outcome"
    estimate, limit = number(part["estimate"], 2), number(part["limit"], 2)
    converted = "" if part["conversion"] == "a risk ratio" else f" As a risk ratio counts {part['conversion']}."
    of_limit = (
        f"; the confidence interval already includes {words.no_difference(analysis)}"
        if part["limit"] == 1.0
        else f", and of {limit} to make the confidence interval include {words.no_difference(analysis)}"
    )
    return (
        f"E-value: an unmeasured confounder would need associations {both}, beyond the measured covariates, by risk ratios "
        f"of {estimate} each to explain the estimate away{of_limit}.{converted}"
    )


def _fragility(analysis: AnalysisView, part: Part) -> str:
    if "skipped" in part:
        return f"No fragility index is given: {_ended(part)}"
    index, null = part["index"], words.no_difference(analysis)
    becomes = f"include {null}" if part["excludes_null"] else f"exclude {null}"
    changes = [
        f"{abs(item['events'])} {'more' if item['events'] > 0 else 'fewer'} in the {item['arm']} arm of {item['label']}"
        for item in part["changes"]
    ]
    return (
        f"Fragility index {index:,}: with another outcome of {words.count(index, 'patient')} of {part['patients']:,}, the "
        f"confidence interval would {becomes}: {words.estimate(analysis, part)}. Events: {words.listed(changes)}."
    )


def _equivalence(analysis: AnalysisView, part: Part) -> str:
    if "skipped" in part:
        return f"Equivalence was not tested: {_ended(part)}"
    bounds = words.interval(analysis, part, "low", "high")
    interval = words.interval(analysis, part)
    level = analysis.style.percent(100 * (1 - 2 * part["alpha"]), 0)
    inside = part["low"] < part["ci_low"] and part["ci_high"] < part["high"]
    return (
        f"Equivalence within {bounds}: {analysis.style.with_p(part['p'])} by two one-sided tests; the {level} confidence "
        f"interval that belongs to them, {interval}, {'lies within' if inside else 'does not lie within'} these bounds."
    )


def _combined_p(analysis: AnalysisView, part: Part) -> str:
    if "skipped" in part:
        return f"p values were not combined: {_ended(part)}"
    null = words.no_difference(analysis)
    sides = [
        f"{side} {null} "
        + ", ".join(f"{row['name']} {analysis.style.with_p(row[code]['p'])}" for row in part["methods"])
        for code, side in (("greater", "above"), ("less", "below"))
    ]
    return (
        f"One-sided p values of {part['k']} effects, combined: {'; '.join(sides)}. A small one shows that at least one study has an "
        "effect on that side, and nothing of its size."
    )


def _ended(part: Part) -> str:
    return f"{words.symbols(str(part['skipped'])).rstrip('.')}."


SENTENCES = {"e_values": _e_values, "fragility": _fragility, "equivalence": _equivalence, "combined_p": _combined_p}
