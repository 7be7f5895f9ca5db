"""Columns are as wide as what stands in them asks for."""

from __future__ import annotations

import pytest

from coppice.report.manuscript.widths import GAP, widths

SENTENCE = "a sentence of some length that will not fit into one line of the column at all " * 2


def test_a_table_that_fits_takes_no_more_than_it_needs():
    shares = widths([["Study", "k"], ["E1910", "12"]], 100)
    assert shares == [(5 + GAP) / 100, (2 + GAP) / 100]


def test_a_table_that_does_not_fit_fills_the_page():
    assert sum(widths([["Study", "Reason"], ["E1910", SENTENCE]], 80)) == pytest.approx(1)


def test_the_longer_text_gets_the_more_and_no_word_is_cut():
    first, second, third = widths([["Study", "Remark", "k"], ["internationally", SENTENCE, "12"]], 60)
    assert second > first > third
    assert first * 60 >= len("internationally")


def test_an_address_asks_for_no_more_than_a_long_word():
    address = "pmc.ncbi.nlm.nih.gov/articles/PMC1234567/table/t2/" + "x" * 80
    first, second = widths([["Where", "What"], [address, SENTENCE]], 100)
    assert second > 0.4 and first > 0.2


def test_more_columns_than_the_page_can_hold_still_have_shares():
    shares = widths([["international"] * 12], 60)
    assert sum(shares) == pytest.approx(1)
    assert min(shares) > 0


def test_the_bold_words_of_two_headings_do_not_touch():
    rows = [
        ["Study", "Blinatumomab", "Chemotherapy", "Why"],
        ["E1910", "24.0% (19 to 29)", "23.9% (16 to 32)", SENTENCE * 2],
    ]
    shares = widths(rows, 60)
    assert min(shares[1:3]) * 60 >= 1.1 * len("Blinatumomab") + GAP


def test_an_estimate_takes_two_lines_at_the_most():
    columns = ["Study", "RR (95% CI)", *["Report"] * 5]
    rows = [columns, ["E1910", "1.66 (1.26 to 2.19)", *[SENTENCE * 2] * 5]]
    assert widths(rows, 100)[1] * 100 >= len("(1.26 to") + GAP
