"""The forest plot: everything is printed, nothing is cut, and the numbers are the result's."""

from __future__ import annotations

import copy
import math

import pytest
from tests.unit.draw.fixtures import bcg, effect, harm, pooled, survival
from tests.unit.draw.rendered import assert_clean, outside, over_marks, overlapping, printed

from coppice.core.number_style import number, together
from coppice.draw.analysis import draw_analysis
from coppice.draw.canvas.style import DEFAULT
from coppice.draw.forest.forest import describe_forest, draw_forest

ARMS = {"experimental": "Blinatumomab", "control": "Chemotherapy"}
FAVOURS = ["Favours blinatumomab", "Favours chemotherapy"]
LONG = "A very long label of a trial that nobody would ever abbreviate, in several words and in several centres (2021)"
STRANGE = [
    "$\\alpha_1$ cost $5",
    "<script>alert('x')</script>",
    "Ünïcødé žluťoučký",
    "日本語の研究",
    "مطالعة",
    "a\tb\nc",
    "",
]


def with_labels(result, labels):
    result = copy.deepcopy(result)
    for item, label in zip(result["effects"], labels, strict=False):
        item["label"] = label
    return result


def without(result, *names):
    result = copy.deepcopy(result)
    for name in names:
        result[name] = None
        result["reasons"][name] = f"no {name} here"
    return result


def few(k):
    result = bcg()
    result["effects"] = result["effects"][:k]
    result["k"] = k
    return without(result, *(("random", "common", "prediction", "heterogeneity") if k == 0 else ("prediction",)))


def on_scale(factor):
    rows = [effect(f"Study {i}", 2000 + i, "all", factor * (i - 2), (factor / (i + 1)) ** 2, {}) for i in range(6)]
    return pooled(rows, "MD", 2.57)


def many(k):
    rows = [effect(f"Study {i}", 2000, f"group {i % 4}", math.sin(i), 0.05 + 0.001 * i, {}) for i in range(k)]
    return pooled(rows, "OR", 1.98, by="region")


CASES = {
    "thirteen trials with counts": bcg(),
    "thirteen trials in subgroups": bcg(by="allocation"),
    "hazard ratios in subgroups": survival(by="setting"),
    "risk differences with risks": harm(),
    "no study": few(0),
    "one study": few(1),
    "two studies": few(2),
    "subgroups only": without(bcg(by="allocation"), "random", "common", "prediction", "heterogeneity"),
    "long labels": with_labels(survival(by="setting"), [LONG] * 5),
    "strange labels": with_labels(bcg(), STRANGE),
    "thousandths": on_scale(1e-3),
    "ten thousands": on_scale(1e4),
    "two hundred studies in subgroups": many(200),
}


@pytest.mark.parametrize("result", CASES.values(), ids=CASES)
def test_no_text_is_cut_or_covered(result):
    figure = draw_forest(result, title="Overall survival", favours=FAVOURS, arms=ARMS)
    assert outside(figure) == []
    assert overlapping(figure) == []
    assert over_marks(figure) == []


@pytest.mark.parametrize("size", [6.0, 9.5, 14.0])
def test_no_text_is_cut_or_covered_at_another_font_size(size):
    from coppice.draw.canvas.style import style_from

    style = style_from({"size": size, "small": size * 0.85, "row": size * 1.8})
    figure = draw_forest(bcg(by="allocation"), style=style, title=LONG, favours=[LONG, LONG], arms=ARMS)
    assert outside(figure) == []
    assert overlapping(figure) == []


def test_every_effect_is_printed_as_the_result_has_it():
    result = bcg()
    texts = printed(draw_forest(result))
    for item in result["effects"]:
        values = [math.exp(item[name]) for name in ("yi", "ci_low", "ci_high")]
        estimate, low, high = together(values, landmarks=(0.0, 1.0))
        at = texts.index(item["label"])
        row = texts[at : at + 10]
        assert estimate in row
        assert f"({low}" in row
        assert f"{high})" in row
        assert f"{number(item['weight_random'], 1)}%" in row
        assert str(item["reported"]["n_c"]) in row


def test_printed_effects_come_from_the_display_where_the_result_has_one():
    result = survival()
    result["display"] = {
        "effects": [{"estimate": 7.77, "ci_low": 6.66, "ci_high": 8.88}] * 5,
        "random": {"estimate": 5.55, "ci_low": 4.44, "ci_high": 6.61},
        "common": None,
        "prediction": {"low": 1.11, "high": 9.99},
        "subgroups": [],
    }
    texts = printed(draw_forest(result))
    assert texts.count("7.77") == 5
    assert {"5.55", "(1.11", "9.99)"} <= set(texts)


