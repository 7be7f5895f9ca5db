"""Survival at a time, and medians of times to an event."""

from __future__ import annotations

import re

from coppice.tools.draft.assignment import assigned
from coppice.tools.draft.context import PLUS_MINUS, Context, Value
from coppice.tools.draft.finders.halves import merge
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.rows import Row, emit, rows
from coppice.tools.draft.lexer import Token, digits, level, limits
from coppice.tools.draft.printed import fraction, plain

SURVIVING = r"\bpatency\b|surviv(?:al|ed|ing|ors)\b(?! events?)|\balive\b|-free\b(?! days)|\bfree (?:of|from)\b|\b(?:[A-Z]{0,4}(?:OS|PFS|DFS|EFS|RFS|MFS|LFS|FFS|TFS|GRFS|FFP|FFTF|DDFS))\b"
EVENTS = r"\b(?:mortality|deaths?|died|incidence|relapse(?!-)|recurrences?|progression(?!-)|failures?(?!-)|response|remission(?!-)|rate of (?:death|relapse|failure)|hospitali[sz]ations?|infections?|adverse|toxicit(?:y|ies)|events? rates?|cure)\b"
STATE = re.compile(rf"(?P<alive>{SURVIVING})|(?P<event>{EVENTS})", re.I)
PATIENTS = re.compile(
    r"(?i)\b(?:among|in|for|of) (?:the )?(?:patients|those|children|women|men|people|participants|infants|adults) (?:with|who|at|whose)\b[^,;%]{0,80}?(?=\b(?:was|were|the)\b|,|;|$)"
)  # whom, not what
PEOPLE = re.compile(
    r"(?i)\s*(?:\w+ ){0,2}?(?:patients|participants|subjects|women|men|children|adults|events|deaths)\b"
)
KAPLAN_MEIER = re.compile(
    r"(?i)\blife-table\b|\bfreedom from\b(?![^.;%]{0,120}\d%[^.;]*;)|\bkaplan-meier (?:estimates?|survival|rates?) of (?:freedom|survival)|\b\w+-free (?:survival|rate|estimate)"
)
PERIOD = re.compile(r"(?i)\s(?:[a-z-]+ )?(?:period|window|run-in|washout|lead-in)\b")
STILL = re.compile(
    r"(?i)\b(?:were|was|remained|remain|are|is|being|stayed) (?:still )?(?:alive|[\w-]+-free|free (?:of|from)|without (?:an? )?(?:event|relapse|progression))|\bsurvived\b|\balive\b|\bevent-free\b"
)
CORRESPONDING = re.compile(
    r"(?i)\bcorresponding|\brespective(?:ly)? (?:rates|values|figures)|\bthe (?:rates|values|figures|estimates) were\b|^\W*(?:and |but |while |at |it was |this was )"
)
SURVIVAL_TIME = re.compile(
    r"(?i)\bsurvival(?! events)|\btime[- ]to\b|\bduration of (?:\w+ )?(?:response|remission|survival|control|benefit)|\b(?:m?[A-Z]{0,4}(?:OS|PFS|DFS|EFS|RFS|DOR|DoR|TTP|TTF|TTR|TTNT))\b|\bmedian (?:to|until)\b|\bprogression-free interval|\b(?:recovery|healing|resolution|response) time\b|\btime (?:from|until|to)\b|\blived\b"
)
MEDIAN = re.compile(r"(?i)\bmedians?\b|\bm(?-i:OS|PFS|DFS|EFS|DOR|DoR|TTP|TTNT)\b")
NOT_REACHED = r"(?:\bNR\b|\bNE\b|\bnot (?:yet )?(?:been )?reached)"
OPEN_FIRST = re.compile(rf"{NOT_REACHED}(?: \([^)]*\))?,? (?:vs\.?|versus|v|and|compared (?:with|to)) $")
OPEN_SECOND = re.compile(
    rf"\)?(?: (?:months|mos?|years|weeks|days))?,? (?:vs\.?|versus|v|and|compared (?:with|to)) {NOT_REACHED}"
)
TIME_UNIT = re.compile(r"(?i)^\s*(day|week|month|year|hour)s?\b|^\s*(mo|wk|yr|d)s?\b")
SHORT = {"mo": "months", "wk": "weeks", "yr": "years", "d": "days"}


