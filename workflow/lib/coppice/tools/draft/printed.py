"""Numbers as papers print them: the patterns that rules are made of, and the plain digits that they mean."""

from __future__ import annotations

import re
from decimal import Decimal

from coppice.core.text_numbers import TENS, UNITS

WORDS = {word: value for value, word in enumerate(UNITS)} | {word: 10 * (i + 2) for i, word in enumerate(TENS)}
NUMBER = r"(?=[.\d])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
SIGNED = rf"(?:[-+]\s?)?{NUMBER}"
TEEN = "|".join(sorted(UNITS, key=len, reverse=True))
UNDER_HUNDRED = rf"(?:(?:{'|'.join(TENS)})(?:[- ](?:{'|'.join(UNITS[1:10])}))?|(?:{TEEN})(?!ty))"
WORD = rf"\b(?=[zotfsen])(?:(?:{'|'.join(UNITS[1:10])}) hundred(?: (?:and )?{UNDER_HUNDRED})?|{UNDER_HUNDRED})\b"
COUNT = rf"(?:{NUMBER}|{WORD})"
OPEN = r"(?:NE|NR|NA|NC|not (?:yet )?(?:reached|estimable|evaluable|estimated|assessable|calculable|evaluated|calculated|determined|available)|infinity|\u221e)"
PERCENT = r"(?:%|percent\b|per cent\b)"
INTERVAL = rf"(?P<low>{SIGNED}|{OPEN})\s*{PERCENT}?\s*(?:-|to|,|;|and|through)\s*(?P<high>{SIGNED}|{OPEN})(?![\d.]\d)\s*{PERCENT}?"


def plain(printed: str | None) -> str | None:
    """Return the digits of a printed number: `.05` is 0.05, `11,262` is 11262, `forty-five` is 45; None where it is open."""
    if printed is None:
        return None
    text = printed.strip().lower().replace(" ", "" if re.match(r"[-+]", printed.strip()) else " ")
    words = re.split(r"[- ]", text)
    if words[0] in WORDS:
        hundreds, tens = (words[:1], words[2:]) if words[1:2] == ["hundred"] else ([], words)
        return str(100 * sum(WORDS[word] for word in hundreds) + sum(WORDS.get(word, 0) for word in tens))
    if text in ("no", "none", "neither", "nil", "nobody", "no one", "no-one"):
        return "0"
    digits = text.replace(",", "").lstrip("+")
    sign = "-" if digits.startswith("-") else ""
    digits = digits.lstrip("-")
    if not re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", digits):
        return None
    return sign + ("0" + digits if digits.startswith(".") else digits)


def fraction(percent: str) -> str:
    """Return a percentage as a fraction, with its digits: 83.9 is 0.839, 100 is 1."""
    value = Decimal(percent) / 100
    places = max(0, -int(Decimal(percent).as_tuple().exponent)) + 2
    return "1" if value == 1 else f"{value:.{places}f}"


def complement(percent: str) -> str:
    """Return the ratio that a relative reduction in percent leaves: 41 is 0.59."""
    places = max(0, -int(Decimal(percent).as_tuple().exponent)) + 2
    return f"{1 - Decimal(percent) / 100:.{places}f}"


def negated(value: str | None) -> str | None:
    """Return the number with its sign turned."""
    if value is None or not value.strip("0.-"):
        return value
    return value[1:] if value.startswith("-") else f"-{value}"
