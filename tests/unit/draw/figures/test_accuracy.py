"""The figures of test accuracy: a mark for each study and summary, and what is missing said in words."""

import pytest
from tests.unit.pool.diagnostic.counted import SOUND, pooled

from coppice.draw.canvas.save import svg_bytes
from coppice.draw.figures.coupled_forest import draw_coupled_forest
from coppice.draw.figures.sroc import draw_sroc


@pytest.fixture(scope="module")
def result():
    return pooled([(*counts, 5) for counts in SOUND], subgroups="setting", values={"setting": list("ababab")})


def svg(drawing):
    return svg_bytes(drawing).decode()


def test_the_summary_roc_plot_has_a_circle_per_study_the_point_the_regions_and_the_curve(result):
    text = svg(draw_sroc(result, subgroups=False))
    assert sum(f'id="point-{number}"' in text for number in range(len(SOUND))) == len(SOUND)
    for name in ("summary-0", "confidence", "prediction", "curve"):
        assert f'id="{name}"' in text


def test_with_subgroups_each_level_has_a_point_and_a_region(result):
    text = svg(draw_sroc(result))
    assert all(f'id="{name}"' in text for name in ("summary-0", "summary-1", "confidence-0", "confidence-1"))
    assert 'id="prediction"' not in text


def test_the_coupled_forest_plot_has_two_diamonds_for_each_summary_and_the_thresholds(result):
    text = svg(draw_coupled_forest(result))
    assert text.count('id="diamond-') == 6
    assert "Threshold" in text
    assert "Threshold" not in svg(draw_coupled_forest(result, thresholds=False))


def test_figures_of_two_studies_say_why_there_is_no_summary():
    few = pooled(SOUND[:2])
    for draw in (draw_sroc, draw_coupled_forest):
        assert "No summary:" in svg(draw(few))
