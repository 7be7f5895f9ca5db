"""Numbers that remember how they were printed."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

from coppice.core.printed_number import PrintedNumber, number_from, texts, with_texts
from coppice.jobs.canonical_json import canonical
from coppice.review.strict_yaml import loads


@pytest.mark.parametrize("text", ["0.40", "-0.020", "4.0", "12.500", "+1.10", "1.50e0"])
def test_it_is_the_number_that_its_text_says(text: str) -> None:
    assert number_from(text) == float(text)
    assert canonical(number_from(text)) == canonical(float(text))


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda number: pickle.loads(pickle.dumps(number))])
def test_a_copy_keeps_the_text(copied: Any) -> None:
    number = copied(PrintedNumber("0.40"))
    assert (number, number.text, f"{number:g}", f"{number:.1f}") == (0.4, "0.40", "0.40", "0.4")


def test_only_zeros_at_the_end_need_a_text() -> None:
    assert [type(number_from(text)) for text in ("0.4", "0.40", "1e-10", "400.")] == [
        float,
        PrintedNumber,
        float,
        float,
    ]


def test_texts_survive_json() -> None:
    value = loads("[{estimate: 0.40, ci: [0.20, 0.8], use: '0.10', n: 10}, {p: 0.050}]", "f").data
    found = [[list(path), text] for path, text in texts(value)]
    assert found == [[[0, "estimate"], "0.40"], [[0, "ci", 0], "0.20"], [[1, "p"], "0.050"]]
    restored = with_texts(json.loads(canonical(value)), json.loads(canonical(found)))
    assert restored == value and sorted(map(str, texts(restored))) == sorted(map(str, texts(value)))


def test_text_that_looks_like_a_number_stays_as_it_was_written() -> None:
    from coppice.review.arms import ARM
    from coppice.review.record import text_keys

    assert text_keys(ARM, loads("{name: 2.10}", "f").data) == {"name": "2.10"}
