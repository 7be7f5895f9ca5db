"""Figures of the review as a whole: risk of bias, flow of studies, map of routes."""

from __future__ import annotations

import pytest

from coppice.draw.figures.prisma import draw_prisma
from coppice.draw.figures.risk_of_bias import draw_risk_of_bias
from coppice.draw.figures.risk_of_bias_summary import draw_risk_of_bias_summary, weights_in
from coppice.draw.figures.route_status import state_of
from coppice.draw.figures.routes_map import draw_routes_map
from coppice.draw.figures.shared_axis import on_one_axis
from coppice.draw.figures.summary import draw_summary

from .fixtures import bcg, harm, survival
from .rendered import assert_clean, printed

ASSESSED = [
    {"study": "A", "label": "Aronson 1948", "domains": {"D1": "low", "D2": "high"}, "overall": "High", "weight": 3.0},
    {"study": "B", "label": "Ferguson & Simes 1949", "domains": {"D1": "some concerns"}, "overall": None, "weight": 1},
    {"study": "C", "label": "Rosenthal et al 1960"},
]
COUNTS = {
    "identified": {"Databases": 1200, "Registers": 34},
    "screened": 814,
    "excluded_reports": {"Wrong population": 50, "No comparator": None},
    "included_studies": 10,
    "included_reports": 25,
}
EXTRACTS = [
    {"study": "A", "outcome": "os", "measures": {"HR": {"candidates": [{"route": "hazard_ratio_ci"}], "chosen": [0]}}},
    {"study": "A", "outcome": "efs", "measures": {}, "unused": [{"statistic": "median_survival"}]},
    {"study": "B", "outcome": "os", "measures": {"HR": {"candidates": [], "chosen": []}}, "unused": []},
]


def test_risk_of_bias_is_readable_without_colour():
    figure = draw_risk_of_bias(ASSESSED)
    assert_clean(figure)
    texts = printed(figure)
    assert {"+", "×", "−", "D1", "D2", "Overall", "Not assessed"} <= set(texts)


def test_each_tool_has_a_block_with_its_domains_and_studies_not_judged_have_their_own():
    judged = [
        {"study": "A", "tool": "RoB 2", "domains": {"D1": "low"}, "overall": "low"},
        {"study": "B", "tool": "QUADAS-2", "domains": {"D4": "unclear", "D1": "high"}},
        {"study": "C", "tool": "Our list", "domains": {"Blinding": "poor"}, "overall": "fair"},
        {"study": "D"},
    ]
    for draw in (draw_risk_of_bias, draw_risk_of_bias_summary):
        figure = draw(judged)
        assert_clean(figure)
        texts = printed(figure)
        assert {"RoB 2, 1 study", "QUADAS-2, 1 study", "Our list, 1 study", "Not assessed, 1 study"} <= set(texts)
        assert {"D1 Randomisation process", "D1 Patient selection", "D4 Flow and timing", "Blinding"} <= set(texts)
        assert {"P", "Poor", "F", "Fair"} <= set(texts), "judgements in a tool's own words have their first letter"
        assert texts.index("D1 Patient selection") < texts.index("D4 Flow and timing")


def test_the_summary_of_the_risk_of_bias_counts_studies_or_their_weights_in_an_analysis():
    result = {
        "analysis": "os",
        "effects": [{"study": "A", "weight_random": 75.0}, {"study": "B", "weight_random": 25.0}],
    }
    plain = draw_risk_of_bias_summary(ASSESSED)
    assert "Share of studies, each counted once" in printed(plain)
    weighted = draw_risk_of_bias_summary(ASSESSED, [result], analysis="os", titles={"os": "Survival"})
    assert_clean(weighted)
    assert "Share of the weight of the studies in: Survival" in printed(weighted)
    assert "tool not stated, 2 studies" in printed(weighted), "the third is not in the analysis"
    assert weights_in([result], "os") == {"A": 75.0, "B": 25.0}
    with pytest.raises(ValueError, match="did you mean 'os'"):
        draw_risk_of_bias_summary(ASSESSED, [result], analysis="oss")


def test_a_count_that_is_missing_from_the_flow_prints_as_not_stated():
    figure = draw_prisma(COUNTS, title="Flow of studies")
    assert_clean(figure)
    texts = printed(figure)
    assert {"Databases (n = 1,200)", "No comparator (not stated)", "Records excluded (not stated)"} <= set(texts)


def test_the_map_of_routes_shows_what_each_study_gave():
    assert [state_of(item)[0] for item in EXTRACTS] == ["entered", "unused", "nothing"]
    figure = draw_routes_map(EXTRACTS, outcomes={"os": "Overall survival", "other": "Other"})
    assert_clean(figure)
    assert {"hazard ratio with CI", "Overall survival", "efs", "Blank: no analysis asks for it"} <= set(printed(figure))
    assert "Other" not in printed(figure)


