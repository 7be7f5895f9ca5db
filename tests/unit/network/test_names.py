"""Treatments named in two ways."""

from __future__ import annotations

import pytest

from coppice.review.network import differ_in_a_letter, signless


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("placebo", "plcebo", True),
        ("fluoxetine", "fluoxetin", True),
        ("fluoxetine", "fluoxetnie", True),
        ("fluoxetine", "paroxetine", False),
        ("prednisone", "prednisolone", False),
        ("drug25mg", "drug20mg", False),
        ("vitamina", "vitaminb", False),
        ("abc", "abd", False),
    ],
)
def test_one_letter_of_a_long_name_is_taken_for_a_slip(one, other, is_slip):
    assert differ_in_a_letter(one, other) is is_slip


def test_capitals_and_signs_make_no_other_treatment():
    assert signless("Drug-25 mg") == signless("drug 25mg")
    assert signless("A+B") != signless("AB")