def times(context: Context, start: int, end: int) -> list[tuple[str, str]]:
    """Return the time points that are named in a part of the sentence."""
    result = []
    for token in context.line:
        if (
            token.kind == "time"
            and start <= token.start < end
            and token["v"]
            and token["unit"] != "hour"
            and "median" not in context.text[token.start : token.end]
            and not PERIOD.match(context.text, token.end)
        ):
            value = plain(token["v"])
            if value is not None:
                unit = str(token["unit"]).lower()
                result.append((value, SHORT.get(unit, f"{unit}s")))
    return result


def is_survival(context: Context, row: Row) -> bool:
    """Return whether a row of percentages is a share alive or free of an event."""
    text, document = context.text, context.document
    head = list(STATE.finditer(PATIENTS.sub(lambda found: " " * len(found[0]), text[: row.head[1]]), row.head[0]))
    if KAPLAN_MEIER.search(text[: row.start]):
        return True
    if head:
        nearest = [match for match in head if match.lastgroup == "alive"]
        last = head[-1]
        return last.lastgroup == "alive" or (
            bool(nearest)
            and last.start() - nearest[-1].end() < 25
            and "free" not in last[0]
            and "surviv" in text[last.end() : row.start].lower()
        )
    if STILL.search(text, row.start, min(row.tail[1], row.end + 80)) and not re.search(
        r"(?i)\bdied\b", text[row.start : row.end + 60]
    ):
        return True
    return document.last_survival and bool(CORRESPONDING.search(text[row.head[0] : row.start]))


def as_survival(token: Token, plus_minus: str) -> dict[str, Value]:
    """Return a survival with its interval or SE, as fractions."""
    fields: dict[str, Value] = {"survival": fraction(str(digits(token)))}
    interval = token.of.get("ci") or token.of.get("bracket")
    if interval is not None:
        fields["ci"] = [None if limit is None else fraction(limit) for limit in limits(interval)]
    error = token.of.get("se") or (token.of.get("pm") if plus_minus == "se" else None)
    if error is not None:
        fields["se"] = fraction(str(digits(error)))
    return fields


AT_TIME = re.compile(r"(?i)[)\]]?\s*(?:at|after|by) ")


def level_of(row: Row) -> dict[str, Value]:
    """Return the level of the intervals of a row, where it is not 95%."""
    at = next((level(token.of["ci"]) for token in row.tokens if "ci" in token.of), None)
    return {} if at is None else {"level": at}


def time_of(context: Context, row: Row) -> tuple[str, str] | None:
    """Return the time of a row: of the words before it, of those after, of its sentence, or of the figure before."""
    if AT_TIME.match(context.text, row.end) and (after := times(context, row.end, row.end + 20)):
        return after[0]
    head = times(context, *row.head)
    if head:
        return head[-1]
    other = times(context, row.start, row.tail[1]) or times(context, 0, row.start)
    if other:
        return other[0]
    return context.document.last_time if context.document.last_survival else None


def find(context: Context) -> None:
    """Propose survival at a time; a time is that of the words before, of those after, or of the figure before."""
    document = context.document
    plus_minus = context.meaning(PLUS_MINUS, document.plus_minus)
    if several_times(context):
        return
    for row in rows(context, lambda token: token.kind == "percent" and 0 <= float(str(digits(token))) <= 100):
        if not is_survival(context, row):
            document.last_survival = False
            continue
        time = time_of(context, row)
        if time is None:
            continue
        if len(row.tokens) == 1 and row.arms[0] is None:
            row.arms[0] = document.spoke_of
        shared: dict[str, Value] = {"time": time[0], **level_of(row), **following(context, row.end)}
        document.last_time, document.last_survival = time, True
        before = len(document.proposals)
        rule = ("survival at a time", shared)
        emit(context, row, "survival", lambda token: as_survival(token, plus_minus), rule, unit=time[1])
        merge(context, before)


TIME_LIST = re.compile(
    r"(?i)\b(?P<times>\d+(?:-(?:year|month|week|day))?(?:(?:,| and|, and) \d+(?:-(?:year|month|week|day))?)+)[- ](?P<unit>year|month|week|day)s?\b"
)


