"""The summary of findings in the form of GRADE: relative and absolute effects, certainty, and the result in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from coppice.core.event_names import COUNTED
from coppice.core.text import in_sentence
from coppice.report.page import html_elements, sentences, words
from coppice.report.page.absolute import PER, WITH_TREATMENT, Baseline, baselines, risk_with_treatment
from coppice.report.page.extent import counted, heading_of, pooled_figures
from coppice.report.page.html_elements import Html, absent, paragraph, tag
from coppice.report.page.informative import not_worded, plain_statement
from coppice.report.page.table import Column, table_of
from coppice.report.report_data import AnalysisView, ReviewView

Part = Mapping[str, Any]
PROPORTIONAL = "These numbers assume proportional hazards up to the stated time and the same relative effect at every baseline risk."
NONE = f"{words.DASH}*"
NO_BASELINE = "* No baseline risk is available."
CAP = "\N{DAGGER}"
CLIPPED = f"{CAP} Truncated: applied to this risk, the effect would give fewer than 0 or more than {PER:,} per {PER:,} patients."


def summary_of_findings(review: ReviewView) -> Html:
    """Build the table: for each outcome patients, relative effect, absolute effects, certainty, plain words."""
    analyses = review.main_analyses
    estimate = "Relative effect or difference" if review.compares_arms else "Estimate"
    has_absolute = any(analysis.measure.code in WITH_TREATMENT for analysis in analyses)
    is_judged = any(_certainty(analysis) for analysis in analyses)  # otherwise the head of the page says so once
    columns: list[Column[AnalysisView] | None] = [
        Column("Outcome", lambda analysis: tag("a", analysis.title, href=f"#{analysis.id}")),
        Column(f"{heading_of(review)} (studies)", partial(_size, review)),
        Column(f"{estimate} ({words.level_of_all(analyses)} CI)", _relative),
        Column(f"Events per {PER:,} patients", _absolute) if has_absolute else None,
        Column("Certainty", _certainty) if is_judged else None,
        Column("Plain-language summary", _in_words) if is_judged and review.compares_arms else None,
    ]
    contrasts = {sentences.contrast(analysis) for analysis in analyses if analysis.measure.compares_arms}
    is_one = len(contrasts) == 1 and not any(analysis.measure.is_of_one_group for analysis in analyses)
    caption = f"Summary of findings{f': {contrasts.pop()}' if is_one else ''}."
    findings = table_of(caption, analyses, columns, name="table-findings")
    notes = (_abbreviations(review), NO_BASELINE if NONE in findings else None, CLIPPED if CAP in findings else None)
    return html_elements.join([findings, *(tag("p", text, class_="footnote") for text in notes if text)])


def _in_words(analysis: AnalysisView) -> object:
    if analysis.measure.is_of_one_group:
        return words.DASH
    return plain_statement(analysis) or absent(f"not stated: {not_worded(analysis)}")


def _abbreviations(review: ReviewView) -> str | None:
    """Explain the abbreviations, and how to read the numbers per 1,000 if the table has any."""
    measures = [item.measure for item in review.main_analyses if not item.measure.is_of_one_group]
    names = {"CI": "confidence interval"} | {measure.code: measure.name for measure in measures}
    codes = [f"{code}: {name}" for code, name in names.items() if code != name]
    per = f" Numbers per {PER:,} patients: expected on control at the stated baseline risk, then on the intervention, with limits from the CI of the effect."
    has_numbers = any(_lines(analysis, _parts(analysis)) for analysis in review.main_analyses)
    return f"{'; '.join(codes)}.{per if has_numbers else ''}" if review.analyses else None


def _size(review: ReviewView, analysis: AnalysisView) -> str:
    studies = len({effect["study"] for effect in pooled_figures(analysis)})
    return f"{counted(review, analysis)} ({studies})"


def _relative(analysis: AnalysisView) -> object:
    if main := analysis.pool["random"]:
        return f"{words.labelled(analysis, main)}{words.caution(analysis)}"
    each = (f"{name}: {words.labelled(analysis, part)}" for name, part, _ in words.subtotals(analysis))
    return html_elements.lines(each) or words.DASH


def _absolute(analysis: AnalysisView) -> object:
    parts = _parts(analysis)
    each = html_elements.lines(line for line, baseline in _lines(analysis, parts) if not baseline.is_extreme)
    return each or (NONE if parts else words.DASH)


def _parts(analysis: AnalysisView) -> list[tuple[str, Part, list[Baseline]]]:
    """Return the estimates that have absolute counterparts, each with its baseline risks: the overall one, or else the subtotals."""
    if analysis.measure.code not in WITH_TREATMENT:
        return []
    if main := analysis.pool["random"]:
        return [("", main, baselines(analysis))]
    return [
        (
            name,
            part,
            baselines(analysis, [effect for effect in analysis.effects if effect["subgroup"] == level["level"]]),
        )
        for name, part, level in words.subtotals(analysis)
    ]


def _lines(analysis: AnalysisView, parts: list[tuple[str, Part, list[Baseline]]]) -> list[tuple[str, Baseline]]:
    """Print the absolute effect at each baseline risk, with that risk."""
    return [
        (f"{f'{name}: ' if name else ''}{absolute_effect(analysis, part, baseline)}", baseline)
        for name, part, risks in parts
        for baseline in risks
    ]


def absolute_effect(analysis: AnalysisView, part: Part, baseline: Baseline) -> str:
    """Print the absolute effect at one baseline risk: ``first relapse, death by 4 years: 51 on A, 98 (62 to 140) on B``."""
    code = analysis.measure.code
    ratios = [analysis.measure.scale.back(part[name]) for name in ("estimate", "ci_low", "ci_high")]
    middle, low, high = _clipped(analysis, baseline.risk, ratios)
    happens = [event] if (event := words.event(analysis)) != words.AN_EVENT and code not in COUNTED else []
    by = " ".join([*happens, *([f"by {baseline.time}"] if baseline.time else [])])
    control, experimental = in_sentence(analysis.control), in_sentence(analysis.experimental)
    whose = f"{baseline.name}, {by}" if by else baseline.name
    return f"{whose}: {_with_commas(analysis.style.number(PER * baseline.risk, 0))} on {control}, {middle} ({low} to {high}) on {experimental}"


def _clipped(analysis: AnalysisView, risk: float, effects: Sequence[float]) -> list[str]:
    """Print risks with the treatment per 1,000 patients; those that were truncated are marked."""
    code = analysis.measure.code
    marks = ["" if 0 <= WITH_TREATMENT[code](risk, effect) <= 1 else CAP for effect in effects]
    texts = analysis.style.together([PER * risk_with_treatment(code, risk, effect) for effect in effects], 0)
    return [f"{_with_commas(text)}{mark}" for text, mark in zip(texts, marks, strict=True)]


def in_absolute_numbers(analysis: AnalysisView) -> Html | None:
    """Build the absolute effects at each baseline risk; None without any."""
    lines = _lines(analysis, _parts(analysis))
    if not lines:
        return None
    sources = {baseline.source for _, baseline in lines}
    is_shared = len(sources) == 1
    shared = f"; baseline risk from {sources.pop()}" if is_shared else ""
    items = [line if is_shared else f"{line} (baseline risk from {baseline.source})" for line, baseline in lines]
    lead = f"Number of patients with {words.event(analysis)} per {PER:,} ({words.level(analysis.pool)} CI){shared}:"
    capped = CLIPPED if any(CAP in item for item in items) else None
    proportional = PROPORTIONAL if analysis.measure.code == "HR" else None
    return html_elements.join(
        [tag("p", lead), html_elements.bullets(items), paragraph(capped), paragraph(proportional)]
    )


def _with_commas(text: str) -> str:
    """Print 1,000 with its comma, as the text around it does."""
    return f"{PER:,}" if text == str(PER) else text


def _certainty(analysis: AnalysisView) -> object:
    judged = analysis.certainty
    if not judged or not judged.get("level"):
        return None
    reasons = judged.get("reasons") or []
    return f"{judged['level']} ({'; '.join(map(str, reasons))})" if reasons else str(judged["level"])
