"""Populations as paths: what lies within what, and which share patients."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from coppice.populations import overlap, overlapping, within

PATHS = st.lists(st.lists(st.sampled_from("AB"), min_size=1, max_size=4).map("/".join), max_size=12)


def test_a_part_lies_within_the_whole_and_not_within_a_namesake() -> None:
    assert within("T/young", "T") and within("T", "T")
    assert not within("T", "T/young") and not within("TOWER", "T")


@given(PATHS)
def test_overlapping_finds_every_pair_that_overlaps(paths: list[str]) -> None:
    expected = [(one, other) for one, other in combinations(range(len(paths)), 2) if overlap(paths[one], paths[other])]
    assert list(overlapping(paths)) == expected
