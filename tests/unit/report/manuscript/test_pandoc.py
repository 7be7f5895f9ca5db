"""Pandoc writes the markup of the manuscript as it stands: every text as text, in typst and in DOCX."""

from __future__ import annotations

import base64
import re

import pytest

from coppice.core.errors import CoppiceError
from coppice.report.manuscript.manuscript import Manuscript
from coppice.report.manuscript.markup import parse
from coppice.report.manuscript.pandoc import convert, markup_of
from coppice.report.manuscript.pdf import source
from coppice.report.page.html_elements import Html, join, tag

SIGNS = "#$*_`<>@=-+/~[]{}\\'\"()!.,:;&%^|?"


def typst(*body: Html) -> str:
    """Return the markup of a manuscript with this body for typst, without the style before it."""
    text = Manuscript("Title", ("A. Author",), parse(join(body)), parse(tag("h2", "Appendix")))
    return source(text)["main"].decode().split("#v(1em)\n", 1)[1].lstrip()


def test_every_sign_that_means_something_to_typst_is_escaped():
    text = "".join(f"x{sign}" for sign in SIGNS)
    assert typst(tag("p", text)).startswith("".join(f"x\\{sign}" for sign in SIGNS) + "\n")


def test_no_two_signs_become_another_one():
    assert typst(tag("p", "a -- b --- c ... 'd' \"e\"")).startswith(
        "a \\-\\- b \\-\\-\\- c \\.\\.\\. \\'d\\' \\\"e\\\""
    )


def test_an_address_and_a_text_alternative_stay_within_their_quotes():
    hostile = 'https://x.org/"; #b \\'
    picture = tag("img", alt='"; #b \\', src="data:image/svg+xml;base64," + base64.b64encode(b"<svg/>").decode())
    text = typst(tag("p", tag("a", "x", href=hostile)), tag("figure", picture, tag("figcaption", "c")))
    assert '#link("https://x.org/%22;%20#b%20\\\\")[x]' in text
    assert '(alt: "\\"; #b \\\\", file: "picture-0.svg")' in text


def test_links_to_what_is_not_there_and_to_other_schemes_are_text():
    links = (tag("a", name, href=to) for name, to in (("a", "#here"), ("b", "#gone"), ("c", "javascript:x")))
    assert typst(tag("h2", "Here", id="here"), tag("p", *links)).splitlines()[2] == '#link(label("here"))[a]bc'


def test_texts_of_a_class_and_items_of_a_list_reach_the_functions_of_the_style():
    text = typst(
        tag("p", "p", class_="lead"),
        tag("p", "x", tag("span", "y", class_="line remark")),
        tag("ol", tag("li", "i", id="ref-1")),
        tag("dl", tag("dt", "t"), tag("dd", tag("p", "a"), tag("p", "b"))),
    )
    assert text.startswith(
        '#lead[p]\n\nx#line[#remark[y]]\n\n#enum([i#anchor#label("ref-1")])\n\n#facts(([t], [a\n\nb]), )\n'
    )


def test_an_empty_table_and_a_paragraph_with_an_id_can_be_set():
    head = tag("thead", tag("tr", tag("th", "a"), tag("th", "b", class_="number")))
    table = tag("table", tag("caption", "c"), head, tag("tbody"), id="t")
    text = typst(table, tag("p", tag("a", "x", href="#p"), tag("a", "y", href="#t"), id="p"))
    assert text.startswith('#tabular([c], 2, (left, right,), ([a], [b],),\n)#label("t")\n\n#anchor#label("p")\n')


def test_a_fault_of_pandoc_is_an_error_of_ours(tmp_path):
    with pytest.raises(CoppiceError, match=r"pandoc could not write the manuscript: .*absent\.docx"):
        convert(tag("p", "x"), "docx", "--reference-doc=absent.docx", folder=tmp_path)


def test_markup_for_pandoc_has_the_turned_pages_apart_and_the_authors_as_metadata():
    text = Manuscript("T", ("A", "B"), parse(tag("p", "x")), parse(tag("p", "y")))
    markup = markup_of(text, (100, 160), lambda picture: "")
    assert '<p>x</p><div class="turned"><p>y</p></div>' in markup
    assert re.findall(r'content="(\w)"', markup) == ["A", "B"]
