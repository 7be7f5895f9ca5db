"""What the report lists of the texts that no record quotes."""

from __future__ import annotations

from typing import Any

import pytest

from coppice.core.contracts.read import Proposal
from coppice.report.page.html_elements import plain
from coppice.report.page.proposals import found_in_texts, reported
from coppice.report.report_data import ReviewView


def proposal(statistic: str, **fields: Any) -> Proposal:
    return {"statistic": statistic, "arm": "both", "fields": fields, "quote": "these words"}


def review(*proposals: Proposal, unread: dict[str, str] | None = None) -> ReviewView:
    text: Any = {"text": "sources/a.txt", "sha256": "0", "problem": None, "proposals": list(proposals)}
    spec = {"review": {}, "read": {"files": ["read/a.txt.json"], "unread": unread or {}}}
    return ReviewView(spec, (), {}, {}, texts=(text,))


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (proposal("hazard_ratio", estimate="0.70", ci=["0.5", "0.98"]), "HR 0.70 (95% CI 0.50 to 0.98)"),
        (proposal("counts", events_e="3", n_e="9", events_c="4", n_c="8"), "3/9 v 4/8"),
        (proposal("logrank", p="0.001", p_op="<"), "p < 0.001"),
        (proposal("hazard_ratio", estimate="NA", p="0.2"), "estimate NA; p = 0.2"),
        (proposal("sample_size", n="90"), "n 90"),
        (proposal("sample_size", n_e="60", n_c="30"), "n 60 v 30"),
        (proposal("follow_up", median="36.2", unit="months"), "median 36.2 months"),
        (proposal("counts", events_e="96", events_c="41"), "events 96 v 41"),
        (proposal("means", mean_e="3.2", sd_e="1.1", mean_c="4.0", sd_c="1.3"), "mean 3.2 v 4.0, sd 1.1 v 1.3"),
        (
            proposal("odds_ratio", estimate="0.57", ci=["0.31", "1.05"], adjusted=True),
            "OR 0.57 (95% CI 0.31 to 1.05); adjusted",
        ),
        (proposal("survival", time="3", unit="years", survival_e="0.96"), "at 3 years: 96% v not reported"),
    ],
)
def test_a_proposal_is_printed_as_figures_of_records_are(item: Proposal, text: str) -> None:
    assert reported(item) == text


def test_texts_without_results_and_files_that_are_not_read_are_named() -> None:
    page = plain(found_in_texts(review(unread={"sources/b.pdf": "is not a text"})) or "")
    assert "sources/a.txt: no result that the rules recognise." in page and "sources/b.pdf is not a text" in page


def test_words_of_a_text_are_escaped() -> None:
    item: Proposal = {**proposal("counts", events_e="3"), "quote": "<script>alert(1)</script>"}
    assert "<script>" not in str(found_in_texts(review(item)))


def test_a_review_without_texts_has_no_such_part() -> None:
    assert found_in_texts(ReviewView({"review": {}}, (), {}, {})) is None
