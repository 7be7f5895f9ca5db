"""How names read within a sentence, in figures and in the report alike."""

from __future__ import annotations

import re

# Names of places and people of which treatments are often made: no rule tells them from other words.
PROPER = frozenset({
    "African", "Alexander", "American", "Asian", "Ayurveda", "Bobath", "British", "Burch", "Chinese", "Epley", "European",
    "Feldenkrais", "French", "Indian", "Japanese", "Kampo", "Kegel", "Korean", "Mediterranean", "Nordic", "Pilates",
    "Swedish", "Tibetan", "Western",
})  # fmt: skip


def in_sentence(name: str) -> str:
    """Return a name as it stands within a sentence: a capital that only begins a word becomes small.

    An abbreviation keeps its capitals (`BCG vaccine`, `PD-1 inhibitor`), and so does a name whose second word has one
    too (`St John's wort`, `Tai Chi`) or that is made of the name of a place or a person (`Mediterranean diet`).
    """
    first, second = (*name.split(maxsplit=1), "", "")[:2]
    start = re.split(r"\W", first, maxsplit=1)[0]
    if not _is_capitalised(start) or start in PROPER or _is_capitalised(re.split(r"\W", second, maxsplit=1)[0]):
        return name
    return name[0].lower() + name[1:]


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper() and word[1:].isalpha() and word[1:].islower()
