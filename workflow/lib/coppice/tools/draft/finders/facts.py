"""What belongs to the study or its arms: sizes, follow-up, allocation, clusters."""

from __future__ import annotations

import re

from coppice.tools.draft.context import Context, Value
from coppice.tools.draft.lexer import Token, digits
from coppice.tools.draft.printed import COUNT, NUMBER, plain

PEOPLE = r"(?:patients|participants|people|subjects|women|men|children|infants|adults|volunteers|individuals|babies|newborns|recipients|volunteers|runners|residents)"
TOTAL = re.compile(
    rf"(?:\b(?:a total of|enrolled|assigned|randomi[sz]ed|randomi[sz]e|recruited|included|followed|enrol+ment:?|enrolled:?|of|among|in|participants enrolled:?|across)\s+)?(?P<n>{COUNT})\s+(?:\w+[- ]){{0,3}}?{PEOPLE}\b(?P<rest>[^.;]{{0,70}})",
    re.I,
)
ENROLLED = re.compile(
    rf"\b(?:enrol+ment|participants enrolled|enrolled|number randomi[sz]ed)\s*:\s*(?P<n>{NUMBER})", re.I
)
RANDOMISED = re.compile(
    r"(?i)\b(?:were|was|had|who|are)?\s*(?:been )?(?:randomly (?:assigned|allocated)|randomi[sz]ed|assigned|allocated|enrolled|recruited|underwent randomi[sz]ation|undergone randomi[sz]ation|were measured|were treated)\b"
)
BEFORE = re.compile(
    r"(?i)\b(?:assigned|randomi[sz]ed?|enrolled|recruited|included|followed|(?:trial|study|trial was|cohort) (?:of|in)|(?<![a-z]ed )(?<!seen )(?<!found )(?<!given )(?<!present )(?<!and )in|compared [^.;]{2,60} in)\s+(?:a total of )?$"
)
FOLLOW = re.compile(
    rf"\b(?:median|mean)\s+(?:duration of )?follow-up(?: time| period| duration)?(?:\s*(?:was|of|,|:|for [^,.;\d]{{2,40}} was))*\s*(?P<v>{NUMBER})\s*(?P<unit>day|week|month|year)s?|\b(?:over|after|for) a median (?:follow-up )?of (?P<v2>{NUMBER})\s*(?P<unit2>day|week|month|year)s?"
    rf"|\bfollow-up (?:was|of) a median (?:of )?(?P<v3>{NUMBER})\s*(?P<unit3>day|week|month|year)s?|\bfollowed (?:up )?for a median of (?P<v4>{NUMBER})\s*(?P<unit4>day|week|month|year)s?",
    re.I,
)
PERIOD = re.compile(
    rf"\bfollow-up (?:period|time|duration)? ?(?:of|was) (?P<v>{NUMBER})\s*(?P<unit>day|week|month|year)s?", re.I
)
ALLOCATION = re.compile(r"(?i)randomi[sz]|assign|allocat|\bratio\b")
CLUSTER = re.compile(
    rf"\b(?P<n>{NUMBER})\s+(?:\w+ )?(?:villages|clusters|schools|practices|hospitals|wards|clinics|communities|households|centres|centers|districts|nursing homes|care homes|units)\b(?:\s*\((?P<per>{NUMBER}) (?:per|in each|each|a) ?(?:group|arm)?)?",
    re.I,
)
ICC = re.compile(rf"\b(?:intra-?(?:cluster|class)|ICC)\b[^.;\d]{{0,40}}?(?P<v>{NUMBER})", re.I)
SIZE = re.compile(rf"\b(?:mean|average|median) cluster size\b[^.;\d]{{0,12}}?(?P<v>{NUMBER})", re.I)


def fact(context: Context, statistic: str, fields: dict[str, Value], place: tuple[int, int], **labels: str) -> None:
    """Propose a fact."""
    context.propose(statistic, fields, "all", place, f"{statistic} by its words", **labels)


def find(context: Context) -> None:
    """Propose the facts of a sentence; numbers that are none of a figure are taken."""
    arm_sizes(context)
    totals(context)
    follow_up(context)
    for token in context.line:
        if token.kind == "ratio" and ALLOCATION.search(context.text[max(0, token.start - 60) : token.end + 20]):
            fact(
                context,
                "allocation",
                {"ratio": ":".join(filter(None, (token["a"], token["b"], token["c"])))},
                (token.start, token.end),
            )
    clusters(context)


def take(context: Context, start: int, end: int) -> None:
    """Mark the numbers of a part of the sentence as used."""
    for token in context.line:
        if start <= token.start < end and token.kind in ("number", "word", "person_time", "size"):
            token.taken = True


def arm_sizes(context: Context) -> None:
    """Propose the sizes of the arms: X (n=684) or Y (n=342); 151 were assigned to X and 149 to Y."""
    arms, text = context.document.arms, context.text
    if arms.control is None:
        for found in (
            ENROLLED.search(text),
            re.search(rf"(?i)\b(?:of|among) (?:the )?(?P<n>{NUMBER}) (?:\w+ )?{PEOPLE}", text),
        ):
            if found and arms.arms and not context.document.total_read:
                context.document.total_read = True
                fact(context, "sample_size", {"n_e": str(plain(found["n"]))}, found.span())
        return
    if len(arms.arms) != 2:
        return
    sizes = [
        t
        for t in context.line
        if t.kind == "size"
        and t["v"]
        and not any(
            t in o.of.values()
            for o in context.line
            if o.kind in ("number", "percent", "count")
            and set(o.of) - {"size"}
            and not re.search(r"(?i)assigned|randomi", text)
        )
    ]
    chosen: dict[int, Token] = {}
    for token in sizes:
        near = next((m for m in reversed(context.mentions) if m.end <= token.start and token.start - m.end < 30), None)
        if near is not None:
            chosen.setdefault(near.arm, token)
    if len(chosen) == 2 and not any(t.kind in ("percent", "count") or set(t.of) - {"size"} for t in context.line):
        record_sizes(context, {arm: str(digits(t)) for arm, t in chosen.items()}, list(chosen.values()))
        return
    named_sizes(context)


