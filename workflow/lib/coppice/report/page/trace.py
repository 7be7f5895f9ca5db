"""The provenance of results: every result of a study, with its report, its place in it, and the analyses that use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.contracts.extract import Candidate, ExtractResult, UnusedFigure
from coppice.core.contracts.values import FromAFigure
from coppice.report.other_view import OtherView
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, join, tag
from coppice.report.page.reported import printed_with_arms
from coppice.report.page.table import Row, table
from coppice.report.report_data import AnalysisView, ReviewView, figures_of

NOT_RECORDED = "not recorded"
Key = tuple[str, str, str, str]  # study, outcome, statistic, and what was reported


def trace(review: ReviewView, study: str) -> Html | None:
    """Build the table of all results of one study: the source of each, and the analyses that use it."""
    entered = _entered(review)
    extracts = [extract for (owner, _), extract in review.extracts.items() if owner == study]
    rows = [row for extract in extracts for row in _rows(review, extract, entered)]
    headings = ("Outcome", "Reported", "Analysed", "Patients", "Report", "Place", "Read in", "Quality")
    caption = f"{review.label(study)}: all results recorded for the analysed outcomes."
    return table(caption, headings, rows, name=f"table-trace-{html_elements.anchor(study)}") if rows else None


def _key(study: str, outcome: str, figure: FromAFigure) -> Key:
    return study, outcome, figure["statistic"], repr(sorted((figure["reported"] or {}).items(), key=str))


def _entered(review: ReviewView) -> dict[Key, list[AnalysisView | OtherView]]:
    analyses: dict[Key, list[AnalysisView | OtherView]] = {}
    for analysis in review.everything:
        for effect in analysis.effects:
            analyses.setdefault(
                _key(effect["study"], str(effect.get("outcome") or analysis.outcome), effect), []
            ).append(analysis)
    return analyses


def _rows(
    review: ReviewView, extract: ExtractResult, entered: Mapping[Key, list[AnalysisView | OtherView]]
) -> Iterator[Row]:
    """Yield one row per distinct result of an outcome of a study."""
    study, outcome = extract["study"], extract["outcome"]
    seen: set[str] = set()
    chosen = _chosen_populations(extract)
    for figure in figures_of(extract):
        text, source = printed_with_arms(review, study, figure), figure.get("source") or {}
        identity = repr((text, figure["population"], sorted(source.items(), key=str)))
        if identity in seen:
            continue
        seen.add(identity)
        links = [tag("a", each.title, href=f"#{each.id}") for each in entered.get(_key(study, outcome, figure), [])]
        yield (
            review.outcome(outcome),
            join([text, quote(source), tag("span", figure["note"], class_="line remark") if figure["note"] else None]),
            join(links, ", ") if links else f"no: {_why_not(figure, chosen)}",
            whose(review, study, figure),
            review.citation(study, figure["report"] or source.get("report")) or words.DASH,
            join([source.get("at") or NOT_RECORDED, quoted_text(review, source)]),
            review.source(source.get("read_in")) or NOT_RECORDED,
            source.get("quality") or NOT_RECORDED,
        )


def quote(source: Mapping[str, Any]) -> Html | None:
    """Build the words of a source that hold a result."""
    return (
        tag(
            "span",
            f"\N{LEFT DOUBLE QUOTATION MARK}{source['quote']}\N{RIGHT DOUBLE QUOTATION MARK}",
            class_="line quote",
        )
        if source.get("quote")
        else None
    )


def quoted_text(review: ReviewView, source: Mapping[str, Any]) -> Html | None:
    """Name the text that a result is quoted from, and say where it was not at hand to look the quote up."""
    name = source.get("text")
    if not name:
        return None
    is_elsewhere = name in (review.spec.get("evidence") or {}).get("elsewhere", {})
    return tag("span", f"{name}{' (not available here)' if is_elsewhere else ''}", class_="line remark")


def whose(review: ReviewView, study: str, figure: Candidate | UnusedFigure) -> str:
    """Name the patients of a result: `all` if it covers the whole study, otherwise the label of the part."""
    population = figure["population"]
    is_whole = bool(population) and population == review.studies.get(study, {}).get("population")
    return figure["label"] or ("all" if is_whole else population or words.DASH)


def _chosen_populations(extract: ExtractResult) -> set[str]:
    measures = extract["measures"].values()
    return {measure["candidates"][index]["population"] for measure in measures for index in measure["chosen"]}


def _why_not(figure: Candidate | UnusedFigure, chosen: set[str]) -> str:
    """Say why a result was not analysed: it gives no effect, it is part of a chosen total, or another was chosen."""
    if reason := figure.get("reason"):
        return words.symbols(str(reason))
    is_part = any(figure["population"].startswith(f"{whole}/") for whole in chosen)
    return "part of the total" if is_part else "another result was chosen"
