"""Fonts: text is measured as it is drawn, and a letter that the bundled font lacks comes from another."""

from __future__ import annotations

import warnings

import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from tests.unit.draw.fixtures import survival

from coppice.draw.canvas import fonts
from coppice.draw.canvas.canvas import Canvas, text_width
from coppice.draw.canvas.save import save
from coppice.draw.canvas.style import DEFAULT
from coppice.draw.forest.forest import draw_forest

BUNDLED = "DejaVu Sans"
CURLED = "\N{LATIN SMALL LETTER D WITH PALATAL HOOK}"  # which of the fonts bundled with matplotlib only STIX has
SUN = "\N{CJK UNIFIED IDEOGRAPH-65E5}"


@pytest.fixture
def only(monkeypatch):
    """Let a test say which families may be fallen back on."""

    def choose(*families):
        monkeypatch.setattr(fonts, "FALLBACKS", families)
        for remembered in (fonts._chosen, fonts.width):
            remembered.cache_clear()

    yield choose
    monkeypatch.undo()
    for remembered in (fonts._chosen, fonts.width):
        remembered.cache_clear()


def test_the_bundled_font_draws_what_it_has(only):
    only("STIXGeneral")
    assert fonts.families("Ελληνικά مطالعة מחקר žluťoučký", BUNDLED) == (BUNDLED,)


def test_a_letter_that_it_lacks_comes_from_the_first_font_that_has_it(only):
    only("A font that nobody has", "DejaVu Sans Mono", "STIXGeneral")
    assert fonts.families(f"a{CURLED}", BUNDLED) == (BUNDLED, "STIXGeneral")
    assert fonts.lacking(f"a{CURLED}", BUNDLED) == ""


def test_letters_without_a_font_are_named_when_boxes_would_be_drawn(only, tmp_path):
    only()
    result = survival()
    result["effects"][0]["label"] = f"{SUN}{CURLED} (2021)"
    figure = draw_forest(result)
    with pytest.warns(UserWarning, match=f"no font of this machine has {CURLED} {SUN}: boxes in PDF and PNG"):
        save(figure, tmp_path / "a.png")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save(figure, tmp_path / "a.svg")
    assert SUN in (tmp_path / "a.svg").read_text("utf-8")


@pytest.mark.parametrize("dpi", [72, 96, 130, 300])
def test_text_is_as_wide_as_it_was_measured_at_every_resolution_and_outside_its_style(dpi):
    text = "Not pooled: its hazard ratio (0.55) was read without a usable confidence interval, مطالعة"
    canvas = Canvas(600, 40, DEFAULT)
    drawn = canvas.text(10, 20, text)
    canvas.figure.set_dpi(dpi)
    renderer = FigureCanvasAgg(canvas.figure).get_renderer()
    widths = []
    draw = drawn.draw
    drawn.draw = lambda r: (widths.append(drawn.get_window_extent(r).width * 72 / dpi), draw(r))
    canvas.figure.draw(renderer)
    assert widths[0] == pytest.approx(text_width(text, DEFAULT), abs=72 / dpi)


def test_an_east_asian_letter_is_given_a_full_em_whatever_the_font(only):
    only()
    assert text_width(SUN * 3, DEFAULT, size=10.0) >= 30.0


def test_a_font_that_came_after_matplotlib_made_its_list_of_fonts_is_found(only, tmp_path, monkeypatch):
    only("Came Later")
    assert fonts.lacking(SUN, BUNDLED) == SUN
    made = TTFont(fonts.path(BUNDLED))
    for entry in made["name"].names:
        entry.string = "Came Later"
    for letters in made["cmap"].tables:
        letters.cmap[ord(SUN)] = "A"
    made.save(tmp_path / "later.ttf")
    known = list(fonts.fontManager.ttflist)
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: [str(tmp_path / "later.ttf"), str(tmp_path / "gone.ttf")])
    try:
        fonts._installed.cache_clear()
        only("Came Later")
        assert fonts.families(SUN, BUNDLED) == (BUNDLED, "Came Later")
    finally:
        fonts.fontManager.ttflist = known
        for remembered in (fonts._installed, fonts._letters):
            remembered.cache_clear()
