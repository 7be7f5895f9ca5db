"""Which arm a number belongs to: the assignment for which the words around the numbers say most.

Every assignment of arms to the numbers of a row is scored. An arm that is named between two numbers speaks for the one on
its left, or on its right, by what stands between: nothing, a comma, or a word that opens something else. Where the numbers
have no arm beside them, the order speaks in which the sentence, or the text before it, compares the arms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from coppice.tools.draft.arms import Arms, Mention

BESIDE_IT = 4.0  # an arm is named beside the number, with nothing between that opens something else
AFTER_COMMA = 0.8
APART = 0.25  # a joining word stands between them
PAIR_AFTER = 3.0  # `between A and B`, `of the A and B groups`
PAIR_BEFORE = 2.0  # both were named before, in this order
ONE_BEFORE = 1.2
LAST_ORDER = 1.0  # the order in which the arms stood last
MOST = 4  # numbers of a row whose every assignment is tried
JOINED = re.compile(r"(?i)\b(?:and|than|versus|vs|compared|whereas|while|against|but)\b")
BROKEN = re.compile(r"[,;:]")
REFERENCE = re.compile(
    r"(?i)^\W*(?:\w+:?\s+)?(?:(?:as )?compared (?:with|to)|relative to|in comparison (?:with|to)|versus|against|unlike) (?:the |those (?:on|given|in) (?:the )?)?$"
)
RESPECTIVELY = re.compile(r"(?i)[^;]{0,60}(?:\brespectively\b|\bresp\b|\bin (?:the same|that|this) order\b)")
BESIDE = re.compile(r"(?i)\s*(?:groups?|arms?)?,?\s*(?:and|or|vs\.?|versus)\s*(?:the |in |on |with )*")
BETWEEN = re.compile(r"(?i)\bbetween\b")
TOPIC = re.compile(r"(?i)\W*(?:in|with|on|among|for|under|within) (?:the )?(?:\w+ )?")
OPPOSED = re.compile(r"(?i)\b(?:vs\.?|versus|compared|against|than|v)\b")
SETS_APART = re.compile(
    r"(?i)\b(?:by|at|in|for|after) (?:the )?(?:ITT|PP|intention|per[- ]protocol|week|month|day|year|\d)|\bin (?:women|men|patients)\b"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A number of a row, with the part of the sentence in which an arm may be named for it."""

    start: int
    end: int
    before: int
    after: int


def order_before(mentions: Sequence[Mention], place: int, text: str) -> list[int]:
    """Return the arms named before a place in the order in which they are compared: `compared with B, A` is A, B."""
    turned = [
        m for m in mentions if m.start < place and REFERENCE.search(text[: m.start]) and "," in text[m.end : place]
    ]
    first = [m for m in mentions if m.start < place and m not in turned[:1]]
    return list(dict.fromkeys(m.arm for m in [*first, *turned[:1]]))


def order_after(mentions: Sequence[Mention], place: int) -> list[int]:
    """Return the arms named after a place in their order."""
    return list(dict.fromkeys(m.arm for m in mentions if m.start >= place))


def side_by_side(mentions: Sequence[Mention], place: int, text: str) -> bool:
    """Return whether two arms are named side by side after a place: 3% and 2% of the A and B groups."""
    near = [m for m in mentions if m.start >= place][:2]
    return len(near) == 2 and near[0].arm != near[1].arm and bool(BESIDE.fullmatch(text[near[0].end : near[1].start]))


