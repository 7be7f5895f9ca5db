"""Where each figure came from: every figure of a study, with its report, its place, and where it entered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, tag
from coppice.report.page.reported import printed
from coppice.report.page.tables import Row, table
from coppice.report.report_data import AnalysisView, ReviewView

NOT_RECORDED = "not recorded"


def trace(review: ReviewView, study: str) -> Html | None:
    """Build the table of all figures of one study: where each was reported and read, and where it entered."""
    entered = _entered(review)
    rows = [
        row
        for (owner, outcome), extract in review.extracts.items()
        if owner == study
        for row in _figures(review, extract, lambda figure, outcome=outcome: entered.get(_key(study, outcome, figure)))  # type: ignore[misc]
    ]
    if not rows:
        return None
    columns = ("Outcome", "Reported", "Analysed", "Patients", "Report", "Place", "Read in", "Quality")
    caption = f"{review.label(study)}: all results recorded for the analysed outcomes."
    return table(caption, columns, rows, name=f"table-trace-{html_elements.anchor(study)}")


def _key(study: str, outcome: str, figure: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return study, outcome, figure["statistic"], repr(sorted((figure.get("reported") or {}).items(), key=str))


def _entered(review: ReviewView) -> dict[tuple[str, str, str, str], list[AnalysisView]]:
    analyses: dict[tuple[str, str, str, str], list[AnalysisView]] = {}
    for analysis in review.analyses:
        for effect in analysis.effects:
            analyses.setdefault(_key(effect["study"], analysis.outcome, effect), []).append(analysis)
    return analyses


def _figures(
    review: ReviewView,
    extract: Mapping[str, Any],
    analyses_of: Callable[[Mapping[str, Any]], list[AnalysisView] | None],
) -> Iterable[Row]:
    figures = [
        candidate
        for measure in (extract.get("measures") or {}).values()
        for candidate in measure.get("candidates") or []
    ]
    seen: set[str] = set()
    entered = _chosen_populations(extract)
    for figure in [*figures, *(extract.get("unused") or [])]:
        text = printed(figure["statistic"], figure.get("reported") or {})
        source = figure.get("source") or {}
        identity = repr((text, figure.get("population"), sorted(source.items(), key=str)))
        if identity in seen:
            continue
        seen.add(identity)
        analyses = analyses_of(figure)
        where = (
            html_elements.join((tag("a", analysis.title, href=f"#{analysis.id}") for analysis in analyses), ", ")
            if analyses
            else None
        )
        yield (
            review.outcome(str(extract["outcome"])),
            html_elements.join([text, tag("span", figure["note"], class_="line remark")])
            if figure.get("note")
            else text,
            where or f"no: {_why_not(figure, entered)}",
            whose(review, str(extract["study"]), figure),
            review.citation(str(extract["study"]), figure.get("report") or source.get("report")) or words.DASH,
            source.get("at") or NOT_RECORDED,
            review.source(source.get("read_in")) or NOT_RECORDED,
            source.get("quality") or NOT_RECORDED,
        )


def whose(review: ReviewView, study: str, figure: Mapping[str, Any]) -> str:
    """Name the patients of a figure: `all` where they are those of the study, or else the label of the part."""
    population = figure.get("population")
    if population is not None and population == review.studies.get(study, {}).get("population"):
        return str(figure.get("label") or "all")
    return str(figure.get("label") or population or words.DASH)


def _chosen_populations(extract: Mapping[str, Any]) -> set[str]:
    return {
        str(measure["candidates"][index].get("population"))
        for measure in (extract.get("measures") or {}).values()
        for index in measure.get("chosen") or []
    }


def _why_not(figure: Mapping[str, Any], entered: set[str]) -> str:
    """Say why a figure did not enter: what it lacks, or that its patients are part of those whose figure was chosen."""
    if figure.get("reason"):
        return words.symbols(str(figure["reason"]))
    population = str(figure.get("population"))
    is_part = any(population.startswith(f"{whole}/") for whole in entered)
    return "part of the total" if is_part else "another result was chosen"
