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
    review_figures,
    statements,
    summary,
    tables,
    trace,
    words,
)
from coppice.report.page import findings as findings_of_checks
from coppice.report.page.html_elements import Html, bullets, heading, paragraph, tag, terms
from coppice.report.page.outcome import outcome, titled
from coppice.report.page.references import numbered, work, works
from coppice.report.page.statement import Statement
from coppice.report.report_data import ReviewView

SHORT_PREFIX = re.compile(r"\w{1,2}-\w+$")


def opening(review: ReviewView) -> Html:
    """Build the top of the first page: title, authors, what kind of review this is."""
    names = authors(review)
    notes = review.spec["review"].get("notes") or []
    return html_elements.join(
        [
            tag("h1", _unbroken(title(review))),
            tag("p", words.listed(names), class_="authors") if names else None,
            tag("div", *(tag("p", html_elements.linked(str(note))) for note in notes), class_="notice", role="note")
            if notes
            else None,
        ]
    )


def _unbroken(text: str) -> Html:
    """Keep words such as `B-cell` on one line."""
    return html_elements.join(
        [tag("span", word, class_="whole") if SHORT_PREFIX.match(word) else word for word in text.split()], " "
    )


def _or_absent(value: Any) -> object:
    return tag("span", words.NOT_STATED, class_="absent") if value in (None, "", []) else str(value)


def question(review: ReviewView) -> Html:
    """Build the question: population, intervention, comparator, outcomes."""
    stated = review.spec["review"].get("question") or {}
    answers = {words.first_upper(key): _answer(stated.get(key)) for key in abstract.asked_for(review)}
    rationale = statements.answers(review, statements.QUESTION)
    return html_elements.join(
        [heading(2, SECTIONS["question"], id_="question"), terms(answers, class_="question"), rationale]
    )


def selection(review: ReviewView) -> Html:
    """Build how the studies were searched for and selected, with the counts of the PRISMA flow."""
    parts = [statements.answers(review, statements.SELECTION), history.searches(review)]
    parts += [review_figures.figure(review, "prisma"), statements.flow(review)]
    return html_elements.join([heading(2, SECTIONS["selection"], id_="selection"), *parts])


def _answer(value: Any) -> object:
    if isinstance(value, list | tuple):
        return words.listed([str(item) for item in value])
    return _or_absent(value)


def structured_abstract(review: ReviewView) -> Html:
    """Build the abstract."""
    return html_elements.join([heading(2, SECTIONS["abstract"], id_="abstract"), abstract.abstract(review)])


def findings(review: ReviewView) -> Html:
    """Build the summary of findings, and all analyses with their prediction intervals and heterogeneity."""
    head = heading(2, SECTIONS["findings"], id_="findings")
    return html_elements.join([head, summary.summary_of_findings(review), tables.summary(review)])


def studies(review: ReviewView) -> Html:
    """Build the table of the studies."""
    if large_reviews.has_many_studies(review):
        return html_elements.join([heading(2, SECTIONS["studies"], id_="studies"), large_reviews.of_studies(review)])
    beyond = tag(
        "p",
        "Reports and remarks for each study are listed ",
        tag("a", "with its extracted data", href="#sources"),
        " below.",
    )
    return html_elements.join([heading(2, SECTIONS["studies"], id_="studies"), tables.studies(review), beyond])


def risk_of_bias(review: ReviewView) -> Html:
    """Build the judgements on the risk of bias in the studies."""
    figures = [review_figures.figure(review, name) for name in ("risk_of_bias", "risk_of_bias_summary")]
    return html_elements.join([heading(2, SECTIONS["bias"], id_="bias"), *figures, bias.risk_of_bias(review)])


def results(review: ReviewView) -> Html:
    """Build the results of all analyses."""
    is_large = large_reviews.has_many_analyses(review)
    parts = [large_reviews.of_analyses(review)] if is_large else []
    parts += [(large_reviews.outcome if is_large else outcome)(review, analysis) for analysis in review.analyses]
    whole = review_figures.figure(review, "summary")
    return html_elements.join([heading(2, SECTIONS["results"], id_="results"), whole, *parts])


