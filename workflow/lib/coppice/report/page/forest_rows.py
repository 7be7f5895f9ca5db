"""What each row of a forest plot answers on the page: the reported result, its source, its quote and its route."""

from __future__ import annotations

from coppice.core.contracts.pool import Effect, Excluded
from coppice.report.page import html_elements, words
from coppice.report.page.data_block import data_block
from coppice.report.page.html_elements import Html
from coppice.report.page.outcome_tables import weight
from coppice.report.page.reported import printed_with_arms
from coppice.report.report_data import AnalysisView, ReviewView


def rows(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """Build the data of the rows of a forest plot, effects and then what is not pooled in their order; None without the plot."""
    file = analysis.figures.get("forest")
    if not analysis.effects or file is None or not file.exists():
        return None
    pooled = [row(review, analysis, effect) for effect in analysis.effects]
    content = {"rows": pooled + [row_of_excluded(analysis, item) for item in analysis.pool["excluded"]]}
    return data_block("forest-data", content, data_figure=f"figure-forest-{analysis.name}")


def row(review: ReviewView, analysis: AnalysisView, effect: Effect) -> dict[str, object]:
    """Return what the row of an effect answers: a title, named texts, and where a click leads: the first that is on the page."""
    source = effect["source"] or {}
    place = [review.citation(effect["study"], effect["report"] or source.get("report")), source.get("at")]
    pairs = {
        "Reported": printed_with_arms(review, effect["study"], effect),
        "Source": ", ".join(str(part) for part in place if part),
        "Read in": review.source(source.get("read_in")),
        "Quote": words.quoted(str(source["quote"])) if source.get("quote") else None,
        "Route": words.route(effect["route"]),
        "Weight": weight(analysis, effect),
    }
    return {
        "title": effect["label"],
        "estimate": f"{analysis.measure.label} {words.estimate(analysis, {**effect, 'estimate': effect['yi']})}",
        "facts": [[name, text] for name, text in pairs.items() if text],
        "targets": [f"study-{html_elements.anchor(effect['study'])}", f"table-effects-{analysis.name}"],
    }


def row_of_excluded(analysis: AnalysisView, item: Excluded) -> dict[str, object]:
    """Return what the row of a study that is not pooled answers: why."""
    return {
        "title": item.get("label") or item["study"],
        "estimate": "Not pooled",
        "facts": [["Why", words.first_upper(str(item["reason"]))]],
        "targets": [f"study-{html_elements.anchor(item['study'])}", f"{analysis.id}-excluded"],
    }
