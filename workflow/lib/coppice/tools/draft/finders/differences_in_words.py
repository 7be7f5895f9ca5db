"""Differences of the arms in words: 2.2 points lower with one arm, a benefit of 3 points."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coppice.tools.draft.arms import Mention
from coppice.tools.draft.context import Context
from coppice.tools.draft.finders.differences import POINTS, as_fractions, turn
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.ratios import estimate_fields
from coppice.tools.draft.lexer import Token
from coppice.tools.draft.printed import NUMBER

COMPARED = re.compile(
    r"(?i)^(?P<unit>\s?%?(?:\s(?!on\b|in\b|with\b|and\b)[A-Za-z%\u00b0/\u00b2\u00b5]{1,12}){0,3}?)(?:\s*[\[(][^()\[\]]{3,45}[\])])?\s+(?P<word>lower|fewer|less|smaller|shorter|slower|farther|further|faster|earlier|later|sooner|higher|more|greater|longer|larger|better)\b(?! than (?:expected|baseline|at))"
)
BY = re.compile(
    r"(?i)\b(?P<word>lower|fewer|less|smaller|shorter|slower|faster|earlier|later|higher|more|greater|longer|larger)(?: (?!by\b)[^.;,%\d]{1,80}?)? by (?:about |an average (?:of )?|a mean (?:of )?)?$"
)
TIMES = re.compile(r"(?i)[- ]?(?:times|fold)\b")
LOWER = {"lower", "fewer", "less", "smaller", "shorter", "slower", "earlier", "sooner"}


ADVANTAGE = re.compile(
    rf"(?i)(?<![\w.-])(?P<v>{NUMBER})[- ](?P<unit>percentage[- ]point|point|mm ?hg|mm|kg|day|week|month|letter|minute|hour|unit)s? (?:[a-z]+ ){{0,2}}?(?:benefit|difference|advantage|gap|improvement|reduction|gain)\b"
)
PERCENTAGE = re.compile(r"(?i)percentage")
THAN = re.compile(r"(?i)\bthan\b")
PEOPLE = re.compile(r"(?i)\s(?:people|patients|participants|adults|women|men|children|infants)\b")


def find_advantages(context: Context) -> None:
    """Propose differences that are named after their size, with an interval: the 2.2-point benefit (95% CI 0.2 to 4.2)."""
    for found in ADVANTAGE.finditer(context.text):
        interval = next(
            (t for t in context.line if t.kind in ("ci", "bracket") and 0 <= t.start - found.end() < 60), None
        )
        between = context.text[found.end() : interval.start] if interval else ""
        if interval is None or interval.taken or re.search(r"\d", between):
            continue
        number = Token("number", found.start(), found.end("v"), {"v": found["v"]}, {"ci": interval})
        for token in context.line:
            if found.start() <= token.start < found.end():
                token.taken = True
        fields, end = estimate_fields(number)
        form = "mean_difference"
        if found["unit"].lower().startswith("percentage"):
            form, fields = "risk_difference", as_fractions(fields)
        fields |= following(context, end)
        context.propose(form, fields, "both", (found.start(), end), "difference named after its size")


def find_compared(context: Context) -> None:
    """Propose differences in words: 2.2 points lower with one arm."""
    for token in context.line:
        if token.kind != "number" or token.taken or str(token["v"]).startswith("-"):
            continue
        words = COMPARED.match(context.text[token.end : token.end + 60])
        if words is None:
            by = BY.search(context.text[max(0, token.start - 120) : token.start])
            if by and "ci" in token.of:
                begin = max(0, token.start - 120) + by.start()
                propose(context, token, by["word"], end_of(token), arm_by(context, token, begin))
        elif not TIMES.match(words["unit"]) and (words["unit"].strip() or "ci" in token.of):
            end = token.end + words.end()
            propose(context, token, words["word"], end, compared_arm(context, token, end), unit=words["unit"])


def end_of(token: Token) -> int:
    """Return where a number ends, with what is attached to it."""
    return max([token.end, *(part.end for part in token.of.values())])


def arm_by(context: Context, token: Token, begin: int) -> int | None:
    """Return the arm that is lower or higher by a number: named before its interval, after it, or before the number."""
    if any(token.end <= mention.start < token.of["ci"].start for mention in context.mentions):
        return compared_arm(context, token, token.end)
    near = beside(context, end_of(token)) or before(context, begin, token.start)
    return near[0].arm if near else None


def beside(context: Context, end: int) -> list[Mention]:
    """Return the arms named right after a place."""
    return [mention for mention in context.mentions if end <= mention.start < end + 90]


def before(context: Context, begin: int, end: int) -> Sequence[Mention]:
    """Return the arms named in a part of the sentence, or else the last one before it."""
    inside = [mention for mention in context.mentions if begin < mention.start < end]
    return inside or [mention for mention in context.mentions if mention.start < begin][-1:]


def compared_arm(context: Context, token: Token, end: int) -> int | None:
    """Return the arm that has less or more: the one named after the words, or the subject where that stands after `than`."""
    near = beside(context, end)
    subject = [mention for mention in context.mentions if mention.start < token.start]
    if near and not THAN.search(context.text, end, near[0].start):
        return near[0].arm
    if subject:
        return subject[-1].arm if near or interval_of(context, token, end) is not None else None
    return 1 - near[0].arm if near and len(context.document.arms.arms) == 2 else None


def interval_of(context: Context, token: Token, end: int) -> Token | None:
    """Return the interval of a difference: its own, or the next one with no other number before it."""
    if "ci" in token.of:
        return token.of["ci"]
    found = next((other for other in context.line if other.kind == "ci" and other.start >= end), None)
    between = [
        other
        for other in context.line
        if found is not None
        and other.kind in ("number", "percent", "count")
        and end < other.start < found.start
        and not is_scale(context.text, other)
    ]
    return None if between else found


def propose(context: Context, token: Token, word: str, end: int, arm: int | None, *, unit: str = "") -> None:
    """Propose a difference with the sign that the arm and the word give it."""
    interval = interval_of(context, token, end)
    if arm is None:
        return
    if interval is not None:
        token.of["ci"] = interval
    token.taken = True
    fields, finish = estimate_fields(token)
    if interval is not None and interval.start - end > 60:
        finish = end
    if (word.lower() in LOWER) == (arm != context.document.arms.control):
        turn(fields)
    form = "mean_difference"
    if PERCENTAGE.search(unit) or POINTS.match(context.text[token.end : token.end + 20]):
        form, fields = "risk_difference", as_fractions(fields)
    fields |= following(context, finish)
    context.propose(form, fields, "both", (token.start, finish), "difference in words")


def is_scale(text: str, token: Token) -> bool:
    """Return whether a number is a time, the length of a scale, or the size of the study."""
    return bool(
        re.match(r"(?i)[- ]?(?:point|month|week|day|year)", text[token.end : token.end + 8])
        or PEOPLE.match(text, token.end)
    )
