"""The page: its sections in order, each a function from the review to HTML. The notebook only calls them."""

from __future__ import annotations

import re

from coppice.core.roles import MAIN
from coppice.report.contents import SECTIONS, authors, title
from coppice.report.kinds import REPORTING
from coppice.report.other_view import OtherView
from coppice.report.page import (
    abstract,
    bias,
    history,
    html_elements,
    large_reviews,
    methods,
    paragraphs,
    plain_language,
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
from coppice.report.page.html_elements import Html, bullets, heading, paragraph, tag, terms
from coppice.report.page.outcome import outcome, titled
from coppice.report.page.references import Statement, cited_by, numbered, work
from coppice.report.report_data import ReviewView

SHORT_PREFIX = re.compile(r"\w{1,2}-\w+$")


def section(key: str, *parts: object) -> Html:
    """Build a section from its heading and its parts; those that are None are left out."""
    return html_elements.join([heading(2, SECTIONS[key], id_=key), *parts])


def folded(key: str, *parts: object) -> Html | None:
    """Build a section of the appendix, folded beneath its heading; None if it has nothing to say."""
    return html_elements.fold(heading(2, SECTIONS[key], id_=key), *parts)


def opening(review: ReviewView) -> Html:
    """Build the head of the page: title, authors, the question, and what to know before the results."""
    names = authors(review)
    by = tag("p", words.listed(names), class_="authors") if names else None
    asked = abstract.question_line(review)
    notes = [tag("p", html_elements.linked(str(note))) for note in review.about.get("notes") or []]
    more = html_elements.fold(tag("span", f"More notes ({len(notes) - 1})"), *notes[1:], id_="notes")
    to_know = html_elements.join([*notes[:1], paragraph(abstract.missing(review)), more])
    return html_elements.join(
        [
            tag("h1", _unbroken(title(review))),
            by,
            tag("p", asked, class_="question-line") if asked else None,
            tag("div", to_know, class_="notice", role="note") if to_know else None,
        ]
    )


def _unbroken(text: str) -> Html:
    """Keep words such as `B-cell` on one line."""
    parts = [tag("span", word, class_="whole") if SHORT_PREFIX.match(word) else word for word in text.split()]
    return html_elements.join(parts, " ")


def question(review: ReviewView) -> Html | None:
    """Build the question: population, intervention, comparator, outcomes."""
    answers = {
        words.first_upper(key): abstract.phrase(part)
        for key in abstract.asked_for(review)
        if (part := review.question.get(key))
    }
    asked = terms(answers, class_="question") if answers else None
    return folded("question", asked, statements.answers(review, statements.QUESTION))


def selection(review: ReviewView) -> Html | None:
    """Build the section on search and selection, with the counts of the PRISMA flow."""
    parts = [statements.answers(review, statements.SELECTION), history.searches(review)]
    return folded("selection", *parts, review_figures.figure(review, "prisma"), statements.flow(review))


def structured_abstract(review: ReviewView) -> Html | None:
    """Build the abstract."""
    return folded("abstract", abstract.abstract(review))


def findings(review: ReviewView) -> Html:
    """Build the summary of findings: all outcomes in a figure and a table, and every analysis with its heterogeneity."""
    every = html_elements.fold(
        heading(3, "All analyses, with prediction intervals and heterogeneity", id_="all-analyses"),
        tables.summary(review) if review.analyses else None,
    )
    in_plain_language = html_elements.fold(
        heading(3, "Plain-language summary", id_="plain-language"), plain_language.summary(review)
    )
    picture = review_figures.figure(review, "summary")
    pairwise = summary.summary_of_findings(review) if review.main_analyses else None
    of_kinds = [REPORTING[item.kind].summary(item) for item in review.others if item.role == MAIN]
    overview = tag("div", picture, tag("div", pairwise, *of_kinds), class_="overview")
    return section("findings", overview, in_plain_language, every)


def appendix(review: ReviewView) -> Html:
    """Build the heading over what documents the review."""
    studied = words.studies(len(review.studies))
    lead = f"Methods, {studied}, every result with its source, the data checks and the software."
    return section("appendix", paragraph(lead))


def studies(review: ReviewView) -> Html | None:
    """Build the table of the studies."""
    if large_reviews.has_many_studies(review):
        return folded("studies", large_reviews.of_studies(review))
    link = tag("a", "with its extracted data", href="#sources")
    beyond = tag("p", "Reports and remarks for each study are listed ", link, " below.")
    return folded("studies", tables.studies(review), beyond)


def risk_of_bias(review: ReviewView) -> Html | None:
    """Build the judgements on the risk of bias in the studies; None where none was judged."""
    if not bias.is_assessed(review):
        return None
    figures = [review_figures.figure(review, name) for name in ("risk_of_bias", "risk_of_bias_summary")]
    return folded("bias", *figures, bias.risk_of_bias(review))


def results(review: ReviewView) -> Html:
    """Build the results of all analyses."""
    is_large = large_reviews.has_many_analyses(review)
    lead = large_reviews.of_analyses(review) if is_large else None
    pairwise = large_reviews.outcome if is_large else outcome
    each = [
        REPORTING[item.kind].section(review, item) if isinstance(item, OtherView) else pairwise(review, item)
        for item in review.everything
    ]
    return section("results", lead, *each)


def sources(review: ReviewView) -> Html | None:
    """Build the section on the data of each study: reports, remarks, and every result with its source."""
    if large_reviews.has_many_studies(review):
        return folded("sources", large_reviews.of_studies(review), tables.places(review))
    lead = (
        "For each study, this section lists the reports and every result recorded for an analysed outcome: the result as "
        "reported, whether it was analysed, the report and the place in it, and the document from which it was read."
    )
    each = [
        tag(
            "section",
            html_elements.fold(
                tag("h3", review.label(key)),
                tables.study(review, key),
                titled("Data checks", findings_of_checks.of_study(review, key), level=4),
                trace.trace(review, key),
                id_=f"study-{html_elements.anchor(key)}",
            ),
        )
        for key in review.studies
    ]
    map_of_routes = review_figures.figure(review, "routes_map")
    mapped = [map_of_routes, review_figures.routes_table(review) if map_of_routes else None]
    return folded("sources", paragraph(lead), *mapped, tables.places(review), *each)


def texts(review: ReviewView) -> Html | None:
    """Build what was read in the texts that no record quotes; None where a review has no such texts."""
    return folded("found-in-texts", proposals.found_in_texts(review))


def checks(review: ReviewView) -> Html | None:
    """Build the section on the data checks."""
    lead = (
        "The reported results of each study were compared with one another. Discrepancies are listed, not corrected. Reports "
        "are named by their keys, which are given with the study."
    )
    return folded("checks", paragraph(lead), findings_of_checks.findings(review))


def method(review: ReviewView) -> Html | None:
    """Build the methods, with numbered citations."""
    statements = methods.methods(review)
    order = numbered(key for statement in statements for key in cited_by(statement))

    def sentence(statement: Statement) -> Html:
        cited = [tag("a", str(order[key]), href=f"#reference-{order[key]}") for key in cited_by(statement)]
        numbers = tag("sup", html_elements.join(cited, ",")) if cited else None
        return html_elements.join([html_elements.linked(statement.text), numbers])

    return folded("methods", bullets(map(sentence, statements)))


def to_paste(review: ReviewView) -> Html | None:
    """Build methods and results as paragraphs for a manuscript, which is why the manuscript itself leaves them out."""
    return folded("paragraphs", paragraphs.paragraphs(review))


def meaning(review: ReviewView) -> Html | None:
    """Build the interpretation by the authors; None if they state none."""
    stated = statements.answers(review, statements.MEANING)
    return section("meaning", stated) if stated else None


def limits(review: ReviewView) -> Html | None:
    """Build the list of missing judgements and statements, and how many analyses rest on few effects."""
    items = [words.first_upper(name) for name, judged in abstract.unjudged(review).items() if not judged]
    some = [review.label(key) for key, study in review.studies.items() if not study.get("risk_of_bias")]
    if some and len(some) < len(review.studies):
        items = [f"{item} in {words.listed(some)}" if item == "Risk of bias" else item for item in items]
    lead = "The following require human judgement or input and have not been supplied. No default is substituted:"
    everything = "All judgements and statements that the report requires from the authors have been supplied."
    parts = [paragraph(lead), bullets(items)] if items else [paragraph(everything)]
    return folded("limits", *parts, paragraph(abstract.thin(review)))


def about(review: ReviewView) -> Html | None:
    """Build registration, protocol, support and interests."""
    return folded("about", statements.answers(review, statements.ABOUT))


def checklist(review: ReviewView) -> Html | None:
    """Build the filled PRISMA checklist."""
    return folded("checklist", prisma.checklist(review, SECTIONS))


def software(review: ReviewView) -> Html | None:
    """Build the software versions and the hashes of the inputs."""
    return folded("software", tables.versions(review), tables.inputs(review))


def references(review: ReviewView) -> Html | None:
    """Build the list of the works that the methods cite."""
    order = numbered(key for statement in methods.methods(review) for key in cited_by(statement))

    def item(key: str) -> Html:
        text = [html_elements.linked(work(key).text), html_elements.doi_link(work(key).doi)]
        return tag("li", html_elements.join(text, " "), id=f"reference-{order[key]}")

    return folded("references", tag("ol", *map(item, order)))
