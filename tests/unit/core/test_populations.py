"""Populations as paths: what lies within what, and which share patients."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from coppice.core.populations import overlapping, within

PATHS = st.lists(st.lists(st.sampled_from("AB"), min_size=1, max_size=4).map("/".join), max_size=12)


def test_a_part_lies_within_the_whole_and_not_within_a_namesake() -> None:
    assert within("T/young", "T") and within("T", "T")
    assert not within("T", "T/young") and not within("TOWER", "T")


@given(PATHS)
def test_overlapping_finds_of_each_the_first_before_it_that_shares_patients(paths: list[str]) -> None:
    pairs = [
        (one, other)
        for one, other in combinations(range(len(paths)), 2)
        if within(paths[one], paths[other]) or within(paths[other], paths[one])
    ]
    expected = {other: min(one for one, later in pairs if later == other) for _, other in pairs}
    assert {other: one for one, other in overlapping(paths)} == expected


def test_a_thousand_of_the_same_patients_are_a_thousand_findings_and_not_half_a_million() -> None:
    assert len(list(overlapping(["adults"] * 1000))) == 999
