"""A review that is too large for one page says where the rest lies, and drops nothing without saying so."""

from __future__ import annotations

import dataclasses
import re

import pytest

from coppice.report.page import abstract, large_reviews, page, table
from coppice.report.page.html_elements import plain


@pytest.fixture
def many(review, analysis):
    """Return the small review with an analysis more than the page holds in full."""
    analyses = [dataclasses.replace(analysis, name=f"a{number}") for number in range(large_reviews.MOST_ANALYSES + 1)]
    return dataclasses.replace(review, analyses=tuple(analyses))


@pytest.fixture
def crowded(review):
    """Return the small review with a study more than the page traces."""
    record = next(iter(review.studies.values()))
    return dataclasses.replace(
        review, studies={f"S{number}": record for number in range(large_reviews.MOST_STUDIES + 1)}
    )


def test_the_result_of_each_of_many_analyses_stands_on_the_page_and_its_files_are_linked(many):
    results = page.results(many)
    assert plain(results).count("0.44 (0.25 to") == 0
    assert "This review has 101 analyses. Beyond 100," in plain(results)
    for name in ("a0", "a100"):
        assert f'id="analysis-{name}"' in results
        for file in (f"../pool/{name}.csv", f"../explore/{name}.json", f"../draw/{name}/forest.svg"):
            assert f'href="{file}"' in results
    assert "<img" not in results


def test_the_abstract_of_many_analyses_leads_to_their_table(many):
    assert "table of all 101 analyses" in plain(abstract.abstract(many))
    assert 'href="#table-summary"' in abstract.abstract(many)


def test_many_studies_are_left_to_the_result_files(crowded):
    for section in (page.studies(crowded), page.sources(crowded)):
        assert "This review has 501 studies. Beyond 500," in plain(section)
        assert 'href="../extract/"' in section
        assert "<table" not in re.sub(r"<details.*?</details>", "", section, flags=re.DOTALL)


def test_a_table_that_is_too_long_is_replaced_by_a_sentence_with_its_place():
    rows = [(str(number),) for number in range(table.MOST_ROWS)]
    assert "<table" in table.table("Caption.", ("A",), rows, name="t")
    left_out = table.table("Caption.", ("A",), [*rows, ("more",)], name="t")
    assert "Caption. The table has 2,001 rows and is not shown (limit 2,000)" in plain(left_out)
    assert 'id="t"' in left_out and "<table" not in left_out


def test_analyses_that_share_their_studies_are_still_named(review, analysis):
    fewer = {**analysis.pool, "effects": analysis.pool["effects"][:2]}
    part = dataclasses.replace(analysis, name="part", title="A part", pool=fewer)
    (said,) = abstract.shared(dataclasses.replace(review, analyses=(analysis, part)))
    assert (
        "all studies of \N{LEFT SINGLE QUOTATION MARK}A part\N{RIGHT SINGLE QUOTATION MARK} also contribute to" in said
    )
