"""One text in a moderator of numbers makes categories of all its values: the cell is named."""

from __future__ import annotations

import pytest

from coppice.pool.models.moderators import moderators_part
from coppice.pool.profiles import settings

NAMED = "study s4: dose is '>10', not a number, so dose is treated as categorical"


def effects(values):
    return [
        {"study": f"s{i}", "label": f"s{i}", "year": None, "yi": i / 10, "vi": 0.02, "values": {"dose": value}}
        for i, value in enumerate(values)
    ]


def reason(values, formula="dose"):
    return moderators_part(effects(values), formula, settings({"profile": "metafor"}))[1]


@pytest.mark.parametrize("kind", [str, int, float])
def test_a_text_among_numbers_is_named_with_its_study(kind):
    assert NAMED in reason([">10" if i == 4 else kind(i) for i in range(10)])


def test_a_text_among_numbers_is_named_beside_the_model_that_it_gives():
    part, why = moderators_part(effects([1, 1, 1, 2, ">10", 2, 2, 1, 2, 1]), "dose", settings({"profile": "metafor"}))
    assert why is None
    assert any(f"{NAMED}." in f"{warning[0].lower()}{warning[1:]}" for warning in part["warnings"])


def test_categories_are_not_taken_for_numbers_that_are_misspelt():
    assert "not a number" not in reason([f"level {i}" for i in range(10)])
    assert "not a number" not in reason([">10" if i == 4 else i for i in range(10)], "C(dose)")