def several_times(context: Context) -> bool:
    """Propose survival at several times: at 1, 2 and 3 years 88%, 75% and 66% with X and 81%, 62% and 51% with Y."""
    free = [token for token in context.line if token.kind == "percent" and not token.taken]
    found = TIME_LIST.search(context.text) if len(free) > 2 else None
    state = STATE.search(context.text) if found else None
    if found is None or state is None or state["event"]:
        return False
    points = re.findall(r"\d+", found["times"])
    arms = context.document.arms
    count = len(points)
    if len(free) not in (count, 2 * count) or (len(free) == 2 * count and len(arms.arms) != 2):
        return False
    runs = [free[start : start + count] for start in range(0, len(free), count)]
    spans = [(run[0].start, run[-1].end) for run in runs]
    whose = assigned(arms, context.mentions, spans, (0, len(context.text)), context.text) if arms.arms else []
    for token in free:
        token.taken = True
    if len(whose) != len(runs) or None in whose:
        context.seen(
            free[0].start, free[-1].end, "values at several times, of which only the order says which is which"
        )
        return True
    for number, point in enumerate(points):
        row = Row([run[number] for run in runs], list(whose), (0, free[0].start), (free[-1].end, len(context.text)))
        rule = ("survival at a time", {"time": point})
        emit(context, row, "survival", lambda token: as_survival(token, ""), rule, unit=f"{found['unit'].lower()}s")
    return True


def find_medians(context: Context) -> None:
    """Propose medians of times to an event, with their unit."""
    document, text = context.document, context.text
    first = MEDIAN.search(text)
    if first is None:
        return
    for row in rows(context, lambda token: token.start >= first.start() and is_median(token, text)):
        units = [unit for token in row.tokens if (unit := unit_after(text, token))]
        if not units or not of_time_to_event(text, row):
            continue
        shared: dict[str, Value] = {**level_of(row), **following(context, row.end)}
        before = len(document.proposals)
        if len(row.tokens) == 1 and not document.single:
            row.arms = beside_open(context, row)
        emit(context, row, "median_survival", as_median, ("median of a time to an event", shared), unit=units[0])
        merge(context, before)


def is_median(token: Token, text: str) -> bool:
    """Return whether a token can be a median of a time."""
    if FOLLOWED.search(text, 0, token.start):
        return False
    if token.kind != "number" or set(token.of) & {"sd", "se", "iqr", "range", "pm"}:
        return False
    return not str(token["v"]).startswith("-") and not PEOPLE.match(text[token.end : token.end + 40])


def as_median(token: Token) -> dict[str, Value]:
    """Return a median with its interval."""
    interval = token.of.get("ci") or token.of.get("bracket")
    fields: dict[str, Value] = {"median": str(digits(token))}
    return fields if interval is None else {**fields, "ci": limits(interval)}


FOLLOWED = re.compile(r"(?i)\bfollow-up[^,;.]{0,30}$")
NO_EVENT_TIME = re.compile(r"(?i)follow-up|from (?:diagnosis|symptom|onset)|\bage\b|administration")
OPEN = re.compile(r"(?i)not (?:yet )?(?:been )?reached|\bNR\b|not estimable")


def of_time_to_event(text: str, row: Row) -> bool:
    """Return whether the words before a row speak of the median of a time to an event."""
    before = text[: row.start]
    return bool(
        MEDIAN.search(before)
        and (SURVIVAL_TIME.search(before) or "ci" in row.tokens[0].of or OPEN.search(text))
        and not NO_EVENT_TIME.search(text, max(0, row.head[0], last_median(before)), row.start)
    )


def last_median(before: str) -> int:
    """Return where the last word `median` stands."""
    return max((found.start() for found in MEDIAN.finditer(before)), default=0)


def beside_open(context: Context, row: Row) -> list[int | None]:
    """Return the arm of a median beside one that was not reached."""
    text, arms = context.text, context.document.arms
    if len(arms.arms) == 2 and OPEN_FIRST.search(text[: row.start]):
        return [arms.order[1]]
    if len(arms.arms) == 2 and OPEN_SECOND.match(text[row.end :]):
        return [arms.order[0]]
    after = next((mention.arm for mention in context.mentions if row.end <= mention.start), None)
    return [after] if after is not None and OPEN.search(text[: row.start]) else row.arms


def unit_after(text: str, token: Token) -> str:
    """Return the unit of time after a number."""
    match = TIME_UNIT.match(text[token.end : token.end + 12])
    if match is None:
        end = max([part.end for part in token.of.values()], default=token.end)
        match = TIME_UNIT.match(text[end : end + 12])
    if match is None:
        return ""
    return f"{match[1].lower()}s" if match[1] else SHORT.get(match[2].lower(), "")
