"""Ids made from the names that a table gives its studies, outcomes and reports."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

# one or two Latin letters with something that Unicode does not take apart: the stroke of Łódź, the ligature of Æ
LATIN = re.compile(r"LATIN (?P<case>SMALL|CAPITAL) (?:LETTER|LIGATURE) (?P<letters>[A-Z]{1,2})(?: WITH .+)?")
SPELT = {"ß": "ss", "ẞ": "SS", "Þ": "Th", "þ": "th", "Ð": "D", "ð": "d", "ı": "i"}
HASH_DIGITS = 8  # of a name that has no Latin spelling: 10,000 names share one with a probability of 1%


def letters(name: str) -> str:
    """Return the letters, digits and marks of a name: what is left when punctuation is not looked at."""
    text = unicodedata.normalize("NFC", name)
    return "".join(sign for sign in text if unicodedata.category(sign)[0] in "LMN" or sign == "_")


def latin(sign: str) -> str:
    """Return the Latin letters of one sign without accents; nothing where it has none."""
    if sign.isascii() or sign in SPELT:
        return SPELT.get(sign, sign)
    match = LATIN.fullmatch(unicodedata.name(sign, ""))
    return "" if match is None else match["letters"] if match["case"] == "CAPITAL" else match["letters"].lower()


def fingerprint(name: str) -> str:
    """Return some digits that depend on the letters of a name alone."""
    return hashlib.sha256(letters(name).encode()).hexdigest()[:HASH_DIGITS]


def identifier(name: str, *, always_hashed: bool = False) -> str:
    """Return an id made of a name; empty where it has no letter or digit.

    Latin letters lose their accents, and other signs become hyphens. A name with letters that have no Latin spelling
    here, such as Cyrillic or Chinese ones, gets digits that stand for all its letters: it has the same id in every
    table, and another than any other name. `always_hashed` adds these digits in any case.
    """
    if not letters(name):
        return ""
    signs = unicodedata.normalize("NFKD", name)
    bare = "".join(map(latin, signs))
    lost = any(
        unicodedata.category(sign) in ("Lu", "Ll", "Lt", "Lo", "Nd", "Nl", "No") and not latin(sign) for sign in signs
    )
    readable = re.sub(r"[^A-Za-z0-9_]+", "-", bare).strip("-_")
    return "-".join(filter(None, [readable, fingerprint(name) if lost or always_hashed or not readable else ""]))


def identifiers(names: Iterable[str]) -> dict[str, str]:
    """Return the id of each name; accents tell two names apart that would be one id without them.

    Names that differ in nothing but punctuation have the same id.
    """
    ids = {name: identifier(name) for name in dict.fromkeys(names)}
    groups: dict[str, list[str]] = {}
    for name, id_ in ids.items():
        groups.setdefault(id_.casefold(), []).append(name)
    for group in groups.values():
        if len({letters(name).casefold() for name in group}) > 1:
            ids |= {name: identifier(name, always_hashed=True) for name in group if not name.isascii()}
    return ids