def sources(review: ReviewView) -> Html:
    """Build what is to be known of each study: its reports, remarks, and every figure traced to its place."""
    if large_reviews.has_many_studies(review):
        parts = [large_reviews.of_studies(review), tables.places(review)]
        return html_elements.join([heading(2, SECTIONS["sources"], id_="sources"), *parts])
    lead = (
        "For each study, this section lists the reports and every result recorded for an analysed outcome: the result as "
        "reported, whether it was analysed, the report and the place in it, and the document from which it was read."
    )
    each = [
        tag(
            "section",
            heading(3, study["label"] or key, id_=f"study-{html_elements.anchor(key)}"),
            tables.study(review, key),
            titled("Data checks", findings_of_checks.of_study(review, key)),
            trace.trace(review, key),
        )
        for key, study in review.studies.items()
    ]
    map_of_routes = review_figures.figure(review, "routes_map")
    mapped = [map_of_routes, review_figures.routes_table(review) if map_of_routes else None]
    return html_elements.join(
        [heading(2, SECTIONS["sources"], id_="sources"), paragraph(lead), *mapped, tables.places(review), *each]
    )


def checks(review: ReviewView) -> Html:
    """Build what the checks of the figures found."""
    lead = (
        "The reported results of each study were compared with one another. Discrepancies are listed, not corrected. Reports "
        "are named by their keys, which are given with the study."
    )
    return html_elements.join(
        [heading(2, SECTIONS["checks"], id_="checks"), paragraph(lead), findings_of_checks.findings(review)]
    )


def cited_by(statement: Statement) -> list[str]:
    """Return the keys of the works that a statement cites."""
    return [key for source in statement.cites for key in works(source)]


def method(review: ReviewView) -> Html:
    """Build the methods, with numbered citations."""
    statements = methods.methods(review)
    order = numbered(key for statement in statements for key in cited_by(statement))

    def sentence(statement: Statement) -> Html:
        cited = [tag("a", str(order[key]), href=f"#reference-{order[key]}") for key in cited_by(statement)]
        return html_elements.join(
            [html_elements.linked(statement.text), tag("sup", html_elements.join(cited, ",")) if cited else None]
        )

    return html_elements.join(
        [heading(2, SECTIONS["methods"], id_="methods"), bullets([sentence(statement) for statement in statements])]
    )


def meaning(review: ReviewView) -> Html:
    """Build what the authors say that the results mean."""
    return html_elements.join(
        [heading(2, SECTIONS["meaning"], id_="meaning"), statements.answers(review, statements.MEANING)]
    )


def limits(review: ReviewView) -> Html:
    """Build the list of what people have to judge or supply and nobody has, and where the evidence is thin."""
    items = [words.first_upper(name) for name, judged in abstract.unjudged(review).items() if not judged]
    some = [str(review.label(key)) for key, study in review.studies.items() if not study.get("risk_of_bias")]
    if some and len(some) < len(review.studies):
        items = [f"{item} in {words.listed(some)}" if item == "Risk of bias" else item for item in items]
    lead = "The following require human judgement or input and have not been supplied. No default is substituted:"
    everything = "All judgements and statements that the report requires from the authors have been supplied."
    parts = [paragraph(lead), bullets(items)] if items else [paragraph(everything)]
    few = abstract.thin(review)
    return html_elements.join([heading(2, SECTIONS["limits"], id_="limits"), *parts, paragraph(few)])


def about(review: ReviewView) -> Html:
    """Build registration, protocol, support and interests."""
    return html_elements.join(
        [heading(2, SECTIONS["about"], id_="about"), statements.answers(review, statements.ABOUT)]
    )


def checklist(review: ReviewView) -> Html:
    """Build the filled PRISMA checklist."""
    return html_elements.join([heading(2, SECTIONS["checklist"], id_="checklist"), prisma.checklist(review, SECTIONS)])


def software(review: ReviewView) -> Html:
    """Build the software versions and the hashes of the inputs."""
    return html_elements.join(
        [heading(2, SECTIONS["software"], id_="software"), tables.versions(review), tables.inputs(review)]
    )


def references(review: ReviewView) -> Html:
    """Build the list of the works that the methods cite."""
    order = numbered(key for statement in methods.methods(review) for key in cited_by(statement))
    items = [
        tag(
            "li",
            html_elements.join([html_elements.linked(work(key).text), html_elements.doi_link(work(key).doi)], " "),
            id=f"reference-{number}",
        )
        for key, number in order.items()
    ]
    return html_elements.join([heading(2, SECTIONS["references"], id_="references"), tag("ol", *items)])
