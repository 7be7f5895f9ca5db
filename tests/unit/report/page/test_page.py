"""The page: its sections in order, each with its heading, and what only the page itself puts together."""

from __future__ import annotations

import re

import pytest
from tests.unit.report import fixtures

from coppice.report.contents import APPENDIX, SECTIONS
from coppice.report.page import page
from coppice.report.page.html_elements import plain

BUILDERS = {
    "findings": page.findings,
    "results": page.results,
    "meaning": page.meaning,
    "appendix": page.appendix,
    "abstract": page.structured_abstract,
    "question": page.question,
    "selection": page.selection,
    "studies": page.studies,
    "bias": page.risk_of_bias,
    "methods": page.method,
    "paragraphs": page.to_paste,
    "limits": page.limits,
    "about": page.about,
    "references": page.references,
    "checklist": page.checklist,
    "sources": page.sources,
    "found-in-texts": page.texts,
    "checks": page.checks,
    "software": page.software,
}
STATED = {
    "interpretation": "It may help.",
    "selection": "By two people.",
    "registration": "CRD1",
}


def test_every_section_of_the_contents_is_built():
    assert list(BUILDERS) == list(SECTIONS)


@pytest.fixture
def full(changed):
    """Return the small review with every statement that a section is made of."""
    spec = fixtures.specification()
    spec["review"] |= STATED
    spec["read"] = {"files": [], "unread": {"sources/a.pdf": "is not a text"}}
    spec["studies"][0]["risk_of_bias"] = {"tool": "RoB 2", "overall": "low", "domains": {}}
    return changed(spec=spec)


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_opens_with_the_heading_that_the_contents_lead_to(full, name):
    head = f'<h2 id="{name}">{SECTIONS[name]}</h2>'
    assert BUILDERS[name](full).startswith(
        f'<details class="fold"><summary>{head}</summary>' if name in APPENDIX else head
    )


@pytest.mark.parametrize("name", ["meaning", "selection", "bias", "about", "found-in-texts"])
def test_a_section_that_has_nothing_to_say_is_absent(review, name):
    assert BUILDERS[name](review) is None


def test_the_page_opens_with_title_authors_question_and_what_was_not_assessed(review):
    assert plain(page.opening(review)) == (
        "Blinatumomab versus chemotherapy A. Author In B-ALL, what is the effect of blinatumomab compared with "
        "chemotherapy? A worked example without a systematic search. Not assessed: risk of bias and certainty of the "
        "evidence. Not stated: flow of records and date of the last search. The only analysis includes fewer than 10 effects."
    )


def test_notes_after_the_first_are_folded(changed):
    spec = fixtures.specification()
    spec["review"]["notes"] = ["First.", "Second.", "Third."]
    opening = page.opening(changed(spec=spec))
    assert plain(opening).index("First.") < plain(opening).index("Not assessed")
    assert '<details class="fold" id="notes"><summary><span>More notes (2)</span></summary>' in opening


def test_a_hyphenated_name_in_the_title_is_not_broken_across_lines(changed):
    spec = fixtures.specification()
    spec["review"]["title"] = "Trials in B-cell leukaemia"
    assert '<span class="whole">B-cell</span>' in page.opening(changed(spec=spec))


def test_every_citation_of_the_methods_leads_to_a_reference_that_exists(review):
    cited = re.findall(r'href="#(reference-\d+)"', page.method(review))
    listed = re.findall(r'id="(reference-\d+)"', page.references(review))
    assert len(listed) > 5
    assert set(cited) == set(listed)
    assert listed == [f"reference-{number}" for number in range(1, len(listed) + 1)]


def test_the_limitations_list_what_people_have_to_supply(review):
    text = plain(page.limits(review))
    assert (
        "The following require human judgement or input and have not been supplied. No default is substituted:" in text
    )
    for missing in ("Risk of bias", "Certainty of the evidence", "Flow of records", "Date of the last search"):
        assert missing in text


def test_risk_of_bias_judged_in_some_studies_is_missing_in_the_others_by_name(changed):
    spec = fixtures.specification()
    spec["studies"][0]["risk_of_bias"] = {"tool": "RoB 2", "overall": "low", "domains": {}}
    assert "Risk of bias in TOWER (Kantarjian 2017) and AALL1331 (Brown 2021)" in plain(page.limits(changed(spec=spec)))