OBSERVED = re.compile(
    r"(?i)\b(?:[a-z]+ed|seen|found|given|needed|taken|present) (?:in|by|for|among) (?:only )?$(?<!assigned to )"
)


def named_sizes(context: Context) -> None:
    """Propose the sizes that stand before the names of the arms."""
    text = context.text
    received = re.search(
        r"(?i)\b(?:assigned|allocated|randomi[sz]ed|received|applied|were given|took|undergone randomi[sz]ation|underwent randomi[sz]ation|recipients|compared with|enrolled|treated with|consolidation)\b",
        text,
    )
    if not received:
        return
    named: dict[int, tuple[str, int, int]] = {}
    for mention in context.mentions:
        window = text[max(0, mention.start - 75) : mention.start]
        match = re.search(rf"(?:^|.*[^\w.,/-])(?P<n>{COUNT})\s+(?:[\w'-]+\s+){{0,6}}?$", window, re.I)
        if match is None or mention.arm in named:
            continue
        if not re.search(rf"%|\bof \d|[\w] {COUNT}\b", window[match.start("n") :], re.I):
            value = plain(match["n"])
            place = mention.start - len(window) + match.start("n")
            if OBSERVED.search(text, max(0, place - 30), place):
                break
            if value and value.isdigit() and int(value) > 4:
                named[mention.arm] = (value, mention.start - len(window) + match.start("n"), mention.end)
    if len(named) == 2 and not any(t.kind in ("percent", "count") for t in context.line):
        spans = list(named.values())
        record_sizes(context, {arm: item[0] for arm, item in named.items()}, [])
        for _, start, end in spans:
            take(context, start, end)


def record_sizes(context: Context, sizes: dict[int, str], used: list[Token]) -> None:
    """Propose the sizes of both arms as one fact."""
    control = context.document.arms.control
    fields: dict[str, Value] = {"n_c" if arm == control else "n_e": value for arm, value in sizes.items()}
    for token in used:
        token.taken = True
    start = min([token.start for token in used], default=0)
    fact(
        context, "sample_size", fields, (start, max([token.end for token in used], default=len(context.text.rstrip())))
    )


def totals(context: Context) -> None:
    """Propose the number of patients in all."""
    text = context.text
    known = context.document.total_read
    found = ENROLLED.search(text)
    if found and context.document.arms.control is not None and not known:
        fact(context, "sample_size", {"n": str(plain(found["n"]))}, found.span())
        context.document.total_read = True
        take(context, *found.span())
        return
    if known:
        return
    for match in TOTAL.finditer(text):
        value = plain(match["n"])
        head = text[: match.start("n")]
        if value is None or not value.isdigit() or int(value) < 10:
            continue
        if re.search(r"(?i)screened|approached|would need|worldwide|million", match["rest"][:30]) or re.search(
            r"(?i)\bof \d+ of\s*$|screened\s*$|\d\s+of\s*$|more than\s*$", head
        ):
            continue
        if any(t.kind == "count" and t.start < match.end("n") and match.start("n") < t.end for t in context.line):
            continue
        near = [m for m in context.mentions if match.end("n") <= m.start < match.end("n") + 45]
        random = RANDOMISED.search(match["rest"][:45])
        if (
            (random and (not near or random.start() + match.start("rest") < near[0].start)) or BEFORE.search(head)
        ) and not known:
            context.document.total_read = True
            fact(context, "sample_size", {"n": value}, (match.start("n"), match.end("n") + 20))
            take(context, match.start("n"), match.end("n") + 1)
            return


def follow_up(context: Context) -> None:
    """Propose the median follow-up; of a follow-up that is not called a median, its length."""
    for found in FOLLOW.finditer(context.text):
        groups = {key.rstrip("0123456789"): value for key, value in found.groupdict().items() if value}
        fact(context, "follow_up", {"median": str(plain(groups["v"]))}, found.span(), unit=f"{groups['unit'].lower()}s")
        take(context, *found.span())
        for token in context.line:
            if token.kind in ("iqr", "range", "bracket") and 0 <= token.start - found.end() < 12:
                token.taken = True
                context.seen(token.start, token.end, "spread of the follow-up")
        return
    if period := PERIOD.search(context.text):
        unit = f"{period['unit'].lower()}s"
        fact(context, "follow_up", {"follow_up": str(plain(period["v"]))}, period.span(), unit=unit)
        take(context, *period.span())


def clusters(context: Context) -> None:
    """Propose the number and size of clusters, and their intracluster correlation."""
    if not re.search(r"(?i)\bcluster", context.text):
        return
    if found := CLUSTER.search(context.text):
        fields: dict[str, Value] = {"clusters": str(plain(found["n"]))}
        if found["per"]:
            fields |= {"clusters_e": str(plain(found["per"])), "clusters_c": str(plain(found["per"]))}
        fact(context, "cluster", fields, found.span())
        take(context, *found.span())
    size, icc = SIZE.search(context.text), ICC.search(context.text)
    values: dict[str, Value] = {}
    if size:
        values["cluster_size"] = str(plain(size["v"]))
        take(context, *size.span())
    if icc:
        values["icc"] = str(plain(icc["v"]))
        take(context, *icc.span())
    if values:
        places = [match.span() for match in (size, icc) if match]
        fact(context, "cluster", values, (places[0][0], places[-1][1]))
