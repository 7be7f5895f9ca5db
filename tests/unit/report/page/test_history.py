"""The searches of a living review, and what each did to an estimate, in words and tables."""

from __future__ import annotations

import dataclasses
import math

import pytest
from tests.unit.report import fixtures

from coppice.report.page import history, page
from coppice.report.page.html_elements import plain


def row(searched, k, added, value=None, low=None, high=None):
    numbers = {"estimate": value, "ci_low": low, "ci_high": high}
    logs = {name: None if number is None else math.log(number) for name, number in numbers.items()}
    return {"searched": searched, "k": k, "added": added, "tau2": 0.01, "I2": 12.0, "inference": "HKSJ", **logs}


ROWS = [
    row("2020-12-31", 0, []),
    row("2021-12-31", 1, ["TOWER"], 0.71),
    row("2022-12-31", 1, [], 0.71),
    row("2024-12-31", 3, ["AALL1331", "E1910"], 0.62, 0.41, 0.94),
]


@pytest.fixture
def followed(analysis):
    """Return a function that gives the analysis a history."""
    return lambda rows: dataclasses.replace(analysis, explore={**analysis.explore, "history": rows})


def test_the_sentence_goes_from_the_first_estimate_to_the_last(followed):
    text = history.sentence(followed(ROWS), ROWS)
    assert text.startswith(
        "The estimate changed from 0.71 after the search of 2021-12-31 (one effect) to 0.62 after that of 2024-12-31 (three effects)."
    )
    assert "One search after the first added no effect." in text


def test_the_table_has_a_row_a_search_and_nothing_where_there_is_no_estimate(followed):
    text = plain(history.of_analysis(followed(ROWS)))
    assert "2020-12-31 0 none \N{EN DASH}" in text
    assert "2024-12-31 3 AALL1331 and E1910 0.62 (0.41 to 0.94)" in text


def test_an_analysis_without_a_history_has_no_such_section(analysis, followed):
    assert history.of_analysis(analysis) is None
    assert history.of_analysis(followed({"skipped": "the configuration names no `history` of searches"})) is None


def test_the_searches_are_listed_with_what_each_added(changed):
    searches = [
        {"searched": "2021-12-31", "added": ["TOWER"], "note": fixtures.NASTY},
        {"searched": "2022-12-31", "added": [], "note": None},
    ]
    review = changed(spec=fixtures.specification() | {"history": searches})
    shown = history.searches(review)
    assert "TOWER (Kantarjian 2017)" in plain(shown)
    assert "<script>" not in shown
    assert "Searches of this living review" in plain(page.selection(review))
    assert history.searches(changed()) is None
