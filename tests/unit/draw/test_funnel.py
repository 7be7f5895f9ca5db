"""The funnel plot, on the 13 BCG trials and on reviews with few studies."""

from __future__ import annotations

import math

import pytest

from coppice.draw.funnel import draw_funnel

from .fixtures import bcg, effect, harm, pooled, survival
from .rendered import outside, over_marks, overlapping, printed


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
