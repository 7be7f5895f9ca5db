"""The risk of bias in the studies as people judged it: a table with a light for each domain, and how often each was given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from coppice.core.risk_of_bias import (
    NOT_ASSESSED,
    Tool,
    by_tool,
    domains_of,
    full_name,
    in_order,
    is_judged,
    judged,
    shown_as,
)
from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, tag
from coppice.report.page.tables import table
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


def risk_of_bias(review: ReviewView) -> Html:
    """Build the tables of the risk of bias, one a tool; what was not judged prints as not assessed."""
    if not is_assessed(review):
        return tag("p", "Risk of bias: ", tag("span", words.NOT_ASSESSED, class_="absent"), " for any study.")
    records = {key: study.get("risk_of_bias") or {} for key, study in review.studies.items()}
    assessments = [{**item, "study": key} for key, item in records.items() if is_judged(item)]
    parts = [part for tool, items in by_tool(assessments) for part in _of_tool(review, tool, items)]
    others = [review.label(key) for key, item in records.items() if not is_judged(item)]
    rest = tag("p", words.ended(f"Not assessed: {words.listed(others)}")) if others else None
    return html_elements.join([*parts, rest])


def _of_tool(review: ReviewView, tool: Tool, items: Sequence[Record]) -> list[Html]:
    domains = domains_of(tool, items)
    rows = [(review.label(item["study"]), *(light(judged(tool, item, domain)) for domain in domains)) for item in items]
    columns = ("Study", *(full_name(tool, domain) for domain in domains))
    name = f"table-bias-{html_elements.anchor(tool.name)}"
    return [
        table(f"Risk of bias ({tool.name}), as judged by the authors.", columns, rows, name=name),
        _summary(tool, items, domains),
    ]


def _summary(tool: Tool, items: Sequence[Record], domains: Sequence[str]) -> Html:
    counts = {domain: Counter(judged(tool, item, domain) for item in items) for domain in domains}
    given = in_order({level for count in counts.values() for level in count})
    rows = [(full_name(tool, domain), *(count[level] for level in given)) for domain, count in counts.items()]
    columns = ("Domain", *map(words.first_upper, given))
    name = f"table-bias-summary-{html_elements.anchor(tool.name)}"
    return table(
        f"Number of studies by risk-of-bias judgement ({tool.name}).",
        columns,
        rows,
        numeric=range(1, len(columns)),
        name=name,
    )


def light(judgement: str) -> Html | None:
    """Print a judgement with its light; None where there is none."""
    if judgement == NOT_ASSESSED:
        return None
    kind = CLASSES.get(judgement, "unclear")
    sign = tag("span", shown_as(judgement).sign, class_=f"light {kind}", aria_hidden="true")
    return tag("span", sign, f" {judgement}", class_="whole")
