"""One line for a cause that many rows or records repeat."""

from __future__ import annotations

from coppice.core.errors import Problem
from coppice.review.repeated import once_per_cause, ranges


def told(*problems: Problem) -> list[str]:
    return list(map(str, once_per_cause(problems)))


def test_a_cause_of_many_rows_is_told_once_with_their_number_and_the_first_of_them() -> None:
    rows = [Problem("t.csv", row, "n_e", f"'{word}' is not a number") for row, word in ((2, "a"), (3, "b"), (7, "c"))]
    other = Problem("t.csv", 3, "n_c", "'b' is not a number")
    assert told(*rows, other) == [
        "t.csv:2: n_e: 3 rows (2-3, 7): 'a' is not a number",
        "t.csv:3: n_c: 'b' is not a number",
    ]


def test_a_cause_of_many_records_is_told_once_with_their_studies() -> None:
    wrong = [Problem(f"{study}.yaml", 4, f"{study}: desing", "no such key") for study in "CAB"]
    assert told(*wrong) == ["A.yaml:4: A: desing: 3 records (A, B, C): no such key"]


def test_places_of_figures_of_one_cause_may_differ_in_their_number() -> None:
    wrong = [Problem(f"{study}.yaml", 4, f"{study}: reported.{index}.p", "p") for index, study in enumerate("AB")]
    assert told(*wrong) == ["A.yaml:4: A: reported.0.p: 2 records (A, B): p"]


def test_what_one_record_repeats_and_what_the_configuration_says_stays_line_by_line() -> None:
    record = [Problem("A.yaml", line, f"A: reported.{line}.p", "wrong") for line in (4, 5)]
    configuration = [Problem("c.yaml", line, f"analyses.{line}", "wrong") for line in (4, 5)]
    assert len(told(*record, *configuration)) == 4


def test_rows_are_told_as_ranges() -> None:
    assert ranges([2, 3, 4, 7, 9, 10]) == ["2-4", "7", "9-10"]