def test_areas_of_squares_are_as_the_weights():
    result = bcg()
    figure = draw_forest(result)
    squares = {
        artist.get_gid(): artist for artist in figure.get_children() if (artist.get_gid() or "").startswith("sq")
    }
    sides = [_side(squares[f"square-{i}"]) for i in range(13)]
    weights = [item["weight_random"] for item in result["effects"]]
    for side, weight in zip(sides, weights, strict=True):
        assert side**2 / sides[7] ** 2 == pytest.approx(weight / weights[7])


def _side(square):
    across = square.get_xy()[:, 0]
    return max(across) - min(across)


def test_a_square_never_becomes_too_small_to_see():
    rows = [effect("tiny", 2000, "all", 0.0, 100.0, {}), effect("huge", 2000, "all", 0.1, 1e-4, {})]
    figure = draw_forest(pooled(rows, "OR", 1.96))
    square = next(artist for artist in figure.get_children() if artist.get_gid() == "square-0")
    assert _side(square) == pytest.approx(2.4)


def test_a_subgroup_of_one_study_has_no_subtotal():
    texts = printed(draw_forest(survival(by="setting")))
    assert sum(text.startswith("Subtotal") for text in texts) == 1
    assert "Setting: first line" in texts


def test_summaries_name_their_model_and_the_prediction_interval_its_degrees_of_freedom():
    texts = printed(draw_forest(survival()))
    assert "Random effects (DL, Wald)" in texts
    assert "95% prediction interval (t, 4 df)" in texts


def test_a_part_that_is_missing_is_explained():
    result = without(bcg(by="allocation"), "random", "common", "prediction", "heterogeneity")
    texts = " ".join(printed(draw_forest(result)))
    assert "No overall estimate: no random here." in texts
    assert "Random effects (" not in texts


def test_an_excluded_study_stands_below_the_plot_with_its_reason():
    result = survival()
    result["excluded"] = [{"study": "BEIJING", "label": "Beijing (Qi 2024)", "reason": "control value not reported"}]
    assert "Not pooled: Beijing (Qi 2024): control value not reported" in " ".join(printed(draw_forest(result)))


def test_a_study_without_an_effect_is_printed_as_not_estimable():
    result = bcg()
    result["effects"][3].update(yi=None, vi=None, ci_low=None, ci_high=None, weight_random=None, weight_common=None)
    figure = draw_forest(result)
    assert "not estimable" in printed(figure)
    assert overlapping(figure) == []


def test_an_interval_beyond_the_axis_ends_in_an_arrow_and_is_still_printed():
    figure = draw_forest(bcg(), limits=[0.2, 2])
    assert "6.53)" in printed(figure)
    assert outside(figure) == []


def test_a_band_of_unimportant_effects_is_shaded():
    figure = draw_forest(bcg(), important=[0.8, 1.25])
    band = next(artist for artist in figure.get_children() if artist.get_gid() == "unimportant")
    null = next(artist for artist in figure.get_children() if artist.get_gid() == "null")
    left, right = min(band.get_xy()[:, 0]), max(band.get_xy()[:, 0])
    assert (left + right) / 2 == pytest.approx(null.get_xdata()[0])
    assert "Shaded: an effect from 0.80 to 1.25 is too small to matter." in printed(figure)


@pytest.mark.parametrize(
    ("important", "band", "large"),
    [(0.9, (0.9, 1 / 0.9), []), ({"small": 0.9, "large": 2}, (0.9, 1 / 0.9), [0.5, 2])],
)
def test_the_thresholds_of_an_analysis_are_mirrored_in_its_forest_plot(important, band, large):
    spec = {"figures": {"forest": {}}, "important": important}
    figure = draw_analysis(spec, bcg())["forest"]
    places = {artist.get_gid(): artist for artist in figure.get_children() if artist.get_gid()}
    null, edges = places["null"].get_xdata()[0], places["unimportant"].get_xy()[:, 0]
    assert (min(edges) + max(edges)) / 2 == pytest.approx(null)
    unit = (max(edges) - null) / math.log(band[1])
    lines = [artist.get_xdata()[0] for artist in figure.get_children() if artist.get_gid() == "large"]
    assert [math.exp((place - null) / unit) for place in lines] == pytest.approx(large)
    texts = printed(figure)
    assert "Shaded: an effect from 0.90 to 1.11 is too small to matter." in texts
    assert ("Dotted: an effect below 0.50 or above 2.00 is large." in texts) is bool(large)
    assert_clean(figure)


def test_the_axis_holds_the_thresholds_of_a_difference_that_no_effect_comes_near():
    result = survival()
    result["measure"] = "MD"
    figure = draw_forest(result, important=[-5, 5])
    assert "Shaded: an effect from −5 to 5 is too small to matter." in printed(figure)
    assert outside(figure) == []


