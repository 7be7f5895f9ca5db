"""How wide the columns of a table are where a page can't grow: by what stands in them, and no word cut if that can be."""

from __future__ import annotations

import re
from collections.abc import Sequence

GAP = 2  # between two columns, in characters
UNBROKEN = re.compile(r"[^\s/-]+[/-]?")  # what stands on one line: addresses and compounds break after these
BOLD = 1.12  # how much wider the letters of a heading are
LONGEST_UNBROKEN = 24.0  # characters for which a column is made wider; anything longer is no word


def widths(rows: Sequence[Sequence[str]], room: int) -> list[float]:
    """Return the share of the room that each column of a table gets.

    A column gets room by the root mean square of its texts, so that a long cell counts more than a short one, and never
    less than its longest word. The rows include the headings, and the room is the width of the page in characters. The
    shares sum to 1, and to less for a table that fits as it is.
    """
    columns = list(zip(*rows, strict=True))
    longest = [max(map(len, column)) for column in columns]
    space = room - GAP * len(columns)
    if sum(longest) < space:
        return [(width + GAP) / room for width in longest]
    needed = [min(LONGEST_UNBROKEN, _least(column)) for column in columns]
    wished = [max(1.0, (sum(len(text) ** 2 for text in column) / len(column)) ** 0.5) for column in columns]
    shared = _shared(needed, wished, float(space))
    return [(width + GAP) / (sum(shared) + GAP * len(shared)) for width in shared]


def _shared(needed: Sequence[float], wished: Sequence[float], space: float) -> list[float]:
    """Share space by the wishes; a column that would get less than it needs gets that first."""
    fixed: set[int] = set()
    while True:
        free = [column for column in range(len(wished)) if column not in fixed]
        left = space - sum(needed[column] for column in fixed)
        rate = left / sum(wished[column] for column in free) if free else 0.0
        short = {column for column in free if wished[column] * rate < needed[column]}
        if not short or left <= 0:
            break
        fixed |= short
    return [needed[at] if at in fixed or rate <= 0 else wished[at] * rate for at in range(len(wished))]


def _least(column: Sequence[str]) -> float:
    """Return what a column needs: its longest word, in bold where it heads the column, and short cells on two lines."""
    heading, *cells = column
    short = max(map(len, cells), default=0)
    halves = short / 2 + 1 if short <= LONGEST_UNBROKEN else 0.0
    return max(BOLD * _longest_word(heading), *map(float, map(_longest_word, cells)), halves)


def _longest_word(text: str) -> int:
    return max(map(len, UNBROKEN.findall(text)), default=1)
