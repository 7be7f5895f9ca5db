"""The tools for the risk of bias: their domains and judgements, by their own names."""

from __future__ import annotations

import pytest

from coppice.core.risk_of_bias import (
    JUDGEMENTS,
    NOT_ASSESSED,
    OVERALL,
    TOOLS,
    assessment_findings,
    by_tool,
    domains_of,
    full_name,
    in_order,
    judged,
    shown_as,
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


def test_every_level_of_every_tool_has_a_light_and_levels_of_one_tool_differ_in_sign_and_colour():
    for tool in TOOLS.values():
        shown = [JUDGEMENTS[level] for level in tool.levels]
        assert len({item.sign for item in shown}) == len(shown), tool.name
        assert len({item.colour for item in shown}) == len(shown), tool.name


def luminance(colour):
    """Return the relative luminance of WCAG 2."""
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", JUDGEMENTS)
def test_a_sign_is_easily_told_from_its_light(name):
    shown = JUDGEMENTS[name]
    light, dark = sorted((luminance(shown.colour), luminance(shown.ink)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) > 4.5, "contrast that WCAG 2 asks of text"


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
        ({"domains": {"D1": "moderate"}}, ("domains", "D1"), "'moderate' is no judgement of RoB 2"),
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
