"""The tree of the page's markup holds its texts and can be written again, as HTML and for typst."""

from __future__ import annotations

import pytest
from tests.unit.report.fixtures import NASTY

from coppice.report.manuscript.markup import Element, inline, parse, to_html
from coppice.report.manuscript.typst_markup import Writer, escape, quoted
from coppice.report.page.html_elements import Html, tag


def test_markup_is_read_and_written_as_it_was():
    markup = tag("p", NASTY, tag("b", "x", class_="a b"), tag("br"), "y", id="here")
    assert to_html(parse(markup).children[0]) == markup


def test_the_text_is_what_a_reader_sees():
    assert parse(tag("p", " a", tag("b", "<c>"), " &\n d")).text() == "a<c> & d"


def test_a_character_that_no_document_can_hold_is_replaced():
    assert parse(Html("<p>a\x00b</p>")).text() == "a\N{REPLACEMENT CHARACTER}b"


def test_a_paragraph_is_not_inline():
    assert inline(["text", Element("b", {}, [Element("sup")])])
    assert not inline([Element("span", {}, [Element("p")])])


@pytest.mark.parametrize("sign", list("#$*_`<>@=-+/~[]{}\\'\"()!.,:;&%^|?"))
def test_every_sign_that_means_something_to_typst_is_escaped(sign):
    assert escape(sign) == f"\\{sign}"


def test_a_string_of_typst_can_not_be_left():
    assert quoted('a"; #b \\') == '"a\\"; #b \\\\"'


def test_links_to_what_is_not_there_and_to_other_schemes_are_text():
    writer = Writer(frozenset({"here"}), 100)
    links = parse(
        tag("p", tag("a", "a", href="#here"), tag("a", "b", href="#gone"), tag("a", "c", href="javascript:x"))
    ).named("a")
    assert [writer.write(link) for link in links] == ['#link(label("here"))[a]', "b", "c"]
