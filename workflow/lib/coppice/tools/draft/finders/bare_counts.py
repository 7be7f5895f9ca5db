"""Counts that stand without denominators: nausea affected 9 and 15 patients, no deaths occurred, all five were in one arm."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context
from coppice.tools.draft.finders.count_words import (
    AFFECTED,
    EVENT,
    LISTED,
    NOT_AN_OUTCOME,
    PEOPLE,
    SUFFERED,
    UNITED,
    as_count,
    of_arm,
)
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.rows import Row, emit, rows
from coppice.tools.draft.finders.survival import merge
from coppice.tools.draft.lexer import Token, digits

OF_ARM = re.compile(rf"(?i)\s*(?:{PEOPLE}) (?:in|on|of|with|receiving|given|under|after) ")
EVENTS_IN = re.compile(r"\d (?:[a-z-]+ ){0,4}in $")
IN_PATIENTS = re.compile(r"(?: [a-z-]+){0,3} in \d")


def bare(context: Context) -> None:  # noqa: C901, PLR0912
    """Propose counts that stand without denominators: nausea affected 9 and 15 patients, respectively."""
    document, text = context.document, context.text
    for token in context.line:  # relapse: n=2 and n=14
        if (
            token.kind == "size"
            and not token.taken
            and not any(token in other.of.values() for other in context.line)
            and re.search(r"(?:[:,]|\band|\bvs\.?|versus|\bin)\s*$", text[: token.start])
        ):
            token.kind = "number"
    if NOT_AN_OUTCOME.search(text) and not re.search(rf"(?i)\b{EVENT}\b|\bdied\b", text):
        return

    def whole_number(token: Token) -> bool:
        return (
            token.kind in ("number", "word")
            and (digits(token) or "").isdigit()
            and (str(token["v"]).lower() != "no" or bool(re.match(rf"(?i)\s*(?:{PEOPLE})\b", text[token.end :])))
            and not set(token.of) - {"size"}
            and not EVENTS_IN.search(text[max(0, token.start - 60) : token.start])
            and not IN_PATIENTS.match(text, token.end)
        )

    for row in rows(context, whole_number):
        if document.single:
            token = row.tokens[0]
            if str(token["v"]).lower() == "none" and re.search(
                rf"(?i)\b{EVENT}(?::| were| was)\s*$", text[: token.start]
            ):
                context.propose("proportion", {"events": "0"}, "experimental", (token.start, token.end), "no events")
                token.taken = True
            elif SUFFERED.match(text[token.end :]) or (
                re.match(rf"(?i)\s*(?:{PEOPLE})\b", text[token.end :])
                and re.search(
                    r"(?i)(?:(?<!results)(?<!findings)(?<!efficacy)(?<!safety):|occurred in|reported (?:in|by)|seen in|observed in|developed in|experienced by)\s*(?:only )?$",
                    text[: token.start],
                )
            ):
                context.propose(
                    "proportion",
                    {"events": str(digits(token))},
                    "experimental",
                    (token.start, token.end),
                    "proportion of the only arm",
                )
                token.taken = True
            continue
        first, last = row.tokens[0], row.tokens[-1]
        if UNITED.match(text[last.end : last.end + 12]) or UNITED.match(text[first.end : first.end + 12]):
            continue
        head, tail = text[: first.start], text[last.end :]
        noun = re.match(rf"(?i)\s*(?:(?:\w+[- ]){{0,3}}?)(?:{PEOPLE}|{EVENT})\b", tail)
        noun_first = re.match(rf"(?i)\s*(?:(?:\w+[- ]){{0,2}}?)(?:{PEOPLE}|{EVENT})\b", text[first.end :])
        if len(row.tokens) == 1:
            if not row.whole and (row.arms[0] is None or not of_arm(context, row, 50)):
                continue
            if (
                not (had_of_arm(context, first))
                and not (noun_first and AFFECTED.search(head))
                and not (LISTED.search(head) and noun_first)
                and not SUFFERED.match(tail)
                and not (noun_first and OF_ARM.match(tail) and head.rstrip().endswith("("))
            ):
                continue
            if row.arms[0] is None and not row.whole:
                continue
        elif framed(context, row):
            pass
        elif not (
            (noun and (AFFECTED.search(head) or "respectively" in tail[:60]))
            or LISTED.search(head)
            or (noun and head.endswith("("))
            or (explicit(context, row) and (noun_first or AFFECTED.search(head) or SUFFERED.match(text[first.end :])))
            or ("respectively" in tail[:40] and noun)
        ):
            continue
        if re.search(
            r"(?i)\b(?:score|scores|median|mean|days|months|duration|length|time|dose|age|weight|number needed)\b[^,;]{0,40}$",
            head[-90:],
        ):
            continue
        before = len(document.proposals)
        emit(context, row, "counts", as_count, "counts without denominators", following(context, row.end))
        merge(context, before)


SIDES = re.compile(
    rf"(?i)\s*(?:(?:{PEOPLE}) )?(?:in|on|with|of|after|given|under|among|for) (?:the |those (?:on|given) )?(?:[a-z-]+ )?$"
)
AGAINST = re.compile(r"(?i)\s*(?:against|v\.?|vs\.?|versus|compared (?:with|to))\s*")
CLOSED = re.compile(rf"(?i)\s*(?:[.;,)]|$|\((?:\d[\d.]*%|[A-Za-z]*R\b|hazard|odds|risk|rate|relative|P\b)|{PEOPLE}\b)")
MEASURED = re.compile(
    r"(?i)\b(?:scores?|means?|medians?|days?|months?|weeks?|hours?|minutes?|years?|length|duration|time|dose|age|weight|average|portions|units|levels?|counts? of|index|scale|pressure)\b"
)


def framed(context: Context, row: Row) -> bool:
    """Return whether two whole numbers can be events by the sizes of the arms, and stand in a frame that says so.

    The frames: number and arm, number and arm; arm and number, arm and number after a colon; number against number.
    """
    sizes, text = context.document.sizes, context.text
    if len(row.tokens) != 2 or len(context.document.arms.arms) != 2:
        return False
    if in_bracket(context, row) or sums_up(context, row):
        return True
    if sizes is None:
        return False
    first, last = row.tokens
    for token, arm in zip(row.tokens, row.arms, strict=True):
        value = digits(token)
        if arm is None or value is None or int(value) >= int(sizes[arm]) or "size" in token.of:
            return False
    begin = max(text.rfind(";", 0, first.start) + 1, text.rfind(". ", 0, first.start) + 1)
    if MEASURED.search(text, begin, first.start) or UNITED.match(text[last.end : last.end + 12]):
        return False
    after = [next((m for m in context.mentions if token.end <= m.start), None) for token in row.tokens]
    if all(m is not None and SIDES.fullmatch(text[t.end : m.start]) for t, m in zip(row.tokens, after, strict=True)):
        return True
    before = [next((m for m in reversed(context.mentions) if m.end <= token.start), None) for token in row.tokens]
    head = text[begin : first.start]
    listed = ":" in head or re.search(rf"(?i)\b{EVENT}\b", head)
    if listed and all(
        m is not None and re.fullmatch(r"[\s:,]*", text[m.end : t.start])
        for t, m in zip(row.tokens, before, strict=True)
    ):
        return True
    return bool(
        AGAINST.fullmatch(text[first.end : last.start])
        and CLOSED.match(text[last.end :])
        and re.search(rf"(?i)\b{EVENT}\b", text[begin : first.start])
    )


BRACKET = re.compile(r"\s*(?:[)\]]|[;,](?! (?:or|and)))")


def in_bracket(context: Context, row: Row) -> bool:
    """Return whether two whole numbers fill a bracket after words of an event: deaths were fewer with X (12 v 25)."""
    text, sizes = context.text, context.document.sizes
    first, last = row.tokens
    before = text[: first.start].rstrip()
    begin = max(text.rfind(";", 0, first.start) + 1, text.rfind(", ", 0, first.start) + 1)
    if sizes is not None and any(
        arm is None or int(digits(token) or 0) > int(sizes[arm])
        for token, arm in zip(row.tokens, row.arms, strict=True)
    ):
        return False
    return (
        before.endswith(("(", "["))
        and bool(PAIRED.fullmatch(text[first.end : last.start]))
        and bool(BRACKET.match(text, last.end))
        and bool(re.search(rf"(?i)\b(?:{EVENT}|died)\b", text[begin : first.start]))
        and not MEASURED.search(text, begin, first.start)
    )


PAIRED = re.compile(r"(?i)\s*(?:v\.?|vs\.?|versus|and|against|compared (?:with|to))\s*")


def sums_up(context: Context, row: Row) -> bool:
    """Return whether a pair adds up to the events that the sentence counts before it: 110 events, 52 in A and 58 in B."""
    text, total = context.text, sum(int(digits(token) or 0) for token in row.tokens)
    return explicit(context, row) and any(
        token.end <= row.start
        and digits(token) == str(total)
        and re.match(rf"(?i)\s*(?:\w+ ){{0,3}}?{EVENT}\b", text[token.end :])
        for token in context.line
        if token.kind in ("number", "word")
    )


HAD = re.compile(
    r"(?i)\s*(?:groups?|arms?|recipients)?\s*(?:had|developed|died|experienced|suffered|was|were hospitali[sz]ed|required|needed)\b"
)


def had_of_arm(context: Context, token: Token) -> bool:
    """Return whether a number opens a clause that says what happened to the patients of an arm: three patients in the X group had."""
    text = context.text
    if not re.search(r"(?:^|[.;,:(]|\band|\b[Oo]nly)\s*$", text[: token.start]):
        return False
    near = next((m for m in context.mentions if m.start >= token.end), None)
    return (
        near is not None
        and bool(
            re.fullmatch(
                rf"(?i)\s*(?:{PEOPLE}) (?:in|on|of|given|receiving|taking|with|assigned|treated with) (?:the )?",
                text[token.end : near.start],
            )
        )
        and bool(HAD.match(text, near.end))
    )


def explicit(context: Context, row: Row) -> bool:
    """Return whether each number of a row is followed by its own arm."""
    edges = [token.start for token in row.tokens[1:]] + [row.tokens[-1].end + 60]
    return all(
        any(token.end <= m.start < edge for m in context.mentions)
        for token, edge in zip(row.tokens, edges, strict=True)
    )