def test_rows_can_be_sorted_by_year():
    texts = printed(draw_forest(bcg(), sort="year"))
    assert texts.index("Aronson 1948") < texts.index("Stein & Aronson 1953") < texts.index("TPT Madras 1980")


def test_columns_can_be_chosen():
    result = bcg()
    for item in result["effects"]:
        item["values"] = {"latitude": 44}
    texts = printed(draw_forest(result, columns=["study", "year", "latitude", "effect", "plot", "weights"]))
    assert {"Year", "Latitude", "(common)"} <= set(texts)
    assert "Events" not in texts


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sort": "yeer"}, "did you mean 'year'"),
        ({"columns": ["study", "efect", "plot"]}, "did you mean 'effect'"),
        ({"columns": ["study"]}, "must name 'plot' once"),
        ({"limits": [2, 1]}, "two rising numbers"),
        ({"important": [0.8]}, "two rising numbers"),
    ],
)
def test_an_unknown_option_says_what_is_allowed(options, message):
    with pytest.raises(ValueError, match=message):
        draw_forest(bcg(), **options)


def test_the_description_gives_the_answer_in_words():
    assert "Random-effects estimate 0.49 (0.34 to 0.70), 95% interval" in describe_forest(bcg())


def test_a_study_that_is_not_pooled_has_a_greyed_row_and_its_reason_below():
    result = survival(by="setting")
    result["excluded"] = [{"study": "BEIJING", "label": "Beijing (Qi 2024)", "reason": "control value not reported"}]
    figure = draw_forest(result)
    assert_clean(figure)
    row = next(text for text in figure.texts if text.get_text() == "Beijing (Qi 2024)")
    assert row.get_color() == DEFAULT.muted
    assert {"Not pooled", "not pooled"} <= set(printed(figure))
    assert "Beijing (Qi 2024)" not in printed(draw_forest(result, excluded=False))


def test_many_studies_that_are_not_pooled_are_named_below_only():
    result = survival()
    result["excluded"] = [{"study": f"X{i}", "label": f"Trial {i}", "reason": "not reported"} for i in range(6)]
    assert "not pooled" not in printed(draw_forest(result))


def test_the_name_of_the_measure_is_above_the_plot_unless_layout_or_heading_differ():
    assert "Hazard ratio" in printed(draw_forest(survival()))
    assert "Hazard ratio" not in printed(draw_forest(survival(), preset="jama"))
    assert {"Hazard", "of death"} <= set(printed(draw_forest(survival(), headings={"plot": "Hazard|of death"})))


def test_a_transformed_measure_has_its_printed_values_on_the_axis_and_in_the_heading():
    rows = [effect(f"Series {i}", 2000 + i, "all", -2.0 + 0.2 * i, 0.2, {"events": 5, "n": 40}) for i in range(4)]
    texts = printed(draw_forest(pooled(rows, "PLO", 2.0), title="Response"))
    assert {"Proportion (95% CI)", "0.1", "0.2", "Proportion (logit), 4 studies"} <= set(texts)


def test_the_decimal_mark_of_a_layout_is_that_of_its_axis_and_statistics_too():
    texts = printed(draw_forest(survival(), preset="lancet"))
    assert "0·5" in texts
    assert not any("0.5" in text for text in texts)
    assert any("τ²\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}0·" in text for text in texts)


@pytest.mark.parametrize("sort", ["given", "effect"])
def test_each_interval_bears_the_place_of_its_effect_in_the_result(sort):
    result = bcg()
    lines = {artist.get_gid(): artist for artist in draw_forest(result, sort=sort).get_children()}
    heights = [lines[f"row-{place}"].get_ydata()[0] for place in range(len(result["effects"]))]
    order = sorted(range(len(heights)), key=heights.__getitem__)
    by_effect = sorted(range(len(heights)), key=lambda place: result["effects"][place]["yi"])
    assert order == (by_effect if sort == "effect" else list(range(len(heights))))


def test_a_row_has_its_place_where_its_interval_is_not_on_the_axis_and_where_nothing_is_pooled():
    result = bcg()
    count = len(result["effects"])
    result = {**result, "excluded": [{"study": "late", "label": "Late 1999", "reason": "no counts were read"}]}
    lines = {artist.get_gid(): artist for artist in draw_forest(result, limits=[0.9, 1.1]).get_children()}
    heights = [lines[f"row-{place}"].get_ydata()[0] for place in range(count + 1)]
    assert heights == sorted(heights)
    assert lines[f"row-{count}"].get_linewidth() == 0
