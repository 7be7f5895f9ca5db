"""The columns of a forest plot: what is printed in each kind of data, and how it is aligned."""

from __future__ import annotations

import math

import pytest
from tests.unit.draw.fixtures import bcg, effect, harm, pooled
from tests.unit.draw.rendered import assert_clean, boxes, printed

from coppice.draw.forest.forest import draw_forest


def reporting(*reported, measure="MD"):
    rows = [effect(f"Trial {i}", 2000 + i, "all", 1.0 * i, 0.5, item) for i, item in enumerate(reported)]
    return pooled(rows, measure, 2.0)


@pytest.mark.parametrize("result", [bcg(), harm()], ids=["even decimals", "uneven decimals"])
def test_the_word_between_two_limits_is_as_far_from_both_in_every_row(result):
    figure = draw_forest(result)
    rows = {}
    for artist, (text, box) in zip(figure.texts, boxes(figure), strict=True):
        rows.setdefault(artist.get_position()[1], []).append((box.x0, box.x1, text))
    checked = 0
    for row in rows.values():
        ordered = sorted(row)
        for before, word, after in zip(ordered, ordered[1:], ordered[2:], strict=False):
            if word[2] == "to":
                assert word[0] - before[1] == pytest.approx(after[0] - word[1], abs=1.2)
                checked += 1
    assert checked >= 4


def test_a_dash_between_limits_gives_way_to_a_word_where_one_is_negative():
    texts = printed(draw_forest(harm(), preset="jama"))
    assert "to" in texts
    assert "-" not in texts  # in any row, so that all are alike
    assert "-" in printed(draw_forest(bcg(), preset="jama"))
    assert "to" not in printed(draw_forest(bcg(), preset="jama"))


def test_the_word_of_a_bold_row_is_bold():
    figure = draw_forest(bcg())
    weights = [text.get_fontproperties().get_weight() for text in figure.texts if text.get_text() == "to"]
    assert weights.count("bold") == 1


def test_numeric_characteristics_stand_on_their_decimal_point_under_the_heading_asked_for():
    result = bcg()
    for index, item in enumerate(result["effects"]):
        item["values"] = {"latitude": -44.5 if index == 0 else 10 + index}
    figure = draw_forest(result, columns=["study", "latitude", "plot"], headings={"latitude": "Latitude|(degrees)"})
    assert {"Latitude", "(degrees)", "−44.5", "11.0"} <= set(printed(figure))
    rights = {round(box.x1, 1) for text, box in boxes(figure) if text in ("−44.5", "11.0", "22.0")}
    assert len(rights) == 1


def test_decimals_can_be_given_by_column():
    result = reporting({"mean_e": 1.5, "sd_e": 2, "n_e": 10, "mean_c": 1, "sd_c": 2, "n_c": 10})
    texts = set(printed(draw_forest(result, decimals={"effect": 3, "weight": 0, "mean": 2})))
    assert {"1.50", "1.00", "0.000", "100%"} <= texts


def test_means_have_the_decimals_that_they_need_in_both_arms():
    arms = {"mean_e": 1.25, "sd_e": 3, "n_e": 10, "mean_c": 7, "sd_c": 4, "n_c": 12}
    texts = set(printed(draw_forest(reporting(arms))))
    assert {"1.25", "7.00", "3", "4"} <= texts


@pytest.mark.parametrize(
    ("reported", "headings"),
    [
        ({"events": 3, "n": 40}, {"Events", "Total", "3", "40"}),
        ({"events": 3, "time": 120.5}, {"Events", "Time", "120.5"}),
        ({"mean": 2.5, "sd": 1, "n": 9}, {"Mean", "SD", "2.5"}),
        ({"r": 0.31, "n": 50}, {"r", "n", "0.31"}),
        (
            {"events_e": 3, "time_e": 120.5, "events_c": 1, "time_c": 99},
            {"Experimental", "Control", "Time", "120.5", "99.0"},
        ),
        ({"estimate": 0.5}, {"Study"}),
    ],
)
def test_arm_columns_follow_the_kind_of_data(reported, headings):
    figure = draw_forest(reporting(reported, reported))
    assert_clean(figure)
    assert headings <= set(printed(figure))


def test_a_wide_table_gets_a_narrower_plot_and_then_wrapped_labels():
    result = harm()
    plain = draw_forest(result).get_size_inches()[0]
    result["effects"][0]["label"] = "An acronym with a long explanation of what it means (Author 2017)"
    figure = draw_forest(result)
    assert_clean(figure)
    assert figure.get_size_inches()[0] == pytest.approx(plain, abs=1.0)
    assert "An acronym with a long explanation of what it means (Author 2017)" not in printed(figure)


def right_of(figure, text):
    """Return where the only text that is exactly this ends."""
    return next(box.x1 for shown, box in boxes(figure) if shown == text)


@pytest.mark.parametrize(
    ("widest", "low", "high"), [((0.25, 0.004, 19.2), "(0.004", "19.20)"), ((3.3, 0.07, 167.3), "(0.07", "167.30)")]
)
def test_one_long_number_does_not_push_the_limits_of_other_rows_apart(widest, low, high):
    usual, odd = bcg(), bcg()
    for name, value in zip(("yi", "ci_low", "ci_high"), widest, strict=True):
        odd["effects"][0][name] = math.log(value)
    panels = [draw_forest(result) for result in (usual, odd)]
    assert {low, high} <= set(printed(panels[1]))
    spans = [right_of(panel, "0.49)") - right_of(panel, "(0.09") for panel in panels]  # Ferguson & Simes
    digit = spans[0] / 8
    assert spans[1] - spans[0] < 1.5 * digit
    assert_clean(panels[1])


def test_times_have_the_same_decimals_in_every_row():
    times = [{"events_e": 3, "time_e": 8713, "events_c": 5, "time_c": 1200.5}] * 2
    assert "8713.0" in printed(draw_forest(reporting(*times, measure="IRR")))


def test_the_heading_of_a_subgroup_may_reach_to_the_plot():
    rows = [effect(f"A {n}", 2000, "children and adolescents below eighteen years", 0.1 * n, 0.1, {}) for n in range(3)]
    for row in rows:
        row["values"] = {"country": "Germany", "centre": "Berlin"}
    panel = draw_forest(pooled(rows, "RR", 2.0, by="age"), columns=["study", "country", "centre", "plot", "effect"])
    assert "Age: children and adolescents below eighteen years" in printed(panel)
    assert_clean(panel)
