"""The words that a record quotes for a proposal: those that were read, and as many beside them as show every number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coppice.core.printed_number import number_from
from coppice.core.reported_statistics import STATISTICS
from coppice.core.text_numbers import comparable
from coppice.extract.checks.printed_in import Printed, numbers_of

LONGEST = 25  # words
LEAST = 5  # words that say what a number is of
DIGIT = re.compile(r"\d")
WORD = re.compile(r"\S+")
PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
AROUND = 400  # characters before and after what was read
PARAGRAPH = re.compile(r"\n\s*\n")


def quote(text: str, start: int, end: int, figure: Mapping[str, Any]) -> str:
    """Return the words between two places, with those beside them that hold the numbers of the figure they lack.

    At most 25 words: where so many do not hold all numbers, the first of those that were read.
    """
    while 0 < end < len(text) and text[end - 1 : end + 1].isalnum():  # to the end of the word
        end += 1
    words = list(WORD.finditer(text, *paragraph(text, start, end)))
    within = [number for number, word in enumerate(words) if word.end() > start and word.start() < end]
    read = text[start:end].split()
    if not within or figure.get("statistic") not in STATISTICS or shows(text[start:end], figure):
        return " ".join(read[:LONGEST])
    for low, high in beside(within[0], within[-1], len(words)):
        longer = " ".join(word[0] for word in words[low : high + 1])
        if shows(longer, figure):
            return longer.strip(" ,;:")
    with_digits = [number for number in range(within[-1] + 1, len(words)) if DIGIT.search(words[number][0])]
    for low, high in after(with_digits, LONGEST - len(read)):
        longer = f"{' '.join(read)} [...] {' '.join(word[0] for word in words[low:high])}"
        if shows(longer, figure):
            return longer.strip(" ,;:")
    return " ".join(read[:LONGEST])


def beside(low: int, high: int, words: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of words around one, shorter ones first, and of the same length those that reach further ahead."""
    for more in range(LONGEST - (high - low)):
        for before in range(more + 1):
            if low - before >= 0 and high + more - before < words:
                yield low - before, high + more - before


def after(with_digits: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Return the ranges of words from one that holds a digit to another, shorter ones first."""
    ranges = [(low, high + 1) for low in with_digits for high in with_digits if low <= high < low + most]
    return sorted(ranges, key=lambda place: (place[1] - place[0], place))


def with_neighbours(text: str, quoted: str, start: int, end: int) -> str:
    """Return a quote, of few words with the ones around them: `29` alone says nothing."""
    if len(quoted.split()) >= LEAST:
        return quoted
    low, high = paragraph(text, start, end)
    words = list(WORD.finditer(text, low, high))
    within = [number for number, word in enumerate(words) if word.end() > start and word.start() < end]
    around = words[max(0, within[0] - LEAST) : within[-1] + 1 + LEAST] if within else []
    return " ".join(word[0] for word in around) or quoted


def paragraph(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of the paragraph around two places that is near them."""
    low = max([0, start - AROUND, *(gap.end() for gap in PARAGRAPH.finditer(text, max(0, start - AROUND), start))])
    gap = PARAGRAPH.search(text, end, end + AROUND)
    return low, gap.start() if gap else min(len(text), end + AROUND)


def shows(words: str, figure: Mapping[str, Any]) -> bool:
    """Return whether words print every number of a figure, apart from those that may stand beside them."""
    printed = Printed(comparable(words))
    numbers = {key: as_number(value) for key, value in figure.items()}
    return all(wanted.is_context or printed.holds(wanted) for wanted in numbers_of(numbers))


def as_number(value: Any) -> Any:
    """Return a value of a proposal with its texts as numbers, where they are."""
    if isinstance(value, list):
        return list(map(as_number, value))
    return number_from(value) if isinstance(value, str) and PLAIN.fullmatch(value) else value
