"""The figures drawn on request: nothing is cut or covered, and each shows what it says."""

from __future__ import annotations

import math

import pytest
from matplotlib.lines import Line2D

from coppice.draw.figures.baujat import draw_baujat
from coppice.draw.figures.bubble import draw_bubble
from coppice.draw.figures.doi import draw_doi
from coppice.draw.figures.gosh import draw_gosh
from coppice.draw.figures.influence import draw_influence
from coppice.draw.figures.labbe import EXPECTED, draw_labbe
from coppice.draw.figures.multiverse import draw_multiverse
from coppice.draw.figures.orchard import draw_orchard, stacked
from coppice.draw.figures.p_values import draw_drapery, draw_p_value_function, two_sided
from coppice.draw.figures.radial import draw_radial
from coppice.draw.figures.specifications import MOST_SHOWN, curves_of
from coppice.draw.figures.sunset import draw_sunset, power, se_at_power

from .fixtures import bcg, bcg_with_risks, harm, survival
from .rendered import assert_clean, printed

EMPTY = {"measure": "OR", "k": 0, "effects": [], "reasons": {"random": "no study"}}
DRAWS = {
    function.__name__: function
    for function in (draw_drapery, draw_labbe, draw_orchard, draw_p_value_function, draw_radial, draw_sunset)
}
RESULTS = {
    "thirteen trials": bcg_with_risks(),
    "subgroups": survival(by="setting"),
    "risk differences": harm(),
    "no study": EMPTY,
}


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_no_text_is_cut_or_covered(draw, result):
    assert_clean(draw(result, title="A title of ordinary length"))


def test_the_influence_panel_has_a_strip_for_each_number_that_is_there():
    rows = [
        {"study": item["study"], "label": item["label"], "rstudent": 0.1 * i, "hat": 0.05 + 0.001 * i, "dffits": None}
        for i, item in enumerate(bcg()["effects"])
    ]
    figure = draw_influence(bcg(), {"influence": rows}, title="BCG")
    assert_clean(figure)
    assert {"Residual", "Leverage"} <= set(printed(figure))
    assert "DFFITS" not in printed(figure)


def test_an_influence_panel_that_was_skipped_says_why():
    figure = draw_influence(bcg(), {"influence": {"skipped": "it needs 3 effects"}})
    assert_clean(figure)
    assert "Not drawn: it needs 3 effects." in printed(figure)


def test_power_and_p_agree_with_the_normal_distribution():
    assert two_sided(1.959963984540054) == pytest.approx(0.05, abs=1e-12)
    assert power(1.959963984540054, 1.0) == pytest.approx(0.5, abs=1e-4)
    assert power(0.0, 1.0) == pytest.approx(0.05, abs=1e-12)
    assert power(0.5, se_at_power(0.5, 0.8, 10.0)) == pytest.approx(0.8, abs=1e-4)


def test_the_pooled_curve_of_a_labbe_plot_gives_back_its_effect():
    effect, risk = math.log(0.5), 0.3
    odds = EXPECTED["OR"](effect, risk)
    assert odds / (1 - odds) / (risk / (1 - risk)) == pytest.approx(0.5)
    assert EXPECTED["RR"](effect, risk) / risk == pytest.approx(0.5)
    assert EXPECTED["RD"](-0.1, risk) == pytest.approx(0.2)


def test_fruits_of_an_orchard_never_cover_one_another():
    places, sizes = [10.0, 10.0, 11.0, 30.0], [8.0, 6.0, 4.0, 8.0]
    offsets = stacked(places, sizes)
    for i in range(4):
        for j in range(i):
            apart = math.hypot(places[i] - places[j], offsets[i] - offsets[j])
            assert apart >= (sizes[i] + sizes[j]) / 2


def regressed(*, predictions):
    latitudes = [44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]
    result = bcg()
    for item, latitude in zip(result["effects"], latitudes, strict=True):
        item["values"] = {"latitude": latitude}
    coefficients = [{"name": "intercept", "estimate": 0.25}, {"name": "latitude", "estimate": -0.029}]
    rows = [
        {"value": x, "estimate": y, "ci_low": y - 0.3, "ci_high": y + 0.3, "pi_low": y - 0.7, "pi_high": y + 0.7}
        for x, y in ((10, -0.04), (30, -0.62), (60, -1.49))
    ]
    return result | {"moderators": {"coefficients": coefficients, "predictions": rows if predictions else None}}


