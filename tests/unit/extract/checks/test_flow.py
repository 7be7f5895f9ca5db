"""The PRISMA flow is held against itself and against the studies of the review."""

from __future__ import annotations

from typing import Any

import pytest

from coppice.extract.checks.flow import flow_of
from coppice.extract.checks.run import check_flow

from .reviews import study

# the flow of Page MJ et al. 2021, 10.1136/bmj.n71, with numbers that add up
SOUND = {
    "identified": {"databases": 950, "registers": 50},
    "removed": {"duplicates": 200},
    "screened": 800,
    "excluded_screening": 700,
    "sought": 100,
    "not_retrieved": 5,
    "assessed": 95,
    "excluded_reports": {"no comparator": 80, "other outcome": 12},
    "included_reports": 3,
    "included_studies": 2,
}
STUDIES = [study(name) for name in ("A", "B")]


def found(accept: dict[str, str] | None = None, **changes: Any) -> list[str]:
    flow = flow_of({"flow": SOUND | changes}, STUDIES)
    return [item["check"] for item in check_flow(flow, accept or {}) if item["accepted"] is None]


def test_a_flow_that_adds_up_and_no_flow_are_left_alone() -> None:
    assert found() == []
    assert check_flow(flow_of({"flow": None}, STUDIES), {}) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"removed": 199}, ["flow_screened"]),
        ({"excluded_screening": 600}, ["flow_sought"]),
        ({"not_retrieved": 0}, ["flow_assessed"]),
        ({"excluded_reports": 93}, ["flow_included_reports"]),
        ({"included_studies": 4}, ["flow_reports_and_studies", "flow_and_records"]),
        ({"included_studies": 1}, ["flow_and_records"]),
        ({"removed": None, "screened": 1001, "excluded_screening": 901}, ["flow_screened"]),
        ({"removed": None}, []),
        ({"sought": None, "not_retrieved": None}, []),
        ({"sought": None, "excluded_screening": 706, "not_retrieved": None}, ["flow_steps"]),
        ({"included_reports": None, "included_studies": 4}, ["flow_reports_and_studies", "flow_and_records"]),
    ],
)
def test_a_flow_that_contradicts_itself_or_the_records_is_named(changes: dict[str, Any], expected: list[str]) -> None:
    assert found(**changes) == expected


def test_the_records_may_not_cite_more_reports_than_the_flow_includes() -> None:
    assert found(included_reports=1, excluded_reports=94, included_studies=None) == ["flow_and_reports"]


def test_a_contradiction_is_accepted_with_its_reason_and_a_reason_for_nothing_is_reported() -> None:
    assert found({"flow_screened": "one record came by hand"}, removed=199) == []
    assert found({"flow_screened": "one record came by hand"}) == ["accept_unused"]
