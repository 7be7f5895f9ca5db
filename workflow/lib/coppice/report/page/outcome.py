"""The results of one analysis: the estimate in words and figures, the analyses that qualify it, and the data behind it."""

from __future__ import annotations

from coppice.core.roles import MAIN
from coppice.draw.registry import FIGURES
from coppice.report.page import (
    bayes,
    conclusions,
    dependence,
    download,
    figures,
    forest_rows,
    further,
    glmm,
    grade,
    history,
    html_elements,
    leaving_out,
    location_scale,
    moderators,
    outcome_tables,
    sensitivity,
    sentences,
    summary,
    warning_texts,
    what_if,
    words,
)
from coppice.report.page import findings as findings_of_checks
from coppice.report.page.html_elements import Html, bullets, heading, paragraph, tag
from coppice.report.page.small_study import small_study
from coppice.report.report_data import AnalysisView, ReviewView

PLACED = frozenset(
    {"forest", "funnel", "bubble", "robustness", "posterior", "shrinkage", "adjusted"}
)  # figures with a place of their own
FEWEST_EFFECTS = {"funnel": 10}  # Sterne JAC et al. BMJ 2011;343:d4002, doi:10.1136/bmj.d4002


def outcome(review: ReviewView, analysis: AnalysisView) -> Html:
    """Build the results of one analysis: what a reader needs first, then folds with everything that stands behind it.

    A supporting analysis, which is no result of the review, is folded away as a whole.
    """
    title, *rest = head(review, analysis)
    parts = [
        *rest,
        html_elements.notice(warning_texts.warnings(analysis)),
        _drawn(analysis, "forest"),
        forest_rows.rows(review, analysis),
        _spread(analysis),
        titled("Meta-regression", paragraph(moderators.sentence(analysis)), moderators.coefficients(analysis), level=4),
        _drawn(analysis, "robustness"),
        tag(
            "div",
            what_if.panel(review, analysis),
            *folds(review, analysis),
            download.result(review, analysis),
            class_="folds",
        ),
    ]
    shown = [title, *parts] if analysis.role == MAIN else [html_elements.fold(title, *parts)]
    return tag("section", *shown, class_="outcome")


def head(review: ReviewView, analysis: AnalysisView) -> tuple[Html, *tuple[Html | None, ...]]:
    """Build the beginning of the section of an analysis: title, result, role and note."""
    return (
        heading(3, analysis.title, id_=analysis.id),
        tag("p", sentences.finding(review, analysis), class_="lead"),
        paragraph(words.supporting(analysis)),
        paragraph(html_elements.linked(analysis.note) if analysis.note else None),
    )


def _spread(analysis: AnalysisView) -> Html | None:
    lines = html_elements.lines(sentences.spread(analysis))
    return tag("p", lines, class_="spread") if lines else None


def folds(review: ReviewView, analysis: AnalysisView) -> list[Html | None]:
    """Build the folds of an analysis, in reading order; those that have nothing to say are None."""

    def fold(key: str, title: str, *parts: Html | None) -> Html | None:
        return html_elements.fold(title, *parts, id_=f"{analysis.id}-{key}")

    return [
        fold(
            "estimate",
            "Estimate in full",
            paragraph(sentences.result(review, analysis)),
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
            titled("What would overturn the conclusion", conclusions.lines(analysis)),
            titled("Result stored by another program", paragraph(further.stored(analysis))),
            titled("Heterogeneity", paragraph(sentences.heterogeneity(analysis, analysis.pool["heterogeneity"]))),
            titled("Dependent effect sizes", dependence.handled(analysis)),
            titled(
                "Model of the counts",
                paragraph(
                    glmm.reason(analysis), glmm.without_it(analysis), glmm.intervals(analysis), glmm.tests(analysis)
                ),
                glmm.counts(analysis),
            ),
        ),
        fold(
            "subgroups",
            "Subgroups",
            paragraph(sentences.subgroups(analysis)),
            outcome_tables.subgroups(analysis),
        ),
        fold(
            "regression",
            "Meta-regression in full",
            _drawn(analysis, "bubble"),
            moderators.places(analysis),
            moderators.contrasts(analysis),
            moderators.correlations(analysis),
            titled("What the heterogeneity depends on", *location_scale.section(analysis)),
        ),
        fold("bayes", "Bayesian model", *_bayesian(analysis)),
        fold("absolute", "Absolute effects", summary.in_absolute_numbers(analysis)),
        fold("grade", "GRADE worksheet", grade.worksheet(review, analysis)),
        fold(
            "sensitivity",
            "Sensitivity analyses",
            titled(
                "Leave-one-out analysis",
                paragraph(leaving_out.leave_one_out(analysis)),
                outcome_tables.leave_one_out(analysis),
            ),
            titled("Influence diagnostics", sensitivity.influence(analysis)),
            titled(outcome_tables.cumulative_title(analysis), outcome_tables.cumulative(analysis)),
            titled("Estimate after each search", history.of_analysis(analysis)),
            titled("Sensitivity analyses (multiverse)", sensitivity.multiverse(analysis)),
            *(titled(FIGURES[name].title, _drawn(analysis, name)) for name in analysis.figures if name not in PLACED),
        ),
        fold(
            "small-study",
            "Small-study effects",
            _drawn(analysis, "funnel"),
            _drawn(analysis, "adjusted"),
            small_study(analysis),
        ),
        fold(
            "included",
            "Results included in the analysis",
            outcome_tables.effects(review, analysis),
            _definitions(review, analysis),
            outcome_tables.others(review, analysis),
            outcome_tables.why_others_differ(review, analysis),
            paragraph(outcome_tables.single_route(review, analysis)),
        ),
        fold("checks", "Data checks", findings_of_checks.of_analysis(review, analysis)),
        fold("excluded", "Studies not pooled", outcome_tables.excluded(analysis)),
    ]


def _bayesian(analysis: AnalysisView) -> list[Html | None]:
    drawn = [_drawn(analysis, name) for name in ("posterior", "shrinkage")] if analysis.pool.get("bayes") else []
    return [bayes.section(analysis), *drawn]


def titled(title: str, *parts: Html | None, level: int = 5) -> Html | None:
    """Put a heading over its parts; None without any."""
    content = [part for part in parts if part]
    return html_elements.join([tag(f"h{level}", title), *content]) if content else None


def _drawn(analysis: AnalysisView, name: str) -> Html | None:
    if not analysis.effects or name not in analysis.figures or not analysis.figures[name].exists():
        return None
    if name in ("robustness", "adjusted") and FIGURES[name].need({"pool": analysis.pool, "explore": analysis.explore}):
        return None  # nothing stands beside the main estimate
    fewest = FEWEST_EFFECTS.get(name, 1)
    if len(analysis.effects) >= fewest:
        return figures.figure(analysis, name)
    why = f"with fewer than {fewest} effects, asymmetry cannot be distinguished from chance"
    return paragraph(f"A {FIGURES[name].title.lower()} is not shown: {why}.")


def _definitions(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """List the definitions of the outcome, each with the studies that use it; None if no study states one."""
    studies = dict.fromkeys(effect["study"] for effect in analysis.effects)
    if not any(review.definition(analysis.outcome, study) for study in studies):
        return None
    by_text: dict[str, list[str]] = {}
    for study in studies:
        definition = review.definition(analysis.outcome, study) or words.NOT_STATED
        by_text.setdefault(definition.rstrip("."), []).append(review.label(study))
    items = [
        html_elements.join([tag("b", f"{text}: "), words.ended(words.listed_or_counted(labels))])
        for text, labels in by_text.items()
    ]
    return titled("Outcome definitions", bullets(items))
