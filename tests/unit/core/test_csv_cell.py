"""No text of a record is a formula in a spreadsheet; OWASP's list of first letters, 'CSV Injection'."""

from __future__ import annotations

import pytest

from coppice.core.csv_cell import escape_formula


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\N{FULLWIDTH EQUALS SIGN}1"])
def test_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(text: str) -> None:
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("value", ["A = B", "", -1.5, 3, None, True])
def test_other_text_and_numbers_stay_as_they_are(value: object) -> None:
    assert escape_formula(value) is value
