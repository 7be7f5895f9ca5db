"""What the page holds of a review that is too large for all of it: nothing is dropped, the page says where the rest lies."""

from __future__ import annotations

from coppice.core import results_layout
from coppice.draw.registry import FIGURES
from coppice.report.page import html_elements, sentences, warning_texts, words
from coppice.report.page.html_elements import Html, heading, tag
from coppice.report.report_data import AnalysisView, ReviewView

MOST_ANALYSES = 100  # with all their tables and figures; a browser opens some 20 MB without trouble, 200 kB an analysis
MOST_STUDIES = 500  # with all their figures traced


def has_many_analyses(review: ReviewView) -> bool:
    """Return whether the page shows of each analysis its result only."""
    return len(review.analyses) > MOST_ANALYSES


def has_many_studies(review: ReviewView) -> bool:
    """Return whether the page leaves the single studies to the result files."""
    return len(review.studies) > MOST_STUDIES


def of_analyses(review: ReviewView) -> Html:
    """Say what the page shows of each analysis, and where the rest is."""
    return tag(
        "p",
        f"This review has {len(review.analyses):,} analyses. Beyond {MOST_ANALYSES}, the page shows each result without its "
        "tables and figures; effects, sensitivity analyses and figures are in the linked files.",
    )


def of_studies(review: ReviewView) -> Html:
    """Say where the figures of the studies are."""
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
    text = " ".join(
        filter(
            None,
            [sentences.prediction(analysis), sentences.heterogeneity(analysis, analysis.pool["heterogeneity"])],
        )
    )
    warnings = warning_texts.warnings(analysis)
    return tag(
        "section",
        heading(3, analysis.title, id_=analysis.id),
        tag("p", sentences.result(review, analysis), class_="lead"),
        tag("p", role) if (role := words.supporting(analysis)) else None,
        tag("p", html_elements.linked(analysis.note)) if analysis.note else None,
        tag("p", text) if text else None,
        tag("div", *(tag("p", text) for text in warnings), class_="notice", role="note") if warnings else None,
        tag("p", html_elements.join(links(review, analysis), ", "), "."),
        class_="outcome",
    )


def links(review: ReviewView, analysis: AnalysisView) -> list[Html]:
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
