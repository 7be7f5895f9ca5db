"""The risk-of-bias judgements: a table with a traffic light for each domain, and the number of studies by judgement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from coppice.core.risk_of_bias import (
    NOT_ASSESSED,
    Tool,
    by_tool,
    domains_of,
    each_judgement,
    full_name,
    in_order,
    is_judged,
    judged,
    shown_as,
)
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, absent, tag
from coppice.report.page.table import Column, number, table_of
from coppice.report.report_data import Record, ReviewView

# Classes of the lights; a judgement in a tool's own words has that of those that are unclear.
CLASSES = {
    "low": "low",
    "some concerns": "some",
    "moderate": "some",
    "high": "high",
    "serious": "high",
    "very high": "critical",
    "critical": "critical",
}


def is_assessed(review: ReviewView) -> bool:
    """Return whether the risk of bias was judged in any study."""
    return any(is_judged(study.get("risk_of_bias") or {}) for study in review.studies.values())


def assessments(review: ReviewView) -> list[Record]:
    """Return what was judged of every study and, where it was, of its outcomes."""
    titles = {analysis.outcome: review.outcome(analysis.outcome) for analysis in review.everything}
    return [
        {"study": key, **judgement}
        for key, study in review.studies.items()
        for judgement in each_judgement(study.get("risk_of_bias"), review.label(key), titles)
    ]


def risk_of_bias(review: ReviewView) -> Html:
    """Build the risk-of-bias tables, one per tool; a missing judgement prints as not assessed."""
    if not is_assessed(review):
        return tag("p", "Risk of bias: ", absent(words.NOT_ASSESSED), " for any study.")
    every = assessments(review)
    judged_items = [item for item in every if is_judged(item)]
    parts = [part for tool, items in by_tool(judged_items) for part in _of_tool(tool, items)]
    others = [item["label"] for item in every if not is_judged(item)]
    rest = tag("p", words.ended(f"Not assessed: {words.listed(others)}")) if others else None
    return html_elements.join([*parts, rest])


def _of_tool(tool: Tool, items: Sequence[Record]) -> Iterator[Html]:
    """Build the table of the judgements with one tool, and that of the number of studies by judgement."""
    domains, name = domains_of(tool, items), html_elements.anchor(tool.name)

    def of_domain(domain: str) -> Column[Record]:
        return Column(full_name(tool, domain), lambda item: light(judged(tool, item, domain)))

    columns = [Column("Study", lambda item: item["label"]), *map(of_domain, domains)]
    yield table_of(f"Risk of bias ({tool.name}), as judged by the authors.", items, columns, name=f"table-bias-{name}")
    counts = {domain: Counter(judged(tool, item, domain) for item in items) for domain in domains}

    def of_level(level: str) -> Column[str]:
        return number(words.first_upper(level), lambda domain: counts[domain][level])

    levels = in_order({level for count in counts.values() for level in count})
    counted = "outcomes of studies" if any(item.get("outcome") for item in items) else "studies"
    caption = f"Number of {counted} by risk-of-bias judgement ({tool.name})."
    by_level = [Column("Domain", lambda domain: full_name(tool, domain)), *map(of_level, levels)]
    yield table_of(caption, domains, by_level, name=f"table-bias-summary-{name}")


def light(judgement: str) -> Html | None:
    """Print a judgement with its traffic light; None if it is missing."""
    if judgement == NOT_ASSESSED:
        return None
    kind = CLASSES.get(judgement, "unclear")
    sign = tag("span", shown_as(judgement).sign, class_=f"light {kind}", aria_hidden="true")
    return tag("span", sign, f" {judgement}", class_="whole")
