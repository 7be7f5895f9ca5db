"""Figures of the review as a whole: risk of bias, flow of studies, map of routes."""

from __future__ import annotations

from coppice.draw.prisma import draw_prisma
from coppice.draw.risk_of_bias import draw_risk_of_bias, draw_risk_of_bias_summary
from coppice.draw.routes_map import draw_routes_map, state_of
from coppice.draw.summary import draw_summary

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


def test_the_summary_of_risk_of_bias_is_weighted_only_where_all_studies_have_a_weight():
    figure = draw_risk_of_bias_summary(ASSESSED[:2])
    assert_clean(figure)
    assert "Studies by their weight in the pooled estimate" in printed(figure)
    assert "Share of studies" in printed(draw_risk_of_bias_summary(ASSESSED))


def test_a_count_that_is_missing_from_the_flow_prints_as_not_assessed():
    figure = draw_prisma(COUNTS, title="Flow of studies")
    assert_clean(figure)
    texts = printed(figure)
    assert {"Databases (n = 1200)", "No comparator (not assessed)", "Records excluded (not assessed)"} <= set(texts)


def test_the_map_of_routes_shows_what_each_study_gave():
    assert [state_of(item)[0] for item in EXTRACTS] == ["entered", "unused", "nothing"]
    figure = draw_routes_map(EXTRACTS)
    assert_clean(figure)
    assert "hazard ratio ci" in printed(figure)


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
    assert {"bcg", "Overall survival", "crs", "RD", "first relapse"} <= set(texts)
    diamonds = [item for item in figure.get_children() if (item.get_gid() or "").startswith("diamond")]
    assert len(diamonds) == 2 + 1, "two analyses of ratios, and the one subgroup that has a subtotal"


def test_a_summary_of_one_scale_that_is_no_ratio_or_of_nothing_is_drawn():
    figure = draw_summary([harm() | {"analysis": "crs"}])
    assert_clean(figure)
    assert any((item.get_gid() or "").startswith("diamond") for item in figure.get_children())
    assert_clean(draw_summary([]))
