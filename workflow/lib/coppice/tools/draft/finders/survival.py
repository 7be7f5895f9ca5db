"""Survival at a time, and medians of times to an event."""

from __future__ import annotations

import re

from coppice.tools.draft.context import PLUS_MINUS, Context, Proposal, Value
from coppice.tools.draft.finders.p_values import following
from coppice.tools.draft.finders.rows import Row, emit, rows
from coppice.tools.draft.lexer import Token, digits, level, limits
from coppice.tools.draft.printed import fraction, plain

SURVIVING = r"surviv(?:al|ed|ing|ors)\b(?! events?)|\balive\b|-free\b(?! days)|\bfree (?:of|from)\b|\b(?:[A-Z]{0,4}(?:OS|PFS|DFS|EFS|RFS|MFS|LFS|FFS|TFS|GRFS|FFP|FFTF|DDFS))\b"
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


def survival_reading(context: Context) -> dict[str, str]:
    """Return what ± means in this sentence."""
    return {"pm": context.meaning(PLUS_MINUS, context.document.plus_minus)}


def find(context: Context) -> None:  # noqa: C901
    """Propose survival at a time; a time is that of the words before, of those after, or of the figure before."""
    document = context.document
    meaning = survival_reading(context)["pm"]

    def reading(token: Token) -> dict[str, Value]:
        fields: dict[str, Value] = {"survival": fraction(str(digits(token)))}
        interval = token.of.get("ci") or token.of.get("bracket")
        if interval is not None:
            fields["ci"] = [None if x is None else fraction(x) for x in limits(interval)]
        if "se" in token.of:
            fields["se"] = fraction(str(digits(token.of["se"])))
        if "pm" in token.of and meaning == "se":
            fields["se"] = fraction(str(digits(token.of["pm"])))
        return fields

    open_row: Row | None = None
    for row in rows(context, lambda token: token.kind == "percent" and 0 <= float(str(digits(token))) <= 100):
        if not is_survival(context, row):
            document.last_survival = False
            continue
        near = (
            times(context, row.head[0], row.head[1])
            or times(context, row.start, row.tail[1])
            or times(context, 0, row.start)
        )
        if not near and document.last_survival and document.last_time:
            near = [document.last_time]
        if not near:
            continue
        if len(row.tokens) == 1 and row.arms[0] is None:
            row.arms[0] = document.spoke_of
        time, unit = near[-1] if times(context, row.head[0], row.head[1]) else near[0]
        shared: dict[str, Value] = {"time": time}
        at = next((level(t.of["ci"]) for t in row.tokens if "ci" in t.of), None)
        if at is not None:
            shared["level"] = at
        shared |= following(context, row.end)
        document.last_time, document.last_survival = (time, unit), True
        before = len(document.proposals)
        emit(context, row, "survival", reading, "survival at a time", shared, unit=unit)
        merge(context, before)
        open_row = row
    if open_row is None and not any(token.kind == "percent" for token in context.line):
        return


def merge(context: Context, before: int) -> None:
    """Join two halves of one measurement that a sentence, or two that follow one another, print apart."""
    proposals = context.document.proposals
    if len(proposals) - before != 1 or before == 0:
        return
    last, new = proposals[before - 1], proposals[before]
    if len(context.document.arms.arms) > 2:
        merge_several(context, before)
        return
    if (
        last.statistic != new.statistic
        or {last.arm, new.arm} != {"experimental", "control"}
        or new.start - last.end > 220
    ):
        return
    if not alike(last, new):
        return
    last.fields |= new.fields
    last.arm, last.start, last.end = "both", min(last.start, new.start), max(last.end, new.end)
    last.labels |= {key: value for key, value in new.labels.items() if key not in last.labels}
    proposals.pop()


def alike(one: Proposal, two: Proposal) -> bool:
    """Return whether two halves are of the same time and level, and hold the same fields."""
    same = all(one.fields.get(key) == two.fields.get(key) for key in ("time", "level"))
    shapes = [{key[:-2] for key in item.fields if key[-2:] in ("_e", "_c")} - {"n"} for item in (one, two)]
    return same and one.labels.get("unit") == two.labels.get("unit") and shapes[0] == shapes[1]


