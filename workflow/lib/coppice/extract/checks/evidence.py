"""Checks of a figure against the words that its record quotes: the quote is in the text, and the numbers in the quote.

They have the level "evidence": `review.evidence` asks them, as only there the texts are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coppice.core.text_numbers import comparable, numbers_in, passages, place_of, search
from coppice.extract.checks.check import ERROR, WARNING, Figure, Hit, check
from coppice.extract.checks.printed_in import Printed, Wanted, numbers_of

AROUND = 1_000  # characters before and after a quote in which times, patients and levels may stand
LISTED = 12  # numbers of a quote that a message names
TRACEABLE = "a figure that cannot be found in its source again is not traceable"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A figure with the text that its record quotes."""

    figure: Figure
    name: str  # of the text
    text: str  # its words, comparable
    problem: str = ""  # why it cannot be read
    changed: str = ""  # how its content differs from the one that was recorded

    @property
    def quote(self) -> str:
        """The words of the record."""
        return str(self.figure["source"]["quote"])

    @property
    def place(self) -> tuple[int, int] | None:
        """Where the quote begins and ends."""
        return place_of(self.quote, self.text)


@check("evidence", ERROR, allows="texts that `texts.yaml` names by their SHA-256", source=TRACEABLE)
def evidence_text(quoted: Quoted) -> Iterator[Hit]:
    """The text that a figure is quoted from is missing or can't be read."""
    if quoted.problem:
        yield Hit(f"{quoted.name} {quoted.problem}")


@check("evidence", WARNING, source=TRACEABLE)
def evidence_changed(quoted: Quoted) -> Iterator[Hit]:
    """The text that a figure is quoted from has changed since its SHA-256 was recorded."""
    if quoted.changed:
        yield Hit(f"{quoted.name} {quoted.changed}")


@check(
    "evidence",
    ERROR,
    allows="other line breaks, spaces, dashes, hyphens, quotation marks and capitals, and words left out at ` [...] `",
    source=TRACEABLE,
)
def evidence_quote(quoted: Quoted) -> Iterator[Hit]:
    """The quote of a figure is not in its text."""
    if not quoted.problem and quoted.place is None:
        yield Hit(f"the quote is not in {quoted.name}: {first_difference(quoted)}")


def first_difference(quoted: Quoted) -> str:
    """Say how much of a quote is in its text."""
    end = 0
    for part in passages(quoted.quote):
        if place := search(part, quoted.text, end):
            end = place[1]
            continue
        words, low, high = part.split(), 0, len(part.split())
        while low < high - 1:  # the longest beginning that is there
            middle = (low + high) // 2
            low, high = (middle, high) if search(" ".join(words[:middle]), quoted.text, end) else (low, middle)
        start = f"'{' '.join(words[:low])}' is there, but not followed by" if low else "it has no"
        return f"{start} '{words[low]}'"
    return "it has no words"


@check(
    "evidence",
    ERROR,
    allows="printed forms (0·70, .70, 70%, `seventy of 105`, `61% less likely`), rounding, ratios inverted, percentages of the patients; "
    f"times, patients and levels within {AROUND:,} characters of the quote",
    source=TRACEABLE,
)
def evidence_number(quoted: Quoted) -> Iterator[Hit]:
    """A number of a figure is not in the words that its record quotes."""
    if quoted.problem or quoted.place is None:
        return
    start, end = quoted.place
    parts = comparable(" ; ".join(passages(quoted.quote)))
    in_quote = Printed(parts)
    around = Printed(quoted.text[max(0, start - AROUND) : end + AROUND])
    missing: dict[str, list[Wanted]] = {"": [], f" or within {AROUND:,} characters of it": []}
    for wanted in numbers_of(quoted.figure):
        where = list(missing)[wanted.is_context]
        if not (in_quote.holds(wanted) or (wanted.is_context and around.holds(wanted))):
            missing[where].append(wanted)
    for where, numbers in missing.items():
        if numbers:
            names = ", ".join(map(str, numbers))
            yield Hit(f"{names} {'is' if len(numbers) == 1 else 'are'} not in the quote{where}: {listed(parts)}")


def listed(words: str) -> str:
    """Say which numbers there are in words."""
    texts = list(dict.fromkeys(words[number.start : number.end].strip() for number in numbers_in(words)))
    more = ", ..." if len(texts) > LISTED else ""
    return f"its numbers are {', '.join(texts[:LISTED])}{more}" if texts else "it has no numbers"
