"""The page: its sections in order, each a function from the review to HTML. The notebook only calls them."""

from __future__ import annotations

import re
from typing import Any

from coppice.report.contents import SECTIONS, authors, title
from coppice.report.page import (
    abstract,
    bias,
    history,
    html_elements,
    large_reviews,
    methods,
    prisma,
    proposals,
    review_figures,
    statements,
    summary,
    tables,
    trace,
    words,
)
from coppice.report.page import findings as findings_of_checks
from coppice.report.page.html_elements import Html, absent, bullets, heading, paragraph, tag, terms
from coppice.report.page.outcome import outcome, titled
from coppice.report.page.references import Statement, numbered, work, works
from coppice.report.report_data import ReviewView

SHORT_PREFIX = re.compile(r"\w{1,2}-\w+$")


def section(key: str, *parts: object) -> Html:
    """Build a section from its heading and its parts; those that are None are left out."""
    return html_elements.join([heading(2, SECTIONS[key], id_=key), *parts])


def opening(review: ReviewView) -> Html:
    """Build the head of the page: title, authors and notes."""
    names = authors(review)
    by = tag("p", words.listed(names), class_="authors") if names else None
    notes = html_elements.notice(html_elements.linked(str(note)) for note in review.about.get("notes") or [])
    return html_elements.join([tag("h1", _unbroken(title(review))), by, notes])


def _unbroken(text: str) -> Html:
    """Keep words such as `B-cell` on one line."""
    parts = [tag("span", word, class_="whole") if SHORT_PREFIX.match(word) else word for word in text.split()]
    return html_elements.join(parts, " ")


def question(review: ReviewView) -> Html:
    """Build the question: population, intervention, comparator, outcomes."""
    answers = {words.first_upper(key): _answer(review.question.get(key)) for key in abstract.asked_for(review)}
    return section("question", terms(answers, class_="question"), statements.answers(review, statements.QUESTION))


def _answer(value: Any) -> object:
    if isinstance(value, list | tuple):
        return words.listed([str(item) for item in value])
    return absent(words.NOT_STATED) if value in (None, "") else str(value)


def selection(review: ReviewView) -> Html:
    """Build the section on search and selection, with the counts of the PRISMA flow."""
    parts = [statements.answers(review, statements.SELECTION), history.searches(review)]
    return section("selection", *parts, review_figures.figure(review, "prisma"), statements.flow(review))


def structured_abstract(review: ReviewView) -> Html:
    """Build the abstract."""
    return section("abstract", abstract.abstract(review))


def findings(review: ReviewView) -> Html:
    """Build the summary of findings, and all analyses with their prediction intervals and heterogeneity."""
    return section("findings", summary.summary_of_findings(review), tables.summary(review))


def studies(review: ReviewView) -> Html:
    """Build the table of the studies."""
    if large_reviews.has_many_studies(review):
        return section("studies", large_reviews.of_studies(review))
    link = tag("a", "with its extracted data", href="#sources")
    beyond = tag("p", "Reports and remarks for each study are listed ", link, " below.")
    return section("studies", tables.studies(review), beyond)


def risk_of_bias(review: ReviewView) -> Html:
    """Build the judgements on the risk of bias in the studies."""
    figures = [review_figures.figure(review, name) for name in ("risk_of_bias", "risk_of_bias_summary")]
    return section("bias", *figures, bias.risk_of_bias(review))


def results(review: ReviewView) -> Html:
    """Build the results of all analyses."""
    is_large = large_reviews.has_many_analyses(review)
    lead = large_reviews.of_analyses(review) if is_large else None
    each = [(large_reviews.outcome if is_large else outcome)(review, analysis) for analysis in review.analyses]
    return section("results", review_figures.figure(review, "summary"), lead, *each)


def sources(review: ReviewView) -> Html:
    """Build the section on the data of each study: reports, remarks, and every result with its source."""
    if large_reviews.has_many_studies(review):
        return section(
            "sources", large_reviews.of_studies(review), tables.places(review), proposals.found_in_texts(review)
        )
    lead = (
        "For each study, this section lists the reports and every result recorded for an analysed outcome: the result as "
        "reported, whether it was analysed, the report and the place in it, and the document from which it was read."
    )
    each = [
        tag(
            "section",
            heading(3, review.label(key), id_=f"study-{html_elements.anchor(key)}"),
            tables.study(review, key),
            titled("Data checks", findings_of_checks.of_study(review, key)),
            trace.trace(review, key),
        )
        for key in review.studies
    ]
    map_of_routes = review_figures.figure(review, "routes_map")
    mapped = [map_of_routes, review_figures.routes_table(review) if map_of_routes else None]
    return section("sources", paragraph(lead), *mapped, tables.places(review), *each, proposals.found_in_texts(review))


def checks(review: ReviewView) -> Html:
    """Build the section on the data checks."""
    lead = (
        "The reported results of each study were compared with one another. Discrepancies are listed, not corrected. Reports "
        "are named by their keys, which are given with the study."
    )
    return section("checks", paragraph(lead), findings_of_checks.findings(review))


def cited_by(statement: Statement) -> list[str]:
    """Return the keys of the works that a statement cites."""
    return [key for source in statement.cites for key in works(source)]


def method(review: ReviewView) -> Html:
    """Build the methods, with numbered citations."""
    statements = methods.methods(review)
    order = numbered(key for statement in statements for key in cited_by(statement))

    def sentence(statement: Statement) -> Html:
        cited = [tag("a", str(order[key]), href=f"#reference-{order[key]}") for key in cited_by(statement)]
        numbers = tag("sup", html_elements.join(cited, ",")) if cited else None
        return html_elements.join([html_elements.linked(statement.text), numbers])

    return section("methods", bullets(map(sentence, statements)))


def meaning(review: ReviewView) -> Html:
    """Build the interpretation by the authors."""
    return section("meaning", statements.answers(review, statements.MEANING))


def limits(review: ReviewView) -> Html:
    """Build the list of missing judgements and statements, and how many analyses rest on few effects."""
    items = [words.first_upper(name) for name, judged in abstract.unjudged(review).items() if not judged]
    some = [review.label(key) for key, study in review.studies.items() if not study.get("risk_of_bias")]
    if some and len(some) < len(review.studies):
        items = [f"{item} in {words.listed(some)}" if item == "Risk of bias" else item for item in items]
    lead = "The following require human judgement or input and have not been supplied. No default is substituted:"
    everything = "All judgements and statements that the report requires from the authors have been supplied."
    parts = [paragraph(lead), bullets(items)] if items else [paragraph(everything)]
    return section("limits", *parts, paragraph(abstract.thin(review)))


def about(review: ReviewView) -> Html:
    """Build registration, protocol, support and interests."""
    return section("about", statements.answers(review, statements.ABOUT))


def checklist(review: ReviewView) -> Html:
    """Build the filled PRISMA checklist."""
    return section("checklist", prisma.checklist(review, SECTIONS))


def software(review: ReviewView) -> Html:
    """Build the software versions and the hashes of the inputs."""
    return section("software", tables.versions(review), tables.inputs(review))


def references(review: ReviewView) -> Html:
    """Build the list of the works that the methods cite."""
    order = numbered(key for statement in methods.methods(review) for key in cited_by(statement))

    def item(key: str) -> Html:
        text = [html_elements.linked(work(key).text), html_elements.doi_link(work(key).doi)]
        return tag("li", html_elements.join(text, " "), id=f"reference-{order[key]}")

    return section("references", tag("ol", *map(item, order)))