def merge_several(context: Context, before: int) -> None:
    """Give the control's half to the halves of the experimental arms that the sentences beside it print, and drop it."""
    proposals = context.document.proposals
    run = before
    while (
        run > 0
        and proposals[run - 1].statistic == proposals[before].statistic
        and proposals[run].start - proposals[run - 1].end < 120
    ):
        run -= 1
    halves = proposals[run:]
    control = next((item for item in halves if item.arm == "control"), None) or next(
        (item for item in halves if item.arm == "both"), None
    )
    waiting = [item for item in halves if item.arm == "experimental" and alike_halves(item, control)]
    if control is None or not waiting:
        return
    theirs = {key: value for key, value in control.fields.items() if key.endswith("_c")}
    for item in waiting:
        item.fields |= theirs
        item.arm = "both"
    if control.arm == "control":
        proposals.remove(control)


def alike_halves(item: Proposal, control: Proposal | None) -> bool:
    """Return whether a half holds what the control's half holds."""
    if control is None:
        return False
    theirs = {key[:-2] for key in control.fields if key.endswith("_c")} - {"n"}
    mine = {key[:-2] for key in item.fields if key.endswith("_e")} - {"n"}
    return theirs == mine and item.fields.get("time") == control.fields.get("time")


def find_medians(context: Context) -> None:  # noqa: C901
    """Propose medians of times to an event, with their unit."""
    document, text = context.document, context.text
    if not MEDIAN.search(text) and document.last_form != "median":
        return
    found = MEDIAN.search(text)
    if found is None:
        return

    def usable(token: Token) -> bool:
        if token.kind != "number" or set(token.of) & {"sd", "se", "iqr", "range", "pm"} or token.start < found.start():
            return False
        return not str(token["v"]).startswith("-") and not PEOPLE.match(text[token.end : token.end + 40])

    def reading(token: Token) -> dict[str, Value]:
        fields: dict[str, Value] = {"median": str(digits(token))}
        interval = token.of.get("ci") or token.of.get("bracket")
        if interval is not None:
            fields["ci"] = limits(interval)
        return fields

    for row in rows(context, usable):
        units = [unit for token in row.tokens if (unit := unit_after(text, token))]
        head = text[max(0, row.head[0]) : row.start]
        if (
            not units
            or not MEDIAN.search(text[: row.start])
            or not (SURVIVAL_TIME.search(text[: row.start]) or "ci" in row.tokens[0].of)
            or re.search(r"(?i)follow-up|from (?:diagnosis|symptom|onset)|\bage\b|administration", head)
        ):
            continue
        shared: dict[str, Value] = {}
        at = next((level(t.of["ci"]) for t in row.tokens if "ci" in t.of), None)
        if at is not None:
            shared["level"] = at
        shared |= following(context, row.end)
        before = len(document.proposals)
        if (
            len(row.tokens) == 1
            and not document.single
            and re.search(r"(?i)not (?:yet )?(?:been )?reached|\bNR\b|not estimable", text[: row.start])
        ):
            after = next((m.arm for m in context.mentions if row.end <= m.start), None)
            row.arms = [after if after is not None else row.arms[0]]
        if len(row.tokens) == 1 and len(document.arms.arms) == 2 and not document.single:
            if OPEN_FIRST.search(text[: row.start]):
                row.arms = [document.arms.order[1]]
            elif OPEN_SECOND.match(text[row.end :]):
                row.arms = [document.arms.order[0]]
        emit(context, row, "median_survival", reading, "median of a time to an event", shared, unit=units[0])
        merge(context, before)


def unit_after(text: str, token: Token) -> str:
    """Return the unit of time after a number."""
    match = TIME_UNIT.match(text[token.end : token.end + 12])
    if match is None:
        end = max([part.end for part in token.of.values()], default=token.end)
        match = TIME_UNIT.match(text[end : end + 12])
    if match is None:
        return ""
    return f"{match[1].lower()}s" if match[1] else SHORT.get(match[2].lower(), "")
