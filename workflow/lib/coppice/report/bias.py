"""The risk of bias in the studies as people judged it: a table with a light for each domain, and how often each was given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from coppice.report import html, words
from coppice.report.html import Html, tag
from coppice.report.review import Record, Review
from coppice.report.tables import table

OVERALL = "Overall"
NO_TOOL = "tool not stated"
# The sign says what the colour says, for print in grey and for the colour-blind.
LIGHTS: dict[str, tuple[str, str]] = {
    "low": ("low", "+"),
    "some concerns": ("some", "\N{MINUS SIGN}"),
    "moderate": ("some", "\N{MINUS SIGN}"),
    "unclear": ("unclear", "?"),
    "no information": ("unclear", "?"),
    "high": ("high", "\N{MULTIPLICATION SIGN}"),
    "serious": ("high", "\N{MULTIPLICATION SIGN}"),
    "critical": ("critical", "!"),
}


def risk_of_bias(review: Review) -> Html:
    """Build the tables of the risk of bias, one a tool; what was not judged prints as not assessed."""
    judged = {key: study["risk_of_bias"] for key, study in review.studies.items() if study.get("risk_of_bias")}
    if not judged:
        return tag("p", "Risk of bias: ", tag("span", words.NOT_ASSESSED, class_="absent"), " in any study.")
    tools = dict.fromkeys(str(item.get("tool") or NO_TOOL) for item in judged.values())
    parts = [part for tool in tools for part in _of_tool(review, judged, tool)]
    others = [review.label(key) for key in review.studies if key not in judged]
    rest = tag("p", f"Not assessed: {words.listed(others)}.") if others else None
    return html.join([*parts, rest])


def _of_tool(review: Review, judged: Mapping[str, Record], tool: str) -> list[Html]:
    mine = {key: item for key, item in judged.items() if str(item.get("tool") or NO_TOOL) == tool}
    domains = [*dict.fromkeys(str(name) for item in mine.values() for name in item.get("domains") or {}), OVERALL]
    rows = [(review.label(key), *(light(_judgement(item, domain)) for domain in domains)) for key, item in mine.items()]
    name = f"table-bias-{html.anchor(tool)}"
    return [
        table(f"Risk of bias by {tool}, as judged by the authors.", ("Study", *domains), rows, name=name),
        _summary(list(mine.values()), domains, tool),
    ]


def _summary(judged: Sequence[Record], domains: Sequence[str], tool: str) -> Html:
    counts = {domain: Counter(_judgement(item, domain) or words.NOT_ASSESSED for item in judged) for domain in domains}
    given = [level for level in (*LIGHTS, words.NOT_ASSESSED) if any(count[level] for count in counts.values())]
    given += sorted({level for count in counts.values() for level in count} - {*given})
    rows = [(domain, *(count[level] for level in given)) for domain, count in counts.items()]
    columns = ("Domain", *map(words.first_upper, given))
    name = f"table-bias-summary-{html.anchor(tool)}"
    return table(f"Studies by judgement ({tool}).", columns, rows, numeric=range(1, len(columns)), name=name)


def _judgement(item: Record, domain: str) -> str | None:
    value = item.get("overall") if domain == OVERALL else (item.get("domains") or {}).get(domain)
    return None if value is None else str(value).strip().casefold()


def light(judgement: str | None) -> Html | None:
    """Print a judgement with its light; None where there is none."""
    if judgement is None:
        return None
    kind, sign = LIGHTS.get(judgement, ("unclear", "?"))
    return tag("span", tag("span", sign, class_=f"light {kind}", aria_hidden="true"), f" {judgement}", class_="whole")
