"""What people say of their review is printed as text; what they do not say is printed as such."""

from __future__ import annotations

from tests.unit.report import fixtures

from coppice.report.page import page, statements
from coppice.report.page.html_elements import plain


def with_about(changed, **about):
    spec = fixtures.specification()
    spec["review"] |= about
    return changed(spec=spec)


def test_what_the_authors_did_not_state_is_said_once_at_the_head_and_item_by_item_in_the_checklist(review):
    assert page.selection(review) is page.about(review) is None
    assert "Not stated: flow of records and date of the last search." in plain(page.opening(review))
    said = plain(page.checklist(review))
    for item in ("6 Information sources and last search", "7 Search strategy", "16a Flow of records", "25 Support"):
        assert f"{item} not stated" in said


def test_a_statement_stands_where_it_belongs(changed):
    review = with_about(changed, selection="Two people, independently.", support=["A foundation", "a university"])
    assert "Selection process Two people, independently." in plain(page.selection(review))
    assert "Funding and support A foundation a university" in plain(page.about(review))


def test_a_statement_is_text(changed):
    assert "<script>" not in page.about(with_about(changed, support=fixtures.NASTY))


def test_the_flow_gives_counts_by_reason_with_their_sum(changed):
    review = with_about(
        changed, flow={"identified": 1200, "excluded_reports": {"no comparator": 12, "other outcome": 3}}
    )
    text = plain(statements.flow(review))
    assert "Records identified 1,200" in text
    assert "Reports excluded 15 (no comparator 12; other outcome 3)" in text
    assert "Records screened not assessed" in text


def test_the_question_comes_with_its_rationale(review, changed):
    assert "Rationale" not in plain(page.question(review))
    assert "Rationale Nobody had pooled them." in plain(
        page.question(with_about(changed, rationale="Nobody had pooled them."))
    )
