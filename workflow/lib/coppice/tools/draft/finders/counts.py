"""Events and percentages by arm, and the proportions of a study with one arm."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context, Value
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.rows import Row, emit, rows
from coppice.tools.draft.finders.survival import merge
from coppice.tools.draft.lexer import Token, digits

PEOPLE = r"(?:patients?|participants?|people|persons?|subjects?|wom[ae]n|m[ae]n|children|infants?|adults?|individuals?|recipients?|babies|newborns|neonates|girls|boys|mothers|volunteers|eyes|hernias|limbs|teeth|knees|cases|those|residents|pupils|students|players|runners|workers)"
EVENT = r"(?:events?|deaths?|infections?|relapses?|recurrences?|strokes?|falls?|fractures?|failures?|admissions?|episodes?|complications?|bleeds?|flares?|attacks?|hospitali[sz]ations?|responses?|responders?|remissions?|exacerbations?|reoperations?|losses|conversions?|infarctions?|injur(?:y|ies)|cancers?|births?|miscarriages?|leaks?|hernias?)"
NEAR = 40  # figures back, from which a percentage may follow
UNITED = re.compile(
    r"(?i)^\s*(?:-|\u00d7|mg|g\b|kg|ml|l\b|mm|cm|m\b|ms\b|points?|days?|weeks?|months?|years?|hours?|h\b|min\b|minutes?|seconds?|mmol|U/|IU|beats|kcal|letters|steps|metres|meters|per |dollars|euros|times|cycles|doses|sites|trials|studies|grains|million|billion|thousand|countries|centres|centers|hospitals|\u00b0)"
)
AFFECTED = re.compile(
    r"(?i)\b(?:affected|occurred in|seen in|observed in|reported (?:in|by|for)|developed in|noted in|recorded in|required (?:by|in)|achieved (?:in|by)|there were|experienced by|found in|documented in|in)\s*$"
)
LISTED = re.compile(rf"(?i)(?:^|[.;,]\s*|\band )[A-Za-z][A-Za-z -]{{2,60}}(?::|\b(?:was|were|numbered|totall?ed))\s*$")
NOT_AN_OUTCOME = re.compile(
    r"(?i)\b(?:randomi[sz]ed|assigned|allocated|enrolled|enrol+ment|recruited|included|received|underwent randomi[sz]ation|comprised|consisted|analy[sz]ed)\b"
)
PATIENT_NOUN = re.compile(
    rf"(?i)^\s*(?:of the |the )?(?:\w+[- ]){{0,3}}?{PEOPLE}\b|^\s*(?:[,.;:)(\[%-]|$|vs\b|versus|and\b|with\b|in\b|on\b|who\b|had\b|given\b|were\b|under\b|for\b|receiving\b|treated\b|assigned\b|achieved\b|before\b|after|got\b|did\b|met\b|died\b)"
)
COMPARATIVE = re.compile(
    r"(?i)\s*(?:lower|higher|less|fewer|more|greater|smaller|reductions?|increases?|decreases?|improvements?|better|worse|faster|longer|shorter)\b(?! than (?:half|one))"
)
CHANGED = re.compile(
    r"(?i)\b(?:lower(?:ed|s)|reduc(?:ed|es|ing)|increas(?:ed|es|ing)|decreas(?:ed|es|ing)|fell|rose|dropped|declined|improv(?:ed|es)|cut|raised|grew|climbed)\b[^.;,%()]{0,60}? by (?:about |an average of |a mean of )?$"
)
HAD_BASELINE = re.compile(
    r"(?i)^\s*(?:of (?:the )?(?:patients|participants)\s+)?(?:had|were|was)\s+(?:a |previous|prior|cirrhosis|diabet|hypertens|metasta|male|female|men|women|white|black|smok|stage|grade|receiving)"
)


def as_count(token: Token) -> dict[str, Value]:
    """Return events, and the denominator beside them."""
    fields: dict[str, Value] = {}
    k = digits(token, "k") if token.kind == "count" else digits(token)
    if k is not None:
        fields["events"] = k
    n = digits(token, "n") or (digits(token.of["size"]) if "size" in token.of and token.kind != "size" else None)
    if n is not None:
        fields["n"] = n
    return fields


def as_percent(token: Token) -> dict[str, Value]:
    """Return a percentage."""
    fields: dict[str, Value] = {"percent": str(digits(token))}
    if "size" in token.of:
        fields["n"] = str(digits(token.of["size"]))
    return fields


def find(context: Context) -> None:
    """Propose counts, then percentages without counts, then counts without denominators."""
    denominators(context)
    of_events(context)
    with_denominators(context)
    all_in_one(context)
    percentages(context)
    bare(context)
    none(context)


def denominators(context: Context) -> None:
    """Give the size before a number of events to it: of 77 patients, 56."""
    for token in context.line:
        if token.kind != "size_of":
            continue
        after = next(
            (t for t in context.line if t.start >= token.end and t.kind in ("count", "number", "word") and not t.taken),
            None,
        )
        if after is None or after["n"]:
            continue
        gap = context.text[token.end : after.start]
        if not re.search(r",\s+(?:only\s+|just\s+)?$", gap) or "size" in after.of:
            continue
        if re.match(
            r"(?i)\s*(?:\(\d[\d.]*%\)\s*)?(?:(?:were|was|had been) )?(?:randomly )?(?:allocated|assigned|randomi[sz]ed|received|underwent|included|enrolled|screened|eligible|analy[sz]ed)\b",
            context.text[after.end :],
        ):
            continue
        if after.kind != "count":
            after.values["k"], after.kind = after["v"], "count"
        after.values["n"] = token["n"]
        if any(mention.start < after.start and mention.start > token.start for mention in context.mentions):
            context.mentions.sort(key=lambda mention: mention.start)
        after.values["people"] = token["n"]
        token.taken = True
        after.start = token.start


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
                row.tokens[0]["n"]
                and (document.arms.control in document.met or document.spoke_of is None)
                or not re.search(r"(?i)\b(?:experienced|developed|had|reported|occurred)\b", context.text)
            ):
                context.seen(row.start, row.end, "count without an arm")
                row.tokens[0].taken = True
                continue
            row.arms[0] = document.spoke_of
        before = len(document.proposals)
        emit(context, row, "counts", as_count, "counts by arm", following(context, row.end))
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


def percentages(context: Context) -> None:
    """Propose percentages by arm; those that follow from counts are left out."""
    document, text = context.document, context.text
    printed = {
        (p.fields.get(f"events{side}"), p.fields.get(f"n{side}"))
        for p in document.proposals[-NEAR:]
        for side in ("_e", "_c", "")
    }
    shares = {round(100 * float(str(k)) / float(str(n)), 3) for k, n in printed if k and n and float(str(n)) > 0}

    def follows(token: Token) -> bool:
        value = str(digits(token))
        half = 0.5001 * 10 ** -len(value.partition(".")[2])
        return any(abs(float(value) - share) <= half for share in shares)

    if not any(token.kind == "percent" and not token.taken for token in context.line):
        return
    for token in context.line:
        if (
            token.kind == "percent"
            and not token.taken
            and (COMPARATIVE.match(text[token.end :]) or CHANGED.search(text[max(0, token.start - 90) : token.start]))
        ):
            token.taken = True
            context.seen(token.start, token.end, "change or comparison in percent")
    for row in rows(context, lambda token: token.kind == "percent" and not str(token["v"]).startswith("-")):
        if all(follows(token) for token in row.tokens) and context.document.proposals:
            for token in row.tokens:
                token.taken = True
            context.seen(row.start, row.end, "percentage of counts that are printed")
            continue
        if re.search(
            r"(?i)\b(?:change|reduction|increase|decrease|difference)\b[^,;]{0,80}$", text[: row.start][-110:]
        ) and re.search(r"(?i)\bmean|median|percent(?:age)? change|from baseline", text):
            continue
        if document.single:
            if (
                document.arms.arms
                and (context.mentions or document.spoke_of is not None)
                and not HAD_BASELINE.match(text[row.tokens[0].end :])
            ):
                token = row.tokens[0]
                interval = token.of.get("ci")
                context.propose(
                    "proportion",
                    {"percent": str(digits(token))},
                    "experimental",
                    (row.start, row.end if interval else token.end),
                    "percentage of the only arm",
                )
                token.taken = True
            continue
        if len(row.tokens) == 1 and not row.whole:
            if row.arms[0] is None or HAD_BASELINE.match(text[row.tokens[0].end :]) and not of_arm(context, row):
                row.arms[0] = document.spoke_of if implied(context, row) else None
            elif not of_arm(context, row) and not re.match(r"(?i)\W*(?:with|on|in|under)\b", text):
                row.arms[0] = row.arms[0] if of_arm(context, row, 200) else None
        if len(row.tokens) == 1 and not row.whole and row.arms[0] is None:
            context.seen(row.start, row.end, "percentage without an arm")
            row.tokens[0].taken = True
            continue
        before = len(document.proposals)
        emit(context, row, "counts", as_percent, "percentages by arm", following(context, row.end))
        merge(context, before)


def of_arm(context: Context, row: Row, reach: int = 60) -> bool:
    """Return whether an arm is named right beside a percentage."""
    token = row.tokens[0]
    return any(token.end <= m.start < token.end + reach or 0 <= token.start - m.end < reach for m in context.mentions)


def implied(context: Context, row: Row) -> bool:
    """Return whether a percentage without an arm is of those that the text speaks of: 0.3% experienced seizures."""
    token = row.tokens[0]
    return bool(
        re.match(
            r"(?i)\)?\s*(?:of (?:patients|participants|children|recipients) )?(?:experienced|developed|reported|suffered)\b",
            context.text[token.end : token.end + 60],
        )
    )


def bare(context: Context) -> None:
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
    whole_number = lambda token: (
        token.kind in ("number", "word")
        and (digits(token) or "").isdigit()
        and token["v"] not in ("no", "No")
        and not set(token.of) - {"size"}
    )  # noqa: E731
    for row in rows(context, whole_number):
        if document.single:
            token = row.tokens[0]
            if str(token["v"]).lower() == "none" and re.search(
                rf"(?i)\b{EVENT}(?::| were| was)\s*$", text[: token.start]
            ):
                context.propose("proportion", {"events": "0"}, "experimental", (token.start, token.end), "no events")
                token.taken = True
            elif re.match(rf"(?i)\s*(?:{PEOPLE})\b", text[token.end :]) and re.search(
                r"(?i)(?::|occurred in|reported (?:in|by)|seen in|observed in|developed in|experienced by)\s*(?:only )?$",
                text[: token.start],
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
            if not (noun_first and AFFECTED.search(head)) and not (LISTED.search(head) and noun_first):
                continue
            if row.arms[0] is None and not row.whole:
                continue
        elif not (
            noun
            and (AFFECTED.search(head) or "respectively" in tail[:60])
            or LISTED.search(head)
            or noun
            and head.endswith("(")
            or noun_first
            and explicit(context, row)
            or "respectively" in tail[:40]
            and noun
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


def explicit(context: Context, row: Row) -> bool:
    """Return whether each number of a row is followed by its own arm."""
    edges = [token.start for token in row.tokens[1:]] + [row.tokens[-1].end + 60]
    return all(
        any(token.end <= m.start < edge for m in context.mentions)
        for token, edge in zip(row.tokens, edges, strict=True)
    )


def none(context: Context) -> None:
    """Propose `no deaths occurred in either group`, and `no deaths` where the text speaks of one arm."""
    text, document = context.text, context.document
    for token in context.line:
        if token.kind != "word" or token.taken or str(token["v"]).lower() != "no":
            continue
        match = re.match(
            rf"(?i)\s*(?:[\w-]+ ){{0,3}}?({EVENT}|adverse events?|serious adverse events?)\b(?P<rest>[^.;]{{0,80}})",
            text[token.end :],
        )
        if not match or re.search(r"(?i)\b(?:significant|difference|evidence|effect|benefit|change)\b", match[0]):
            continue
        if not document.arms.arms:
            continue
        verb = re.match(
            r"(?i)\s*(?:(?:were|was) (?:\w+ )?(?:observed|reported|seen|recorded|noted)|occurred|in\b|with\b|among\b|$|[.,]?$)",
            match["rest"],
        )
        if not verb:
            continue
        from coppice.tools.draft.arms import BOTH

        end = token.end + match.end(1)
        both = BOTH.search(text, token.end, min(len(text), end + 60))
        near = next((m.arm for m in context.mentions if end <= m.start < end + 60), document.spoke_of)
        token.taken = True
        if both and not document.single:
            context.propose(
                "counts", {"events_e": "0", "events_c": "0"}, "both", (token.start, both.end()), "no events"
            )
        elif document.single:
            context.propose("proportion", {"events": "0"}, "experimental", (token.start, end), "no events")
        elif near is not None:
            side = "c" if near == document.arms.control else "e"
            context.propose(
                "counts",
                {f"events_{side}": "0"},
                "control" if side == "c" else "experimental",
                (token.start, end),
                "no events",
            )


def all_in_one(context: Context) -> None:
    """Propose `all five were in the placebo group` as none and five."""
    text, document = context.text, context.document
    if len(document.arms.arms) != 2 or document.single:
        return
    for token in context.line:
        if token.kind not in ("number", "word") or token.taken or not (digits(token) or "").isdigit():
            continue
        if re.match(
            r"(?i)\s*\w+,? all (?:of (?:whom|them|which) )?(?:were |was )?(?:in|on|with|among|from) ", text[token.end :]
        ):
            pass
        elif not re.search(r"(?i)\ball(?: of the)? $", text[: token.start]) or not re.match(
            r"(?i)\s*(?:\w+ ){0,2}?(?:were|was|occurred|being)? ?(?:in|on|with|among) ", text[token.end :]
        ):
            continue
        near = next((m.arm for m in context.mentions if token.end <= m.start < token.end + 60), None)
        if near is None:
            continue
        here, there = ("c", "e") if near == document.arms.control else ("e", "c")
        token.taken = True
        context.propose(
            "counts",
            {f"events_{here}": str(digits(token)), f"events_{there}": "0"},
            "both",
            (token.start, token.end),
            "all events in one arm",
        )
