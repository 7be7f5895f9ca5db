"""Texts as they are compared, and the numbers in them: 0·70, .70, 70%, 1,440, `seventy of 105`, `P < .001`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
AS_PRINTED_PLAINLY = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("‘’‚‛′", "'")
    | dict.fromkeys("“”„‟″", '"')
    | dict.fromkeys(SPACES, " ")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None)
    | {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "％": "%", "⩽": "≤", "⩾": "≥", "˂": "<", "˃": ">"}
)
THOUSANDS_BY_SPACE = re.compile(rf"(?<=\d)[{SPACES}](?=\d{{3}}(?!\d))")
DECIMAL_DOT = re.compile(r"(?<![^\W\d_])[·∙⋅‧](?=\d)")
HYPHENATED = re.compile(r"(?<=[a-z])-[ \t]*\r?\n\s*(?=[a-z])")
TOKEN = re.compile(r"\w+|[^\w\s]")
LEFT_OUT = re.compile(r"\s*(?:\[\s*(?:\.{3}|…)\s*\]|\.{3}|…)\s*")

UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: value for value, word in enumerate(UNITS)} | {word: 10 * ten for ten, word in enumerate(TENS, 2)}
WORDS |= {"no": 0, "none": 0, "single": 1, "once": 1, "twice": 2}
UNDER_HUNDRED = rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(UNITS[1:10])}))?|(?:{'|'.join(UNITS[::-1])}))"
IN_WORDS = rf"(?:(?:{UNDER_HUNDRED}|a) hundred(?: (?:and )?{UNDER_HUNDRED})?|{UNDER_HUNDRED}|none|no|single|once|twice)"
NUMBER = re.compile(
    r"(?:(?P<bound>[<≤]|less than|below|under)\s*)?"
    rf"(?:(?<![\w.])(?P<digits>\d+(?:,\d+)+(?:\.\d+)?|\d+\.\d+|\d+)|(?<![\w.])(?P<bare>\.\d+)|\b(?P<words>{IN_WORDS})\b)"
    r"(?P<percent>\s?%|[\s-]per\s?cent)?",
    re.IGNORECASE,
)
LONGEST_NUMBER = 30  # characters: a longer one is no result
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
GROUPED_BY_DOTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
GROUPED_BY_SPACES = re.compile(
    r"(?<![\w.,])[1-9]\d{0,2}(?: \d{3})+(?![\w.,]\d|\w)"
)  # what copying makes of thin spaces
POWER = re.compile(
    r"(?<![\w.])(?P<digits>\d+(?:\.\d+)?)(?: ?[x×*] ?10 ?\^? ?\(?-|e-)(?P<power>\d{1,2})(?!\w)", re.IGNORECASE
)
LEVEL = re.compile(r" ?(?:CI|CrI|(?:confidence|credible) (?:interval|limit))s?\b", re.IGNORECASE)
MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
YEAR = r"(?:19|20)\d\d"
DATE = re.compile(
    rf"\b(?:\d{{1,2}} {MONTH},? {YEAR}|{MONTH} \d{{1,2}},? {YEAR}|{MONTH},? {YEAR}|\d{{1,2}} {MONTH}(?= (?:to|and|until|-))"
    rf"|{YEAR}-\d\d-\d\d|\d{{1,2}}([/.])\d{{1,2}}\1{YEAR})\b",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s*(?:/|(?:out )?of|among|in|from)\s*(?:(?:the|all|a|total|of)\s+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TextNumber:
    """A number that a text prints."""

    value: float
    places: int  # digits after the point
    start: int
    end: int
    is_percent: bool = False
    is_bound: bool = False  # after `<` or `less than`
    is_level: bool = False  # of an interval


def comparable(text: str) -> str:
    """Return a text as two copies of it compare: plain dashes, quotes and decimal points, single spaces, no hyphens of line ends."""
    plain = DECIMAL_DOT.sub(".", THOUSANDS_BY_SPACE.sub("", text)).translate(AS_PRINTED_PLAINLY)
    return " ".join(HYPHENATED.sub("", plain).split())


def pattern(words: str) -> re.Pattern[str]:
    """Return what finds words again in a comparable text, however its lines are broken, spaced, hyphenated or capitalised."""
    tokens = TOKEN.findall(comparable(words))
    kept = [
        part
        for before, part, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False)
        if part != "-" or not after[:1].isalnum() or not before[-1:].isalnum() or (before[-1:] + after[:1]).isdigit()
    ]
    joined = "".join(
        (r"[\s-]*" if before[-1:].isalnum() and token[:1].isalnum() else r"\s*") * bool(before) + re.escape(token)
        for before, token in zip(["", *kept], kept, strict=False)
    )
    # whole words and numbers alone: `5 of 105` is not in `75 of 105`
    first, last = (r"(?<![\w.])" if joined[:1].isalnum() else ""), (r"(?!\w)" if joined[-1:].isalnum() else "")
    return re.compile(first + joined + last, re.IGNORECASE)


def passages(quote: str) -> list[str]:
    """Return the parts of a quote, which ` [...] ` or an ellipsis sets apart."""
    return [part for part in LEFT_OUT.split(quote) if any(sign.isalnum() for sign in part)]


def search(words: str, text: str, start: int = 0) -> tuple[int, int] | None:
    """Return where words begin and end in a comparable text after a place; None where they are not there.

    Their longest word is looked for first, and the others around it only: a long text is searched in a moment.
    """
    wanted, lower = pattern(words), text.lower()
    rare = max(TOKEN.findall(comparable(words).lower()), key=len, default="")
    if not rare.isalnum() or len(lower) != len(text):
        match = wanted.search(text, start)
        return match.span() if match else None
    reach = 2 * len(words) + 100  # characters that the words cover at most, with spaces and hyphens among them
    at = lower.find(rare, start)
    while at >= 0:
        if match := wanted.search(text, max(start, at - reach), at + 4 * reach):
            return match.span()
        at = lower.find(rare, at + 3 * reach)  # what holds an earlier one ends within the four
    return None


@lru_cache(maxsize=64)
def place_of(quote: str, text: str) -> tuple[int, int] | None:
    """Return where a quote begins and ends in a comparable text, its parts in their order; None where it is not there."""
    start, end = -1, 0
    for part in passages(quote):
        place = search(part, text, end)
        if place is None:
            return None
        start, end = place[0] if start < 0 else start, place[1]
    return None if start < 0 else (start, end)


def numbers_in(text: str) -> Iterator[TextNumber]:
    """Yield the numbers of a comparable text; one in each way in which it can be read, and none of dates."""
    dates = [match.span() for match in DATE.finditer(text)]
    for match in GROUPED_BY_SPACES.finditer(text):
        if len(match[0]) > LONGEST_NUMBER:
            continue
        yield TextNumber(float(match[0].replace(" ", "")), 0, *match.span())
    for match in POWER.finditer(text):
        if len(match[0]) > LONGEST_NUMBER:
            continue
        power, places = int(match["power"]), len(match["digits"].partition(".")[2])
        yield TextNumber(float(f"{match['digits']}e-{power}"), places + power, *match.span())
    for match in NUMBER.finditer(text):
        start, end = match.span()
        if any(begin <= start < stop for begin, stop in dates):
            continue
        is_level = match["percent"] is not None and LEVEL.match(text, end) is not None
        about = (start, end, match["percent"] is not None, match["bound"] is not None, is_level)
        if match["words"]:
            yield TextNumber(in_words(match["words"]), 0, *about)
            continue
        digits = match["digits"] or match["bare"]
        if len(digits) > LONGEST_NUMBER:
            continue
        for reading in readings(digits):
            yield TextNumber(float(reading), len(reading.partition(".")[2]), *about)


def readings(digits: str) -> list[str]:
    """Return what digits with commas may mean: thousands, a decimal comma, or numbers of a list."""
    if "," not in digits:
        return [digits, digits.replace(".", "")] if GROUPED_BY_DOTS.fullmatch(digits) else [digits]
    grouped = [digits.replace(",", "")] if GROUPED.fullmatch(digits) else []
    decimal = [digits.replace(",", ".")] if digits.count(",") == 1 and "." not in digits else []
    of_list = [] if grouped else [part for part in digits.split(",") if part == "0" or not part.startswith("0")]
    return grouped + decimal + of_list


def in_words(words: str) -> int:
    """Return the number of words such as `one hundred and five`."""
    value = 0
    for word in re.split(r"[ -]+", words.casefold()):
        value = max(value, 1) * 100 if word == "hundred" else value + WORDS.get(word, 0)
    return value


def shares_in(text: str, numbers: list[TextNumber]) -> Iterator[tuple[float, float]]:
    """Yield `k of n` of a comparable text, as pairs."""
    for one, other in zip(numbers, numbers[1:], strict=False):
        is_whole = one.places == other.places == 0 and not (one.is_percent or other.is_percent)
        if is_whole and 0 <= one.value <= other.value > 0 and BETWEEN.fullmatch(text, one.end, other.start):
            yield one.value, other.value
