"""Layouts of journals and tools."""

from __future__ import annotations

import pytest
from tests.unit.draw.fixtures import bcg, survival
from tests.unit.draw.rendered import assert_clean, printed

from coppice.draw.canvas.style import DEFAULT, style_from
from coppice.draw.forest.forest import draw_forest
from coppice.draw.forest.presets import PRESETS

ARMS = {"experimental": "Vaccinated", "control": "Not vaccinated"}


@pytest.mark.parametrize("name", PRESETS)
def test_no_text_is_cut_or_covered(name):
    for result in (bcg(by="allocation"), survival(by="setting")):
        figure = draw_forest(result, preset=name, title="BCG", favours=["Favours a", "Favours b"], arms=ARMS)
        assert_clean(figure)


def test_lancet_prints_raised_points_and_jama_hyphens():
    assert "0·49" in printed(draw_forest(bcg(), preset="lancet"))
    assert "-" in printed(draw_forest(bcg(), preset="jama"))


def test_a_value_of_the_config_is_stronger_than_the_preset():
    style = style_from({"study": "#123456"})
    assert PRESETS["revman5"].applied_to(style).study == "#123456"
    assert PRESETS["revman5"].applied_to(DEFAULT).study != DEFAULT.study


def test_an_unknown_preset_names_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'lancet'"):
        draw_forest(bcg(), preset="lancett")
