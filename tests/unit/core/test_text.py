"""A name within a sentence: what it keeps of its capitals."""

import pytest

from coppice.core.text import in_sentence


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Standard care", "standard care"),
        ("Usual care", "usual care"),
        ("Best supportive care", "best supportive care"),
        ("Low-dose aspirin", "low-dose aspirin"),
        ("Blinatumomab", "blinatumomab"),
        ("Vitamin D", "vitamin D"),
        ("Omega-3 fatty acids", "omega-3 fatty acids"),
        ("Anti-PD-1 antibody", "anti-PD-1 antibody"),
        ("placebo", "placebo"),
        ("Aspirin plus Clopidogrel", "aspirin plus Clopidogrel"),
    ],
)
def test_a_capital_that_only_begins_the_name_becomes_small(name, shown):
    assert in_sentence(name) == shown


@pytest.mark.parametrize(
    "name",
    [
        "BCG vaccine",
        "CBT",
        "PD-1 inhibitor",
        "R-CHOP",
        "HSCT",
        "T-cell therapy",
        "St John's wort",
        "Tai Chi",
        "Standard Care",
        "Mediterranean diet",
        "mRNA vaccine",
        "5-FU",
        "",
    ],
)
def test_abbreviations_proper_names_and_titles_keep_their_capitals(name):
    assert in_sentence(name) == name
