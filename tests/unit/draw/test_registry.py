"""The registry of figures: what each needs, and what stands in its place where that is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from coppice.draw.analysis import draw_analysis
from coppice.draw.captions import CAPTIONS
from coppice.draw.needs import MOST_EFFECTS
from coppice.draw.registry import EVERY_FIGURE, FIGURES, REVIEW_FIGURES, asked_for
from coppice.draw.review import draw_review

from .fixtures import bcg_with_risks, survival
from .rendered import assert_clean, printed

ROOT = Path(__file__).resolve().parents[3]
EMPTY = {"measure": "HR", "k": 0, "effects": [], "reasons": {"random": "no study gives a figure"}}
RECIPES = ROOT / "workflow" / "report"


def drawn(figure, result, explored=None):
    return draw_analysis({"title": "Survival", "figures": {figure: {}}}, result, explored)[figure]


def test_forest_funnel_and_robustness_are_drawn_unless_they_are_switched_off():
    assert asked_for({}) == ["forest", "funnel", "robustness"]
    assert asked_for({"radial": {}, "funnel": False, "labbe": True}) == ["forest", "robustness", "labbe", "radial"]
    assert asked_for({"radial": False, "robustness": False}) == ["forest", "funnel"]


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_of_no_study_is_a_panel_and_not_a_failure(figure):
    assert_clean(drawn(figure, EMPTY))


@pytest.mark.parametrize("figure", ["forest", "leave_one_out", "cumulative", "influence", "drapery"])
def test_a_figure_with_a_row_for_each_of_very_many_effects_is_not_drawn(figure):
    result = survival()
    many = {**result, "effects": result["effects"][:1] * (MOST_EFFECTS + 1)}
    explored = {name: [{}] for name in ("leave_one_out", "cumulative", "influence")}
    assert "501 effects are too many to plot individually" in " ".join(printed(drawn(figure, many, explored)))


@pytest.mark.parametrize("figure", REVIEW_FIGURES)
def test_a_figure_of_a_review_without_what_it_shows_is_a_panel_that_says_so(figure):
    panel = draw_review({"figures": {figure: {}}}, {})[figure]
    assert_clean(panel)
    assert any(text.startswith("Not drawn: ") for text in printed(panel))


def test_a_map_of_more_studies_than_can_be_read_is_not_drawn():
    extract = {"study": "A", "outcome": "os", "measures": {}}
    results = {"extracts": [extract], "counts": {"studies": 1000}}
    panel = draw_review({"figures": {"routes_map": {}}}, results)["routes_map"]
    assert "Not drawn: 1,000 studies are too many for the figure (limit 200)." in " ".join(printed(panel))


@pytest.mark.parametrize("figure", EVERY_FIGURE)
def test_every_figure_has_the_caption_that_the_registry_gives(figure):
    shown = (RECIPES / f"{figure}.rst").read_text("utf-8")
    assert shown.startswith(EVERY_FIGURE[figure].title)
    assert EVERY_FIGURE[figure].caption in shown, "run `make docs`"
    assert set(CAPTIONS) == set(EVERY_FIGURE)


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        ("labbe", "Not drawn: no study reports counts in both arms."),
        ("bubble", "Not drawn: the analysis has no moderators."),
        ("baujat", "Not drawn: it was not explored."),
    ],
)
def test_a_figure_says_what_it_lacks(figure, reason):
    panel = drawn(figure, survival())
    assert_clean(panel)
    assert reason in printed(panel)
    assert FIGURES[figure].title in printed(panel)


def test_the_reason_is_that_of_the_result_where_it_has_one():
    panel = drawn("leave_one_out", survival(), {"leave_one_out": {"skipped": "it needs 3 effects, and there are 2"}})
    assert "Not drawn: it needs 3 effects, and there are 2." in printed(panel)


def test_a_figure_that_has_what_it_needs_is_drawn():
    assert not any(text.startswith("Not drawn") for text in printed(drawn("labbe", bcg_with_risks())))


def test_the_manual_of_the_configuration_names_every_figure_and_option():
    manual = (ROOT / "config" / "README.md").read_text("utf-8")
    section = manual.split("### Choose the figures")[1].split("\n### ")[0]
    for figure in EVERY_FIGURE.values():
        assert f"`{figure.name}`" in section, figure.name
        assert all(f"`{option}`" in section for option in figure.options()), figure.name
