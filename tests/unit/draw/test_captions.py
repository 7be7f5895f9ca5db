"""Captions: they explain the marks that a figure has, and no others."""

from __future__ import annotations

import pytest

from coppice.draw.analysis import draw_analysis
from coppice.draw.canvas.save import save
from coppice.draw.captions import CAPTIONS, MARK, OPTIONAL, caption

from .fixtures import bcg_with_risks, harm
from .test_other_figures import bubbles, regressed

LINE_ONLY = regressed(predictions=False)
PIECES = {"random": None, "common": None, "prediction": None}
UNPOOLED = bcg_with_risks() | PIECES
CASES = [  # figure, options, result, words that its caption has, words that it has not
    ("forest", {}, bcg_with_risks(), "diamonds show pooled estimates", None),
    ("forest", {}, bcg_with_risks(), "the prediction interval is shown below", None),
    ("forest", {"density": True}, bcg_with_risks(), "the prediction interval is shown below", None),
    ("forest", {"limits": [0.9, 1.1]}, bcg_with_risks(), "prediction interval", None),
    ("forest", {"prediction": False}, bcg_with_risks(), "diamonds", "prediction"),
    ("forest", {}, UNPOOLED, "squares", "diamonds"),
    ("funnel", {}, bcg_with_risks(), "contours of the two-sided p value", "standard error"),
    ("funnel", {"contours": False, "y": "weight"}, bcg_with_risks(), "against its precision", "contours"),
    ("robustness", {}, bcg_with_risks(), "as a hollow diamond, the common effect", "bars with ends"),
    ("bubble", {}, regressed(predictions=True), "dashed lines bound the prediction band", "drawn only for"),
    ("bubble", {}, LINE_ONLY, "the line is the regression", "band"),
    ("bubble", {"moderator": "none"}, LINE_ONLY, "drawn only for a single numeric moderator", "the line is"),
    ("labbe", {}, bcg_with_risks(), "the dashed curve is the pooled effect", None),
    ("labbe", {}, UNPOOLED, "On the diagonal there is no difference", "curve"),
    ("labbe", {}, bcg_with_risks() | {"measure": "AS"}, "On the diagonal there is no difference", "curve"),
    ("radial", {}, bcg_with_risks(), "The line is the common effect", None),
    ("radial", {}, UNPOOLED, "its distance from the left", "band"),
    ("drapery", {}, bcg_with_risks(), "thick curve", None),
    ("drapery", {}, bcg_with_risks() | {"prediction": None}, "thick curve", "prediction"),
    ("orchard", {}, bcg_with_risks(), "the thin line is the prediction interval", "area"),
    ("orchard", {}, bcg_with_risks() | {"prediction": None}, "the thick line its confidence interval", "prediction"),
    ("orchard", {}, UNPOOLED, "larger dots being more precise", "pooled"),
    ("sunset", {}, harm(), "bands of the power", None),
    ("sunset", {}, UNPOOLED, "against its standard error", "bands"),
]


@pytest.mark.parametrize(("figure", "options", "result", "has", "lacks"), CASES)
def test_a_caption_explains_the_marks_that_its_figure_has_and_no_others(tmp_path, figure, options, result, has, lacks):
    file = tmp_path / f"{figure}.svg"
    save(draw_analysis({"figures": {figure: options}}, result, {})[figure], file)
    text = caption(figure, file.read_bytes())
    assert has in text
    assert lacks is None or lacks not in text
    assert "[" not in text


def test_a_study_label_is_no_mark(tmp_path):
    result = bubbles((1, 0.1), (2, 0.2))
    result["effects"][0]["label"] = '<g id="prediction">'
    save(draw_analysis({"figures": {"forest": {"prediction": False}}}, result)["forest"], tmp_path / "forest.svg")
    svg = (tmp_path / "forest.svg").read_bytes()
    assert b"prediction" in svg
    assert "prediction" not in {mark.decode() for mark in MARK.findall(svg)}


@pytest.mark.parametrize("figure", [name for name, text in CAPTIONS.items() if OPTIONAL.search(text)])
def test_a_caption_that_stands_for_every_analysis_says_that_some_marks_may_be_missing(figure):
    assert caption(figure).endswith("Marks that an analysis does not have are left out.")


def test_a_caption_names_what_the_studies_estimate():
    assert caption("forest", b"<svg/>", effect="proportion").startswith("squares show each study's proportion")
