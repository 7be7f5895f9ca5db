"""The tree of the page's markup holds its texts and can be written again."""

from __future__ import annotations

from tests.unit.report.fixtures import NASTY

from coppice.report.manuscript.markup import parse, to_html
from coppice.report.page.html_elements import Html, tag


def test_markup_is_read_and_written_as_it_was():
    markup = tag("p", NASTY, tag("b", "x", class_="a b"), tag("br"), "y", id="here")
    assert to_html(parse(markup).children[0]) == markup


def test_the_text_is_what_a_reader_sees():
    assert parse(tag("p", " a", tag("b", "<c>"), " &\n d")).text() == "a<c> & d"


def test_a_character_that_no_document_can_hold_is_replaced():
    assert parse(Html("<p>a\x00b</p>")).text() == "a\N{REPLACEMENT CHARACTER}b"