@pytest.mark.parametrize("predictions", [True, False])
def test_a_bubble_plot_has_a_line_and_bands_where_the_result_has_them(predictions):
    figure = draw_bubble(regressed(predictions=predictions), title="BCG", labels=True)
    assert_clean(figure)
    assert ("95% prediction band" in printed(figure)) == predictions
    assert sum((artist.get_gid() or "").startswith("point") for artist in figure.get_children()) == 13
    assert any(artist.get_gid() == "pooled" for artist in figure.get_children())


def test_a_bubble_plot_has_an_axis_even_where_no_float_lies_between_the_values():
    assert_clean(draw_bubble(bubbles((-5e-324, 0.2), (-5e-324, 0.1), (-5e-324, -0.1))))


def test_a_bubble_plot_without_moderators_says_what_is_missing():
    assert "No study has a numeric value of" in " ".join(printed(draw_bubble(bcg())))


def test_a_baujat_plot_labels_the_studies_that_matter_most():
    rows = [
        {"study": item["study"], "label": item["label"], "baujat_x": 0.3 * i * i, "baujat_y": 0.1 * i}
        for i, item in enumerate(bcg()["effects"])
    ]
    figure = draw_baujat(bcg(), {"influence": rows}, title="BCG")
    assert_clean(figure)
    assert "Comstock et al 1976" in printed(figure)
    assert "Not drawn: it was not explored." in printed(draw_baujat(bcg(), {}))


