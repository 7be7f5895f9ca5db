"""Counts that stand without denominators: nausea affected 9 and 15 patients, recurrences were two and five."""

from __future__ import annotations

import re

from coppice.tools.draft.arms import Mention
from coppice.tools.draft.assignment import RESPECTIVELY
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
from coppice.tools.draft.finders.halves import merge
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.rows import Row, emit, rows
from coppice.tools.draft.lexer import Token, digits

ENOUGH = 0.8  # evidence from which a pair of whole numbers is one of events
OF_ARM = re.compile(rf"(?i)\s*(?:{PEOPLE}) (?:in|on|of|with|receiving|given|under|after) ")
EVENTS_IN = re.compile(r"\d (?:(?!and\b|or\b|vs\b)[a-z-]+ ){0,4}in $")
IN_THE = re.compile(r"(?i)\b(?:deaths?|cancers?|[a-z]+ed)\b[^.;,]{0,40} (?:in|of|among) the $")
ALL_PEOPLE = re.compile(rf"(?i)\s*(?:[a-z]+ )?(?:{PEOPLE})\b")
IN_PATIENTS = re.compile(r"(?: [a-z-]+){0,3} in \d")
STANDS_FOR_COUNT = re.compile(r"(?:[:,]|\band|\bvs\.?|versus|\bin)\s*$")
HAPPENED = re.compile(rf"(?i)\b(?:{EVENT}|died)\b")
NOUN = re.compile(rf"(?i)\s*(?:\w+[- ]){{0,3}}?(?:{PEOPLE}|{EVENT})\b")
SIDES = re.compile(
    rf"(?i)\s*(?:(?:{PEOPLE}) )?(?:in|on|with|of|after|given|under|among|for) (?:the |those (?:on|given) )?(?:[a-z-]+ )?"
)
AGAINST = re.compile(rf"(?i)\s*(?:(?:{PEOPLE}|{EVENT}) )?(?:against|v\.?|vs\.?|versus|compared (?:with|to))\s*")
PAIRED = re.compile(r"(?i)\s*(?:v\.?|vs\.?|versus|and|against|compared (?:with|to))\s*")
BRACKET = re.compile(r"\s*(?:[)\]]|[;,](?! (?:or|and)))")
CLOSED = re.compile(rf"(?i)\s*(?:[.;,)]|$|\((?:\d[\d.]*%|[A-Za-z]*R\b|hazard|odds|risk|rate|relative|P\b)|{PEOPLE}\b)")
MEASURED = re.compile(
    r"(?i)\b(?:scores?|means?|medians?|length|duration|time|dose|age|weight|average|portions|units|levels?|counts? of|index|scale|pressure|number needed)\b[^,;]{0,40}$"
)
AT_LEAST = re.compile(r"(?i)\b(?:at least|more than|up to|or) $")
PART_OF = re.compile(r"(?i)\b(?:subsets?|subgroups?|samples?|totals?|groups?|cohorts?|pairs) of (?:the |only )?$")
TIED = re.compile(
    r"(?i)\b(?:in|on|with|of|under|after|given|receiving|among|for|by|taking|from|to|treated|assigned|who)\b|^\s*$"
)
PREPOSITION = re.compile(r"(?i)(?:in|of|by|for|among|with|from|on) ")
IN_ALL = re.compile(rf"(?i)\s*(?:\w+ ){{0,3}}?{EVENT} (?:in all|in total|overall|altogether)\b")
IN_EACH = re.compile(
    rf"(?i)\s*(?:{PEOPLE}|patient|child|woman|man) in (?:each|either) (?:group|arm) (?:had|died|[a-z]+ed)\b"
)
THERE_WERE = re.compile(r"(?i)\bthere (?:was|were) (?:only )?$")
COUNTED_EVENT = re.compile(rf"(?i)\s*(?:[\w-]+ ){{0,3}}?{EVENT}\b")
NOBODY = ("nobody", "no one", "no-one")
FLOW = re.compile(
    rf"(?i)\s*(?:(?:other )?{PEOPLE} )?(?:[^,;.]{{0,60}} )?(?:had|received|underwent|got|took|were (?:given|assigned|allocated|randomi[sz]ed|treated)(?: to| with)?|undergoing|were|was|wore|used|chose)(?: an?| the)? $"
)
HAD = re.compile(
    r"(?i)\s*(?:groups?|arms?|recipients)?\s*(?:had|developed|died|experienced|suffered|was|were hospitali[sz]ed|required|needed)\b"
)
LISTED_AFTER = re.compile(
    r"(?i)(?:(?<!results)(?<!findings)(?<!efficacy)(?<!safety):|occurred in|reported (?:in|by)|seen in|observed in|developed in|experienced by)\s*(?:only )?$"
)


