"""Events and person-time, and rates."""

from __future__ import annotations

import re

from coppice.tools.draft.assignment import assigned
from coppice.tools.draft.context import Context, Value
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.rows import emit, rows
from coppice.tools.draft.lexer import Token, digits

RATE_WORD = re.compile(
    r"(?i)\b(?:annuali[sz]ed|annual|yearly|monthly) (?:\w+ ){0,3}?rates?\b|\b(?:incidence|relapse|exacerbation|event|attack|bleeding|fall|infection) rates? (?:was|were|of)\b|\brates? of (?:[\w-]+ ){1,5}?(?:was|were)\b|\bincidences? (?:rates? )?(?:of|was|were)\b"
)
RATE_OR_INCIDENCE = re.compile(r"[Rr]ate|[Ii]ncidence|RATE|INCIDENCE")
SHARES = re.compile(
    r"(?i)\b(?:vs\.?|versus|and|against|compared (?:with|to)|v)\s*$|\b(?:versus|vs|and|against|compared with|than)\b[^.;]{0,40}\b(?:was|were|of)?\s*$"
)
EVENT_NOUN = r"(?:\w+ ){0,3}?(?:events?|infections?|cases|deaths|falls|strokes|exacerbations|relapses|bleeds|attacks|seizures|admissions|patients|hospitali[sz]ations|fractures)"


def find(context: Context) -> None:
    """Propose events with their person-time; rates only where these are not given."""
    person_time(context)
    only_rates(context)


def person_time(context: Context) -> None:
    """Propose events over person-time, of one sentence or of two."""
    document, text = context.document, context.text
    times = [t for t in context.line if t.kind == "person_time" and not PER.search(text[max(0, t.start - 8) : t.start])]
    pending = document.last_times
    if times and document.arms.arms:
        whose = assigned(document.arms, context.mentions, [(t.start, t.end) for t in times], (0, len(text)), text)
        known = {arm: str(digits(token)) for arm, token in zip(whose, times, strict=True) if arm is not None}
        events = events_before(context, times)
        after = events_after(context, times)
        if len(after) == len(times) == len(known) > len(events):
            events = after
        if len(events) == len(times) == len(known):
            with_events(context, times, events)
            return
        document.last_times = known
        for token in times:
            token.taken = True
        if events or len(known) < 2:
            return
        pending = known
    if pending and (pair := paired_events(context)):
        of_sentence_before(context, pending, pair)
    elif times and document.arms.arms:
        return
    document.last_times = {}


PER = re.compile(r"(?i)\bper\s*$")


def events_before(context: Context, times: list[Token]) -> list[Token]:
    """Return the number of events before each person-time."""
    events, edge = [], 0
    for token in times:
        near = [
            other
            for other in context.line
            if other.kind in ("number", "count", "word")
            and not other.taken
            and edge <= other.start < token.start
            and token.start - other.end < 90
        ]
        events += near[-1:]
        edge = token.end
    return events


THERE_WERE = re.compile(r"(?i)[^.;,\d]{0,50}\bthere (?:were|was)\s*")


def events_after(context: Context, times: list[Token]) -> list[Token]:
    """Return the number of events after each person-time: during 310 patient-years on X there were 12 falls."""
    return [
        other
        for token in times
        for other in context.line
        if other.kind in ("number", "count", "word")
        and not other.taken
        and other.start >= token.end
        and THERE_WERE.fullmatch(context.text[token.end : other.start])
    ]


def with_events(context: Context, times: list[Token], events: list[Token]) -> None:
    """Propose events with the person-time after each."""
    values: dict[int, dict[str, Value]] = {
        token.start: {"events": count_of(event), "time": str(digits(token))}
        for event, token in zip(events, times, strict=True)
    }
    for event in events:
        event.taken = True
    for row in rows(context, lambda token: token in times):
        rule = ("events over person-time", following(context, row.end))
        unit = str(times[0]["unit"])
        if emit(context, row, "person_time", lambda token: dict(values[token.start]), rule, unit=unit):
            context.document.proposals[-1].start = context.sentence.start + events[0].start
    mark_rates(context)


def of_sentence_before(context: Context, pending: dict[int, str], pair: list[Token]) -> None:
    """Propose events with the person-time that was printed before them."""
    document = context.document
    order = [arm for arm in document.arms.order if arm in pending]
    if len(order) != len(pair):
        return
    fields: dict[str, Value] = {}
    for arm, token in zip(order, pair, strict=True):
        side = "c" if arm == document.arms.control else "e"
        fields[f"events_{side}"], fields[f"time_{side}"] = count_of(token), pending[arm]
        token.taken = True
    place = (pair[0].start, pair[-1].end)
    context.propose("person_time", fields, "both", place, "events over person-time", unit="person-time")
    mark_rates(context)


