"""Texts of other programs as records take them: without markup or control characters, and ids made from labels."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from coppice.core.limits import MARKS, NAME_LENGTH, TEXT_LENGTH
from coppice.core.printed_number import number_from

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
ID_MADE = 60  # characters of an id that is made from a label: it also names a file
COUNTER = 10_000  # tries for an id that is not taken
NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")


def plain(text: object, most: int = TEXT_LENGTH) -> str:
    """Return a text in one line: white space as single spaces, no control characters, no towers of marks, at most `most` characters."""
    signs: list[str] = []
    marks = 0
    for sign in " ".join(str(text)[: 4 * most].split()):
        marks = marks + 1 if unicodedata.category(sign)[0] == "M" else 0
        if marks <= MARKS and (sign.isprintable() or unicodedata.category(sign) == "Cf"):
            signs.append(sign)
    short = "".join(sign for sign in signs if sign not in "\N{ZERO WIDTH NO-BREAK SPACE}").strip()
    return short if len(short) <= most else short[: most - 1].rstrip() + ELLIPSIS


def plain_name(text: object) -> str:
    """Return a text that can be a label or the name of an arm."""
    return plain(text, NAME_LENGTH)


def made_id(label: str, taken: Iterable[str] = ()) -> str:
    """Return an id made from a label: its letters without accents, digits, `-` and `_`.

    It has a number where another id is the same but for capitals, which would be one file on some systems.
    """
    folded = unicodedata.normalize("NFKD", label.replace("ß", "ss"))
    words = re.sub(r"[^A-Za-z0-9_-]+", "-", "".join(sign for sign in folded if not unicodedata.combining(sign)))
    base = re.sub(r"-{2,}", "-", words).strip("-_")[:ID_MADE].strip("-_") or "study"
    others = {name.casefold() for name in taken}
    names = itertools.chain([base], (f"{base}-{number}" for number in range(2, COUNTER)))
    return next(name for name in names if name.casefold() not in others)


def number_of(text: str | None) -> float | None:
    """Return the number of a text with the digits that it prints; None for an empty text or one that is not a number."""
    stripped = (text or "").strip()
    if not NUMBER.fullmatch(stripped):
        return None
    number = number_from(stripped)
    return int(number) if number.is_integer() and stripped.lstrip("+-").isdigit() else number