def bare(context: Context) -> None:
    """Propose counts that stand without denominators, where the words around them are evidence enough."""
    document, text = context.document, context.text
    for token in context.line:  # relapse: n=2 and n=14
        if (
            token.kind == "size"
            and not token.taken
            and not any(token in other.of.values() for other in context.line)
            and STANDS_FOR_COUNT.search(text[: token.start])
        ):
            token.kind = "number"
    if NOT_AN_OUTCOME.search(text) and not HAPPENED.search(text):
        return
    for row in rows(context, lambda token: whole_number(token, text)):
        if document.single:
            of_only_arm(context, row.tokens[0])
        elif is_counted(context, row):
            before = len(document.proposals)
            emit(context, row, "counts", as_count, ("counts without denominators", following(context, row.end)))
            merge(context, before)


def whole_number(token: Token, text: str) -> bool:
    """Return whether a token can count patients or events."""
    return (
        token.kind in ("number", "word")
        and (digits(token) or "").isdigit()
        and (str(token["v"]).lower() != "no" or bool(re.match(rf"(?i)\s*(?:{PEOPLE})\b", text[token.end :])))
        and not set(token.of) - {"size"}
        and not IN_ALL.match(text, token.end)
        and not AT_LEAST.search(text[max(0, token.start - 12) : token.start])
        and not (IN_THE.search(text, 0, token.start) and ALL_PEOPLE.match(text, token.end))
        and not EVENTS_IN.search(text[max(0, token.start - 60) : token.start])
        and not IN_PATIENTS.match(text, token.end)
    )


def of_only_arm(context: Context, token: Token) -> None:
    """Propose the events of a study with one arm."""
    text, fields, rule = context.text, {"events": str(digits(token))}, "proportion of the only arm"
    people = re.match(rf"(?i)\s*(?:{PEOPLE})\b", text[token.end :])
    if str(token["v"]).lower() == "none" and re.search(rf"(?i)\b{EVENT}(?::| were| was)\s*$", text[: token.start]):
        rule = "no events"
    elif THERE_WERE.search(text[: token.start]) and COUNTED_EVENT.match(text, token.end):
        pass
    elif not SUFFERED.match(text[token.end :]) and not (people and LISTED_AFTER.search(text[: token.start])):
        return
    context.propose("proportion", dict(fields), "experimental", (token.start, token.end), rule)
    token.taken = True


def is_counted(context: Context, row: Row) -> bool:
    """Return whether the numbers of a row count events."""
    text = context.text
    first, last = row.tokens[0], row.tokens[-1]
    if any(UNITED.match(text[token.end : token.end + 12]) for token in (first, last)):
        return False
    if sizes_in_brackets(context, row):
        return False
    if any(size_of_arm(context, token) for token in row.tokens) or not within_sizes(context, row):
        return False
    if MEASURED.search(text[max(0, first.start - 90) : first.start]) or PART_OF.search(text[: first.start]):
        return False
    return counted_alone(context, row) if len(row.tokens) == 1 else evidence(context, row) >= ENOUGH


def size_of_arm(context: Context, token: Token) -> bool:
    """Return whether a number is of those who got an arm, not of those to whom something happened: 90 had surgery."""
    near = next((m for m in context.mentions if m.start >= token.end), None)
    return (
        near is not None
        and not PREPOSITION.match(context.text, near.start)
        and bool(FLOW.fullmatch(context.text[token.end : near.start]))
    )


IN_BRACKET = re.compile(rf"(?i)\s*(?:{PEOPLE})\s*[)\]]")


def sizes_in_brackets(context: Context, row: Row) -> bool:
    """Return whether numbers stand with their patients in brackets, and no event was spoken of: 10 mg (155 patients)."""
    text = context.text
    return (
        len(row.tokens) > 1
        and all(text[: token.start].endswith(("(", "[")) and IN_BRACKET.match(text, token.end) for token in row.tokens)
        and not OUTCOME_BEFORE.search(text, 0, row.start)
    )


OUTCOME_BEFORE = re.compile(
    rf"(?i)\b(?:{EVENT}|died|occurred|reported|seen|observed|noted|more|fewer|less|common|frequent|rarer|(?!tested|studied|evaluated|investigated|compared|assessed|examined|randomi[sz]ed|used|carried|performed|conducted|enrolled)[a-z]+ed (?:in|by|among|with))\b|:"
)


def within_sizes(context: Context, row: Row) -> bool:
    """Return whether no number is above the size of its arm, and not all are the sizes, where the text states them."""
    sizes = context.document.sizes or {}
    known = [
        (int(digits(token) or 0), int(sizes[arm]))
        for token, arm in zip(row.tokens, row.arms, strict=True)
        if arm is not None and arm in sizes
    ]
    return all(value <= size for value, size in known) and (not known or any(value < size for value, size in known))


