"""The numbers of other programs, and ours beside them."""

from __future__ import annotations

import pytest
from docs.comparison import EXAMPLES, SOURCES, lines


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.program}: {example.call[:40]}")
def test_every_number_that_another_program_prints_is_ours_to_its_last_digit(example):
    shown = list(lines(example))
    assert len(shown) == len(example.printed) > 3
    assert [line for line in shown if line[1] != line[2]] == []


def test_every_program_is_there_with_its_source():
    assert list(dict.fromkeys(example.program for example in EXAMPLES)) == list(SOURCES)