def cloud(*, points_at=(), most=50):
    counts = [[(i * j * most) // 1521 for j in range(40)] for i in range(40)]
    return {
        "subsets": 8178,
        "sampled": False,
        "cloud": {
            "estimate": [-1.6 + 0.04 * i for i in range(41)],
            "I2": [2.5 * i for i in range(41)],
            "counts": counts,
        },
        "studies": [
            {
                "study": item["study"],
                "label": item["label"],
                "estimate_with": -0.7 + 0.01 * i,
                "estimate_without": -0.6,
                "I2_with": 90.0 - i,
                "I2_without": 80.0,
            }
            for i, item in enumerate(bcg()["effects"])
        ],
        "clusters": {"mixture": {"points_at": list(points_at)}},
    }


def test_a_gosh_plot_shows_the_studies_that_the_clusters_point_at():
    figure = draw_gosh(bcg(), {"gosh": cloud(points_at=["TPT Madras 1980"])}, title="BCG")
    assert_clean(figure)
    assert "TPT Madras 1980" in printed(figure)
    assert "Comstock et al 1974" not in printed(figure)
    assert "GOSH plot, 8,178 subsets of 13 studies" in printed(figure)


def test_a_gosh_plot_without_clusters_shows_the_studies_that_move_it_most():
    points = [item for item in draw_gosh(bcg(), {"gosh": cloud()}).get_children() if "point" in (item.get_gid() or "")]
    assert len(points) == 2 * 3


def test_a_doi_plot_says_the_index_and_the_advice_about_it():
    rows = [{"effect": i, "yi": -1 + 0.2 * i, "z": -2 + 0.4 * i} for i in range(11)]
    found = {"points": rows, "lfk": -4.099, "asymmetry": "major", "advice": "The index has no sampling theory."}
    figure = draw_doi(bcg(), {"small_study": {"doi_plot": found}}, title="BCG")
    assert_clean(figure)
    said = " ".join(printed(figure))
    assert "LFK index −4.10, major asymmetry" in said
    assert "no sampling theory" in said


def universe(estimators=("REML", "DL", "PM"), rules=("as analysed", "without the largest"), *, more=()):
    rows = [
        {
            "choices": {"measure": measure, "studies": rule, "tau2": estimator},
            "k": 13,
            "estimate": -0.7 + 0.1 * i + 0.01 * j,
            "se": 0.2,
            "ci_low": -1.1 + 0.1 * i,
            "ci_high": -0.3 + 0.4 * i,
            "p": 0.001 if i == 0 else 0.2,
        }
        for measure in ("RR", *more)
        for i, rule in enumerate(rules)
        for j, estimator in enumerate(estimators)
    ]
    choices = {"measure": ["RR", *more], "studies": list(rules), "tau2": list(estimators)}
    each = {"specifications": 6, "same_direction": 5, "moved_by": {"shares": {"studies": 0.8, "tau2": 0.2}}}
    ends = {"low": -0.7, "median": -0.6, "high": -0.5}
    by_measure, spread = (dict.fromkeys(choices["measure"], part) for part in (each, ends))
    summary = {"specifications": len(rows), "by_measure": by_measure, "range": spread}
    return {"multiverse": {"choices": choices, "specifications": rows, "impossible": [], "summary": summary}}


def test_a_specification_curve_marks_the_main_analysis_and_lists_the_choices_that_vary():
    figure = draw_multiverse(bcg(), universe(), title="BCG")
    assert_clean(figure)
    texts = printed(figure)
    assert {"Studies", "without the largest", "τ² by", "PM"} <= set(texts)
    assert "Measure" not in texts
    assert sum(item.get_gid() == "point-main" for item in figure.get_children()) == 1
    assert "5 of 6 specifications lie on the same side of no effect as the main analysis." in texts
    assert not any("significant" in text or "p <" in text for text in texts)


def test_each_measure_of_a_multiverse_has_a_panel_with_its_own_axis_and_notes():
    figure = draw_multiverse(bcg(), universe(more=["OR", "RD"]), title="BCG")
    assert_clean(figure)
    texts = printed(figure)
    assert {"Risk ratio, 6 specifications", "Odds ratio, 6 specifications"} <= set(texts)
    assert {"Risk ratio", "Odds ratio", "Risk difference"} <= set(texts)  # the names of the axes
    assert texts.count("Estimates from 0.50 to 0.61, median 0.55.") == 2
    assert texts.count("Estimates from −0.70 to −0.50, median −0.60.") == 1
    explained = "Share of the variance between these estimates that each choice explains: studies 80%, τ² 20%."
    assert texts.count(explained) == 3
    assert "Measure" not in texts
    assert sum(item.get_gid() == "null" for item in figure.get_children()) == 3
    assert sum(item.get_gid() == "point-main" for item in figure.get_children()) == 1


def test_a_specification_whose_interval_goes_on_beyond_the_plot_ends_in_an_arrow():
    found = universe()
    main = found["multiverse"]["specifications"][0]
    main.update(ci_low=-60.0, ci_high=60.0)
    figure = draw_multiverse(bcg(), found)
    assert sum(item.get_gid() == "arrow-main" for item in figure.get_children()) == 2
    assert "An interval that ends in an arrow goes on beyond the plot." in printed(figure)
    assert not any(item.get_gid() == "arrow-main" for item in draw_multiverse(bcg(), universe()).get_children())


def test_more_specifications_than_can_be_told_apart_are_thinned_and_the_main_one_stays():
    many = universe(estimators=[f"method {i}" for i in range(40)], rules=[f"rule {i}" for i in range(60)])
    (curve,) = curves_of(many["multiverse"])
    assert len(curve.rows) <= MOST_SHOWN + 1
    assert curve.rows[curve.main] is many["multiverse"]["specifications"][0]
    assert curve.notes == ("Sorted, one of every 3 specifications is shown.",)


def bubbles(*places):
    result = bcg()
    result["effects"] = result["effects"][: len(places)]
    for item, (x, y) in zip(result["effects"], places, strict=True):
        item["values"] = {"latitude": x}
        item["yi"] = y
    return result | {"moderators": {"coefficients": [{"name": "intercept"}, {"name": "latitude"}, {"name": "year"}]}}


def test_a_label_without_room_beside_its_point_stands_away_from_it_at_the_end_of_a_line():
    crowd = bubbles(*((30 + 0.3 * i, -0.5 - 0.02 * i) for i in range(6)), (10, -1.5), (60, 0.5))
    figure = draw_bubble(crowd, labels=True)
    assert_clean(figure)
    lines = [artist for artist in figure.get_children() if isinstance(artist, Line2D) and artist.get_linewidth() == 0.5]
    named = [item["label"] for item in crowd["effects"] if item["label"] in printed(figure)]
    assert len(named) >= 5
    assert 0 < len(lines) <= len(named)


def test_the_directions_of_an_axis_stand_on_both_sides_of_its_name():
    figure = draw_p_value_function(bcg(), favours=["Favours a very long name of a vaccine of its own", "Favours none"])
    assert_clean(figure)
    assert "Favours none →" in printed(figure)


def test_a_long_name_of_a_choice_is_wrapped_and_not_cut():
    long = "without the studies of which nobody could say how the patients were assigned to their groups"
    figure = draw_multiverse(bcg(), universe(rules=("as analysed", long)))
    assert_clean(figure)
    assert long in " ".join(printed(figure))


def test_a_long_name_of_an_arm_is_wrapped_beside_its_axis():
    arms = {"experimental": "A combination of many drugs " * 4, "control": "Another combination of many drugs " * 4}
    assert_clean(draw_labbe(bcg_with_risks(), title="BCG", arms=arms))
