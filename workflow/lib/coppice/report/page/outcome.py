"""The results of one analysis: the estimate in words and figures, the analyses that qualify it, and the data behind it."""

from __future__ import annotations

from coppice.draw.registry import FIGURES
from coppice.report.page import (
    dependence,
    figures,
    further,
    history,
    html_elements,
    leaving_out,
    moderators,
    outcome_tables,
    sensitivity,
    sentences,
    summary,
    warning_texts,
    words,
)
from coppice.report.page import findings as findings_of_checks
from coppice.report.page.html_elements import Html, bullets, heading, paragraph, tag
from coppice.report.page.small_study import small_study
from coppice.report.report_data import AnalysisView, ReviewView

FEWEST_EFFECTS = {"funnel": 10}  # Sterne JAC et al. BMJ 2011;343:d4002, doi:10.1136/bmj.d4002


def outcome(review: ReviewView, analysis: AnalysisView) -> Html:
    """Build the results of one analysis."""
    return tag(
        "section",
        *head(review, analysis),
        html_elements.notice(warning_texts.warnings(analysis)),
        _drawn(analysis, "forest"),
        titled(
            "Prediction interval and alternative methods",
            paragraph(
                sentences.prediction(analysis),
                further.beyond(analysis),
                sentences.common(analysis),
                sentences.alternatives(analysis),
                further.permutation(analysis),
            ),
        ),
        titled("Result stored by another program", paragraph(further.stored(analysis))),
        titled("Absolute effects", summary.in_absolute_numbers(analysis)),
        titled("Heterogeneity", paragraph(sentences.heterogeneity(analysis, analysis.pool["heterogeneity"]))),
        titled("Dependent effect sizes", dependence.handled(analysis)),
        titled(
            "Meta-regression",
            paragraph(moderators.sentence(analysis)),
            moderators.coefficients(analysis),
            _drawn(analysis, "bubble"),
            moderators.places(analysis),
            moderators.contrasts(analysis),
            moderators.correlations(analysis),
        ),
        titled("Subgroup analysis", paragraph(sentences.subgroups(analysis)), outcome_tables.subgroups(analysis)),
        titled(
            "Leave-one-out analysis",
            paragraph(leaving_out.leave_one_out(analysis)),
            outcome_tables.leave_one_out(analysis),
        ),
        titled("Influence diagnostics", sensitivity.influence(analysis)),
        titled(outcome_tables.cumulative_title(analysis), outcome_tables.cumulative(analysis)),
        titled("Estimate after each search", history.of_analysis(analysis)),
        titled("Sensitivity analyses (multiverse)", sensitivity.multiverse(analysis)),
        *(
            titled(FIGURES[name].title, _drawn(analysis, name))
            for name in analysis.figures
            if name not in ("forest", "funnel", "bubble")
        ),
        titled("Small-study effects", _drawn(analysis, "funnel"), small_study(analysis)),
        _definitions(review, analysis),
        titled(
            "Results included in the analysis",
            outcome_tables.effects(review, analysis),
            outcome_tables.others(review, analysis),
            outcome_tables.why_others_differ(review, analysis),
            paragraph(outcome_tables.single_route(review, analysis)),
        ),
        titled("Data checks", findings_of_checks.of_analysis(review, analysis)),
        titled("Studies not pooled", outcome_tables.excluded(analysis)),
        class_="outcome",
    )


def head(review: ReviewView, analysis: AnalysisView) -> list[Html | None]:
    """Build the beginning of the section of an analysis: title, result, role and note."""
    return [
        heading(3, analysis.title, id_=analysis.id),
        tag("p", sentences.result(review, analysis), class_="lead"),
        paragraph(words.supporting(analysis)),
        paragraph(html_elements.linked(analysis.note) if analysis.note else None),
    ]


def titled(title: str, *parts: Html | None) -> Html | None:
    """Put a heading over its parts; None without any."""
    content = [part for part in parts if part]
    return html_elements.join([tag("h4", title), *content]) if content else None


def _drawn(analysis: AnalysisView, name: str) -> Html | None:
    if not analysis.effects or name not in analysis.figures or not analysis.figures[name].exists():
        return None
    if name == "robustness" and FIGURES[name].need({"pool": analysis.pool, "explore": analysis.explore}):
        return None  # nothing stands beside the main estimate
    fewest = FEWEST_EFFECTS.get(name, 1)
    if len(analysis.effects) >= fewest:
        return figures.figure(analysis, name)
    why = f"with fewer than {fewest} effects, asymmetry cannot be distinguished from chance"
    return paragraph(f"A {FIGURES[name].title.lower()} is not shown: {why}.")


def _definitions(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """List the definitions of the outcome, each with the studies that use it."""
    by_text: dict[str, list[str]] = {}
    for study in dict.fromkeys(effect["study"] for effect in analysis.effects):
        definition = review.definition(analysis.outcome, study) or words.NOT_STATED
        by_text.setdefault(definition.rstrip("."), []).append(review.label(study))
    items = [
        html_elements.join([tag("b", f"{text}: "), words.ended(words.listed_or_counted(labels))])
        for text, labels in by_text.items()
    ]
    return titled("Outcome definitions", bullets(items)) if items else None
