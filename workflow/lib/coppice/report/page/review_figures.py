"""The figures of the review as a whole, each with a text alternative."""

from __future__ import annotations

from collections.abc import Callable

from coppice.core.results_layout import REVIEW_FOLDER
from coppice.core.risk_of_bias import OVERALL, by_tool, domains_of, in_order, judged
from coppice.draw.figures.route_status import state_of
from coppice.draw.registry import REVIEW_FIGURES
from coppice.report.page import statements, words
from coppice.report.page.bias import assessments, is_assessed
from coppice.report.page.figures import embedded
from coppice.report.page.html_elements import Html, join, tag
from coppice.report.page.table import table
from coppice.report.report_data import ReviewView

WITHOUT_ROUTE = {"unused": "not converted to an effect", "nothing": "nothing usable"}  # by the state of a study outcome
MOST_IN_WORDS = 10  # analyses that an alternative text goes through one by one


def figure(review: ReviewView, name: str) -> Html | None:
    """Embed a figure of the review; None if it is not drawn, or what it shows has not been supplied."""
    file = review.figures.get(name)
    if file is None or not file.exists() or not SUPPLIED.get(name, bool)(review):
        return None
    entry = REVIEW_FIGURES[name]
    caption = join([tag("b", f"{entry.title}. "), words.first_upper(entry.caption)])
    alternative = f"{entry.title}: {ALTERNATIVES[name](review)}"
    return embedded(file, f"{REVIEW_FOLDER}/{name}", alternative=alternative, caption=caption, label=entry.title)


def summary(review: ReviewView) -> str:
    """Say the pooled estimates in words."""
    items = []
    for analysis in review.analyses[:MOST_IN_WORDS]:
        main = analysis.pool["random"]
        items.append(f"{analysis.title}, {words.labelled(analysis, main) if main else 'no overall estimate'}")
    more = len(review.analyses) - len(items)
    rest = f"; and {words.count(more, 'more analysis', 'more analyses')}" if more > 0 else ""
    return f"estimates with their confidence intervals: {'; '.join(items)}{rest}. The table of all analyses gives the numbers."


def flow(review: ReviewView) -> str:
    """Say the counts of the flow in words."""
    counts = review.about.get("flow") or {}
    totals = [(name, statements.total(counts.get(key))) for key, name in statements.FLOW.items()]
    counted = ", ".join(f"{name.lower()} {total:,}" for name, total in totals if total is not None)
    return f"{counted or words.NOT_STATED}. The table below gives the numbers."


def bias(review: ReviewView) -> str:
    """Say the overall judgements in words."""
    tools = []
    for tool, items in by_tool(assessments(review)):
        overall = [judged(tool, item, OVERALL) for item in items] if OVERALL in domains_of(tool, items) else []
        counts = ", ".join(f"{overall.count(key)} {key}" for key in in_order(set(overall)))
        tools.append(
            f"{tool.name}, {words.studies(len({item['study'] for item in items}))}{f', overall {counts}' if counts else ''}"
        )
    return f"{'; '.join(tools)}. The tables below give the judgements."


def routes(review: ReviewView) -> str:
    """Say in words how much of the map is filled."""
    states = [state_of(extract)[0] for extract in review.extracts.values()]
    entered = words.count(states.count("entered"), "contributes an effect", "contribute an effect")
    cells = words.count(len(states), "study outcome", "study outcomes")
    return f"{cells} in scope of an analysis; {entered}. The table below gives the same information as text."


ALTERNATIVES: dict[str, Callable[[ReviewView], str]] = {
    "prisma": flow,
    "risk_of_bias": bias,
    "risk_of_bias_summary": bias,
    "summary": summary,
    "routes_map": routes,
}


def has_flow(review: ReviewView) -> bool:
    """Return whether the flow of records is stated."""
    return bool(review.about.get("flow"))


# Whether people supplied what a figure shows; otherwise the section prints `not assessed` or `not stated` instead.
SUPPLIED: dict[str, Callable[[ReviewView], bool]] = {
    "prisma": has_flow,
    "risk_of_bias": is_assessed,
    "risk_of_bias_summary": is_assessed,
}


def routes_table(review: ReviewView) -> Html | None:
    """Build the table beneath the map of routes: a row for each study, a column for each outcome."""
    if not review.extracts:
        return None
    outcomes = list(dict.fromkeys(outcome for _, outcome in review.extracts))
    studies = [key for key in review.studies if any((key, outcome) in review.extracts for outcome in outcomes)]

    def cell(study: str, outcome: str) -> str:
        extract = review.extract(study, outcome)
        if extract is None:
            return words.DASH
        state, routes_taken = state_of(extract)
        return ", ".join(routes_taken) if state == "entered" else WITHOUT_ROUTE[state]

    rows = [(review.label(study), *(cell(study, outcome) for outcome in outcomes)) for study in studies]
    headings = ("Study", *(review.outcome(outcome) for outcome in outcomes))
    dashes = " A dash: not required by any analysis." if any(words.DASH in row[1:] for row in rows) else ""
    caption = f"Map of routes as text: the route to the effect of each study.{dashes}"
    return tag("details", tag("summary", "The map as a table"), table(caption, headings, rows, name="table-routes"))
