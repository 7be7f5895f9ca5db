"""HTML is built so that text stays text."""

from __future__ import annotations

import pytest
from markupsafe import Markup
from tests.unit.report.fixtures import NASTY

from coppice.report.page.html_elements import (
    Html,
    anchor,
    doi_link,
    fold,
    join,
    linked,
    paragraph,
    plain,
    pmid_link,
    tag,
)


def test_text_is_escaped_and_markup_is_kept():
    assert tag("p", NASTY, Html("<br>")).startswith("<p>&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; $")
    assert tag("p", Html("<br>")) == "<p><br></p>"


def test_text_that_is_added_to_markup_is_escaped_by_the_standard_protocol():
    assert Html("<b>x</b>") + "<" == "<b>x</b>&lt;"
    assert Markup("{}").format(tag("b", "<")) == "<b>&lt;</b>"
    assert isinstance(join(["<"]), Markup)


def test_markup_in_an_attribute_is_text():
    assert tag("p", title=tag("b", "x"), data_k=0) == '<p data-k="0" title="&lt;b&gt;x&lt;/b&gt;"></p>'


def test_attributes_are_escaped_and_absent_ones_left_out():
    assert (
        tag("a", "x", href='"><script>', class_=None, hidden=True)
        == '<a hidden="" href="&#34;&gt;&lt;script&gt;">x</a>'
    )


def test_joining_escapes_what_is_text():
    assert join(["<", tag("b", "x"), None], " & ") == "&lt; &amp; <b>x</b>"


def test_a_paragraph_without_sentences_is_none():
    assert paragraph(None, "") is None


def test_plain_text_has_neither_tags_nor_entities():
    assert plain(tag("p", "a & b", tag("b", "<c>"))) == "a & b <c>"


@pytest.mark.parametrize(
    "doi", ['10.1/x"><script>', "javascript:alert(1)", "10.1002/(SICI)1097-0258<2815::AID>3.0.CO;2-8"]
)
def test_a_doi_can_only_become_a_link_to_the_resolver(doi):
    link = doi_link(doi)
    assert link.startswith('<a href="https://doi.org/')
    assert "<script" not in link


@pytest.mark.parametrize("pmid", [None, "x", "1 2", '"'])
def test_what_is_no_number_is_no_pubmed_link(pmid):
    assert pmid_link(pmid) is None


def test_an_anchor_has_no_space_and_no_markup():
    assert anchor('E1910 <b> "x"') == "e1910-b-x"


def test_the_dois_in_a_text_become_links_and_the_rest_stays_text():
    text = linked("A <b> (B 2001, doi:10.1002/sim.1009); C 10.1002/(SICI)1097-0258(1998)17:24<2815::AID>3.0.CO;2-8.")
    assert text.count("<a href=") == 2
    assert "A &lt;b&gt; (B 2001, " in text
    assert 'href="https://doi.org/10.1002/sim.1009"' in text
    assert text.endswith("CO;2-8</a>.")


def test_a_doi_within_an_address_is_part_of_the_address():
    assert "<a" not in linked("frontiersin.org/articles/10.3389/fphar.2022.1032664")
    assert linked("see https://doi.org/10.1002/sim.1009").count("<a") == 1


def test_a_fold_is_opened_by_its_title_and_is_absent_without_content():
    assert fold("Methods", tag("p", "Text."), None, id_="a") == (
        '<details class="fold" id="a"><summary><h4>Methods</h4></summary><p>Text.</p></details>'
    )
    assert "<summary><h2" in fold(tag("h2", "Methods"), tag("p", "Text."))
    assert fold("Methods", None) is None
