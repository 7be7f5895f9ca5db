"""Rows: the numbers of one measurement, one for each arm, and what they are of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coppice.tools.draft.arm_words import BOTH
from coppice.tools.draft.assignment import assigned, of_one_arm
from coppice.tools.draft.context import Context, Value
from coppice.tools.draft.lexer import Token

JOIN = re.compile(
    r"(?i)\b(?:and|vs|versus|compared|against|than|while|whereas|with|but|or|as opposed|as against|in front of)\b|[,;/]|\bv\b"
)
OPPOSED = re.compile(r"(?i)\b(?:vs\.?|versus|compared (?:with|to)|against|than|while|whereas)\b")
LONGEST_GAP = 170
Reading = Callable[[Token], dict[str, Value]]


@dataclass(slots=True)
class Row:
    """Numbers of one kind that stand beside one another, with the words before and after them.

    Attributes
    ----------
    tokens : list of Token
        The numbers.
    arms : list of int or None
        The arm of each.
    head, tail : tuple of int
        The words before and after, as places.
    whole : bool
        Whether one number holds for all arms.
    """

    tokens: list[Token]
    arms: list[int | None]
    head: tuple[int, int]
    tail: tuple[int, int]
    whole: bool = False

    @property
    def start(self) -> int:
        """Where the first number begins."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where the last number ends, with what is attached to it."""
        return max([self.tokens[-1].end, *(part.end for part in self.tokens[-1].of.values())])


def family(token: Token) -> str:
    """Return what a number can stand in a row with."""
    if token.kind == "word":
        return "number"
    return token.kind


def closing(text: str, start: int, end: int) -> bool:
    """Return whether a bracket that was open before a gap closes in it, and another opens: what follows is of something else."""
    gap = text[start:end]
    depth = 0
    for sign in gap:
        depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            return "(" in gap or "[" in gap
    return False


def together(context: Context, one: Token, two: Token) -> bool:
    """Return whether two numbers may stand in a row."""
    finish = max([one.end, *(part.end for part in one.of.values() if part.end < two.start)])
    gap = context.text[finish : two.start]
    if family(one) != family(two) or len(gap) > LONGEST_GAP or not JOIN.search(gap):
        return False
    if any(
        token.kind.startswith("label:") and token.kind != "label:mean_difference" and one.end <= token.start < two.start
        for token in context.line
    ):
        return False
    times = [token for token in context.line if token.kind == "time" and finish <= token.start < two.start]
    if two.kind == "percent" and times and not OPPOSED.search(context.text[times[-1].end : two.start]):
        return False
    if any(one.end <= mention.start < two.start for mention in context.mentions):
        return True
    return not closing(context.text, finish, two.start)


def rows(context: Context, usable: Callable[[Token], bool]) -> Iterator[Row]:
    """Yield the rows of the numbers that a rule can use."""
    most = max(len(context.document.arms.arms), 1)
    free = [token for token in context.line if not token.taken and usable(token)]
    edge = 0
    index = 0
    while index < len(free):
        group = [free[index]]
        while (
            len(group) < most
            and index + len(group) < len(free)
            and together(context, group[-1], free[index + len(group)])
        ):
            group.append(free[index + len(group)])
        row, used = settled(
            context,
            group,
            edge,
            free[index + len(group)].start if index + len(group) < len(free) else len(context.text),
        )
        edge = row.end
        yield row
        index += used


def settled(context: Context, group: list[Token], begin: int, end: int) -> tuple[Row, int]:
    """Return a row with its arms, and how many of the numbers it took: fewer where two would be of one arm."""
    arms = context.document.arms
    single = context.document.single
    text = context.text
    if single:
        group = group[:1]
    for size in range(len(group), 0, -1):
        chosen = group[:size]
        finish = group[size].start if size < len(group) else end
        places = [(token.start, token.end) for token in chosen]
        stop = semicolon(text, chosen[-1].end, finish)
        nobody: list[int | None] = [None] * size
        found = assigned(arms, context.mentions, places, (begin, stop), text) if arms.arms else nobody
        if single:
            return Row(chosen, [0], (begin, chosen[0].start), (chosen[-1].end, finish)), 1
        if size == 1:
            both = context.of_both and (
                BOTH.search(text, chosen[0].end, min(finish, chosen[0].end + 70))
                or BOTH.search(text, max(begin, chosen[0].start - 50), chosen[0].start)
            )
            row = Row(chosen, found, (begin, chosen[0].start), (chosen[-1].end, finish), bool(both))
            return row, 1
        if not of_one_arm(context.mentions, places, text) and not listed(context, chosen, finish):
            return Row(chosen, found, (begin, chosen[0].start), (chosen[-1].end, finish)), size
    raise AssertionError("a group has at least one number")


