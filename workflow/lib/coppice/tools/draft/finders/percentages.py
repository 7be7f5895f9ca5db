"""Percentages by arm that stand without counts."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context, Value
from coppice.tools.draft.finders.count_words import (
    AFFECTED,
    CHANGED,
    COMPARATIVE,
    HAD_BASELINE,
    NEAR,
    as_percent,
    of_arm,
)
from coppice.tools.draft.finders.halves import merge
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.rows import Row, emit, rows
from coppice.tools.draft.lexer import Token, digits

IN_PERCENT = re.compile(
    r"(?:HbA1c|HbA1C|A1[Cc]\b|[Hh](?:a)?emoglobin A1c|[Ee]jection fraction|\bLVEF\b|\bFEV1?\b|[Hh](?:a)?ematocrit|[Tt]ime in range|[Oo]xygen saturation)[^.;%]{0,60}$"
)
CHANGE_OF = re.compile(r"(?i)\b(?:change|reduction|increase|decrease|difference)\b[^,;]{0,80}$")
OF_MEANS = re.compile(r"(?i)\bmean|median|percent(?:age)? change|from baseline")
TOPIC = re.compile(r"(?i)\W*(?:with|on|in|under)\b")


def find(context: Context) -> None:
    """Propose percentages by arm; those that follow from counts are left out."""
    document, text = context.document, context.text
    if not any(token.kind == "percent" and not token.taken for token in context.line):
        return
    comparisons(context)
    most_common(context)
    known = shares_of_counts(context) | shares_of_sizes(context)
    for row in rows(context, lambda token: token.kind == "percent" and not str(token["v"]).startswith("-")):
        if document.proposals and all(follows(token, known) for token in row.tokens):
            for token in row.tokens:
                token.taken = True
            context.seen(row.start, row.end, "percentage of counts that are printed")
        elif CHANGE_OF.search(text[: row.start][-110:]) and OF_MEANS.search(text):
            continue
        elif document.single:
            percentage_of_only_arm(context, row)
        elif row.whole or len(row.tokens) > 1 or settle_arm(context, row):
            by_arm(context, row)
        else:
            context.seen(row.start, row.end, "percentage without an arm")
            row.tokens[0].taken = True


MOST_COMMON = re.compile(
    r"(?i)\b(?:(?:most|more) (?:common|frequent|often|frequently reported)|commonest)\b[^.;%()]{0,60}?\b(?:with|on|in|among|of|under|for) (?:the |those (?:on|given) )?"
)


IN_BRACKET = re.compile(r"[(\[](?:in |by )?$")


def most_common(context: Context) -> None:
    """Propose the events that were the most common with an arm: nausea (21%) and rash (9%) were the most common with X."""
    text = context.text
    found = MOST_COMMON.search(text)
    near = next((m for m in context.mentions if found and 0 <= m.start - found.end() < 12), None)
    if near is None or len({m.arm for m in context.mentions}) > 1 or context.document.single:
        return
    side = "c" if near.arm == context.document.arms.control else "e"
    for token in context.line:
        in_brackets = IN_BRACKET.search(text[: token.start]) and text[token.end : token.end + 1] in (")", "]")
        if (
            token.kind == "percent"
            and not token.taken
            and in_brackets
            and token.start < (found.start() if found else 0)
        ):
            token.taken = True
            fields: dict[str, Value] = {f"percent_{side}": str(digits(token))}
            arm = "control" if side == "c" else "experimental"
            context.propose("counts", fields, arm, (token.start, token.end), "most common events of an arm")


def shares_of_counts(context: Context) -> set[float]:
    """Return the percentages of the last counts with a denominator."""
    printed = {
        (item.fields.get(f"events{side}"), item.fields.get(f"n{side}"))
        for item in context.document.proposals[-NEAR:]
        for side in ("_e", "_c", "")
    }
    return {round(100 * float(str(k)) / float(str(n)), 3) for k, n in printed if k and n and float(str(n)) > 0}


def follows(token: Token, known: set[float]) -> bool:
    """Return whether a percentage is one of those known, but for rounding."""
    value = str(digits(token))
    half = 0.5001 * 10 ** -len(value.partition(".")[2])
    return any(abs(float(value) - share) <= half for share in known)


def comparisons(context: Context) -> None:
    """Leave out percentages of a change or a comparison."""
    text = context.text
    for token in context.line:
        if (
            token.kind == "percent"
            and not token.taken
            and (COMPARATIVE.match(text[token.end :]) or CHANGED.search(text[max(0, token.start - 90) : token.start]))
        ):
            token.taken = True
            context.seen(token.start, token.end, "change or comparison in percent")


def percentage_of_only_arm(context: Context, row: Row) -> None:
    """Propose a percentage of a study with one arm, where the text speaks of it."""
    document, token = context.document, row.tokens[0]
    told = AFFECTED.search(context.text[: token.start])
    spoken = document.arms.arms and (context.mentions or document.spoke_of is not None or told)
    if spoken and not HAD_BASELINE.match(context.text[token.end :]):
        place = (row.start, row.end if "ci" in token.of else token.end)
        fields: dict[str, Value] = {"percent": str(digits(token))}
        context.propose("proportion", fields, "experimental", place, "percentage of the only arm")
        token.taken = True


def settle_arm(context: Context, row: Row) -> bool:
    """Give a percentage that stands alone its arm; return whether it has one."""
    text, token = context.text, row.tokens[0]
    if row.arms[0] is None or (HAD_BASELINE.match(text[token.end :]) and not of_arm(context, row)):
        row.arms[0] = context.document.spoke_of if implied(context, row) else None
    elif not of_arm(context, row) and not TOPIC.match(text) and not of_arm(context, row, 200):
        row.arms[0] = None
    return row.arms[0] is not None


def by_arm(context: Context, row: Row) -> None:
    """Propose percentages of patients, or means of what is measured in percent."""
    before = len(context.document.proposals)
    p = following(context, row.end)
    if IN_PERCENT.search(context.text[max(0, row.head[0]) : row.start]):
        emit(context, row, "means", lambda token: {"mean": str(digits(token))}, ("value by arm", p))
        return
    emit(context, row, "counts", as_percent, ("percentages by arm", p))
    merge(context, before)


def shares_of_sizes(context: Context) -> set[float]:
    """Return the percentages of the last counts whose denominators are the sizes of the arms."""
    sizes, arms = context.document.sizes, context.document.arms
    if sizes is None or len(arms.arms) != 2 or arms.control is None:
        return set()
    result = set()
    for item in context.document.proposals[-NEAR:]:
        for side, index in (("e", 1 - arms.control), ("c", arms.control)):
            events = item.fields.get(f"events_{side}")
            if item.statistic == "counts" and events and f"n_{side}" not in item.fields and float(sizes[index]) > 0:
                result.add(round(100 * float(str(events)) / float(sizes[index]), 3))
    return result


def implied(context: Context, row: Row) -> bool:
    """Return whether a percentage without an arm is of those that the text speaks of: 0.3% experienced seizures."""
    token = row.tokens[0]
    return bool(
        re.match(
            r"(?i)\)?\s*(?:of (?:patients|participants|children|recipients) )?(?:experienced|developed|reported|suffered)\b",
            context.text[token.end : token.end + 60],
        )
    )
