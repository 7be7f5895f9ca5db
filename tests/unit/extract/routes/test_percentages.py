"""extract.percentages: the count behind a percentage."""

from typing import Any

import pytest

from coppice.core.printed_number import PrintedNumber
from coppice.extract.registry import ROUTES
from coppice.extract.route import NotEstimable, Options
from coppice.extract.routes.percentages import from_percentages, nearest_count, possible_counts


@pytest.mark.parametrize("n", [7, 40, 103, 998])
def test_every_count_is_found_again_from_its_rounded_percentage(n: int) -> None:
    for count in range(n + 1):
        for digits in (0, 1, 2):
            assert count in possible_counts(round(100 * count / n, digits), n)


def test_a_unique_count_says_so() -> None:
    count, note = nearest_count(48, 105, "control arm")
    assert count == 50
    assert note == "48% of 105 patients of the control arm is 50, the only count that rounds to it"


def test_several_counts_are_named_and_the_nearest_is_used() -> None:
    count, note = nearest_count(12, 400, "control arm")
    assert count == 48
    assert note == "counts from 46 to 50 round to 12% of 400 patients of the control arm; the nearest, 48, is used"


def test_zeros_at_the_end_leave_fewer_counts() -> None:
    assert list(possible_counts(PrintedNumber("12.00"), 400)) == [48] and len(possible_counts(12, 400)) == 5


@pytest.mark.parametrize("n", [10**15, 1e12, 271.0])
def test_the_nearest_count_is_found_however_many_patients_there_are(n: float) -> None:
    assert nearest_count(25, n, "group")[0] == round(n / 4 - 0.25)


def test_a_percentage_that_no_count_gives_is_refused() -> None:
    with pytest.raises(NotEstimable, match=r"no count of 103 patients of the control arm gives 33\.5%"):
        nearest_count(33.5, 103, "control arm")


def test_the_counts_come_first_where_both_are_reported() -> None:
    figure: dict[str, Any] = {"events_e": 5, "n_e": 40, "percent_e": 12.5, "events_c": 8, "n_c": 40, "percent_c": 20}
    with pytest.raises(NotEstimable, match="the counts themselves are reported"):
        from_percentages(figure)


def test_percentages_give_what_the_counts_give() -> None:
    percentages = {"percent_e": 12.5, "n_e": 40, "percent_c": 20, "n_c": 40}
    counts = {"events_e": 5, "n_e": 40, "events_c": 8, "n_c": 40}
    for measure in ("RR", "OR", "RD", "PETO"):
        one = ROUTES["percentages"].gives[measure](percentages, Options())
        other = ROUTES["counts"].gives[measure](counts, Options())
        assert (one.yi, one.vi) == (other.yi, other.vi)