ANOTHER_EVENT = re.compile(
    r"(?i)(?:,|\band\b|;)\s+(?!(?:in|on|with|by|of|for|at|only|to)\b)[a-z][a-z -]*?(?:\s\(|\s(?:in|by|of|for|at)\s)$"
)  # before a number: `, rash in`, `and dizziness (`


def listed(context: Context, tokens: list[Token], finish: int) -> bool:
    """Return whether numbers list the events of one arm: fatigue in 41%, rash in 22% and diarrhoea in 19% of those on X."""
    text = context.text
    first, last = tokens[0], tokens[-1]
    if first.kind != "percent" or any(first.end <= m.start < last.start for m in context.mentions):
        return False
    named = {m.arm for m in context.mentions}
    gap = text[first.end : last.start]
    return len(named) < 2 and bool(ANOTHER_EVENT.search(gap)) and not OPPOSED.search(gap)


def semicolon(text: str, start: int, end: int) -> int:
    """Return where a clause ends: at a semicolon outside brackets, or at a bracket that opens with a new measurement."""
    match = re.compile(r";(?![^(]*\))").search(text, start, end)
    return match.start() if match else end


def drop_shared_size(row: Row) -> None:
    """Drop a size that stands before a row: it is of both arms, as in late loss (n = 120) averaged 0.12 and 0.16."""
    first = row.tokens[0]
    size = first.of.get("size")
    if len(row.tokens) > 1 and size and size.start < first.start and not any("size" in t.of for t in row.tokens[1:]):
        del first.of["size"]


def emit(
    context: Context,
    row: Row,
    statistic: str,
    reading: Reading,
    rule: tuple[str, dict[str, Value]],
    **labels: str | bool,
) -> bool:
    """Propose the figures of a row: one for each experimental arm with the control, or for one arm alone.

    Parameters
    ----------
    context, row : Context, Row
        The sentence, and the numbers.
    statistic : str
        The form.
    reading : callable
        Which fields a number gives.
    rule : tuple of str and dict
        Name of the rule, and fields that both arms share.
    **labels
        What else the text says of the figure.

    Returns
    -------
    bool
        Whether anything was proposed; not where the arm of a single number is unknown.
    """
    arms = context.document.arms
    control = arms.control
    found = numbers_by_arm(context, row)
    if not found:
        return False
    drop_shared_size(row)
    for token in row.tokens:
        token.taken = True
    several = sum(arm.role != "control" for arm in arms.arms) > 1
    wanted: list[int | None] = [*(index for index in found if index != control)] or [None]
    for index in wanted:
        fields: dict[str, Value] = dict(rule[1])
        sides = []
        if index is not None:
            fields |= {f"{key}_e": value for key, value in reading(found[index]).items()}
            sides.append("experimental")
        if control is not None and control in found:
            fields |= {f"{key}_c": value for key, value in reading(found[control]).items()}
            sides.append("control")
        if several and index is not None:
            labels["experimental"] = arms.arms[index].name
        arm = "both" if len(sides) == 2 else sides[0]
        context.propose(statistic, fields, arm, (row.start, row.end), rule[0], **labels)
    return True


def numbers_by_arm(context: Context, row: Row) -> dict[int, Token]:
    """Return the number of each arm; one number of both where it holds for all."""
    if row.whole:
        return dict.fromkeys(range(len(context.document.arms.arms)), row.tokens[0])
    found: dict[int, Token] = {}
    for arm, token in zip(row.arms, row.tokens, strict=True):
        if arm is not None:
            found.setdefault(arm, token)
    return found
