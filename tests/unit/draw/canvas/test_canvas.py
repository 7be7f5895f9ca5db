"""Measuring and wrapping text, and cleaning labels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coppice.draw.canvas.canvas import Canvas, clean, text_width, wrapped
from coppice.draw.canvas.style import DEFAULT


def test_line_breaks_become_spaces_and_forbidden_characters_go():
    assert clean("a\n b\x00\x1b[31m\ud800c\ufffe") == "a b[31mc"


@given(st.text())
def test_clean_text_is_one_line_that_xml_allows(text):
    from xml.etree.ElementTree import fromstring
    from xml.sax.saxutils import escape

    assert "\n" not in clean(text)
    fromstring(f"<t>{escape(clean(text))}</t>".encode())


@given(st.text(alphabet="abc defghi", max_size=80), st.floats(20, 200))
def test_wrapped_lines_fit_and_keep_every_letter(text, width):
    lines = wrapped(clean(text), width, DEFAULT)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, DEFAULT) <= width for line in lines)


def test_bold_text_is_wider():
    assert text_width("Blinatumomab", DEFAULT, weight="bold") > text_width("Blinatumomab", DEFAULT) > 40


def test_the_canvas_measures_points_from_the_top_left_corner():
    canvas = Canvas(144.0, 72.0, DEFAULT)
    assert tuple(canvas.figure.get_size_inches()) == (2.0, 1.0)
    x, y = canvas.transform.transform((72.0, 18.0))
    assert (x, y) == (canvas.figure.dpi, canvas.figure.dpi * 0.75)