def test_review_figures_without_any_study_are_still_drawn():
    for figure in (draw_risk_of_bias([]), draw_risk_of_bias_summary([]), draw_prisma({}), draw_routes_map([])):
        assert_clean(figure)


def summarised():
    return [
        bcg() | {"analysis": "bcg"},
        survival() | {"analysis": "os"},
        harm() | {"analysis": "crs"},
        survival(by="setting") | {"analysis": "by", "random": None, "common": None, "prediction": None},
    ]


def test_a_summary_has_a_row_an_analysis_and_no_mark_on_another_scale():
    figure = draw_summary(summarised(), titles={"os": "Overall survival"})
    assert_clean(figure)
    texts = printed(figure)
    assert {"bcg", "Overall survival", "crs", "RD, 2 studies", "first relapse"} <= set(texts)
    diamonds = [item for item in figure.get_children() if (item.get_gid() or "").startswith("diamond")]
    assert len(diamonds) == 2 + 1, "two analyses of ratios, and the one subgroup that has a subtotal"


def test_a_summary_names_the_certainty_of_the_analyses_where_it_is_judged():
    texts = printed(draw_summary(summarised(), certainty={"os": "very low"}))
    assert [text for text in texts if "certainty" in text] == ["HR, 5 studies; certainty: very low"]


def test_a_summary_is_narrow_enough_for_a_phone_however_long_the_titles_are():
    long = {"os": "Overall survival without relapse, graft failure or any other event " * 3}
    figure = draw_summary(summarised(), titles=long, certainty={"os": "moderate"})
    assert_clean(figure)
    points, pixels, smallest = (
        figure.get_figwidth() * 72,
        390 - 2 * 16,
        min(text.get_fontsize() for text in figure.texts),
    )
    assert smallest * pixels / points > 8.5


def test_analyses_share_an_axis_if_all_are_ratios_or_of_one_measure_and_one_unit():
    assert on_one_axis([("RD", "a"), ("HR", "b"), ("RR", "c")]) == [False, True, True]
    assert on_one_axis([("SMD", "a"), ("SMD", "b"), ("RD", "c")]) == [True, True, False]
    assert on_one_axis([("MD", "days"), ("MD", "points"), ("MD", "points")]) == [False, True, True]
    assert on_one_axis([]) == []


def test_a_summary_names_the_sides_of_the_axis_only_where_all_outcomes_agree_on_them():
    results = [bcg() | {"analysis": "a"}, survival() | {"analysis": "b"}]
    same = draw_summary(results, sides={"a": ["fewer", "more"], "b": ["fewer", "more"]})
    assert_clean(same)
    assert {"fewer", "more"} <= {text.strip("← →") for text in printed(same)}
    other = draw_summary(results, sides={"a": ["fewer", "more"], "b": ["more", "fewer"]})
    assert_clean(other)
    assert any("better one differs between outcomes" in text for text in printed(other))
    named = draw_summary(results, sides={"a": ["drug A", "placebo"], "b": ["drug B", "placebo"]})
    assert_clean(named)
    assert not any("better" in text for text in printed(named))


def test_a_summary_of_one_scale_that_is_no_ratio_or_of_nothing_is_drawn():
    figure = draw_summary([harm() | {"analysis": "crs"}])
    assert_clean(figure)
    assert any((item.get_gid() or "").startswith("diamond") for item in figure.get_children())
    assert_clean(draw_summary([]))


def test_the_summary_in_an_analysis_takes_the_judgement_of_its_outcome():
    own = {"tool": "RoB 2", "domains": {"D1": "high"}, "overall": "high", "outcome": "os"}
    rows = [
        {"study": "A", "label": "A", "tool": "RoB 2", "domains": {"D1": "low"}, "overall": "low"},
        {"study": "A", "label": "A: Survival", **own},
        {"study": "B", "label": "B", "tool": "RoB 2", "domains": {"D1": "low"}, "overall": "low"},
    ]
    result = {"analysis": "os", "outcome": "os", "effects": [{"study": name, "weight_random": 50.0} for name in "AB"]}
    weighted = printed(draw_risk_of_bias_summary(rows, [result], analysis="os"))
    assert {"RoB 2, 2 studies", "High", "Low"} <= set(weighted)
    whole = printed(draw_risk_of_bias_summary(rows))
    assert {"RoB 2, 2 studies", "Share of judgements of studies and their outcomes, each counted once"} <= set(whole)
    assert {"A", "A: Survival", "RoB 2, 2 studies"} <= set(printed(draw_risk_of_bias(rows)))
