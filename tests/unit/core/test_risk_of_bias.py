"""The tools for the risk of bias: their domains and judgements, by their own names."""

from __future__ import annotations

import pytest

from coppice.core.risk_of_bias import (
    JUDGEMENTS,
    NOT_ASSESSED,
    OVERALL,
    TOOLS,
    applicable,
    assessment_findings,
    by_tool,
    domains_of,
    each_judgement,
    for_outcome,
    full_name,
    in_order,
    judged,
    shown_as,
    studies_judged,
    tool_of,
)

ROB_2 = {"tool": "RoB 2", "domains": {"D1": "low", "missing outcome data": "Some  concerns"}, "overall": "High"}


def test_a_tool_is_known_however_it_is_written():
    assert {tool_of({"tool": name}).name for name in ("RoB 2", "ROB2", "rob-2")} == {"RoB 2"}
    assert tool_of({"tool": "ROBINS-I V2"}).name != tool_of({"tool": "ROBINS-I"}).name
    assert tool_of({"tool": "Our own"}).levels == ()


def test_a_domain_is_known_by_its_short_name_and_by_its_name():
    tool = tool_of(ROB_2)
    assert domains_of(tool, [ROB_2]) == ["D1", "D3", OVERALL]
    assert full_name(tool, "D3") == "D3 Missing outcome data"
    assert [judged(tool, ROB_2, name) for name in ("D1", "D3", "D2", OVERALL)] == [
        "low",
        "some concerns",
        NOT_ASSESSED,
        "high",
    ]


def test_levels_of_one_tool_differ_in_their_signs():
    for tool in TOOLS.values():
        signs = {JUDGEMENTS[level].sign for level in tool.levels}
        assert len(signs) == len(tool.levels), tool.name


def test_a_judgement_in_a_tools_own_words_has_its_letter_and_stands_between_the_known_and_none():
    assert shown_as("poor").sign == "P"
    assert in_order({"poor", NOT_ASSESSED, "high", "low"}) == ["low", "high", "poor", NOT_ASSESSED]


def test_quadas_2_has_no_overall_judgement_unless_somebody_gave_one():
    item = {"tool": "QUADAS-2", "domains": {"D1": "low", "A1": "high"}}
    assert domains_of(tool_of(item), [item]) == ["D1", "A1"]
    assert domains_of(tool_of(item), [item | {"overall": "high"}])[-1] == OVERALL
    assert list(assessment_findings(item)) == []


def test_those_whom_nobody_judged_stand_with_the_one_tool_or_by_themselves():
    assert [(tool.name, len(items)) for tool, items in by_tool([{}, ROB_2])] == [("RoB 2", 2)]
    two = [ROB_2, {}, {"tool": "Ours", "domains": {"A": "good"}}]
    assert [tool.name for tool, _ in by_tool(two)] == ["RoB 2", "Ours", "Not assessed"]
    assert [tool.name for tool, _ in by_tool([{}])] == ["Not assessed"]
    assert [tool.name for tool, _ in by_tool([])] == ["Not assessed"]


@pytest.mark.parametrize(
    ("changed", "place", "message"),
    [
        ({"domains": {"D9": "low"}}, ("domains", "D9"), "RoB 2 has no domain 'D9'"),
        ({"domains": {"D1": "moderate"}}, ("domains", "D1"), "'moderate' is not a judgement of RoB 2"),
        ({"overall": "hihg"}, ("overall",), "did you mean 'high'"),
        ({"overall": None}, ("overall",), "asks for an overall judgement"),
        ({"tool": "ROBINS-E", "overall": "critical"}, ("overall",), "very high"),
    ],
)
def test_what_a_tool_does_not_have_is_said(changed, place, message):
    found = list(assessment_findings(ROB_2 | changed))
    assert any(where == place and message in text for where, text in found), found


def test_a_tool_of_ones_own_may_say_anything():
    assert list(assessment_findings({"tool": "Ours", "domains": {"A": "good"}, "overall": "poor"})) == []


def test_a_judgement_of_an_outcome_goes_before_the_study_and_the_study_stands_for_the_others():
    item = ROB_2 | {"note": "n", "by_outcome": {"os": {"domains": {"D1": "high"}, "overall": "high"}}}
    assert for_outcome(item, "os") == {"tool": "RoB 2", "domains": {"D1": "high"}, "overall": "high"}
    assert for_outcome(item, "efs") == ROB_2 | {"note": "n"}
    assert for_outcome({key: item[key] for key in ("tool", "by_outcome")}, "efs") is None
    assert (for_outcome(ROB_2, "os"), for_outcome(None, "os")) == (ROB_2, None)


def test_each_judgement_has_a_row_and_a_study_counts_once():
    item = ROB_2 | {"by_outcome": {"os": {"domains": {"D1": "low"}, "overall": "low"}}}
    rows = [{"study": "A", **row} for row in each_judgement(item, "Abel", {"os": "Death"})]
    assert [row["label"] for row in rows] == ["Abel", "Abel: Death"]
    assert studies_judged(rows) == 1
    assert [row["label"] for row in applicable(rows, "os")] == ["Abel: Death"]
    assert [row["label"] for row in applicable(rows, "efs")] == ["Abel"]
    assert [row["label"] for row in applicable(rows, None)] == ["Abel", "Abel: Death"]


def test_domains_and_levels_of_an_outcome_are_those_of_the_tool():
    wrong = {"tool": "RoB 2", "by_outcome": {"os": {"domains": {"D9": "low", "D1": "lo"}, "overall": "low"}}}
    places = [place for place, _ in assessment_findings(wrong)]
    assert places == [("by_outcome", "os", "domains", "D9"), ("by_outcome", "os", "domains", "D1")]
    assert [place for place, _ in assessment_findings({"tool": "RoB 2", "overall": "low"})] == [()]


def test_a_tool_without_an_overall_judgement_needs_none():
    item = {"tool": "RoB 1", "domains": {"Allocation concealment": "unclear"}, "overall": None}
    assert list(assessment_findings(item)) == []
    assert domains_of(tool_of(item), [item]) == ["Allocation concealment"]
