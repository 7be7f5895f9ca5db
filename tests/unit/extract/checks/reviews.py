"""Reviews made of records, for the tests of the checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coppice.core.study import Study
from coppice.plan.check import of_review
from coppice.plan.plan import Plan
from coppice.review.record import build
from coppice.review.review import Analysis, Review

REPORTS = {"paper": {"citation": "Somebody 2020"}, "other": {"citation": "Somebody 2021"}}


def study(name: str, *figures: dict[str, Any], outcome: str = "o", **parts: Any) -> Study:
    outcomes = {outcome: {"reported": [{"source": {"report": "paper"}} | figure for figure in figures]}}
    record = {"study": name, "design": "randomised", "reports": REPORTS, "outcomes": outcomes} | parts
    return build(record, f"{name}.yaml", {})


def plan_of(studies: Sequence[Study], measure: str, outcome: str = "o") -> Plan:
    settings = {"measure": measure, "outcome": outcome}
    members = tuple(item for item in studies if outcome in item.outcomes)
    analyses = {"a": Analysis("a", settings, members, ())}
    return Plan(Review({"review": {"title": "t"}, "analyses": {"a": settings}}, tuple(studies), analyses, ()))


def findings(*studies: Study, measure: str = "HR", outcome: str = "o") -> list[dict[str, Any]]:
    return of_review(plan_of(studies, measure, outcome).review)


def found(*studies: Study, measure: str = "HR", outcome: str = "o") -> list[str]:
    return [item["check"] for item in findings(*studies, measure=measure, outcome=outcome)]