def counted_alone(context: Context, row: Row) -> bool:
    """Return whether a number that stands alone counts the events of an arm."""
    text, token = context.text, row.tokens[0]
    head, tail = text[: token.start], text[token.end :]
    if not row.whole and (row.arms[0] is None or not of_arm(context, row, 50)):
        return False
    noun = NOUN.match(tail)
    return bool(
        had_of_arm(context, token)
        or (row.whole and IN_EACH.match(tail))
        or (noun and AFFECTED.search(head))
        or (LISTED.search(head) and noun)
        or SUFFERED.match(tail)
        or (noun and OF_ARM.match(tail) and head.rstrip().endswith("("))
    )


def evidence(context: Context, row: Row) -> float:
    """Return how much speaks for a pair of whole numbers being events of the arms."""
    text, sizes = context.text, context.document.sizes
    first, last = row.tokens[0], row.tokens[-1]
    begin = max(text.rfind(";", 0, first.start) + 1, text.rfind(". ", 0, first.start) + 1)
    head, tail = text[begin : first.start], text[last.end :]
    gap = text[first.end : last.start]
    found = 0.0
    found += 0.4 * bool(NOUN.match(tail))
    found += 0.4 * bool(NOUN.match(text[first.end :]) or str(first["v"]).lower() in NOBODY)
    found += 0.4 * bool(HAPPENED.search(head))
    found += 0.6 * bool(AFFECTED.search(head))
    found += 0.8 * bool(LISTED.search(text[: first.start]))
    found += 0.6 * bool(SUFFERED.match(tail) or SUFFERED.match(text[first.end :]))
    found += 0.4 * bool(RESPECTIVELY.match(tail))
    found += 0.3 * bool(AGAINST.fullmatch(gap) and CLOSED.match(tail))
    found += 0.4 * bool(PAIRED.fullmatch(gap) and head.rstrip().endswith(("(", "[")) and BRACKET.match(tail))
    found += 0.4 * explicit(context, row) + 0.2 * side_of_arm(context, row)
    found += 0.4 * listed_by_arm(context, row)
    found += 0.6 * sums_up(context, row)
    found += 0.8 * arms_had(context, row)
    found += 0.3 * (sizes is not None)
    found += 0.3 * any(token.kind == "count" and token.taken and token.end < first.start for token in context.line)
    return found


def before_and_after(context: Context, row: Row) -> tuple[list[Mention | None], list[Mention | None]]:
    """Return the arm named last before each number, and the arm named first after it."""
    before = [next((m for m in reversed(context.mentions) if m.end <= token.start), None) for token in row.tokens]
    after = [next((m for m in context.mentions if token.end <= m.start), None) for token in row.tokens]
    return before, after


def side_of_arm(context: Context, row: Row) -> bool:
    """Return whether each number stands before its arm with no more than a preposition between: 5 in X and 9 in Y."""
    _, after = before_and_after(context, row)
    return all(
        mention is not None and SIDES.fullmatch(context.text[token.end : mention.start])
        for token, mention in zip(row.tokens, after, strict=True)
    )


def listed_by_arm(context: Context, row: Row) -> bool:
    """Return whether each number stands right after its arm: X 5, Y 9."""
    before, _ = before_and_after(context, row)
    return all(
        mention is not None and re.fullmatch(r"[\s:,]*", context.text[mention.end : token.start])
        for token, mention in zip(row.tokens, before, strict=True)
    )


ARM_HAD = re.compile(
    r"(?i)\s*(?:groups?|arms?|patients|recipients)?\s*(?:had|saw|suffered|recorded|counted|reported)?\s*(?:only )?"
)


def arms_had(context: Context, row: Row) -> bool:
    """Return whether each arm is said to have had so many events: the A group had 29 relapses and the B group 14."""
    before, _ = before_and_after(context, row)
    return bool(re.match(rf"(?i)\s*(?:\w+ )?{EVENT}\b", context.text[row.tokens[0].end :])) and all(
        mention is not None and ARM_HAD.fullmatch(context.text, mention.end, token.start)
        for token, mention in zip(row.tokens, before, strict=True)
    )


def sums_up(context: Context, row: Row) -> bool:
    """Return whether a pair adds up to the events that the sentence counts before it: 110 events, 52 in A and 58 in B."""
    total = str(sum(int(digits(token) or 0) for token in row.tokens))
    return any(
        token.end <= row.start
        and digits(token) == total
        and re.match(rf"(?i)\s*(?:\w+ ){{0,3}}?{EVENT}\b", context.text[token.end :])
        for token in context.line
        if token.kind in ("number", "word")
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
        any(token.end <= m.start < edge and TIED.search(context.text, token.end, m.start) for m in context.mentions)
        for token, edge in zip(row.tokens, edges, strict=True)
    )
