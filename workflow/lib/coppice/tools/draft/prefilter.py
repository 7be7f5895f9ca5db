"""Words without which a pattern can't match: a search is left out where they do not stand in the sentence.

Most sentences need few of the patterns. The words are read off the pattern itself, so that they can't differ from it: each
alternative of a pattern needs one word of every one of its *clauses*. Which clauses a word of a text serves is looked up
once for each word, and one number a sentence says which of them are served.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

SIGNS = tuple("%=<>()[]|$/:;-\u00a3\u20ac\u00b1\u03b1\u03b4\u03c7")  # as telling as words
SHORTEST = 3  # letters of a word that is worth looking for; of a sign one is enough
MOST_WORDS = 200_000  # words of texts whose clauses are kept
DIGITS = str.maketrans("123456789", "000000000")
Clause = frozenset[str]

bits: dict[Clause, int] = {}  # clauses of all patterns, each with its bit
by_start: dict[str, list[tuple[str, int]]] = {}  # words by their first two signs, with the bits of their clauses
served: dict[str, int] = {}  # words of texts, with the clauses that they serve


@cache
def alternatives_of(pattern: re.Pattern[str]) -> tuple[int, ...]:
    """Return what each alternative of a pattern needs: the bits of its clauses."""
    parsed = list(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    if len(parsed) == 1 and parsed[0][0] is kinds.BRANCH:
        return tuple(needed(alternative) for alternative in parsed[0][1][1])
    return (needed(parsed),)


class Prefilter:
    """The patterns of a list that can match a text, found by one clause that each of their alternatives needs."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self.always: list[int] = []
        self.by_bit: dict[int, list[tuple[int, int]]] = {}
        for number, pattern in enumerate(patterns):
            for need in alternatives_of(pattern):
                if need:
                    self.by_bit.setdefault(1 << (need.bit_length() - 1), []).append((need, number))
                else:
                    self.always.append(number)

    def __call__(self, text: str) -> list[int]:
        """Return the numbers of the patterns that can match a text, in their order."""
        clauses = clauses_of(text)
        found = set(self.always)
        rest = clauses
        while rest:
            bit = rest & -rest
            rest ^= bit
            for need, number in self.by_bit.get(bit, ()):
                if clauses & need == need:
                    found.add(number)
        return sorted(found)


def clauses_of(text: str) -> int:
    """Return the clauses that the words of a text serve."""
    found = 0
    for word in text.lower().translate(DIGITS).split():
        mine = served.get(word)
        found |= serving(word) if mine is None else mine
    return found


def serving(word: str) -> int:
    """Return the clauses that a word serves, and keep them."""
    found = 0
    for place in range(len(word)):
        for start in (word[place], word[place : place + 2]):
            for wanted, bit in by_start.get(start, ()):
                if word.startswith(wanted, place):
                    found |= bit
    if len(served) > MOST_WORDS:
        served.clear()
    served[word] = found
    return found


def needed(items: Iterable[tuple[Any, Any]]) -> int:
    """Return the bits of the clauses of an alternative."""
    found = 0
    clauses = [frozenset(piece(word) for word in clause) for clause in dict.fromkeys(clauses_in(items))]
    telling = [words for words in clauses if strength(words) >= SHORTEST]
    for words in telling or [words for words in clauses if strength(words) > 1][:1]:
        if words not in bits:
            bits[words] = 1 << len(bits)
            for word in words:
                by_start.setdefault(word[:2], []).append((word, bits[words]))
            served.clear()
        found |= bits[words]
    return found


def piece(word: str) -> str:
    """Return the longest part of a word without spaces, as texts are looked up: small letters, every digit a 0."""
    return max(word.lower().translate(DIGITS).split(), key=len, default="")


def clauses_in(items: Iterable[tuple[Any, Any]]) -> Iterator[Clause]:
    """Yield the clauses of a sequence: its words, and of each of its parts that must stand there what that needs."""
    run = ""
    for kind, value in items:
        if kind is kinds.LITERAL:
            run += chr(value)
            continue
        if run and kind is kinds.BRANCH:  # what alternatives have in common stands before them
            yield frozenset(run + lead(alternative) for alternative in value[1])
        elif run:
            yield frozenset([run])
        run = ""
        yield from of_part(kind, value)
    if run:
        yield frozenset([run])


def lead(items: Iterable[tuple[Any, Any]]) -> str:
    """Return the literal signs with which a sequence begins."""
    return "".join(chr(value) for _, value in takewhile(lambda item: item[0] is kinds.LITERAL, items))


def of_part(kind: Any, value: Any) -> Iterator[Clause]:
    """Yield the clauses of a part."""
    if kind is kinds.BRANCH:
        best = [max(clauses_in(alternative), key=strength, default=None) for alternative in value[1]]
        if None not in best:
            yield frozenset().union(*(clause for clause in best if clause is not None))
    elif kind is kinds.IN and all(sign is kinds.LITERAL for sign, _ in value):
        yield frozenset(chr(sign) for _, sign in value)
    elif (kind in (kinds.MAX_REPEAT, kinds.MIN_REPEAT) and value[0] >= 1) or kind is kinds.SUBPATTERN:
        yield from clauses_in(value[-1])
    elif kind is kinds.ASSERT:
        yield from clauses_in(value[1])


def strength(clause: Clause) -> int:
    """Return how telling a clause is: the letters of its shortest word, where a sign is as good as a word."""
    pieces = [piece(word) for word in clause]
    return min((SHORTEST if word[:1] in SIGNS else len(word) for word in pieces), default=0)
