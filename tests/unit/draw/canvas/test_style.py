"""One style for all figures."""

from __future__ import annotations

import pytest

from coppice.draw.canvas.style import DARK, DEFAULT, style_from


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """Return the contrast of WCAG 2.1."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_values_replace_the_defaults():
    style = style_from({"study": "#000000", "size": 10})
    assert (style.study, style.size, style.summary) == ("#000000", 10.0, DEFAULT.summary)


def test_a_theme_is_the_start_of_the_rest():
    assert style_from({"theme": "dark"}) == DARK


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"colour": "red"}, "unknown style value 'colour'"),
        ({"size": "big"}, "must be a positive number"),
        ({"size": -1}, "must be a positive number"),
        ({"ink": 3}, "must be text"),
        ({"ink": "red"}, "must be a colour such as '#1a2027', not 'red'"),
        ({"theme": "drak"}, "did you mean 'dark'"),
    ],
)
def test_a_wrong_value_says_what_is_allowed(values, message):
    with pytest.raises(ValueError, match=message):
        style_from(values)


@pytest.mark.parametrize("style", [DEFAULT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_the_background_by_wcag(style):
    for colour in (style.ink, style.muted):
        assert contrast(colour, style.background) >= 4.5
        assert contrast(colour, style.band) >= 4.5


@pytest.mark.parametrize("style", [DEFAULT, DARK], ids=["light", "dark"])
def test_marks_stand_out_and_studies_differ_from_summaries_in_grey(style):
    for colour in (style.study, style.summary, style.prediction):
        assert contrast(colour, style.background) >= 3.0
    assert contrast(style.study, style.summary) >= 1.5
