"""The page of a large review: results that it leaves out are in the linked result files."""

from __future__ import annotations

from coppice.core import results_layout
from coppice.draw.registry import FIGURES
from coppice.report.other_view import OtherView
from coppice.report.page import html_elements, sentences, warning_texts
from coppice.report.page.html_elements import Html, paragraph, tag
from coppice.report.page.outcome import head
from coppice.report.report_data import AnalysisView, ReviewView

MOST_ANALYSES = 100  # with all their tables and figures, 200 kB each; a browser opens some 20 MB without trouble
MOST_STUDIES = 500  # with the source of every result


def has_many_analyses(review: ReviewView) -> bool:
    """Return whether the page shows only the main result of each analysis."""
    return len(review.everything) > MOST_ANALYSES


def has_many_studies(review: ReviewView) -> bool:
    """Return whether the page leaves out the extracted data of single studies."""
    return len(review.studies) > MOST_STUDIES


def of_analyses(review: ReviewView) -> Html:
    """State what the page leaves out of each analysis, and where it is."""
    return tag(
        "p",
        f"This review has {len(review.everything):,} analyses. Beyond {MOST_ANALYSES}, the page shows each result without its "
        "tables and figures; effects, sensitivity analyses and figures are in the linked files.",
    )


def of_studies(review: ReviewView) -> Html:
    """State where the extracted data of the studies are."""
    return tag(
        "p",
        f"This review has {len(review.studies):,} studies. Beyond {MOST_STUDIES}, the page does not list the extracted data of "
        "each study. The reported results, their sources, the derived effects and the data checks are in the folder ",
        tag("a", "results/extract", href="../extract/"),
        ", with one file per study and outcome; the pooled effects are in the tables in ",
        tag("a", "results/pool", href="../pool/"),
        ".",
    )


def outcome(review: ReviewView, analysis: AnalysisView) -> Html:
    """Build the result of one analysis, with links to its result files and figures."""
    spread = sentences.heterogeneity(analysis, analysis.pool["heterogeneity"])
    return tag(
        "section",
        *head(review, analysis),
        paragraph(sentences.prediction(analysis), spread),
        html_elements.notice(warning_texts.warnings(analysis)),
        tag("p", html_elements.join(links(review, analysis), ", "), "."),
        class_="outcome",
    )


def links(review: ReviewView, analysis: AnalysisView | OtherView) -> list[Html]:
    """Return links to the result files and the figures of an analysis, relative to the page."""
    name = analysis.name  # the name of a file: letters, digits, - and _ only
    pooled, table = results_layout.files("pool", name)
    items = [
        tag("a", "Effects", href=f"../{table}"),
        tag("a", "pooled result", href=f"../{pooled}"),
        tag("a", "sensitivity analyses", href=f"../{results_layout.file('explore', name)}"),
    ]
    for figure in analysis.figures:
        files = results_layout.files("draw", name, [figure], review.formats)
        forms = [tag("a", form.upper(), href=f"../{file}") for form, file in zip(review.formats, files, strict=True)]
        items.append(html_elements.join([FIGURES[figure].title.lower(), " (", html_elements.join(forms, ", "), ")"]))
    return items
