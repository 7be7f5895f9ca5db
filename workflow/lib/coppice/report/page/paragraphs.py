"""Methods and results as paragraphs that a journal could print, made of the same sentences as the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from coppice.core.risk_of_bias import OVERALL, by_tool, in_order, is_judged, judged
from coppice.core.roles import MAIN
from coppice.core.text import in_sentence
from coppice.report.kinds import REPORTING
from coppice.report.other_view import OtherView
from coppice.report.page import abstract, html_elements, informative, methods, sentences, statements, words
from coppice.report.page.html_elements import Html, tag
from coppice.report.page.references import Statement, cited_by, numbered, work
from coppice.report.report_data import AnalysisView, ReviewView

# The statements of the authors that belong to the methods: PRISMA 2020, items 5 to 8 and 24
STATED = ("eligibility", "search_strategy", "selection", "protocol", "amendments")
FLOW = {
    "identified": ("record was identified", "records were identified"),
    "screened": ("record was screened", "records were screened"),
    "assessed": ("report was assessed for eligibility", "reports were assessed for eligibility"),
    "included_studies": ("study was included", "studies were included"),
}


def paragraphs(review: ReviewView) -> Html:
    """Build both paragraphs and the works that the first cites, each to be copied."""
    each = {"Methods": method(review), "References": cited(review), "Results": results(review)}
    return html_elements.join(
        html_elements.join(
            [tag("h3", name), tag("div", tag("p", html_elements.linked(text)), class_="paste", data_name=name.lower())]
        )
        for name, text in each.items()
    )


def method(review: ReviewView) -> str:
    """Return the methods as a paragraph, with the numbers of the cited works in brackets."""
    order = _order(review)

    def with_numbers(statement: Statement) -> str:
        numbers = ", ".join(str(order[key]) for key in cited_by(statement))
        return f"{statement.text.rstrip('.')} [{numbers}]." if numbers else words.ended(statement.text)

    return " ".join([*_stated(review), *map(with_numbers, _of_models(review)), *_judged(review)])


def cited(review: ReviewView) -> str:
    """Return the works that the methods cite, numbered, as text."""
    each = [(number, work(key)) for key, number in _order(review).items()]
    return " ".join(
        f"{number}. {item.text}" + (f" doi:{item.doi}" if item.doi and item.doi not in item.text else "")
        for number, item in each
    )


def _of_models(review: ReviewView) -> list[Statement]:
    """Return what the methods say of effects, models and software; the formulas of single routes stay on the page."""
    parts = (methods.what_is_pooled, methods.models, methods.other_kinds, methods.differences, methods.absolute)
    return [*(statement for part in parts for statement in part(review)), *methods.LANGUAGE[:-1]]


def _order(review: ReviewView) -> dict[str, int]:
    return numbered(key for statement in _of_models(review) for key in cited_by(statement))


def _stated(review: ReviewView) -> Iterator[str]:
    """Yield what the authors state of registration, eligibility, search and selection."""
    if registration := review.about.get("registration"):
        yield words.ended(f"The protocol was registered ({registration})")
    for key in STATED:
        if text := abstract.phrase(review.about.get(key)):
            yield words.ended(text)
    if searched := review.about.get("searched"):
        yield words.ended(f"The last search was on {searched}")


def _judged(review: ReviewView) -> Iterator[str]:
    """Yield how bias and certainty were judged, where they were."""
    judgements = [study["risk_of_bias"] for study in review.studies.values() if is_judged(study.get("risk_of_bias") or {})]  # fmt: skip
    if judgements:
        yield f"Risk of bias was judged with {words.listed([tool.name for tool, _ in by_tool(judgements)])}."
    if any(analysis.certainty for analysis in review.analyses):
        yield "The certainty of the evidence was judged by GRADE."


def results(review: ReviewView) -> str:
    """Return the results of the main analyses as a paragraph, in the order of PRISMA 2020 (items 16 to 22)."""
    main = [analysis for analysis in review.everything if analysis.role == MAIN]
    each = [sentence for analysis in main for sentence in _of_analysis(review, analysis)]
    return " ".join([*_flow(review), abstract.pooled_studies(review), *_bias(review), *each])


def _flow(review: ReviewView) -> Iterator[str]:
    counts = review.about.get("flow") or {}
    totals = {key: statements.total(counts.get(key)) for key in FLOW}
    steps = [f"{total:,} {FLOW[key][total != 1]}" for key, total in totals.items() if total is not None]
    if steps:
        yield f"{words.listed(steps)}."


def _bias(review: ReviewView) -> Iterator[str]:
    """Count the studies by their overall judgement, for each tool."""
    items = [study["risk_of_bias"] for study in review.studies.values() if (study.get("risk_of_bias") or {}).get("overall")]  # fmt: skip
    for tool, of_tool in by_tool(items) if items else ():
        counts = Counter(judged(tool, item, OVERALL) for item in of_tool)
        each = [f"{level} in {counts[level]}" for level in in_order(set(counts))]
        total = words.studies(len(review.studies))
        yield f"The overall risk of bias ({tool.name}) was {words.listed(each)} of {total}."


def _of_analysis(review: ReviewView, analysis: AnalysisView | OtherView) -> Iterator[str]:
    """Yield the result of one analysis: effect, interval, heterogeneity, prediction, subgroups and certainty."""
    if isinstance(analysis, OtherView):
        yield words.ended(f"{analysis.title}: {in_sentence(REPORTING[analysis.kind].sentence(analysis))}")
        yield from REPORTING[analysis.kind].more(analysis)
        return
    main = analysis.pool["random"]
    first = sentences.result(review, analysis) if not main else _estimate(review, analysis)
    yield f"{analysis.title}: {in_sentence(first)}"
    if spread := [in_sentence(line).rstrip(".") for line in sentences.spread(analysis)]:
        yield f"{words.first_upper('; '.join(spread))}."
    if statement := informative.plain_statement(analysis):
        yield f"{statement.rstrip('.')} ({(analysis.certainty or {})['level']} certainty)."
    if analysis.pool["excluded"]:
        labels = words.listed_or_counted([str(item["label"]) for item in analysis.pool["excluded"]])
        yield words.ended(f"No result could be pooled from {labels}")


def _estimate(review: ReviewView, analysis: AnalysisView) -> str:
    """Return the first sentence of a result, and what its interval leaves open."""
    whole = sentences.result(review, analysis)
    main = analysis.pool["random"]
    reading = sentences.reading(analysis, main) if main else ""
    without = whole.removesuffix(reading).rstrip() if reading else whole
    towards = sentences.direction(analysis, main) if main else None
    return " ".join(filter(None, [without, towards]))
