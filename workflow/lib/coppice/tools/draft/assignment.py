"""Which arm a number belongs to: by the words after it, before it, or the order in which the arms stood last."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coppice.tools.draft.arms import Arms, Mention


def first_in(mentions: Sequence[Mention], start: int, end: int) -> int | None:
    """Return the arm that is named first in a part of a sentence."""
    return next((mention.arm for mention in mentions if start <= mention.start < end), None)


def last_in(mentions: Sequence[Mention], start: int, end: int) -> int | None:
    """Return the arm that is named last in a part of a sentence."""
    return next((mention.arm for mention in reversed(mentions) if start <= mention.start < end), None)


def order_before(mentions: Sequence[Mention], place: int, text: str) -> list[int]:
    """Return the arms named before a place in the order in which they are compared: `compared with B, A` is A, B."""
    turned = [
        m for m in mentions if m.start < place and REFERENCE.search(text[: m.start]) and "," in text[m.end : place]
    ]
    first = [m for m in mentions if m.start < place and m not in turned[:1]]
    return list(dict.fromkeys(m.arm for m in [*first, *turned[:1]]))


def order_after(mentions: Sequence[Mention], place: int, text: str) -> list[int]:
    """Return the arms named after a place as a pair: `differed between A and B`, `with A versus B`."""
    near = [m for m in mentions if m.start >= place]
    return list(dict.fromkeys(m.arm for m in near)) if near else []


def side_by_side(mentions: Sequence[Mention], place: int, text: str) -> bool:
    """Return whether two arms are named side by side after a place: 3% and 2% of the A and B groups."""
    near = [m for m in mentions if m.start >= place][:2]
    return len(near) == 2 and near[0].arm != near[1].arm and bool(BESIDE.fullmatch(text[near[0].end : near[1].start]))


def assigned(  # noqa: C901, PLR0911, PLR0912, PLR0917
    arms: Arms, mentions: Sequence[Mention], places: Sequence[tuple[int, int]], begin: int, end: int, text: str
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
    begin, end : int
        The part of the sentence that belongs to the row.
    text : str
        The sentence.

    Returns
    -------
    list
        Numbers of arms; None where a single number has no arm.
    """
    edges = [place[0] for place in places[1:]] + [end]
    after = [first_in(mentions, place[0], edge) for place, edge in zip(places, edges, strict=True)]
    starts = [begin, *(place[1] for place in places[:-1])]
    before = [last_in(mentions, start, place[0]) for start, place in zip(starts, places, strict=True)]
    count = len(places)
    if count > 1:
        for index in range(
            count - 1
        ):  # "27% than on A (18%)": what stands behind the joining word is of the next number
            near = next(
                (mention for mention in mentions if places[index][1] <= mention.start < places[index + 1][0]), None
            )
            if near is not None and JOINED.search(text, places[index][1], near.start) and after[index] == near.arm:
                others = [m.arm for m in mentions if near.start < m.start < places[index + 1][0]]
                if not others and not JOINED.search(text, near.end, places[index + 1][0]):
                    after[index] = None
        for row in (after, before):
            if None not in row and len(set(row)) == count:
                return row
        if len(arms.arms) == count == 2:
            if (
                before[0] is None
                and before[1] is None
                and after[0] is None
                and (PAIR.search(text, places[-1][1], end) or side_by_side(mentions, places[-1][1], text))
            ):
                pair = order_after(mentions, places[-1][1], text)
                if len(pair) == 2:
                    return list(pair)
            if after[0] is not None and before[0] is None and after[1] is None:
                return [after[0], 1 - after[0]]
            if after[0] is None and after[1] is not None and before[0] in (None, 1 - after[1]):
                return [1 - after[1], after[1]]
            inside = first_in(mentions, places[0][1], places[1][0])
            if after[1] is None and inside is not None and before[0] is not None and before[0] != inside:
                return [before[0], inside]
            earlier = order_before(mentions, places[0][0], text)
            if len(earlier) == 2:
                return list(earlier)
            if len(earlier) == 1 and inside is None and RESPECTIVELY.match(text, places[-1][1]):
                return list(arms.order)
            if len(earlier) == 1 and inside is None:
                if (
                    TOPIC.fullmatch(text[: mentions[0].start])
                    and not OPPOSED.search(text, places[0][1], places[1][0])
                    and APART.search(text, places[0][1])
                ):
                    return [earlier[0], earlier[0]]
                return [earlier[0], 1 - earlier[0]]
            if inside is not None:
                return [inside, 1 - inside]
        known = [arm for arm in after if arm is not None] or [arm for arm in before if arm is not None]
        if count == len(arms.arms) > 2 and len(known) == 1 and (after[0] or before[0]) == known[0]:
            return [known[0], *(arm for arm in range(count) if arm != known[0])]
        earlier = order_before(mentions, places[0][0], text)
        later = [] if earlier else order_after(mentions, places[-1][1], text)
        order = next((row for row in (earlier, later) if len(row) >= count), arms.order)
        return list(order[:count])
    if after[0] is not None:
        return [after[0]]
    if before[0] is not None:
        return [before[0]]
    return [last_in(mentions, 0, places[0][0])]


REFERENCE = re.compile(
    r"(?i)^\W*(?:\w+:?\s+)?(?:(?:as )?compared (?:with|to)|relative to|in comparison (?:with|to)|versus|against|unlike) (?:the |those (?:on|given|in) (?:the )?)?$"
)
RESPECTIVELY = re.compile(r"(?i)[^;]{0,60}\brespectively\b")
TOPIC = re.compile(r"(?i)\W*(?:in|with|on|among|for|under|within) (?:the )?(?:\w+ )?")
OPPOSED = re.compile(r"(?i)\b(?:vs\.?|versus|compared|against|than|v)\b")
APART = re.compile(
    r"(?i)\b(?:by|at|in|for|after) (?:the )?(?:ITT|PP|intention|per[- ]protocol|week|month|day|year|\d)|\bin (?:women|men|patients)\b"
)
BESIDE = re.compile(r"(?i)\s*(?:groups?|arms?)?,?\s*(?:and|or|vs\.?|versus)\s*(?:the |in |on |with )*")
PAIR = re.compile(r"(?i)\bbetween\b")
JOINED = re.compile(r"(?i)\b(?:and|than|versus|vs|compared|whereas|while|against|but)\b")
