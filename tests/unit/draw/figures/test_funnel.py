"""The funnel plot, on the 13 BCG trials and on reviews with few studies."""

from __future__ import annotations

import math

import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from tests.unit.draw.fixtures import bcg, effect, harm, pooled, survival
from tests.unit.draw.rendered import outside, over_marks, overlapping, printed

from coppice.draw.figures.funnel import Cones, draw_funnel
from coppice.draw.figures.precisions import PRECISIONS


@pytest.mark.parametrize("result", [bcg(), survival(), harm()], ids=["bcg", "survival", "harm"])
def test_no_text_is_cut_or_covered(result):
    figure = draw_funnel(result, title="BCG vaccine against tuberculosis")
    assert outside(figure) == []
    assert overlapping(figure) == []
    assert over_marks(figure) == []


def test_every_study_is_a_point_at_its_effect_and_standard_error():
    result = bcg()
    figure = draw_funnel(result)
    points = {
        artist.get_gid(): artist.center for artist in figure.get_children() if "point-" in (artist.get_gid() or "")
    }
    assert len(points) == 13
    (x0, y0), (x1, y1), (x2, y2) = (points[f"point-{i}"] for i in (0, 1, 2))
    e0, e1, e2 = result["effects"][:3]
    assert (x1 - x0) / (x2 - x0) == pytest.approx((e1["yi"] - e0["yi"]) / (e2["yi"] - e0["yi"]))
    s0, s1, s2 = (math.sqrt(e["vi"]) for e in (e0, e1, e2))
    assert (y1 - y0) / (y2 - y0) == pytest.approx((s1 - s0) / (s2 - s0))


def test_fewer_than_ten_studies_are_said_beside_the_plot():
    assert any(text.startswith("Fewer than 10 studies") for text in printed(draw_funnel(survival())))
    assert not any(text.startswith("Fewer than 10 studies") for text in printed(draw_funnel(bcg())))


@pytest.mark.parametrize(
    "result", [{"measure": "HR", "k": 0, "effects": []}, {"measure": "PLN", "k": 0, "effects": []}]
)
def test_an_axis_without_regions_around_it_has_room_even_where_all_values_are_one(result):
    assert outside(draw_funnel(result, contours=False, limits=False)) == []


def test_an_analysis_without_studies_or_summary_still_gives_a_figure():
    empty = {"measure": "HR", "k": 0, "effects": [], "reasons": {"random": "no study"}}
    figure = draw_funnel(empty)
    assert outside(figure) == []
    assert any("No overall estimate: no study." in text for text in printed(figure))


def test_a_mean_difference_has_a_linear_axis():
    rows = [effect(f"S{i}", 2000, "all", 10.0 * i, 4.0 + i, {}) for i in range(3)]
    texts = printed(draw_funnel(pooled(rows, "MD", 4.3)))
    assert "Mean difference" in texts
    assert "Standard error" in texts


EXPLORED = {
    "small_study": {
        "egger": {"skipped": "the standard error depends on the effect"},
        "egger_mixed": {"estimate": -1.2, "limit": {"estimate": -0.4}},
        "trim_and_fill": {
            "L0": {"missing": 1, "filled": [{"yi": 0.4, "vi": 0.2}]},
            "R0": {"missing": 0, "filled": []},
            "Q0": {"skipped": "the equation has no solution"},
        },
    }
}


def marks(figure, name):
    return [artist for artist in figure.get_children() if artist.get_gid() == name]


def test_the_line_of_eggers_test_and_the_studies_of_trim_and_fill_come_from_the_explore_result():
    figure = draw_funnel(bcg(), EXPLORED, fill="L0")
    assert outside(figure) == overlapping(figure) == over_marks(figure) == []
    assert len(marks(figure, "egger")) == len(marks(figure, "point-filled")) == 1
    assert "Added by trim and fill (L0)" in printed(figure)


def test_what_was_not_explored_or_adds_nothing_is_said():
    assert "No trim and fill: it was not explored." in " ".join(printed(draw_funnel(bcg(), fill="L0")))
    assert "Trim and fill (R0) adds no study." in " ".join(printed(draw_funnel(bcg(), EXPLORED, fill="R0")))
    assert "No trim and fill: the equation has" in " ".join(printed(draw_funnel(bcg(), EXPLORED, fill="Q0")))
    assert marks(draw_funnel(bcg()), "egger") == []
    with pytest.raises(ValueError, match="no estimator 'LO'"):
        draw_funnel(bcg(), EXPLORED, fill="LO")


@pytest.mark.parametrize("y", PRECISIONS)
def test_the_vertical_axis_may_show_any_precision(y):
    figure = draw_funnel(bcg(), EXPLORED, y=y)
    assert outside(figure) == overlapping(figure) == over_marks(figure) == []
    places = [marks(figure, f"point-{i}")[0].center[1] for i in range(13)]
    by_precision = sorted(range(13), key=lambda i: bcg()["effects"][i]["vi"])
    assert by_precision == sorted(range(13), key=lambda i: places[i]), "the most precise study is at the top"


def test_the_axis_of_a_funnel_holds_every_standard_error():
    cones = Cones.over(PRECISIONS["precision"], [0.1, 0.5])
    assert cones.least < 0.1 < 0.5 < cones.largest


def test_an_unknown_axis_names_the_nearest():
    with pytest.raises(ValueError, match="unknown axis 'precison': did you mean 'precision'"):
        draw_funnel(bcg(), EXPLORED, y="precison")


@pytest.mark.parametrize("y", PRECISIONS)
def test_regions_of_significance_and_pseudo_limits_end_below_and_not_at_the_sides(y):
    figure = draw_funnel(bcg(), y=y)
    lines = [artist for artist in figure.get_children() if isinstance(artist, Line2D)]
    frame = next(line.get_xdata() for line in lines if len(line.get_xdata()) == 3)
    left, right = min(frame), max(frame)
    shapes = [artist for artist in figure.get_children() if isinstance(artist, Polygon)]
    regions = [shape for shape in shapes if len(shape.get_xy()) > 100]
    sides = [line for line in lines if len(line.get_xdata()) > 50]
    assert len(regions) == 3
    assert len(sides) == 2
    for xs in [shape.get_xy()[:, 0] for shape in regions] + [line.get_xdata() for line in sides]:
        assert left < min(xs)
        assert max(xs) < right
