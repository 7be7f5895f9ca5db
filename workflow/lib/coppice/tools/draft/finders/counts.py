"""Events and percentages by arm, and the proportions of a study with one arm."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context, Proposal
from coppice.tools.draft.finders import bare_counts, no_events, percentages
from coppice.tools.draft.finders.count_words import (
    EVENT,
    as_count,
)
from coppice.tools.draft.finders.halves import merge
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.rows import Row, emit, rows
from coppice.tools.draft.lexer import Token, digits


def find(context: Context) -> None:
    """Propose counts, then percentages without counts, then counts without denominators."""
    denominators(context)
    of_events(context)
    with_denominators(context)
    no_events.all_in_one(context)
    percentages.find(context)
    bare_counts.bare(context)
    no_events.none(context)
    no_events.nobody(context)
    restated(context)


SECOND_SIZE = re.compile(r"\band (?P<n>\d[\d,]*)\b[^,\d]*,\s+$")  # of 99 on X and 100 on Y, 27 and 51 had
JOINS = re.compile(r"\s*(?:and|vs\.?|versus|v)\s*")
OR_ELSE = re.compile(r"[^().;:,\d]*(?:\(|,? (?:or|i\.e\.,?|that is,?|which is) )")
PEOPLE_IN_BRACKET = re.compile(r"[^().;:\d]*\(")


def restated(context: Context) -> None:
    """Leave out shares that follow from counts printed beside them: in their bracket, around it, or after `or`."""
    proposals, start, text = context.document.proposals, context.sentence.start, context.text
    inside = [item for item in proposals[-8:] if item.start >= start]
    pairs = [item for item in inside if {"events_e", "events_c"} <= set(item.fields) and "n_e" not in item.fields]
    for counts in pairs:
        for item in inside:
            values = shares(item)
            if not values or item not in proposals:
                continue
            after = OR_ELSE.fullmatch(text, counts.end - start, max(0, item.start - start))
            before = PEOPLE_IN_BRACKET.fullmatch(text, item.end - start, max(0, counts.start - start))
            if (after or before) and (fit(context, counts, values) or (after and item.statistic == "counts")):
                proposals.remove(item)
                context.seen(item.start - start, item.end - start, "percentage of counts that are printed")


def shares(item: Proposal) -> dict[str, float]:
    """Return the shares of both arms in percent, with no interval or error of their own."""
    scale = {"percent": 1.0, "survival": 100.0}
    found = {
        side: scale[key] * float(str(item.fields[f"{key}_{side}"]))
        for key in scale
        for side in "ec"
        if f"{key}_{side}" in item.fields
    }
    own = any(key.startswith(("ci", "se")) for key in item.fields)
    return found if len(found) == 2 and not own else {}


def fit(context: Context, counts: Proposal, values: dict[str, float]) -> bool:
    """Return whether shares are those of counts among the patients of the arms."""
    sizes, control = context.document.sizes, context.document.arms.control
    if sizes is None or control is None or len(context.document.arms.arms) != 2:
        return False
    of_side = {"c": sizes[control], "e": sizes[1 - control]}
    return all(
        abs(100 * float(str(counts.fields[f"events_{side}"])) / float(of_side[side]) - share) < 0.6
        for side, share in values.items()
    )


ALLOTTED = re.compile(
    r"(?i)\s*(?:\(\d[\d.]*%\)\s*)?(?:(?:were|was|had been) )?(?:randomly )?(?:allocated|assigned|randomi[sz]ed|got|took|given|put on|had been|treated with|received|underwent|included|enrolled|screened|eligible|analy[sz]ed)\b"
)
BEFORE_COUNT = re.compile(r"(?:,|[a-z])\s+(?:only\s+|just\s+)?$")


def denominators(context: Context) -> None:
    """Give the size before a number of events to it: of 77 patients, 56; of 99 on X and 100 on Y, 27 and 51."""
    text = context.text
    for token in context.line:
        if token.kind != "size_of":
            continue
        near = [
            t for t in context.line if t.start >= token.end and t.kind in ("count", "number", "word", "name", "size")
        ]
        second = SECOND_SIZE.search(text[token.end : near[1].start]) if len(near) > 2 else None
        if second and JOINS.fullmatch(text[near[1].end : near[2].start]) and near[2].kind in ("number", "word"):
            near[0].taken = True
            with_size(near[2], second["n"])
            near = near[1:]
        if not near or near[0]["n"] or near[0].taken or near[0].kind == "size" or "size" in near[0].of:
            continue
        if BEFORE_COUNT.search(text[token.end : near[0].start]) and not ALLOTTED.match(text[near[0].end :]):
            with_size(near[0], token["n"])
            token.taken = True
            near[0].start = token.start


def with_size(token: Token, size: str | None) -> None:
    """Make a number the events of so many patients."""
    if token.kind != "count":
        token.values["k"], token.kind = token["v"], "count"
    token.values |= {"n": size, "people": size}


def of_events(context: Context) -> None:
    """Propose `10 of 19 relapses` as a proportion of events, and the events as those of the arm that had them."""
    for token in context.line:
        if token.kind != "count" or token.taken or not token["n"] or "people" in token.values:
            continue
        match = re.match(
            rf"(?i)\s*(?:(?!experienced|had|developed|achieved|were|was|died|reported|and|vs|versus|with|in|on)[\w-]+ ){{0,2}}?({EVENT})\b(?: (?:\w+ ){{0,3}}?(?:observed|seen|that occurred|occurring|reported|documented)? ?(?:in|with|on|among|under) )?",
            context.text[token.end :],
        )
        if not match or match[1].lower().startswith("hernia") or match[1].lower().startswith("birth"):
            continue
        whose = next((m.arm for m in context.mentions if token.end <= m.start < token.end + match.end() + 40), None)
        token.taken = True
        if whose is None and not context.document.single:
            continue
        arms = context.document.arms
        index = 0 if whose is None else whose
        side = "c" if index == arms.control else "e"
        arm = "control" if side == "c" else "experimental"
        place = (token.start, token.end + match.end(1))
        context.propose(
            "counts", {f"events_{side}": str(digits(token, "n"))}, arm, place, "events of an arm", outcome=match[1]
        )
        context.propose("proportion", as_count(token), arm, place, "share of events")


def with_denominators(context: Context) -> None:
    """Propose counts with a denominator or a percentage."""
    document = context.document
    for row in rows(context, lambda token: token.kind == "count"):
        if document.single or not document.arms.arms:
            for token in row.tokens:
                proportion(context, token, row)
            continue
        if len(row.tokens) == 1 and row.arms[0] is None:
            if (
                row.tokens[0]["n"] and (document.arms.control in document.met or document.spoke_of is None)
            ) or not re.search(r"(?i)\b(?:experienced|developed|had|reported|occurred)\b", context.text):
                context.seen(row.start, row.end, "count without an arm")
                row.tokens[0].taken = True
                continue
            row.arms[0] = document.spoke_of
        before = len(document.proposals)
        emit(context, row, "counts", as_count, ("counts by arm", following(context, row.end)))
        merge(context, before)


def proportion(context: Context, token: Token, row: Row) -> None:
    """Propose a proportion of the only arm."""
    if not context.document.arms.arms:
        return
    fields = as_count(token)
    token.taken = True
    for other in token.of.values():
        other.taken = True
    context.propose("proportion", fields, "experimental", (row.start, row.end), "proportion of the only arm")
