"""Risk of bias and characteristics beside the effects of a forest plot."""

from __future__ import annotations

from tests.unit.draw.fixtures import survival
from tests.unit.draw.rendered import assert_clean, boxes, printed

from coppice.draw.analysis import draw_analysis
from coppice.draw.forest.forest import draw_forest

LONG = "median 3.2 years (range 0.1 to 7.0), all patients"
COLUMNS = ["study", "follow_up", "plot", "effect", "risk_of_bias"]
ASSESSED = {
    "tool": "Our own tool",
    "domains": {"Randomisation": "low", "Missing data": "some concerns"},
    "overall": "high",
}


def spec(assessed):
    studies = [effect["study"] for effect in survival()["effects"]]
    return {
        "title": "Survival",
        "figures": {"forest": {"columns": COLUMNS}},
        "characteristics": {study: {"follow_up": LONG} for study in studies},
        "risk_of_bias": {study: assessed if index else None for index, study in enumerate(studies)},
    }


def test_lights_stand_in_a_column_for_each_domain_and_a_note_explains_them():
    figure = draw_analysis(spec(ASSESSED), survival())["forest"]
    assert_clean(figure)
    texts = printed(figure)
    assert {"Risk of bias", "A", "B", "C", "+", "\N{MULTIPLICATION SIGN}"} <= set(texts)
    note = next(text for text in texts if text.startswith("Risk of bias (Our own tool)"))
    assert "A randomisation, B missing data, C overall" in note


def test_short_names_of_domains_are_their_own_headings_and_the_tool_says_what_they_are():
    judged = {"tool": "RoB 2", "domains": {"D1": "low", "Missing outcome data": "low"}, "overall": "low"}
    figure = draw_analysis(spec(judged), survival())["forest"]
    texts = printed(figure)
    assert {"D1", "D3", "All"} <= set(texts)
    assert any("D1 randomisation process, D3 missing outcome data" in text for text in texts)


def test_no_assessment_is_said_and_has_no_column():
    texts = printed(draw_analysis(spec(None), survival())["forest"])
    assert "Risk of bias: not assessed." in texts
    assert "Risk of bias" not in texts


def test_a_long_characteristic_makes_its_row_taller():
    figure = draw_analysis(spec(None), survival())["forest"]
    places = dict(boxes(figure))
    labels = [places[effect["label"]] for effect in survival()["effects"]]
    assert all(above.y0 - below.y0 > 20 for above, below in zip(labels, labels[1:], strict=False))


def test_the_density_of_the_prediction_reaches_beyond_the_interval_on_both_sides():
    figure = draw_forest(survival(), density=True)
    assert_clean(figure)
    tails, inside = (
        artist.get_xy()[:, 0]
        for artist in figure.get_children()
        if (artist.get_gid() or "") in ("prediction", "prediction-tails")
    )
    assert min(tails) <= min(inside) < max(inside) <= max(tails)