def paired_events(context: Context) -> list[Token]:
    """Return the numbers of events of a sentence that names person-time no more."""
    for row in rows(context, lambda token: token.kind in ("number", "count") and str(count_of(token)).isdigit()):
        if len(row.tokens) > 1 and re.match(rf"(?i)\s*{EVENT_NOUN}", context.text[row.end : row.end + 60]):
            return row.tokens
    return []


def count_of(token: Token) -> str:
    """Return the number of events of a token."""
    return str(digits(token, "k") if token.kind == "count" else digits(token))


def mark_rates(context: Context) -> None:
    """Leave out rates beside their own events and times."""
    for token in context.line:
        if token.kind in ("number", "percent") and not token.taken and is_rate(context, token):
            token.taken = True
            context.seen(token.start, token.end, "rate of events and times that are printed")


def is_rate(context: Context, token: Token) -> bool:
    """Return whether a number, or the number after it, is printed per person-time."""
    after = context.text[token.end :]
    for unit in context.line:
        if unit.kind == "per_time" and unit.start >= token.end:
            gap = context.text[token.end : unit.start]
            return (
                len(gap) < 70
                and not re.search(r"[.;]\s|\bmg\b", gap)
                and bool(
                    re.fullmatch(
                        r"(?i)\s*(?:%|percent)?\s*(?:(?:and|vs\.?|versus|,)\s*[\d.]+\s*%?)?\s*(?:\w+ ){0,3}(?:events?|cases|infections|relapses|exacerbations|attacks|episodes|strokes|deaths|\w+)?\s*(?:\([^)]*\)\s*)?",
                        gap,
                    )
                )
                and bool(after)
            )
    return False


def sharing(context: Context) -> set[int]:
    """Return the places of numbers that share the unit of the rate before them: 6.2 per 100 patient-years versus 7.6."""
    units = [token for token in context.line if token.kind == "per_time"]
    places = set()
    for token in context.line:
        before = [unit for unit in units if 0 <= token.start - unit.end < 70]
        if token.kind == "number" and before and not any(unit.start > token.end for unit in units):
            gap = context.text[before[-1].end : token.start]
            if SHARES.search(gap) and not re.search(r"\d|[;:=]|[.] |ratio", gap):
                places.add(token.start)
    return places


UNIT_FIRST = re.compile(r"\s*(?:[:,=]|were|was|of)\s*")
OTHER_ARM = re.compile(r"(?i)[^.;:\d]{0,60}?(?:\bv\.?|\bvs\.?|\bversus|\band|\bagainst|\bcompared (?:with|to))\s+")


def under_a_title(context: Context) -> set[int]:
    """Return the places of rates whose unit stands before them: falls per 100 person-years: 12.3 vs 18.9."""
    places: set[int] = set()
    for unit in (token for token in context.line if token.kind == "per_time"):
        numbers = [token for token in context.line if token.kind == "number" and token.start >= unit.end][:2]
        if (
            len(numbers) == 2
            and UNIT_FIRST.fullmatch(context.text[unit.end : numbers[0].start])
            and OTHER_ARM.fullmatch(context.text[numbers[0].end : numbers[1].start])
        ):
            places |= {token.start for token in numbers}
    return places


def only_rates(context: Context) -> None:
    """Propose rates by arm."""
    text = context.text
    named = RATE_WORD.search(text) if RATE_OR_INCIDENCE.search(text) else None
    if not named and not any(token.kind == "per_time" for token in context.line):
        return

    shared = sharing(context) | under_a_title(context)

    def usable(token: Token) -> bool:
        if token.kind not in ("number", "percent") or str(token["v"]).startswith("-"):
            return False
        return (
            token.start in shared
            or is_rate(context, token)
            or (
                named is not None
                and token.kind == "number"
                and token.start > named.start()
                and "." in str(token["v"])
                and not set(token.of) & {"sd", "se", "iqr", "range", "pm"}
            )
        )

    for row in rows(context, usable):
        if not any(is_rate(context, t) or t.start in shared for t in row.tokens) and not re.search(
            r"(?i)\brate", text[: row.start]
        ):
            continue
        unit = next((text[token.start : token.end] for token in context.line if token.kind == "per_time"), "")
        if re.search(r"(?i)ml per|mg per|points per", text[row.start : row.end + 40]):
            continue
        if len(row.tokens) == 1 and not context.document.single and row.arms[0] is None:
            continue
        emit(
            context,
            row,
            "person_time",
            lambda token: {"rate": str(digits(token))},
            ("rate by arm", following(context, row.end)),
            unit=re.sub(r"(?i)^per ", "", unit),
        )
