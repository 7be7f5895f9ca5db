"""The page: its sections in order, each with its heading, and what only the page itself puts together."""

from __future__ import annotations

import re

import pytest
from tests.unit.report import fixtures

from coppice.report.contents import SECTIONS
from coppice.report.page import page
from coppice.report.page.html_elements import plain

BUILDERS = {
    "abstract": page.structured_abstract,
    "question": page.question,
    "selection": page.selection,
    "findings": page.findings,
    "studies": page.studies,
    "bias": page.risk_of_bias,
    "results": page.results,
    "sources": page.sources,
    "checks": page.checks,
    "meaning": page.meaning,
    "methods": page.method,
    "limits": page.limits,
    "about": page.about,
    "checklist": page.checklist,
    "software": page.software,
    "references": page.references,
}


def test_every_section_of_the_contents_is_built():
    assert list(BUILDERS) == list(SECTIONS)


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_opens_with_the_heading_that_the_contents_lead_to(review, name):
    assert BUILDERS[name](review).startswith(f'<h2 id="{name}">{SECTIONS[name]}</h2>')


def test_the_page_opens_with_title_authors_and_notes(review):
    assert plain(page.opening(review)) == (
        "Blinatumomab versus chemotherapy A. Author A worked example without a systematic search."
    )


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