def assigned(
    arms: Arms, mentions: Sequence[Mention], places: Sequence[tuple[int, int]], part: tuple[int, int], text: str
) -> list[int | None]:
    """Return the arm of each number of a row.

    Parameters
    ----------
    arms : Arms
        The arms, with the order in which they stood last.
    mentions : sequence of Mention
        Where the sentence names them.
    places : sequence of (start, end)
        The numbers.
    part : tuple of int
        The part of the sentence that belongs to the row.
    text : str
        The sentence.

    Returns
    -------
    list
        Numbers of arms; None where a single number has no arm.
    """
    edges = [part[0], *(place[1] for place in places)], [*(place[0] for place in places[1:]), part[1]]
    slots = [Place(*place, edges[0][i], edges[1][i]) for i, place in enumerate(places)]
    if len(slots) == 1:
        return [alone(mentions, slots[0], text)]
    if len(slots) > min(len(arms.arms), MOST):
        return list(arms.order[: len(slots)])
    links = [beside(mentions, slot, text) for slot in slots]
    if closes(text, slots[0].start, slots[-1].end, slots[-1].after):  # what follows the bracket is of no one number
        links[-1] = beside([m for m in mentions if m.start < slots[-1].start], slots[-1], text)
    orders = list(compared(arms, mentions, slots, text))
    if any(weight == PAIR_AFTER for weight, _ in orders):  # the arms that follow are of all numbers
        links[-1] = beside([m for m in mentions if m.start < slots[-1].start], slots[-1], text)
    if len(order_before(mentions, slots[0].start, text)) >= len(slots):  # what stands last of them speaks for none
        links[0] = beside([m for m in mentions if m.start >= slots[0].start], slots[0], text)

    def score(row: Sequence[int]) -> float:
        named = sum(link.get(arm, 0.0) for link, arm in zip(links, row, strict=True))
        return named + max((weight for weight, order in orders if tuple(order[: len(row)]) == tuple(row)), default=0.0)

    best: Sequence[int] = max(permutations(range(len(arms.arms)), len(slots)), key=score)
    return list(best)


def alone(mentions: Sequence[Mention], slot: Place, text: str) -> int | None:
    """Return the arm of a number that stands alone: the one named beside it, or else the last one before it."""
    links = beside(mentions, slot, text)
    if links:
        return max(links, key=lambda arm: links[arm])
    return next((mention.arm for mention in reversed(mentions) if mention.start < slot.start), None)


def beside(mentions: Sequence[Mention], slot: Place, text: str) -> dict[int, float]:
    """Return how strongly each arm is tied to a number by the mention after it, and by the mention before it."""
    found: dict[int, float] = {}
    after = next((m for m in mentions if slot.start <= m.start < slot.after), None)
    before = next((m for m in reversed(mentions) if slot.before <= m.start < slot.start), None)
    if after is not None:
        found[after.arm] = tie(text[slot.end : after.start], AFTER_COMMA)
    if before is not None:
        found[before.arm] = max(found.get(before.arm, 0.0), tie(text[before.end : slot.start], BESIDE_IT) - 0.5)
    return found


def closes(text: str, first: int, last: int, end: int) -> bool:
    """Return whether the bracket in which all numbers of a row stand closes right after them."""
    depth = 0
    for place in range(first, min(end, last + 40)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth < 0:
            return place >= last
    return False


def tie(gap: str, broken: float) -> float:
    """Return how strongly what stands between a number and an arm ties them."""
    if JOINED.search(gap):
        return APART
    return broken if BROKEN.search(gap) else BESIDE_IT


def compared(
    arms: Arms, mentions: Sequence[Mention], slots: Sequence[Place], text: str
) -> Iterator[tuple[float, list[int]]]:
    """Yield the orders in which the arms are compared, with their weights."""
    yield LAST_ORDER, list(arms.order)
    count, last = len(slots), slots[-1].end
    later = order_after(mentions, last)
    if len(later) >= count and (BETWEEN.search(text, last, slots[-1].after) or side_by_side(mentions, last, text)):
        yield PAIR_AFTER, later
    earlier = order_before(mentions, slots[0].start, text)
    if len(earlier) >= count:
        yield PAIR_BEFORE, earlier
    elif len(earlier) == 1 and len(arms.arms) == 2 and not RESPECTIVELY.match(text, last):
        yield ONE_BEFORE, [earlier[0], 1 - earlier[0]]


def of_one_arm(mentions: Sequence[Mention], places: Sequence[tuple[int, int]], text: str) -> bool:
    """Return whether numbers beside one another are of one arm: with X, 62% at week 4 and 70% at week 8."""
    return (
        len({mention.arm for mention in mentions}) == 1
        and mentions[0].end <= places[0][0]
        and bool(TOPIC.fullmatch(text[: mentions[0].start]))
        and not OPPOSED.search(text, places[0][1], places[1][0])
        and bool(SETS_APART.search(text, places[0][1]))
        and not RESPECTIVELY.match(text, places[-1][1])
    )
